using System.Collections.Concurrent;
using System.Data;
using Microsoft.Data.Sqlite;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Keeps SQLite connections open from one unit of work to the next, with the statements prepared on them
/// (<see cref="PreparedStatements"/>). The driver's own pool keeps the file open, but every opening sets the pragmas and
/// registers some thirty functions again, and closing throws all prepared statements away: together about half of what
/// a page's queries cost.
/// </summary>
/// <remarks>
/// A connection belongs to one <see cref="Database"/> from its first query until it is disposed
/// (<see cref="KeptSqliteConnection"/>). Whoever keeps a unit of work for long (a live stream) would keep a connection
/// for as long, so nobody does.
/// </remarks>
internal sealed class SqliteConnections(PreparedStatements statements) : IDisposable
{
    /// <summary>Connections kept while nobody uses them; more than work at once on any machine would only be memory.</summary>
    public const int MostIdle = 16;

    private readonly ConcurrentStack<SqliteConnection> _idle = new();
    private volatile bool _disposed;

    /// <returns>An open connection; null when all are in use and a new one is to be made.</returns>
    public SqliteConnection? Take() => _idle.TryPop(out var connection) ? connection : null;

    /// <returns>Whether the connection was kept; if not, the caller closes it.</returns>
    public bool Keep(SqliteConnection connection)
    {
        EndTransaction(connection);
        if (_disposed || connection.State != ConnectionState.Open || _idle.Count >= MostIdle)
        {
            statements.Forget(connection);
            return false;
        }

        _idle.Push(connection);
        if (_disposed)
            Dispose();
        return true;
    }

    /// <summary>A transaction that was given up would carry its lock, and an old view of the rows, to the next user: of ours, or of the driver's own pool.</summary>
    private static void EndTransaction(SqliteConnection connection)
    {
        if (connection.State != ConnectionState.Open || SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = "ROLLBACK";
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var connection))
        {
            statements.Forget(connection);
            connection.Dispose();
        }
    }
}
