using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>Where a restoration goes: how to make room beside the database in use, and how to swap the two at the end.</summary>
internal abstract class RestorePlace : IAsyncDisposable
{
    public static RestorePlace For(DatabaseAddress address, DatabaseCompanions companions) => address.Engine switch
    {
        DatabaseEngine.Sqlite => new SqliteRestorePlace(address, companions),
        DatabaseEngine.Postgres => new PostgresRestorePlace(address, companions),
        _ => throw new InvalidOperationException($"No restoration for {address.Engine}."),
    };

    /// <exception cref="ConfigurationException">A running program has the database open: it would go on writing into what is being replaced.</exception>
    public abstract Task RefuseWhenInUseAsync(CancellationToken cancellation);

    /// <summary>Whether anything but the platform's own bookkeeping is stored there.</summary>
    public abstract Task<bool> HoldsAnInstallationAsync(CancellationToken cancellation);

    /// <summary>An empty database beside the one in use. A rest of an earlier, broken restoration is removed.</summary>
    public abstract Task<Database> PrepareStagingAsync(CancellationToken cancellation);

    /// <summary>Fills what the engine does not fill by itself from rows that were there before it.</summary>
    public virtual Task RebuildSearchAsync(Database staging, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Puts the staged database in the place of the one in use.</summary>
    /// <returns>Where the replaced one was kept; null when there was none or it is not kept.</returns>
    public abstract Task<string?> PutInPlaceAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();

    /// <summary>A platform table holds leases, keys and waiting events that the program makes by itself before anybody uses it.</summary>
    protected static bool SaysThatItIsUsed(string table) =>
        !table.StartsWith("platform_", StringComparison.Ordinal) && !table.StartsWith("__", StringComparison.Ordinal);
}
