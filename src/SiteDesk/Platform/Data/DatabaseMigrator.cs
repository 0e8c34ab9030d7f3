using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Platform.Data;

/// <summary>Brings the schema to the program's version. EF Core holds a lock in the database meanwhile, so nodes may start together.</summary>
public sealed class DatabaseMigrator(IServiceScopeFactory scopes, DatabaseAddress address, IEnumerable<IExtendSchema> extensions)
{
    /// <summary>Creates or upgrades the schema.</summary>
    /// <exception cref="ConfigurationException">The database cannot be reached, or was written by a newer program.</exception>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<Database>();
            await using var turn = address.Engine == DatabaseEngine.Sqlite ? await SqliteMigrationTurn.TakeAsync(address, cancellation) : null;
            await RefuseNewerAsync(database, cancellation);
            await database.Database.MigrateAsync(cancellation);
            await database.ExtendAsync(extensions, cancellation);
        }
        catch (Exception problem) when (DatabaseFaults.Explain(problem, address) is { } sentence)
        {
            throw new ConfigurationException(sentence, problem);
        }
    }

    private static async Task RefuseNewerAsync(Database database, CancellationToken cancellation)
    {
        if (!await database.Database.CanConnectAsync(cancellation))
            return;
        var known = database.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var newer = (await database.Database.GetAppliedMigrationsAsync(cancellation)).Where(applied => !known.Contains(applied)).ToList();
        if (newer.Count > 0)
            throw new ConfigurationException($"The database was written by a newer SiteDesk (it has “{newer[^1]}”). Start that version, or restore a backup made before the upgrade.");
    }
}
