using System.Data.Common;
using Npgsql;

namespace SiteDesk.CommandLine.Backup;

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
        insert.CommandText = $"INSERT INTO {SqlName.Quoted(table.Name)} ({Columns(table)}) VALUES ({string.Join(", ", values)})";
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
