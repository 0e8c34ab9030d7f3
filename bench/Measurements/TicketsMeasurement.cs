using System.Data.Common;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SiteDesk.Bench.Desk;
using SiteDesk.Platform.Events;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Durable ticket creation over the JSON API, and for comparison the bare engine that inserts the very rows the calls have
/// left, a transaction a ticket, with the same durability and as many writers.
/// </summary>
internal sealed class TicketsMeasurement : IMeasurement
{
    private const int KnownCustomers = 200;

    // The same settings as those of the program.
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;";

    public string Name => "tickets";

    public string Usage => "[--clients 8] [--seconds 12] [--rounds 3] [--engine sqlite|postgres]   durable ticket creation over the API; without --engine both";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var size = new Size(options.Number("clients", 8), options.Number("seconds", 12), Math.Max(1, options.Number("rounds", 3)));
        var result = new MeasurementResult();
        if (options.Text("engine") is null or "sqlite")
            await MeasureAsync("sqlite", null, size, result);
        if (options.Text("engine") is null or "postgres")
        {
            await using var cluster = await PostgresCluster.StartAsync();
            if (cluster is null)
                await Console.Error.WriteLineAsync("PostgreSQL is not installed: only SQLite was measured.");
            else
                await MeasureAsync("postgres", cluster, size, result);
        }

        return result;
    }

    private static async Task MeasureAsync(string engine, PostgresCluster? cluster, Size size, MeasurementResult result)
    {
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        var bareData = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            var database = cluster is null ? null : await cluster.CreateDatabaseAsync("desk");
            var bareDatabase = cluster is null ? null : await cluster.CreateDatabaseAsync("bare");
            await using var desk = await ChildServer.StartDeskAsync(data, database);
            await DeskBrowser.SetUpAsync(desk.Address);
            string secret;
            await using (var services = new DeskServices(data, database))
                secret = await services.NewApiTokenAsync();
            using var client = new HttpClient { BaseAddress = desk.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);

            // The customers that half of the tickets are of.
            for (var known = 0; known < KnownCustomers; known++)
                await OpenAsync(client, known, isKnown: true);
            var warm = await WarmUpAsync(client, size.Clients);

            await using var source = await ConnectAsync(data, database);
            await using var bareServices = new DeskServices(bareData, bareDatabase);
            await bareServices.MigrateAsync();
            await using var bare = await BareSide.StartAsync(source, bareServices.Root.GetRequiredService<EventCatalog>(), () => ConnectAsync(bareData, bareDatabase), KnownCustomers + 1, bareDatabase is null ? 1 : size.Clients);
            await bare.ReplayAsync(size.Clients, TimeSpan.FromSeconds(60));

            // By turns, so that whatever else the machine does meets both alike.
            var (api, apiCosts, bareCosts) = (new List<Load>(), Costs.None, Costs.None);
            var replays = new List<Load>();
            for (var round = 0; round < size.Rounds; round++)
            {
                await Console.Error.WriteLineAsync($"{engine}: round {round + 1} of {size.Rounds}, over the API, then the same rows in the bare engine");
                var offset = warm + api.Sum(load => load.Done);
                var before = await Costs.NowAsync(desk, cluster, database);
                api.Add(await Load.RunAsync(size.Clients, size.OfARound, number => OpenAsync(client, offset + number, isKnown: number % 2 == 0)));
                apiCosts += await Costs.NowAsync(desk, cluster, database) - before;
                await bare.ReadAsync();
                before = await Costs.NowAsync(null, cluster, bareDatabase);
                replays.Add(await bare.ReplayAsync(size.Clients, size.OfARound));
                bareCosts += await Costs.NowAsync(null, cluster, bareDatabase) - before;
            }

            Report(engine, size, Load.Of(api), apiCosts, Load.Of(replays), bareCosts, desk.Megabytes, result);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
            Directory.Delete(bareData, recursive: true);
        }
    }

    private static void Report(string engine, Size size, Load api, Costs apiCosts, Load bare, Costs bareCosts, double megabytes, MeasurementResult result)
    {
        result
            .Add($"{engine}TicketsPerSecond", api.Rate, $"{size.Clients} clients, {api.Done} tickets")
            .Add($"{engine}P50Ms", api.P50)
            .Add($"{engine}P99Ms", api.P99, "goal under 50")
            .Add($"{engine}BarePerSecond", bare.Rate, $"the same rows, {bare.Done} transactions")
            .Add($"{engine}BareP50Ms", bare.P50)
            .Add($"{engine}BareP99Ms", bare.P99)
            .Add($"{engine}ToBare", api.Rate / bare.Rate, "goal at least 0.5")
            .Add($"{engine}ServerCpuMs", apiCosts.Server.TotalMilliseconds / api.Done, "processor time of the program a ticket")
            .Add($"{engine}ClientCpuMs", apiCosts.Own.TotalMilliseconds / api.Done, "of the load generator a ticket")
            .Add($"{engine}BareCpuMs", bareCosts.Own.TotalMilliseconds / bare.Done, "of the bare side a ticket");
        if (apiCosts.Commits > 0)
        {
            result
                .Add($"{engine}EngineCpuMs", apiCosts.Engine.TotalMilliseconds / api.Done, "of the database server a ticket over the API")
                .Add($"{engine}BareEngineCpuMs", bareCosts.Engine.TotalMilliseconds / bare.Done, "of the database server a bare ticket")
                .Add($"{engine}Transactions", (double)apiCosts.Commits / api.Done, "a ticket over the API, reads included")
                .Add($"{engine}BareTransactions", (double)bareCosts.Commits / bare.Done, "a bare ticket");
        }

        result.Add($"{engine}ServerMb", megabytes, "resident, afterwards");
    }

    /// <summary>A program that serves for weeks is measured, not its first seconds: until then its code is being compiled.</summary>
    /// <returns>How many tickets that took.</returns>
    private static async Task<int> WarmUpAsync(HttpClient client, int clients)
    {
        const int enough = 8_000;
        var longest = TimeSpan.FromSeconds(60);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var done = 0;
        while (done < enough && watch.Elapsed < longest)
        {
            var offset = done;
            done += (await Load.RunAsync(clients, TimeSpan.FromSeconds(3), number => OpenAsync(client, -1 - offset - number, isKnown: number % 2 == 0))).Done;
        }

        return done;
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

    private sealed record Size(int Clients, int Seconds, int Rounds)
    {
        public TimeSpan OfARound => TimeSpan.FromSeconds((double)Seconds / Rounds);
    }
}
