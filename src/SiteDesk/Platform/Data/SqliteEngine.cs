using SQLitePCL;

namespace SiteDesk.Platform.Data;

/// <summary>How the SQLite library in this process works; said once, before anything opens a file.</summary>
internal static class SqliteEngine
{
    private const int CountsMemory = 9; // SQLITE_CONFIG_MEMSTATUS

    private static readonly Lazy<bool> Configured = new(() =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(CountsMemory, 0) == raw.SQLITE_OK;
    });

    /// <summary>
    /// Nobody reads SQLite's counters of allocated memory, and for their sake every allocation of every connection takes one lock
    /// of the whole process.
    /// </summary>
    /// <returns>False, and nothing has changed, when something in the process has opened a file before.</returns>
    public static bool ForgoCounters() => Configured.Value;
}
