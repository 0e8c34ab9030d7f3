using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Bench.Desk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// The workspace's pages among many tickets, and for comparison a static component of the same bytes from a bare server.
/// The plans of all their queries go to standard error.
/// </summary>
internal sealed class PagesMeasurement : IMeasurement
{
    /// <summary>Tickets with 40 messages, which the clients read in turn.</summary>
    private const int Talks = 100;

    private const int ReadTimes = 500;

    public string Name => "pages";

    public string Usage => "[--tickets 200000] [--clients 16] [--seconds 8]   ticket page and inbox; the database is kept in the temporary folder for the next time";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var clients = options.Number("clients", 16);
        var time = TimeSpan.FromSeconds(options.Number("seconds", 8));
        var data = await FillAsync(Math.Max(Talks * 10, options.Number("tickets", 200_000)));
        var result = new MeasurementResult();
        var scans = await PrintPlansAsync(data);

        var pages = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            await using var desk = await ChildServer.StartDeskAsync(data);
            using var client = NewClient(desk.Address, await DeskBrowser.SignInAsync(desk.Address));
            (string Name, Func<int, string> Path, string Frame)[] all =
            [
                ("ticket", number => $"/agent/tickets/{1 + number % Talks}", ""),
                ("ticketFrame", number => $"/agent/tickets/{1 + number % Talks}", "ticket"),
                ("inbox", _ => "/agent/tickets?view=open", ""),
                ("inboxFrame", _ => "/agent/tickets?view=open", "list"),
            ];
            foreach (var page in all)
                await File.WriteAllBytesAsync(Path.Combine(pages, $"{page.Name}.html"), await GetAsync(client, page.Path(0), page.Frame));

            await using var bare = await ChildServer.StartBareAsync(pages);
            using var bareClient = NewClient(bare.Address, "");
            // Every page long enough to be compiled for good: the first would otherwise pay for what all share.
            foreach (var (_, path, frame) in all)
                await LoadAsync(desk, client, path, frame, clients, time);
            foreach (var (name, path, frame) in all)
            {
                var (load, processor) = await LoadAsync(desk, client, path, frame, clients, time);
                var (bareLoad, bareProcessor) = await LoadAsync(bare, bareClient, _ => $"/pages/{name}", "", clients, time);
                var bytes = await File.ReadAllBytesAsync(Path.Combine(pages, $"{name}.html"));
                result
                    .Add($"{name}PerSecond", load.Rate, $"{clients} clients")
                    .Add($"{name}P50Ms", load.P50)
                    .Add($"{name}P99Ms", load.P99, "goal under 40")
                    .Add($"{name}BarePerSecond", bareLoad.Rate, "static component of the same bytes")
                    .Add($"{name}BareP99Ms", bareLoad.P99)
                    .Add($"{name}ToBare", load.Rate / bareLoad.Rate, "goal at least 0.25")
                    .Add($"{name}ProcessorMs", processor, "of all processors, for one page")
                    .Add($"{name}BareProcessorMs", bareProcessor)
                    .Add($"{name}Bytes", bytes.Length)
                    .Add($"{name}SentBytes", (await GetAsync(client, path(0), frame, "gzip, br")).Length, "transferred to a browser that takes gzip and brotli")
                    .Add($"{name}GzipBytes", Compressed(bytes, stream => new GZipStream(stream, CompressionLevel.Optimal)), "as a proxy would send it")
                    .Add($"{name}BrotliBytes", Compressed(bytes, stream => new BrotliStream(stream, CompressionLevel.Optimal)), "as a proxy would send it");
            }

            foreach (var (name, milliseconds) in await MeasureReadingAsync(data))
                result.Add($"{name}ReadingMs", milliseconds, "of it to read the rows, one reader alone");
            return result.Add("serverMb", desk.Megabytes, "resident, afterwards").Add("tableScans", scans, "queries that walk through a table; goal 0");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(pages, recursive: true);
        }
    }

    /// <returns>A data folder with the wished number of tickets: made now, or the one of an earlier run of the same schema.</returns>
    private static async Task<string> FillAsync(int tickets)
    {
        string schema;
        await using (var services = new DeskServices(Path.GetTempPath()))
            schema = await services.UseAsync<Database, string>(database => Task.FromResult(database.Database.GetMigrations().Last()));
        var data = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"sitedesk-bench-pages-{tickets}-{schema}"));
        var done = Path.Combine(data, "filled");
        if (File.Exists(done))
            return data;
        await Console.Error.WriteLineAsync($"filling {data} with {tickets} tickets");
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        await using (var desk = await ChildServer.StartDeskAsync(data))
            await DeskBrowser.SetUpAsync(desk.Address);
        await DeskRows.FillTicketsAsync(Path.Combine(data, "sitedesk.db"), tickets, Talks);
        await File.WriteAllTextAsync(done, "");
        return data;
    }

    private static async Task<int> PrintPlansAsync(string data)
    {
        var plans = new QueryPlans();
        await using var services = new DeskServices(data, interceptor: plans);
        var owner = await services.OwnerAsync();
        var file = Path.Combine(data, "sitedesk.db");
        var scans = 0;

        async Task LookAsync<TPart>(string title, Func<TPart, Staff, Task> read) where TPart : notnull
        {
            plans.Clear();
            await services.UseAsync<TPart, bool>(async part =>
            {
                await read(part, owner);
                return true;
            });
            scans += await plans.PrintAsync(title, file, Console.Error);
        }

        await LookAsync<TicketReader>("ticket", (reader, staff) => reader.ReadAsync(staff, 7, CancellationToken.None));
        foreach (var view in StandardViews.All)
        {
            await LookAsync<InboxReader>($"inbox {view}", (reader, staff) => reader.ReadAsync(staff, new InboxSelection(view), CancellationToken.None));
            await LookAsync<InboxReader>($"inbox {view}, later page", (reader, staff) =>
                reader.ReadAsync(staff, new InboxSelection(view, new InboxCursor(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-12), 40_000)), CancellationToken.None));
        }

        await LookAsync<RailReader>("rail", (reader, staff) => reader.ReadAsync(staff, CancellationToken.None));
        return scans;
    }

    /// <summary>The queries of the two pages without making HTML of them: says which half is to be made faster.</summary>
    private static async Task<List<(string Name, double Milliseconds)>> MeasureReadingAsync(string data)
    {
        await using var services = new DeskServices(data);
        var owner = await services.OwnerAsync();

        async Task<double> MeasureAsync<TPart>(Func<TPart, int, Task> read) where TPart : notnull
        {
            var watch = new Stopwatch();
            for (var number = 0; number < 2 * ReadTimes; number++)
            {
                if (number == ReadTimes)
                    watch.Start();
                await services.UseAsync<TPart, bool>(async part =>
                {
                    await read(part, number);
                    return true;
                });
            }

            return watch.Elapsed.TotalMilliseconds / ReadTimes;
        }

        return
        [
            ("ticket", await MeasureAsync<TicketReader>((reader, number) => reader.ReadAsync(owner, 1 + number % Talks, CancellationToken.None))),
            ("inbox", await MeasureAsync<InboxReader>((reader, _) => reader.ReadAsync(owner, new InboxSelection(StandardViews.Open), CancellationToken.None))),
            ("rail", await MeasureAsync<RailReader>((reader, _) => reader.ReadAsync(owner, CancellationToken.None))),
        ];
    }

    private static HttpClient NewClient(Uri address, string cookies)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
        if (cookies.Length > 0)
            client.DefaultRequestHeaders.Add("Cookie", cookies);
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        return client;
    }

    /// <returns>What was done, and the server's processor time for one page in milliseconds: it hardly depends on what else the machine does.</returns>
    private static async Task<(Load Load, double ProcessorMs)> LoadAsync(ChildServer server, HttpClient client, Func<int, string> path, string frame, int clients, TimeSpan time)
    {
        async Task<bool> ReadAsync(int number)
        {
            await GetAsync(client, path(number), frame);
            return true;
        }

        await Load.RunAsync(clients, TimeSpan.FromSeconds(6), ReadAsync);
        var before = server.ProcessorTime;
        var load = await Load.RunAsync(clients, time, ReadAsync);
        return (load, (server.ProcessorTime - before).TotalMilliseconds / load.Done);
    }

    private static async Task<byte[]> GetAsync(HttpClient client, string path, string frame, string encodings = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (frame.Length > 0)
            request.Headers.Add("Turbo-Frame", frame);
        if (encodings.Length > 0)
            request.Headers.Add("Accept-Encoding", encodings);
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static long Compressed(byte[] bytes, Func<Stream, Stream> compressor)
    {
        using var compressed = new MemoryStream();
        using (var stream = compressor(compressed))
            stream.Write(bytes);
        return compressed.ToArray().Length;
    }
}
