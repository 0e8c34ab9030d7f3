using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Runs the queries and changes that EF Core sends to SQLite as statements prepared once for each connection. EF Core makes a
/// new command every time, which the driver parses and plans anew: for a join of four tables that takes longer than reading
/// the rows. PostgreSQL's driver has the same built in.
/// </summary>
public sealed class PreparedStatements : DbCommandInterceptor
{
    /// <summary>Statements kept for a connection. Beyond it all are thrown away: their number is that of the queries in the program, except for conditions that people write.</summary>
    private const int Most = 150;

    /// <summary>Longer texts, in characters, are not kept: they are batches whose length changes each time.</summary>
    private const int LongestText = 8_000;

    private readonly ConditionalWeakTable<SqliteConnection, Statements> _statements = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Find(command, eventData, result.HasResult) is { } statements ? InterceptionResult<DbDataReader>.SuppressWithResult(statements.Read((SqliteCommand)command)) : result;

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ReaderExecuting(command, eventData, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Find(command, eventData, result.HasResult) is { } statements ? InterceptionResult<int>.SuppressWithResult(statements.Execute((SqliteCommand)command)) : result;

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        if (command.Connection is SqliteConnection connection && _statements.TryGetValue(connection, out var statements))
            statements.TakeBack(eventData.DataReader);
        return result;
    }

    /// <summary>Runs a change that does not come from EF Core; the command only says what is to be run, and has lost its parameters afterwards.</summary>
    internal int Execute(SqliteCommand asked) => Of(asked.Connection!).Execute(asked);

    /// <summary>Drops what is prepared on a connection that is about to be closed.</summary>
    public void Forget(SqliteConnection connection)
    {
        if (!_statements.TryGetValue(connection, out var statements))
            return;
        _statements.Remove(connection);
        statements.DropAll();
    }

    private Statements? Find(DbCommand command, CommandEventData eventData, bool hasResult) =>
        !hasResult && IsOfTheProgram(eventData.CommandSource) && command is SqliteCommand { Connection: { } connection } && command.CommandText.Length <= LongestText
            ? Of(connection)
            : null;

    private Statements Of(SqliteConnection connection) => _statements.GetValue(connection, static connection => new Statements(connection));

    // Migrations and hand-written statements run once.
    private static bool IsOfTheProgram(CommandSource source) =>
        source is CommandSource.LinqQuery or CommandSource.SaveChanges or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete or CommandSource.FromSqlQuery;

    /// <summary>The statements of one connection; used by one unit of work at a time, so it needs no lock.</summary>
    private sealed class Statements(SqliteConnection connection)
    {
        private readonly Dictionary<string, SqliteCommand> _ready = new(StringComparer.Ordinal);
        private readonly Dictionary<DbDataReader, SqliteCommand> _lent = new(ReferenceEqualityComparer.Instance);

        public SqliteDataReader Read(SqliteCommand asked)
        {
            var prepared = Take(asked);
            try
            {
                var reader = prepared.ExecuteReader();
                _lent.Add(reader, prepared);
                return reader;
            }
            catch
            {
                prepared.Dispose();
                throw;
            }
        }

        public int Execute(SqliteCommand asked)
        {
            var prepared = Take(asked);
            try
            {
                var changed = prepared.ExecuteNonQuery();
                PutBack(prepared);
                return changed;
            }
            catch
            {
                prepared.Dispose();
                throw;
            }
        }

        public void TakeBack(DbDataReader reader)
        {
            if (!_lent.Remove(reader, out var prepared))
                return;
            // The reader resets the statement and asks its command for nothing more; a second time is harmless.
            reader.Dispose();
            PutBack(prepared);
        }

        public void DropAll()
        {
            foreach (var prepared in _ready.Values)
                prepared.Dispose();
            _ready.Clear();
        }

        /// <summary>Takes the statement out while it runs: the same query may be open twice on one connection.</summary>
        private SqliteCommand Take(SqliteCommand asked)
        {
            if (!_ready.Remove(asked.CommandText, out var prepared))
                prepared = new SqliteCommand(asked.CommandText, connection);
            prepared.Transaction = asked.Transaction;
            prepared.CommandTimeout = asked.CommandTimeout;
            foreach (SqliteParameter parameter in asked.Parameters)
                prepared.Parameters.Add(parameter);
            return prepared;
        }

        private void PutBack(SqliteCommand prepared)
        {
            prepared.Parameters.Clear();
            prepared.Transaction = null;
            if (_ready.Count >= Most)
                DropAll();
            if (!_ready.TryAdd(prepared.CommandText, prepared))
                prepared.Dispose();
        }
    }
}
