using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SiteDesk.Platform.Data;

/// <summary>How the SQLite library in this process works; said once, before anything opens a file.</summary>
internal static class SqliteEngine
{
    private const int CountsMemory = 9; // SQLITE_CONFIG_MEMSTATUS

    private static readonly Lazy<int> Configured = new(() =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(CountsMemory, 0);
    });

    /// <summary>
    /// Nobody reads SQLite's counters of allocated memory, and for their sake every allocation of every connection takes one lock
    /// of the whole process. The library refuses, and nothing has changed, when something in the process has opened a file before.
    /// </summary>
    public static void ForgoCounters() => _ = Configured.Value;

    /// <summary>
    /// Lets a prepared statement stand whatever its values are. Otherwise SQLite plans for the value of a LIMIT, and parses the
    /// statement anew at every execution because another value might come: all that preparing saves was lost for every list.
    /// </summary>
    /// <exception cref="SqliteException">The engine refuses.</exception>
    public static void KeepPlans(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _), connection.Handle);

    /// <summary>Whether a commit on this connection itself waits for the disk; when not, <see cref="CommitLog"/> is asked afterwards. Not within a transaction.</summary>
    /// <exception cref="SqliteException">The engine refuses.</exception>
    public static void WaitForDisk(SqliteConnection connection, bool waits) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, waits ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"), connection.Handle);
}
