using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>On SQLite the staged database is a second file in the same folder, and the swap is a rename.</summary>
internal sealed class SqliteRestorePlace(DatabaseAddress address, DatabaseCompanions companions) : RestorePlace
{
    private static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    private readonly string _path = new SqliteConnectionStringBuilder(address.ConnectionString).DataSource;

    private string Staged => _path + ".restoring";

    public override async Task RefuseWhenInUseAsync(CancellationToken cancellation)
    {
        if (!File.Exists(_path))
            return;
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 2 }.ToString());
        await connection.OpenAsync(cancellation);
        try
        {
            // In exclusive mode SQLite takes the whole file, which it cannot while another process has it open. Each statement by
            // itself: of several in one command, the driver drops the faults of those after the first that returns a row.
            await ExecuteAsync(connection, "PRAGMA locking_mode = EXCLUSIVE", cancellation);
            await ExecuteAsync(connection, "BEGIN EXCLUSIVE", cancellation);
            await ExecuteAsync(connection, "COMMIT", cancellation);
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is SqliteBusy or SqliteLocked)
        {
            throw new ConfigurationException("The database is in use. Stop SiteDesk first (systemctl stop sitedesk), then restore.", problem);
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            // A damaged database is why people restore; nobody can be using it.
        }
    }

    public override async Task<bool> HoldsAnInstallationAsync(CancellationToken cancellation)
    {
        if (!File.Exists(_path))
            return false;
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        await connection.OpenAsync(cancellation);
        try
        {
            var tables = new List<string>();
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'";
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                    tables.Add(reader.GetString(0));
            }

            foreach (var table in tables.Where(SaysThatItIsUsed))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT EXISTS (SELECT 1 FROM \"{table}\")";
                if ((long)(await command.ExecuteScalarAsync(cancellation))! == 1)
                    return true;
            }

            return false;
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            // Something is there and cannot be read: whoever replaces it has to say so.
            return true;
        }
    }

    public override Task<Database> PrepareStagingAsync(CancellationToken cancellation)
    {
        PrivateFolder.Create(Path.GetDirectoryName(_path)!);
        DeleteStaged();
        var options = new DbContextOptionsBuilder<SqliteDatabase>();
        DatabaseSetup.UseSqlite(options, new SqliteConnectionStringBuilder(address.ConnectionString) { DataSource = Staged, Pooling = false }.ToString());
        return Task.FromResult<Database>(new SqliteDatabase(options.Options, companions));
    }

    // The triggers that keep a full-text table up to date were made after the rows.
    public override async Task RebuildSearchAsync(Database staging, CancellationToken cancellation)
    {
        await staging.Database.OpenConnectionAsync(cancellation);
        var connection = (SqliteConnection)staging.Database.GetDbConnection();
        var tables = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                tables.Add(SqlName.Quoted(reader.GetString(0)));
        }

        foreach (var table in tables)
            await ExecuteAsync(connection, $"INSERT INTO {table}({table}) VALUES ('rebuild')", cancellation);
        await staging.Database.CloseConnectionAsync();
    }

    public override async Task<string?> PutInPlaceAsync(CancellationToken cancellation)
    {
        await EmptyLogAsync(cancellation);
        string? kept = null;
        if (File.Exists(_path))
        {
            kept = _path + ".replaced";
            foreach (var companion in Companions)
                MoveOrDelete(_path + companion, kept + companion);
            File.Move(_path, kept, overwrite: true);
        }

        File.Move(Staged, _path);
        return kept;
    }

    public override ValueTask DisposeAsync()
    {
        DeleteStaged();
        return ValueTask.CompletedTask;
    }

    // Moves what is still in the write-ahead log into the file, so that the file alone is the database.
    private async Task EmptyLogAsync(CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Staged, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE);", cancellation);
    }

    private static void MoveOrDelete(string from, string to)
    {
        if (File.Exists(from))
            File.Move(from, to, overwrite: true);
        else
            File.Delete(to);
    }

    private void DeleteStaged()
    {
        File.Delete(Staged);
        foreach (var companion in Companions)
            File.Delete(Staged + companion);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteCorrupt = 11, SqliteNotADatabase = 26;
}
