using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Bench.Desk;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Following;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Follows a large mailbox of an IMAP server that makes its messages up as they are asked for, and looks at the memory that is held
/// along the way: at a tenth of it and at its end.
/// </summary>
internal sealed class MailMailboxMeasurement : IMeasurement
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public string Name => "mail-mailbox";

    public string Usage => "[--messages 100000]   follow a mailbox of so many messages: memory held at a tenth of it and at its end";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var count = (int)options.Number("messages", 100_000);
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            using var server = new MadeUpMailbox(count);
            await using var desk = new DeskServices(data);
            await desk.MigrateAsync();
            var mailbox = await AddMailboxAsync(desk, server.Port);
            var clock = Stopwatch.StartNew();
            using var stop = new CancellationTokenSource();
            var following = desk.Root.GetRequiredService<MailboxFollower>().FollowAsync(mailbox, stop.Token);
            var early = await HeldAtAsync(server, count / 10);
            var late = await HeldAtAsync(server, count);
            var stored = await UntilStoredAsync(desk, count);
            var elapsed = clock.Elapsed;
            await stop.CancelAsync();
            await following;
            using var process = Process.GetCurrentProcess();
            return new MeasurementResult()
                .Add("messages", stored, "followed to the end, each stored once")
                .Add("messagesPerSecond", stored / elapsed.TotalSeconds, "fetched, stored and marked as seen")
                .Add("heldAtATenthMegabytes", early / 1048576.0, "managed memory in use after a collection: the baseline")
                .Add("heldAtTheEndMegabytes", late / 1048576.0)
                .Add("growth", (double)late / early, "goal: about 1, the mailbox is ten times as far")
                .Add("peakWorkingSetMegabytes", process.PeakWorkingSet64 / 1048576.0, "of the whole process, database and made-up server included");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Bytes in use when so many messages were marked as seen.</summary>
    private static async Task<long> HeldAtAsync(MadeUpMailbox server, int count)
    {
        var (seen, lastSeen) = (-1, Stopwatch.StartNew());
        while (server.Seen < count)
        {
            if (server.Seen != seen)
                (seen, lastSeen) = (server.Seen, Stopwatch.StartNew());
            else if (lastSeen.Elapsed > Longest)
                throw new TimeoutException($"Nothing was fetched for {Longest.TotalSeconds} seconds after {seen} messages.");
            await Task.Delay(50);
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<int> UntilStoredAsync(DeskServices desk, int count)
    {
        var stored = await desk.UseAsync<Database, int>(database => database.Set<RawMail>().CountAsync());
        return stored == count ? stored : throw new InvalidOperationException($"{stored} of {count} messages are stored.");
    }

    private static async Task<Mailbox> AddMailboxAsync(DeskServices desk, int port) => await desk.UseAsync<Database, Mailbox>(async database =>
    {
        var now = DateTime.UtcNow.Date;
        var site = new Site { Key = "bench", Name = "Bench", CreatedAt = now };
        database.Add(site);
        await database.SaveChangesAsync();
        var mailbox = new Mailbox
        {
            SiteId = site.Id, Address = "help@bench.example", AddressKey = "help@bench.example", PostSecretHash = "-", CreatedAt = now,
            Incoming = new ServerAddress("127.0.0.1", port, ConnectionSecurity.None),
        };
        database.Add(mailbox);
        await database.SaveChangesAsync();
        return mailbox;
    });

    /// <summary>An IMAP server with one folder whose messages are made from their number.</summary>
    private sealed class MadeUpMailbox : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _count;
        private int _seen;

        public MadeUpMailbox(int count)
        {
            _count = count;
            _listener.Start();
            _ = RunAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>How many were marked as seen.</summary>
        public int Seen => Volatile.Read(ref _seen);

        public void Dispose() => _listener.Dispose();

        private async Task RunAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = new BufferedStream(client.GetStream(), 64 * 1024);
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await SayAsync(stream, "* PREAUTH ready\r\n");
            await stream.FlushAsync();
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ', 2);
                if (words[1].StartsWith("UID FETCH", StringComparison.Ordinal) && words[1].Contains("BODY.PEEK[]", StringComparison.Ordinal))
                    await SayAsync(stream, Content(Number(words[1].Split(' ')[2])));
                else if (words[1].StartsWith("UID FETCH", StringComparison.Ordinal))
                    await SummariesAsync(stream, words[1].Split(' ')[2]);
                else
                    await SayAsync(stream, Answer(words[1]));
                await SayAsync(stream, $"{words[0]} OK done\r\n");
                await stream.FlushAsync();
            }
        }

        private string Answer(string command)
        {
            if (command == "CAPABILITY")
                return "* CAPABILITY IMAP4rev1\r\n";
            if (command.StartsWith("SELECT", StringComparison.Ordinal))
                return string.Create(CultureInfo.InvariantCulture, $"* {_count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {_count + 1}] ok\r\n");
            if (command.StartsWith("UID STORE", StringComparison.Ordinal))
                Interlocked.Add(ref _seen, command.Split(' ')[2].Split(',').Length);
            return "";
        }

        private async Task SummariesAsync(Stream stream, string set)
        {
            var range = set.Split(':');
            var first = Number(range[0]);
            var last = range.Length == 1 ? first : range[1] == "*" ? _count : Math.Min(_count, Number(range[1]));
            for (var uid = first; uid <= last; uid++)
                await SayAsync(stream, string.Create(CultureInfo.InvariantCulture, $"* {uid} FETCH (UID {uid} RFC822.SIZE {Message(uid).Length} FLAGS ())\r\n"));
        }

        private static string Content(int uid)
        {
            var message = Message(uid);
            return string.Create(CultureInfo.InvariantCulture, $"* {uid} FETCH (UID {uid} BODY[] {{{message.Length}}}\r\n{message})\r\n");
        }

        private static string Message(int uid) => string.Create(
            CultureInfo.InvariantCulture,
            $"From: Customer <customer{uid}@example.com>\r\nTo: help@bench.example\r\nSubject: Order {uid}\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\nMessage-ID: <{uid}@example.com>\r\n\r\nWhere is my order {uid}?\r\n{new string('x', 500)}\r\n");

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
    }
}
