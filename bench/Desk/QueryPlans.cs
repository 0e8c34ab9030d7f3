using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SiteDesk.Bench.Desk;

/// <summary>Listens to what the program asks SQLite, and asks SQLite how it goes about it.</summary>
internal sealed class QueryPlans : DbCommandInterceptor
{
    private readonly List<(string Sql, List<(string Name, object? Value)> Parameters)> _queries = [];

    /// <summary>Forgets what was heard so far.</summary>
    public void Clear() => _queries.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _queries.Add((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(parameter => (parameter.ParameterName, parameter.Value))]));
        return ValueTask.FromResult(result);
    }

    /// <summary>Prints every query with its plan and time, and counts those that walk through a whole table that grows.</summary>
    public async Task<int> PrintAsync(string title, string file, TextWriter output)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync();
        var growing = await GrowingTablesAsync(connection);
        var scans = 0;
        foreach (var (sql, parameters) in _queries.DistinctBy(query => query.Sql))
        {
            var plan = await ReadAsync(connection, $"EXPLAIN QUERY PLAN {sql}", parameters, column: 3);
            var isScan = plan.Exists(step => IsScan(step, sql, growing));
            scans += isScan ? 1 : 0;
            await ReadAsync(connection, sql, parameters, column: 0);
            var watch = Stopwatch.StartNew();
            var rows = await ReadAsync(connection, sql, parameters, column: 0);
            await output.WriteLineAsync($"{(isScan ? "TABLE SCAN " : "")}{title}, {watch.Elapsed.TotalMilliseconds:0.00} ms, {rows.Count} rows: {Short(sql)}");
            foreach (var step in plan)
                await output.WriteLineAsync($"    {step}");
        }

        return scans;
    }

    /// <summary>A step that reads a table from end to end and not along an index: "SCAN t".</summary>
    private static bool IsScan(string step, string sql, List<string> growing) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains(" USING ", StringComparison.Ordinal)
        && growing.Exists(table => sql.Contains($"\"{table}\" AS \"{step.Split(' ')[1]}\"", StringComparison.Ordinal));

    private static async Task<List<string>> GrowingTablesAsync(SqliteConnection connection)
    {
        var growing = new List<string>();
        foreach (var table in await ReadAsync(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'tickets_search%'", [], column: 0))
        {
            var rows = await ReadAsync(connection, $"SELECT 1 FROM \"{table}\" LIMIT 101", [], column: 0);
            if (rows.Count > 100)
                growing.Add(table);
        }

        return growing;
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string sql, List<(string Name, object? Value)> parameters, int column)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.IsDBNull(column) ? "" : Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)!);
        return rows;
    }

    private static string Short(string sql)
    {
        var line = string.Join(' ', sql.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        var from = line.IndexOf(" FROM ", StringComparison.Ordinal);
        return from < 0 ? line : $"SELECT …{line[from..]}";
    }
}
