using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Makes an upgrade of a SQLite file all or nothing. SQLite changes a table's references by building the table anew, which no
/// single transaction can span: a process that is killed in the middle would leave half of it. So a copy is made before, and
/// the next start takes the copy when it finds that an upgrade did not come to its end.
/// </summary>
/// <param name="path">The database file. The right to migrate it is held (<see cref="SqliteMigrationTurn"/>).</param>
internal sealed class SqliteUpgrade(string path)
{
    private string Copy => path + ".upgrading";

    /// <summary>The file as it was before the upgrade to a migration; kept for the owner to delete.</summary>
    public static string KeptCopyOf(string path, string migration) => $"{path}.before-{MigrationName.Of(migration)}";

    /// <summary>Takes the copy when an earlier upgrade did not come to its end. Nobody has the file open yet.</summary>
    public void TakeBackHalfDone()
    {
        if (!File.Exists(Copy))
            return;
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(Copy, path, overwrite: true);
    }

    /// <param name="migrate">Applies what is pending.</param>
    /// <param name="newest">The migration that the file has afterwards.</param>
    public async Task RunAsync(Database database, Func<Task> migrate, string newest, CancellationToken cancellation)
    {
        var partial = Copy + ".partial";
        File.Delete(partial);
        await database.Database.ExecuteSqlAsync($"VACUUM INTO {partial}", cancellation);
        File.Move(partial, Copy);
        await migrate();

        // Where some indexes have statistics and new ones have none, the planner takes the wrong ones.
        if ((await database.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = 'sqlite_stat1'").ToListAsync(cancellation))[0] > 0)
            await database.Database.ExecuteSqlAsync($"PRAGMA analysis_limit = 1000; ANALYZE;", cancellation);
        File.Move(Copy, KeptCopyOf(path, newest), overwrite: true);
    }

    public static SqliteUpgrade? Of(DatabaseAddress address) =>
        address.Engine == DatabaseEngine.Sqlite ? new(new SqliteConnectionStringBuilder(address.ConnectionString).DataSource) : null;
}
