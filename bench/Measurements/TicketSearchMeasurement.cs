using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using SiteDesk.Bench.Desk;
using SiteDesk.Language;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Searches of two words over a million messages, as the search page runs them (rights, filters, ranking), and for comparison the bare
/// query that asks the engine for the newest fifty messages with the words.
/// </summary>
internal sealed class TicketSearchMeasurement : IMeasurement
{
    private const int BareResults = 50;

    public string Name => "ticket-search";

    public string Usage => "[--messages 1000000] [--searches 600] [--engine sqlite|postgres]   two-word searches over tickets; without --engine both";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var messages = new ManyMessages { Count = options.Number("messages", 1_000_000) };
        var searches = messages.Searches(options.Number("searches", 600)).ToList();
        var result = new MeasurementResult().Add("messages", messages.Count);
        var found = new List<IReadOnlyList<FoundTicket>[]>();
        if (options.Text("engine") is null or "sqlite")
            found.Add(await MeasureAsync("sqlite", null, messages, searches, result));
        if (options.Text("engine") is null or "postgres")
        {
            await using var cluster = await PostgresCluster.StartAsync();
            if (cluster is null)
                await Console.Error.WriteLineAsync("PostgreSQL is not installed: only SQLite was measured.");
            else
                found.Add(await MeasureAsync("postgres", cluster, messages, searches, result));
        }

        if (found is [var onSqlite, var onPostgres])
            result.Add("differentResults", onSqlite.Zip(onPostgres).Count(pair => !pair.First.Select(ticket => ticket.TicketId).Order().SequenceEqual(pair.Second.Select(ticket => ticket.TicketId).Order())), "searches whose tickets differ between the engines");
        return result;
    }

    private static async Task<IReadOnlyList<FoundTicket>[]> MeasureAsync(string engine, PostgresCluster? cluster, ManyMessages messages, List<string> searches, MeasurementResult result)
    {
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            var database = cluster is null ? null : await cluster.CreateDatabaseAsync("desk");
            await using (var desk = await ChildServer.StartDeskAsync(data, database))
                await DeskBrowser.SetUpAsync(desk.Address);
            var watch = Stopwatch.StartNew();
            if (database is null)
                await messages.FillSqliteAsync(Path.Combine(data, "sitedesk.db"));
            else
                await messages.FillPostgresAsync(database);
            await Console.Error.WriteLineAsync($"{engine}: filled in {watch.Elapsed.TotalSeconds:0} s");

            await using var services = new DeskServices(data, database);
            var owner = await services.OwnerAsync();
            var (whole, found) = await TimeAsync(services, owner, searches, isTyping: false);
            var (typing, _) = await TimeAsync(services, owner, searches, isTyping: true);
            var bare = await BareAsync(data, database, searches);
            result
                .Add($"{engine}P50Ms", whole.Percentile(0.50), $"{searches.Count} searches of two words, {found.Count(tickets => tickets.Count == 0)} found nothing")
                .Add($"{engine}P99Ms", whole.Percentile(0.99), "goal under 50")
                .Add($"{engine}TypingP50Ms", typing.Percentile(0.50), "the last word as the beginning of one")
                .Add($"{engine}TypingP99Ms", typing.Percentile(0.99))
                .Add($"{engine}BareP50Ms", bare.Percentile(0.50), $"the engine alone: the newest {BareResults} messages with the words")
                .Add($"{engine}BareP99Ms", bare.Percentile(0.99));
            return found;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<(Latencies Times, IReadOnlyList<FoundTicket>[] Found)> TimeAsync(DeskServices services, Staff staff, List<string> searches, bool isTyping)
    {
        var (times, found) = (new Latencies(), new List<IReadOnlyList<FoundTicket>>());
        foreach (var search in searches.Take(50))
            await RunAsync(search);
        foreach (var search in searches)
        {
            var start = Stopwatch.GetTimestamp();
            found.Add(await RunAsync(search));
            var time = Stopwatch.GetElapsedTime(start);
            times.Add(time);
            if (time > TimeSpan.FromMilliseconds(50))
                await Console.Error.WriteLineAsync($"  {time.TotalMilliseconds:0} ms{(isTyping ? " typing" : "")}: {search}");
        }

        return (times, [.. found]);

        Task<IReadOnlyList<FoundTicket>> RunAsync(string search) =>
            services.UseAsync<SearchTickets, IReadOnlyList<FoundTicket>>(tickets => tickets.FindAsync(search, TimeZoneInfo.Utc, staff, isTyping, CancellationToken.None));
    }

    private static async Task<Latencies> BareAsync(string data, string? database, List<string> searches)
    {
        await using DbConnection connection = database is null ? new SqliteConnection($"Data Source={Path.Combine(data, "sitedesk.db")};Mode=ReadOnly;Pooling=False") : new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = database is null
            ? $"SELECT rowid FROM tickets_search WHERE tickets_search MATCH @words ORDER BY rowid DESC LIMIT {BareResults}"
            : $"""SELECT "MessageId" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', @words) ORDER BY "MessageId" DESC LIMIT {BareResults}""";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "words";
        command.Parameters.Add(parameter);
        const int warming = 50;
        var (times, done) = (new Latencies(), 0);
        foreach (var search in searches.Take(warming).Concat(searches))
        {
            var text = SearchText.ForQuery(search + ' ');
            var start = Stopwatch.GetTimestamp();
            parameter.Value = database is null ? text.ToFts5() : text.ToTsQuery();
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    reader.GetInt64(0);
            }

            if (++done > warming)
                times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times;
    }
}
