using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SiteDesk.CommandLine.Backup;

internal sealed class SqliteLoading(SqliteConnection connection) : LoadingDialect(connection)
{
    private readonly SqliteConnection _connection = connection;

    // The switch has no effect inside a transaction.
    public override Task BeforeTransactionAsync(CancellationToken cancellation) => ExecuteAsync("PRAGMA foreign_keys = OFF", cancellation);

    public override Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override async Task<DbCommand> InsertAsync(ArchivedTable table, CancellationToken cancellation)
    {
        var insert = _connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {SqlName.Quoted(table.Name)} ({Columns(table)}) VALUES ({string.Join(", ", table.Columns.Select((_, index) => $"$p{index}"))})";
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
