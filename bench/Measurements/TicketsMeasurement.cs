using System.Data.Common;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SiteDesk.Bench.Desk;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Durable ticket creation over the JSON API, and for comparison the bare engine that inserts the very rows the calls have
/// left, a transaction a ticket, with the same durability and as many writers.
/// </summary>
internal sealed class TicketsMeasurement : IMeasurement
{
    private const int KnownCustomers = 200;
    private const int MostReplayed = 20_000;

    // The same settings as those of the program.
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;";

    public string Name => "tickets";

    public string Usage => "[--clients 8] [--seconds 10] [--engine sqlite|postgres]   durable ticket creation over the API; without --engine both";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var clients = options.Number("clients", 8);
        var time = TimeSpan.FromSeconds(options.Number("seconds", 10));
        var result = new MeasurementResult();
        if (options.Text("engine") is null or "sqlite")
            await MeasureAsync("sqlite", null, clients, time, result);
        if (options.Text("engine") is null or "postgres")
        {
            await using var cluster = await PostgresCluster.StartAsync();
            if (cluster is null)
                await Console.Error.WriteLineAsync("PostgreSQL is not installed: only SQLite was measured.");
            else
                await MeasureAsync("postgres", cluster, clients, time, result);
        }

        return result;
    }

    private static async Task MeasureAsync(string engine, PostgresCluster? cluster, int clients, TimeSpan time, MeasurementResult result)
    {
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        var bareData = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            var database = cluster is null ? null : await cluster.CreateDatabaseAsync("desk");
            var bareDatabase = cluster is null ? null : await cluster.CreateDatabaseAsync("bare");
            await Console.Error.WriteLineAsync($"{engine}: tickets over the API");
            var (api, megabytes, first) = await CallApiAsync(data, database, clients, time);
            await Console.Error.WriteLineAsync($"{engine}: the same rows, bare engine");
            var bare = await InsertAsync(data, database, bareData, bareDatabase, clients, time, first);
            result
                .Add($"{engine}TicketsPerSecond", api.Rate, $"{clients} clients, {api.Done} tickets")
                .Add($"{engine}P50Ms", api.P50)
                .Add($"{engine}P99Ms", api.P99, "goal under 50")
                .Add($"{engine}BarePerSecond", bare.Rate, $"the same rows, {bare.Done} transactions")
                .Add($"{engine}BareP50Ms", bare.P50)
                .Add($"{engine}BareP99Ms", bare.P99)
                .Add($"{engine}ToBare", api.Rate / bare.Rate, "goal at least 0.5")
                .Add($"{engine}ServerMb", megabytes, "resident, afterwards");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
            Directory.Delete(bareData, recursive: true);
        }
    }

    /// <returns>What was done, and the key of the first ticket that counted.</returns>
    private static async Task<(Load Load, double Megabytes, int First)> CallApiAsync(string data, string? database, int clients, TimeSpan time)
    {
        await using var desk = await ChildServer.StartDeskAsync(data, database);
        await DeskBrowser.SetUpAsync(desk.Address);
        string secret;
        await using (var services = new DeskServices(data, database))
            secret = await services.NewApiTokenAsync();

        using var client = new HttpClient { BaseAddress = desk.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        // The customers that half of the tickets are of; this also warms the program up.
        for (var known = 0; known < KnownCustomers; known++)
            await OpenAsync(client, known, isKnown: true);
        var warm = await Load.RunAsync(clients, TimeSpan.FromSeconds(5), number => OpenAsync(client, -1 - number, isKnown: number % 2 == 0));
        var load = await Load.RunAsync(clients, time, number => OpenAsync(client, number, isKnown: number % 2 == 0));
        return (load, desk.Megabytes, KnownCustomers + warm.Done + 1);
    }

    private static async Task<bool> OpenAsync(HttpClient client, int number, bool isKnown)
    {
        var person = isKnown ? $"known-{Math.Abs(number) % KnownCustomers}" : $"new-{number}";
        using var answer = await client.PostAsJsonAsync(new Uri("/api/v1/tickets", UriKind.Relative), new
        {
            customer = new { externalId = person, email = $"{person}@example.org", name = $"Customer {person}", language = "en" },
            subject = $"Where is order {number}?",
            text = $"Order {number}: the parcel with the lamp from the autumn catalogue has not come yet, and the tracking page shows the same line since Monday. Could you have a look at where it is?",
            tags = new[] { "delivery", "shop" },
        });
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        await answer.Content.ReadAsByteArrayAsync();
        return true;
    }

    private static async Task<Load> InsertAsync(string data, string? database, string bareData, string? bareDatabase, int clients, TimeSpan time, int first)
    {
        await using var source = await ConnectAsync(data, database);
        await using var services = new DeskServices(bareData, bareDatabase);
        await services.MigrateAsync();
        var (before, tickets) = await RowsAsync(source, first, services.Root.GetRequiredService<EventCatalog>());
        await using (var preparation = new BareInserts(await ConnectAsync(bareData, bareDatabase)))
            await preparation.InsertAsync(before);

        // SQLite has one writer at a time: as many clients wait in a queue for one connection. PostgreSQL takes all at once.
        var connections = new List<BareInserts>();
        for (var connection = 0; connection < (bareDatabase is null ? 1 : clients); connection++)
            connections.Add(new BareInserts(await ConnectAsync(bareData, bareDatabase)));
        var free = System.Threading.Channels.Channel.CreateUnbounded<BareInserts>();
        connections.ForEach(connection => free.Writer.TryWrite(connection));
        var load = await Load.RunAsync(clients, time, async number =>
        {
            if (number >= tickets.Count)
                return false;
            var connection = await free.Reader.ReadAsync();
            await connection.InsertAsync(tickets[number]);
            free.Writer.TryWrite(connection);
            return true;
        });
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return load;
    }

    private static async Task<DbConnection> ConnectAsync(string data, string? database)
    {
        DbConnection connection = database is null
            ? new SqliteConnection($"Data Source={Path.Combine(data, "sitedesk.db")};Pooling=False")
            : new NpgsqlConnection(database + ";Max Auto Prepare=50;Auto Prepare Min Usages=1");
        await connection.OpenAsync();
        if (database is null)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync();
        }

        return connection;
    }

    /// <summary>The rows there were before the calls that counted, and what each of these has written.</summary>
    private static async Task<(List<StoredRow> Before, List<List<StoredRow>> Tickets)> RowsAsync(DbConnection source, int first, EventCatalog events)
    {
        var ofTickets = $"\"TicketId\" >= {first}";
        var tickets = await StoredRow.ReadAsync(source, "tickets_tickets", $"\"Id\" >= {first} ORDER BY \"Id\" LIMIT {MostReplayed}");
        var customers = (await StoredRow.ReadAsync(source, "customers_customers", "true")).ToDictionary(row => row.Number("Id"));
        var contacts = (await StoredRow.ReadAsync(source, "customers_contacts", "true")).ToLookup(row => row.Number("CustomerId"));
        var messages = (await StoredRow.ReadAsync(source, "tickets_messages", ofTickets)).ToLookup(row => row.Number("TicketId"));
        var tokens = (await StoredRow.ReadAsync(source, "tickets_message_tokens", "true", without: "search")).ToLookup(row => row.Number("MessageId"));
        var tags = (await StoredRow.ReadAsync(source, "tickets_tags", ofTickets)).ToLookup(row => row.Number("TicketId"));
        var changes = (await StoredRow.ReadAsync(source, "tickets_changes", ofTickets)).ToLookup(row => row.Number("TicketId"));

        var earlier = (await StoredRow.ReadAsync(source, "tickets_tickets", $"\"Id\" < {first}")).Select(row => row.Number("CustomerId")).ToHashSet();
        var before = await StoredRow.ReadAsync(source, "sites_sites", "true");
        foreach (var customer in earlier)
            before.AddRange([customers[customer], .. contacts[customer]]);
        return (before, tickets.ConvertAll<List<StoredRow>>(ticket =>
        {
            var (id, customer) = (ticket.Number("Id"), ticket.Number("CustomerId"));
            var message = messages[id].Single();
            List<StoredRow> rows = earlier.Add(customer) ? [customers[customer], .. contacts[customer]] : [];
            return [.. rows, ticket, .. tags[id], .. changes[id], message, .. tokens[message.Number("Id")], .. DeliveriesOf(events, id, message.Number("Id"))];
        }));
    }

    /// <summary>The rows that carry the events to their handlers; the dispatcher has removed those of the calls.</summary>
    private static IEnumerable<StoredRow> DeliveriesOf(EventCatalog events, long ticket, long message)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return events.DeliveriesOf(new TicketOpened(ticket, 1, "api", false), now, null)
            .Concat(events.DeliveriesOf(new MessageAdded(ticket, message, 1, false, true, null), now, null))
            .Select(delivery => new StoredRow(
                "platform_event_deliveries", ["Event", "Handler", "Payload", "OccurredAt", "DueAt", "Attempts"],
                [delivery.Event, delivery.Handler, delivery.Payload, delivery.OccurredAt, delivery.DueAt!, delivery.Attempts]));
    }
}
