using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>Loads an archive's rows into a freshly migrated database: in one transaction, every reference checked at the end.</summary>
internal static class RowLoader
{
    /// <exception cref="InvalidDataException">Rows are missing, or point at rows that are not there.</exception>
    public static async Task LoadAsync(Database database, BackupReader archive, Action<string> report, CancellationToken cancellation)
    {
        await database.Database.OpenConnectionAsync(cancellation);
        var connection = database.Database.GetDbConnection();
        LoadingDialect dialect = connection is SqliteConnection sqlite ? new SqliteLoading(sqlite) : new PostgresLoading((NpgsqlConnection)connection);

        await dialect.BeforeTransactionAsync(cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            await dialect.BeginAsync(cancellation);

            // A migration may have put rows in; the archive has them in the state they were in.
            foreach (var table in archive.Manifest.Tables)
                await dialect.ExecuteAsync($"DELETE FROM {Quoted(table.Name)}", cancellation);
            foreach (var table in archive.Manifest.Tables)
            {
                report($"restoring {table.Rows} rows of {table.Name}");
                await LoadTableAsync(dialect, archive, table, cancellation);
            }

            await dialect.CheckReferencesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await database.Database.CloseConnectionAsync();
    }

    private static async Task LoadTableAsync(LoadingDialect dialect, BackupReader archive, ArchivedTable table, CancellationToken cancellation)
    {
        await using var insert = await dialect.InsertAsync(table, cancellation);
        long rows = 0;
        await foreach (var row in archive.RowsAsync(table, cancellation))
        {
            Fill(insert, table, row);
            await insert.ExecuteNonQueryAsync(cancellation);
            rows++;
        }

        if (rows != table.Rows)
            throw new InvalidDataException($"The backup promises {table.Rows} rows of {table.Name} and holds {rows}.");
        if (table.NextKey is { } next)
            await dialect.ContinueNumberingAsync(table, next, cancellation);
    }

    private static void Fill(DbCommand insert, ArchivedTable table, JsonElement row)
    {
        if (row.GetArrayLength() != table.Columns.Count)
            throw new InvalidDataException($"A row of {table.Name} in the backup has {row.GetArrayLength()} values instead of {table.Columns.Count}.");
        for (var column = 0; column < table.Columns.Count; column++)
            insert.Parameters[column].Value = ColumnValues.Read(row[column], table.Columns[column].Type);
    }

    private static string Quoted(string name) => LoadingDialect.Quoted(name);
}

/// <summary>What the two engines do differently while rows are loaded.</summary>
internal abstract class LoadingDialect(DbConnection connection)
{
    public virtual Task BeforeTransactionAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Puts off the checking of references, since tables may point at each other in circles.</summary>
    public abstract Task BeginAsync(CancellationToken cancellation);

    public abstract Task<DbCommand> InsertAsync(ArchivedTable table, CancellationToken cancellation);

    /// <summary>Makes the engine go on with the number the source would have given next.</summary>
    public abstract Task ContinueNumberingAsync(ArchivedTable table, long next, CancellationToken cancellation);

    public abstract Task CheckReferencesAsync(CancellationToken cancellation);

    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    protected static string Columns(ArchivedTable table) => string.Join(", ", table.Columns.Select(column => Quoted(column.Name)));
}

internal sealed class SqliteLoading(SqliteConnection connection) : LoadingDialect(connection)
{
    private readonly SqliteConnection _connection = connection;

    // The switch has no effect inside a transaction.
    public override Task BeforeTransactionAsync(CancellationToken cancellation) => ExecuteAsync("PRAGMA foreign_keys = OFF", cancellation);

    public override Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override async Task<DbCommand> InsertAsync(ArchivedTable table, CancellationToken cancellation)
    {
        var insert = _connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {Quoted(table.Name)} ({Columns(table)}) VALUES ({string.Join(", ", table.Columns.Select((_, index) => $"$p{index}"))})";
        for (var index = 0; index < table.Columns.Count; index++)
            insert.Parameters.Add(new SqliteParameter { ParameterName = $"$p{index}", Value = DBNull.Value });
        await insert.PrepareAsync(cancellation);
        return insert;
    }

    public override async Task ContinueNumberingAsync(ArchivedTable table, long next, CancellationToken cancellation)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM sqlite_sequence WHERE name = $name; INSERT INTO sqlite_sequence (name, seq) VALUES ($name, $last)";
        command.Parameters.AddWithValue("$name", table.Name);
        command.Parameters.AddWithValue("$last", next - 1);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override async Task CheckReferencesAsync(CancellationToken cancellation)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_key_check";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (await reader.ReadAsync(cancellation))
            throw new InvalidDataException($"A row of {reader.GetString(0)} in the backup points at a row of {reader.GetString(2)} that is not in it.");
    }
}

internal sealed class PostgresLoading(NpgsqlConnection connection) : LoadingDialect(connection)
{
    private readonly NpgsqlConnection _connection = connection;
    private readonly List<(string Table, string Constraint)> _putOff = [];

    public override async Task BeginAsync(CancellationToken cancellation)
    {
        await using (var command = new NpgsqlCommand(
            """
            SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
            WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND NOT condeferrable
            """, _connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                _putOff.Add((reader.GetString(0), reader.GetString(1)));
        }

        foreach (var (table, constraint) in _putOff)
            await ExecuteAsync($"ALTER TABLE {table} ALTER CONSTRAINT {constraint} DEFERRABLE INITIALLY DEFERRED", cancellation);
    }

    public override async Task<DbCommand> InsertAsync(ArchivedTable table, CancellationToken cancellation)
    {
        var types = await ColumnTypesAsync(table, cancellation);
        var insert = new NpgsqlCommand { Connection = _connection };

        // The cast lets text become jsonb and the like, which the driver would not guess. It names no length: a value that is too long
        // has to fail, and an explicit cast to varchar(40) would cut it off in silence.
        var values = table.Columns.Select((column, index) => $"CAST(${index + 1} AS {types[column.Name]})");
        insert.CommandText = $"INSERT INTO {Quoted(table.Name)} ({Columns(table)}) VALUES ({string.Join(", ", values)})";
        foreach (var column in table.Columns)
            insert.Parameters.Add(new NpgsqlParameter { DataTypeName = DriverType(column.Type), Value = DBNull.Value });
        await insert.PrepareAsync(cancellation);
        return insert;
    }

    public override async Task ContinueNumberingAsync(ArchivedTable table, long next, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT setval(pg_get_serial_sequence(quote_ident($1), column_name)::regclass, $2, false)
            FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'
            """, _connection);
        command.Parameters.AddWithValue(table.Name);
        command.Parameters.AddWithValue(next);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override async Task CheckReferencesAsync(CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellation);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new InvalidDataException($"A row of {problem.TableName} in the backup points at a row that is not in it: {problem.Detail}", problem);
        }

        foreach (var (table, constraint) in _putOff)
            await ExecuteAsync($"ALTER TABLE {table} ALTER CONSTRAINT {constraint} NOT DEFERRABLE", cancellation);
    }

    private async Task<Dictionary<string, string>> ColumnTypesAsync(ArchivedTable table, CancellationToken cancellation)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped", _connection);
        command.Parameters.AddWithValue(table.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            types.Add(reader.GetString(0), reader.GetString(1));
        return types;
    }

    private static string DriverType(ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Integer => "bigint",
        ColumnType.Real => "double precision",
        ColumnType.Decimal => "numeric",
        ColumnType.Text => "text",
        ColumnType.Time or ColumnType.OffsetTime => "timestamp with time zone",
        ColumnType.Date => "date",
        ColumnType.Guid => "uuid",
        ColumnType.Bytes => "bytea",
        _ => throw new InvalidOperationException($"Column type {type} is unknown to PostgreSQL."),
    };
}
