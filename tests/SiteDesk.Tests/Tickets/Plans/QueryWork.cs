using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SiteDesk.Platform.Data;
using SQLitePCL;

namespace SiteDesk.Tests.Tickets.Plans;

/// <summary>
/// How much an engine does for a query: what it says of its plan, and what it really did. A plan that looks good may still
/// walk along an index past everything that does not fit; the work shows it.
/// </summary>
internal static class QueryWork
{
    /// <summary>Rows of one table that one step may touch (PostgreSQL): as many as wait to be worked on, a tenth of the table.</summary>
    public const long MostRows = 20_000;

    /// <summary>Steps of SQLite's machine: some tens a row. A walk through 200,000 rows takes millions.</summary>
    public const int MostSteps = 600_000;

    private static readonly string[] Growing = ["tickets_tickets", "tickets_messages", "tickets_message_tokens", "tickets_changes", "tickets_tags", "tickets_notifications", "customers_customers", "customers_contacts"];

    /// <returns>What is wrong with the query; empty when it keeps to its bounds.</returns>
    public static async Task<IReadOnlyList<string>> FaultsOfAsync(DbConnection connection, DatabaseEngine engine, HeardQuery query, CancellationToken cancellation) =>
        engine == DatabaseEngine.Sqlite ? await OnSqliteAsync((SqliteConnection)connection, query, cancellation) : await OnPostgresAsync(connection, query, cancellation);

    private static async Task<IReadOnlyList<string>> OnSqliteAsync(SqliteConnection connection, HeardQuery query, CancellationToken cancellation)
    {
        var faults = new List<string>();
        var plan = new List<string>();
        await using (var command = Command(connection, $"EXPLAIN QUERY PLAN {query.Sql}", query))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                plan.Add(reader.GetString(3));
        }

        faults.AddRange(plan.Where(step => step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains(" USING ", StringComparison.Ordinal) && IsGrowing(query.Sql, step.Split(' ')[1])));
        var steps = StepsOf(connection, query);
        if (steps > MostSteps)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{steps} steps"));
        return faults.Count == 0 ? [] : [.. faults, .. plan.Select(step => $"    {step}")];
    }

    private static bool IsGrowing(string sql, string name) => Growing.Any(table => name == table || sql.Contains($"\"{table}\" AS \"{name}\"", StringComparison.Ordinal));

    /// <summary>Runs the query to its end and asks the machine how many steps it took (sqlite3_stmt_status, SQLITE_STMTSTATUS_VM_STEP).</summary>
    private static int StepsOf(SqliteConnection connection, HeardQuery query)
    {
        const int stepsOfMachine = 4;
        raw.sqlite3_prepare_v2(connection.Handle!, query.Sql, out var statement).ShouldBe(raw.SQLITE_OK, query.Sql);
        using (statement)
        {
            foreach (var parameter in query.Parameters)
                Bind(statement, parameter);
            int result;
            do
            {
                result = raw.sqlite3_step(statement);
            }
            while (result == raw.SQLITE_ROW);
            result.ShouldBe(raw.SQLITE_DONE, query.Sql);
            return raw.sqlite3_stmt_status(statement, stepsOfMachine, 0);
        }
    }

    private static void Bind(sqlite3_stmt statement, DbParameter parameter)
    {
        var place = raw.sqlite3_bind_parameter_index(statement, "@" + parameter.ParameterName.TrimStart('@'));
        place.ShouldBeGreaterThan(0, parameter.ParameterName);
        switch (parameter.Value)
        {
            case null or DBNull:
                raw.sqlite3_bind_null(statement, place);
                break;
            case bool or long or int or Enum:
                raw.sqlite3_bind_int64(statement, place, Convert.ToInt64(parameter.Value, CultureInfo.InvariantCulture));
                break;
            case DateTime at:
                raw.sqlite3_bind_text(statement, place, at.ToString(@"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            default:
                raw.sqlite3_bind_text(statement, place, Convert.ToString(parameter.Value, CultureInfo.InvariantCulture)!);
                break;
        }
    }

    private static async Task<IReadOnlyList<string>> OnPostgresAsync(DbConnection connection, HeardQuery query, CancellationToken cancellation)
    {
        await using var command = Command(connection, $"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query.Sql}", query);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(cancellation))!);
        var faults = new List<string>();
        Look(plan.RootElement[0].GetProperty("Plan"), faults);
        return faults;
    }

    private static void Look(JsonElement node, List<string> faults)
    {
        if (node.TryGetProperty("Relation Name", out var relation) && Growing.Contains(relation.GetString()))
        {
            var rows = (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck")) * Number(node, "Actual Loops");
            var type = node.GetProperty("Node Type").GetString();
            if (type == "Seq Scan" || rows > MostRows)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{type} on {relation.GetString()} {(node.TryGetProperty("Index Name", out var index) ? index.GetString() : "")}: {rows} rows"));
        }

        if (node.TryGetProperty("Plans", out var parts))
        {
            foreach (var part in parts.EnumerateArray())
                Look(part, faults);
        }
    }

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : name == "Actual Loops" ? 1 : 0;

    private static DbCommand Command(DbConnection connection, string sql, HeardQuery query)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in query.Parameters)
            command.Parameters.Add(parameter is ICloneable cloneable ? cloneable.Clone() : new SqliteParameter(parameter.ParameterName, parameter.Value));
        return command;
    }
}
