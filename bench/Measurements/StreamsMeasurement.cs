using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Bench.Desk;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Many open visitor streams, and answers that each concern one of them: how long from the acknowledgement of an answer to its
/// receipt, and what the server weighs. For comparison a bare event-stream server that stores nothing.
/// </summary>
internal sealed class StreamsMeasurement : IMeasurement
{
    public string Name => "streams";

    public string Usage => "[--streams 10000] [--rate 500] [--seconds 20] [--senders 32] [--short]   open visitor streams; --short: 200 streams, 50 messages a second, 3 s";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var isShort = options.Has("short");
        var plan = new Plan(
            options.Number("streams", isShort ? 200 : 10_000), options.Number("rate", isShort ? 50 : 500), options.Number("seconds", isShort ? 3 : 20), options.Number("senders", 32));
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            var desk = await MeasureDeskAsync(data, plan);
            var bare = await MeasureBareAsync(plan);
            return new MeasurementResult()
                .Add("streams", desk.Streams)
                .Add("messagesPerSecond", desk.Rate, $"{plan.Rate} wanted")
                .Add("lost", desk.Lost, "acknowledged and not received; goal 0")
                .Add("ackToReceiptP50Ms", desk.AfterAck.Percentile(0.5), "0: received before the acknowledgement")
                .Add("ackToReceiptP99Ms", desk.AfterAck.Percentile(0.99), "goal under 100")
                .Add("sentToReceiptP50Ms", desk.AfterSending.Percentile(0.5))
                .Add("sentToReceiptP99Ms", desk.AfterSending.Percentile(0.99))
                .Add("bareMessagesPerSecond", bare.Rate)
                .Add("bareAckToReceiptP99Ms", bare.AfterAck.Percentile(0.99))
                .Add("bareSentToReceiptP50Ms", bare.AfterSending.Percentile(0.5))
                .Add("bareSentToReceiptP99Ms", bare.AfterSending.Percentile(0.99))
                .Add("emptyMb", desk.EmptyMegabytes, "resident, no stream open")
                .Add("openMb", desk.OpenMegabytes, "resident, all streams open")
                .Add("mostMb", desk.MostMegabytes, "resident, most of the whole run; goal under 350")
                .Add("bareMostMb", bare.MostMegabytes)
                .Add("mbToBare", desk.MostMegabytes / bare.MostMegabytes, "times the bare server")
                .Add("processorsUsed", desk.Processors, "while messages went")
                .Add("bareProcessorsUsed", bare.Processors);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<Figures> MeasureDeskAsync(string data, Plan plan)
    {
        // All visitors come from this machine: the limits for one address would stop them.
        await using var desk = await ChildServer.StartDeskAsync(
            data, null, ("SITEDESK_ABUSE__STREAMS", "1000000"), ("SITEDESK_ABUSE__REQUESTS", "1000000"));
        await DeskBrowser.SetUpAsync(desk.Address);
        await DeskRows.FillVisitorsAsync(Path.Combine(data, "sitedesk.db"), plan.Streams);
        await using var services = new DeskServices(data);
        var secret = await services.NewApiTokenAsync();
        var key = await services.UseAsync<Database, string>(database => database.Set<Site>().Select(site => site.Key).FirstAsync());
        return await MeasureAsync(
            desk, plan,
            stream => $"GET /widget/v1/{key}/stream HTTP/1.1\r\nHost: {desk.Address.Authority}\r\nOrigin: {DeskBrowser.SiteAddress}\r\nAuthorization: Bearer {DeskRows.SecretOf(stream)}\r\nLast-Event-ID: {plan.Streams}\r\nAccept: text/event-stream\r\n\r\n",
            (stream, name) => new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/tickets/{stream}/messages", UriKind.Relative))
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) },
                Content = JsonContent.Create(new { text = $"The parcel is with the carrier and comes tomorrow before noon. {name}" }),
            });
    }

    private static async Task<Figures> MeasureBareAsync(Plan plan)
    {
        await using var bare = await ChildServer.StartBareAsync();
        return await MeasureAsync(
            bare, plan,
            stream => $"GET /streams/{stream} HTTP/1.1\r\nHost: {bare.Address.Authority}\r\n\r\n",
            (stream, name) => new HttpRequestMessage(HttpMethod.Post, new Uri($"/streams/{stream}", UriKind.Relative))
            {
                Content = new StringContent($"The parcel is with the carrier and comes tomorrow before noon. {name}"),
            });
    }

    private static async Task<Figures> MeasureAsync(ChildServer server, Plan plan, Func<int, string> opening, Func<int, string, HttpRequestMessage> sending)
    {
        var count = plan.Rate * plan.Seconds;
        var (sent, acknowledged, received) = (new long[count], new long[count], new long[count]);
        var emptyMegabytes = server.Megabytes;
        await using var streams = new StreamCrowd(server.Address, number => Interlocked.CompareExchange(ref received[number], Stopwatch.GetTimestamp(), 0));
        await Console.Error.WriteLineAsync($"{server.Address}: opening {plan.Streams} streams");
        await streams.OpenAsync(plan.Streams, opening);
        var openMegabytes = server.Megabytes;
        var most = openMegabytes;

        await Console.Error.WriteLineAsync($"{openMegabytes:0} MB; sending");
        using var client = new HttpClient { BaseAddress = server.Address };
        var (watch, processor, next) = (Stopwatch.StartNew(), server.ProcessorTime, -1);
        var senders = Enumerable.Range(0, plan.Senders).Select(_ => Task.Run(async () =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                // Sent on time, however long the earlier ones take: a slow server is not spared.
                var due = TimeSpan.FromSeconds((double)number / plan.Rate) - watch.Elapsed;
                if (due > TimeSpan.Zero)
                    await Task.Delay(due);
                using var request = sending(1 + number % plan.Streams, StreamCrowd.NameOf(number));
                sent[number] = Stopwatch.GetTimestamp();
                using var answer = await client.SendAsync(request);
                if (!answer.IsSuccessStatusCode)
                    throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                acknowledged[number] = Stopwatch.GetTimestamp();
                if (number % plan.Rate == 0)
                    most = Math.Max(most, server.Megabytes);
            }
        })).ToList();
        await Task.WhenAll(senders);
        var elapsed = watch.Elapsed;
        var processors = (server.ProcessorTime - processor) / elapsed;
        for (var wait = Stopwatch.StartNew(); wait.Elapsed < TimeSpan.FromSeconds(10) && received.Any(at => at == 0);)
            await Task.Delay(50);
        return FiguresOf(plan, count / elapsed.TotalSeconds, sent, acknowledged, received) with
        {
            EmptyMegabytes = emptyMegabytes,
            OpenMegabytes = openMegabytes,
            MostMegabytes = Math.Max(most, server.Megabytes),
            Processors = processors,
        };
    }

    private static Figures FiguresOf(Plan plan, double rate, long[] sent, long[] acknowledged, long[] received)
    {
        var (afterAck, afterSending, lost) = (new Latencies(), new Latencies(), 0);
        for (var number = 0; number < sent.Length; number++)
        {
            if (received[number] == 0)
            {
                lost++;
                continue;
            }

            afterAck.Add(Stopwatch.GetElapsedTime(Math.Min(acknowledged[number], received[number]), received[number]));
            afterSending.Add(Stopwatch.GetElapsedTime(sent[number], received[number]));
        }

        return new Figures(plan.Streams, rate, lost, afterAck, afterSending);
    }

    private sealed record Plan(int Streams, int Rate, int Seconds, int Senders);

    private sealed record Figures(int Streams, double Rate, int Lost, Latencies AfterAck, Latencies AfterSending)
    {
        public double EmptyMegabytes { get; init; }

        public double OpenMegabytes { get; init; }

        public double MostMegabytes { get; init; }

        public double Processors { get; init; }
    }
}
