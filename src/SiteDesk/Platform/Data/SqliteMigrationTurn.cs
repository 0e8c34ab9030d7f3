using Microsoft.Data.Sqlite;

namespace SiteDesk.Platform.Data;

/// <summary>
/// The right to migrate a SQLite file. EF Core keeps a row in the database as its lock and waits for it without end, so a process
/// that was killed while it migrated would keep every later one from starting. A lock of the system on a file beside the database
/// goes with the process that held it; who holds that may remove the row.
/// </summary>
internal sealed class SqliteMigrationTurn : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _lock;

    private SqliteMigrationTurn(FileStream taken) => _lock = taken;

    /// <exception cref="ConfigurationException">Another process has been migrating for a minute.</exception>
    public static async Task<SqliteMigrationTurn> TakeAsync(DatabaseAddress address, CancellationToken cancellation)
    {
        var path = new SqliteConnectionStringBuilder(address.ConnectionString).DataSource;
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        var turn = new SqliteMigrationTurn(await LockAsync(path + ".migrating", cancellation));
        new SqliteUpgrade(path).TakeBackHalfDone();
        if (File.Exists(path))
            await RemoveLeftLockAsync(address, cancellation);
        return turn;
    }

    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException problem) when (File.Exists(path))
            {
                if (waited >= Patience)
                    throw new ConfigurationException("Another SiteDesk is upgrading this database. Wait until it has finished, and start again.", problem);
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private static async Task RemoveLeftLockAsync(DatabaseAddress address, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(address.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsLock')";
        if ((long)(await command.ExecuteScalarAsync(cancellation))! == 0)
            return;
        command.CommandText = "DELETE FROM \"__EFMigrationsLock\"";
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Folders that nobody but the user who runs the program may look into.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes the folder if it is not there; leaves one that is as it is.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
