using System.Data.Common;
using Npgsql;

namespace SiteDesk.Bench.Desk;

/// <summary>A row as it stands in the database: what the bare engine inserts again.</summary>
internal sealed record StoredRow(string Table, IReadOnlyList<string> Columns, IReadOnlyList<object> Values)
{
    /// <summary>Reads the rows of a query over one table, in its order.</summary>
    /// <param name="without">A column that the engine itself fills.</param>
    public static async Task<List<StoredRow>> ReadAsync(DbConnection connection, string table, string condition, string without = "")
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} WHERE {condition}";
        await using var reader = await command.ExecuteReaderAsync();
        var columns = Enumerable.Range(0, reader.FieldCount).Where(column => reader.GetName(column) != without).ToList();
        var names = columns.ConvertAll(reader.GetName);
        var rows = new List<StoredRow>();
        while (await reader.ReadAsync())
            rows.Add(new StoredRow(table, names, columns.ConvertAll(column => reader.GetValue(column))));
        return rows;
    }

    public long Number(string column) => Convert.ToInt64(Values[Columns.ToList().IndexOf(column)], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Inserts rows with the engine's own client: prepared statements, one transaction for what belongs together.</summary>
internal sealed class BareInserts(DbConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    public async Task InsertAsync(IReadOnlyList<StoredRow> rows)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        if (connection is NpgsqlConnection postgres)
            await InsertBatchAsync(postgres, rows);
        else
            await InsertOneByOneAsync(rows, transaction);
        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
            await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>One round trip for all rows: the least that PostgreSQL can be asked for.</summary>
    private static async Task InsertBatchAsync(NpgsqlConnection postgres, IReadOnlyList<StoredRow> rows)
    {
        await using var batch = new NpgsqlBatch(postgres);
        foreach (var row in rows)
        {
            var command = new NpgsqlBatchCommand(InsertOf(row, index => $"${index + 1}"));
            foreach (var value in row.Values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }

    private async Task InsertOneByOneAsync(IReadOnlyList<StoredRow> rows, DbTransaction transaction)
    {
        foreach (var row in rows)
        {
            if (!_commands.TryGetValue(row.Table, out var command))
                _commands[row.Table] = command = Prepare(row);
            for (var index = 0; index < row.Values.Count; index++)
                command.Parameters[index].Value = row.Values[index];
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync();
        }
    }

    private DbCommand Prepare(StoredRow row)
    {
        var command = connection.CreateCommand();
        command.CommandText = InsertOf(row, index => $"@p{index}");
        for (var index = 0; index < row.Columns.Count; index++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static string InsertOf(StoredRow row, Func<int, string> parameter) =>
        $"INSERT INTO {row.Table} ({string.Join(", ", row.Columns.Select(column => $"\"{column}\""))}) VALUES ({string.Join(", ", row.Columns.Select((_, index) => parameter(index)))})";
}
