using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Bench.Desk;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Bench.Measurements;

/// <summary>From a raw mail to its stored ticket on SQLite: stored first, then read, as the follower and the reader do it; beside it the bare engine that stores the same bytes.</summary>
internal sealed class MailIntakeMeasurement : IMeasurement
{
    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";

    /// <summary>As the follower of a mailbox stores them.</summary>
    private const int FetchedTogether = 25;

    public string Name => "mail-intake";

    public string Usage => "[--mails 2000]   mail in to stored ticket on SQLite";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var count = (int)options.Number("mails", 2000);
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        try
        {
            await using var desk = new DeskServices(data);
            await desk.MigrateAsync();
            var mailbox = await AddMailboxAsync(desk);
            const int warmingUp = 500;
            await TakeInAsync(desk, mailbox, 0, warmingUp, FetchedTogether);
            using var process = Process.GetCurrentProcess();
            var processorBefore = process.TotalProcessorTime;
            var (stored, read) = await TakeInAsync(desk, mailbox, warmingUp, count, FetchedTogether);
            process.Refresh();
            var processor = process.TotalProcessorTime - processorBefore;
            var tickets = await desk.UseAsync<Database, int>(database => database.Set<Tickets.Ticket>().CountAsync());
            if (tickets != warmingUp + count)
                throw new InvalidOperationException($"{tickets} tickets of {warmingUp + count} mails.");
            var bare = InsertBare(data, warmingUp, count);
            return new MeasurementResult()
                .Add("ticketsPerSecond", count / (stored + read).TotalSeconds, $"goal 300: {count} mails stored, then read into tickets with confirmation")
                .Add("processorMilliseconds", processor.TotalMilliseconds / count, "of all threads, a mail: says the same on a busy machine")
                .Add("storedPerSecond", count / stored.TotalSeconds, "raw mail made durable")
                .Add("readPerSecond", count / read.TotalSeconds, "stored mail to ticket")
                .Add("barePerSecond", count / bare.TotalSeconds, "baseline: the same bytes inserted, a transaction each")
                .Add("shareOfBaseline", bare / (stored + read), "ticket against bare insert");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<Mailbox> AddMailboxAsync(DeskServices desk) => await desk.UseAsync<Database, Mailbox>(async database =>
    {
        var now = DateTime.UtcNow.Date;
        var site = new Site { Key = "bench", Name = "Bench", CreatedAt = now };
        database.Add(site);
        await database.SaveChangesAsync();
        var mailbox = new Mailbox { SiteId = site.Id, Address = "help@bench.example", AddressKey = "help@bench.example", PostSecretHash = "-", CreatedAt = now };
        database.Add(mailbox);
        await database.SaveChangesAsync();
        return mailbox;
    });

    private static async Task<(TimeSpan Stored, TimeSpan Read)> TakeInAsync(DeskServices desk, Mailbox mailbox, int first, int count, int together)
    {
        var clock = Stopwatch.StartNew();
        foreach (var numbers in Enumerable.Range(first, count).Chunk(together))
        {
            await desk.UseAsync<StoreMail, bool>(async store =>
            {
                await store.RunAsync(mailbox, [.. numbers.Select(Mail)], CancellationToken.None);
                return true;
            });
        }

        var stored = clock.Elapsed;
        var processor = desk.Root.GetRequiredService<MailProcessor>();
        while (await processor.ReadWaitingAsync(CancellationToken.None) > 0)
        {
            // Until nothing waits.
        }

        return (stored, clock.Elapsed - stored);
    }

    private static TimeSpan InsertBare(string data, int first, int count)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "bare.db")}");
        connection.Open();
        using (var pragmas = connection.CreateCommand())
        {
            pragmas.CommandText = Pragmas + "CREATE TABLE mails (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
            pragmas.ExecuteNonQuery();
        }

        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO mails (bytes) VALUES ($bytes)";
        var bytes = insert.Parameters.Add("$bytes", SqliteType.Blob);
        var clock = Stopwatch.StartNew();
        for (var number = first; number < first + count; number++)
        {
            bytes.Value = Mail(number);
            insert.ExecuteNonQuery();
        }

        return clock.Elapsed;
    }

    private static byte[] Mail(int number) => Encoding.UTF8.GetBytes(
        $"Received: from mx.example.com by bench.example; Tue, 05 Mar 2024 10:00:00 +0000\r\nFrom: Customer {number} <customer{number}@example.com>\r\nTo: help@bench.example\r\nSubject: Order {number}\r\n"
        + $"Date: Tue, 05 Mar 2024 10:00:00 +0000\r\nMessage-ID: <{number}@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + $"Hello,\r\n\r\nmy order {number} was promised for Monday and has not come yet. Could you tell me where it is?\r\n\r\nOn Mon, 4 Mar 2024 at 09:00, Shop <help@bench.example> wrote:\r\n> Thank you for your order {number}.\r\n\r\n-- \r\nCustomer {number}\r\n"
        + $"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello,</p><p>my order {number} was promised for <b>Monday</b> and has not come yet. Could you tell me where it is?</p>\r\n--b--\r\n");
}
