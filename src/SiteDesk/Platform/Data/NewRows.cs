using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace SiteDesk.Platform.Data;

/// <summary>
/// What a unit of work is to save when all of it is new. EF Core plans every save anew, which for the ten rows of a ticket takes longer
/// than writing them; this writes the same rows with statements made once (<see cref="InsertStatement"/>).
/// </summary>
internal sealed class NewRows
{
    /// <summary>More are left to EF Core: asking for their keys would make a statement of its own for every number.</summary>
    private const int Most = 60;

    private readonly List<(InsertStatement Insert, EntityEntry Entry)> _rows;

    private NewRows(List<(InsertStatement, EntityEntry)> rows) => _rows = rows;

    /// <returns>Null when EF Core has to do it: something is changed or removed, or a row is more than a plain one.</returns>
    public static NewRows? Of(Database database)
    {
        var rows = new List<(InsertStatement Insert, EntityEntry Entry)>();
        foreach (var entry in database.ChangeTracker.Entries())
        {
            if (entry.State == EntityState.Unchanged)
                continue;
            if (entry.State != EntityState.Added || InsertStatement.Of(entry.Metadata, database.Engine) is not { } insert || !insert.Fits(entry))
                return null;
            rows.Add((insert, entry));
        }

        return rows.Count is 0 or > Most || InOrder(rows) is not { } ordered ? null : new NewRows(ordered);
    }

    /// <summary>One after another, as SQLite takes them, within the transaction that was begun; each row's key goes on to those that refer to it.</summary>
    public void Write(SqliteConnection connection, SqliteTransaction transaction, PreparedStatements statements)
    {
        foreach (var (insert, entry) in _rows)
        {
            using var command = new SqliteCommand(insert.WithoutKey, connection, transaction);
            foreach (var parameter in insert.ParametersOf(entry, command, withKey: false))
                command.Parameters.Add((SqliteParameter)parameter);
            statements.Execute(command);
            if (insert.Key is not null)
                SetKey(insert, entry, SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle));
        }
    }

    /// <summary>Asks PostgreSQL for the keys, so that all rows can go with one message.</summary>
    public async Task TakeKeysAsync(NpgsqlConnection connection, KeySequences sequences, CancellationToken cancellation)
    {
        var waiting = _rows.FindAll(row => row.Insert.Key is not null);
        if (waiting.Count == 0)
            return;
        var next = new List<string>();
        foreach (var (insert, _) in waiting)
            next.Add($"nextval('{await sequences.OfAsync(insert, connection, cancellation)}')");
        await using var question = new NpgsqlCommand($"SELECT {string.Join(", ", next)}", connection);
        await using var keys = await question.ExecuteReaderAsync(cancellation);
        await keys.ReadAsync(cancellation);
        for (var number = 0; number < waiting.Count; number++)
            SetKey(waiting[number].Insert, waiting[number].Entry, keys.GetInt64(number));
    }

    /// <summary>Adds the inserts to a message.</summary>
    /// <param name="andAlso">Further rows, whose keys nobody needs to know.</param>
    public void AddTo(NpgsqlBatch message, IEnumerable<EntityEntry> andAlso)
    {
        using var maker = new NpgsqlCommand();
        foreach (var (insert, entry) in _rows)
            Add(insert.WithKey, insert.ParametersOf(entry, maker, withKey: true));
        foreach (var entry in andAlso)
        {
            var insert = InsertStatement.Of(entry.Metadata, DatabaseEngine.Postgres) ?? throw new InvalidOperationException($"{entry.Metadata.Name} is more than a plain row.");
            Add(insert.WithoutKey, insert.ParametersOf(entry, maker, withKey: false));
        }

        void Add(string text, IEnumerable<System.Data.Common.DbParameter> parameters)
        {
            var command = new NpgsqlBatchCommand(text);
            foreach (var parameter in parameters)
                command.Parameters.Add((NpgsqlParameter)parameter);
            message.BatchCommands.Add(command);
        }
    }

    /// <summary>Rows after those they refer to, otherwise as they were added; null when two types refer to each other.</summary>
    private static List<(InsertStatement, EntityEntry)>? InOrder(List<(InsertStatement Insert, EntityEntry Entry)> rows)
    {
        var left = rows.Select(row => row.Insert).Distinct().ToList();
        var ordered = new List<(InsertStatement, EntityEntry)>(rows.Count);
        while (left.Count > 0)
        {
            var next = left.Find(insert => !left.Exists(other => insert.RefersTo.Contains(other.Type)));
            if (next is null)
                return null;
            ordered.AddRange(rows.Where(row => row.Insert == next));
            left.Remove(next);
        }

        return ordered;
    }

    private static void SetKey(InsertStatement insert, EntityEntry entry, long value)
    {
        var key = entry.Property(insert.Key!);
        key.CurrentValue = value;
        key.IsTemporary = false;
    }
}

/// <summary>The sequences that PostgreSQL takes keys from, by the table; asked once.</summary>
public sealed class KeySequences
{
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    internal async ValueTask<string> OfAsync(InsertStatement insert, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var table = insert.Type.GetTableName()!;
        if (_known.TryGetValue(table, out var known))
            return known;
        await using var question = new NpgsqlCommand("SELECT pg_get_serial_sequence(quote_ident($1), $2)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = table }, new NpgsqlParameter { Value = insert.Key!.GetColumnName() } },
        };
        return _known[table] = (string)(await question.ExecuteScalarAsync(cancellation))!;
    }
}
