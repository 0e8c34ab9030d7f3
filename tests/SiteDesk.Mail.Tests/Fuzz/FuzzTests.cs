using System.Diagnostics;
using System.Text;

namespace SiteDesk.Mail.Tests.Fuzz;

/// <summary>Mutated messages through everything the library reads. SITEDESK_FUZZ_COUNT and SITEDESK_FUZZ_SEED choose how many and from where;
/// SITEDESK_FUZZ_KEEP names a folder for the messages that fail.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    // The collector may stop us at any moment: a message that was slow once is tried again before it is called slow.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private const int Tries = 5;

    // What is counted is all that was ever taken, given back or not; small messages need tables and buffers that do not grow with them.
    private const long Floor = 12 * 1024 * 1024;

    [Fact]
    public void No_mutated_message_breaks_or_stalls_the_library() => Run(int.TryParse(Environment.GetEnvironmentVariable("SITEDESK_FUZZ_COUNT"), out var chosen) ? chosen : 20_000);

    [Fact(Explicit = true)]
    public void No_mutated_message_of_three_hundred_thousand_breaks_or_stalls_the_library() => Run(300_000);

    private void Run(int count)
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("SITEDESK_FUZZ_SEED"), out var seed) ? seed : 1;
        var mutator = new MessageMutator([.. Directory.GetFiles(Corpora.Folder("mail/bounces"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes), .. Samples()]);
        output.WriteLine($"seeds {first} to {first + count - 1}");
        var slowest = (Time: TimeSpan.Zero, Seed: 0);
        var largest = (Ratio: 0.0, Seed: 0, Bytes: 0L, Size: 0);
        var failures = new List<string>();
        // The first messages are compiled on the way: they do not count.
        for (var warm = -50; warm < 0; warm++) Measure(mutator.Make(warm));
        for (var at = first; at < first + count && failures.Count < 10; at++)
        {
            var message = mutator.Make(at);
            var before = failures.Count;
            try
            {
                var (time, bytes) = Measure(message);
                for (var again = 1; again < Tries && time > Longest; again++) time = Measure(message).Time;
                if (time > slowest.Time) slowest = (time, at);
                if (time > Longest) failures.Add($"seed {at}: {time.TotalMilliseconds:0} ms for {message.Length} bytes");
                var ratio = (double)bytes / Math.Max(1, message.Length);
                if (bytes > Floor && ratio > largest.Ratio) largest = (ratio, at, bytes, message.Length);
                if (bytes > Floor && ratio > 10) failures.Add($"seed {at}: {bytes / 1024} KiB for {message.Length / 1024} KiB");
            }
            catch (Exception fault)
            {
                failures.Add($"seed {at}: {fault}");
            }
            if (failures.Count > before && Environment.GetEnvironmentVariable("SITEDESK_FUZZ_KEEP") is { Length: > 0 } folder) File.WriteAllBytes(Path.Combine(folder, $"{at}.eml"), message);
        }
        output.WriteLine($"slowest: seed {slowest.Seed}, {slowest.Time.TotalMilliseconds:0.0} ms; most memory above {Floor / 1024} KiB: seed {largest.Seed}, {largest.Bytes / 1024} KiB for {largest.Size / 1024} KiB ({largest.Ratio:0.0} times)");
        failures.ShouldBeEmpty();
    }

    public static TheoryData<string, string, int> Repetitions() => new()
    {
        { "", "text of a line that goes on for a while\r\n", 50_000 }, { "", "\n", 500_000 }, { "", "> a\n", 200_000 }, { "", "On 1 Jan 2024 x <a@b.example>:\n", 50_000 }, { "", "1 Jan 2024 at 10:00 x <a@b.example>\n", 50_000 }, { "", "From: a\nx\n", 100_000 }, { "", "--\nx\n", 100_000 }, { "", "begin 644 x\r\n\r\n", 50_000 },
        { "", "\u00ff\u00e0\u00f1 ", 200_000 }, { "Content-Type: text/html", "<div>", 200_000 }, { "Content-Type: text/html", "<b><i><p>", 100_000 }, { "Content-Type: text/html", "<table><tr><td>", 250 }, { "Content-Type: text/html", "<p>Hello <b>you</b> there</p>", 13_000 }, { "Content-Type: text/html", "<", 500_000 }, { "Content-Type: text/html", "&amp;", 200_000 }, { "Content-Type: text/html", "<a \"", 200_000 },
        { "Content-Type: text/html", "<blockquote>", 100_000 }, { "Content-Type: text/html", "<!--", 200_000 }, { "Content-Type: text/html", "<style>", 100_000 }, { "Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n", 50_000 }, { "Content-Type: multipart/mixed; boundary=b", "--bx\r\n", 100_000 }, { "Content-Type: text/plain; format=flowed", "abc \r\n", 100_000 }, { "Content-Type: message/delivery-status", "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n", 10_000 },
        { "From: MAILER-DAEMON@b.example\r\nSubject: failure notice", "<a@b.example>: 550 5.1.1\r\n", 30_000 }, { "Content-Type: text/calendar", "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\n", 20_000 }, { "Content-Transfer-Encoding: quoted-printable", "=D0=9F=\r\n", 100_000 }, { "Content-Transfer-Encoding: base64", "QUJD*\r\n", 100_000 },
    };

    /// <summary>The same again and again: where a second look at each line or tag would show.</summary>
    [Theory]
    [MemberData(nameof(Repetitions))]
    public void Repetition_costs_no_more_than_its_length(string field, string repeated, int times)
    {
        var message = Encoding.Latin1.GetBytes($"From: a@b.example\r\n{field}\r\n\r\n{string.Concat(Enumerable.Repeat(repeated, times))}".Replace("\r\n\r\n\r\n", "\r\n\r\n"));
        Measure(message);
        var best = Enumerable.Range(0, Tries).Min(_ => Measure(message).Time);
        best.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("To", "a@b.example, ", 100_000)]
    [InlineData("From", "(", 500_000)]
    [InlineData("From", "\"", 500_000)]
    [InlineData("From", "<", 500_000)]
    [InlineData("Authentication-Results", "(", 500_000)]
    [InlineData("Subject", "=?utf-8?Q?", 100_000)]
    [InlineData("Subject", "=?utf-8?B?QUJD?= ", 50_000)]
    [InlineData("References", "<a@b> ", 100_000)]
    [InlineData("Content-Type", "text/plain; a*0*=x; ", 50_000)]
    [InlineData("Content-Disposition", "attachment; filename*=%41", 50_000)]
    [InlineData("Date", "1 ", 100_000)]
    [InlineData("X-Failed-Recipients", "a@b.example,", 50_000)]
    public void A_field_of_any_length_is_read_in_time(string name, string repeated, int times)
    {
        var message = Encoding.Latin1.GetBytes($"{name}: {string.Concat(Enumerable.Repeat(repeated, times))}\r\nFrom: a@b.example\r\n\r\nx");
        Measure(message);
        Enumerable.Range(0, Tries).Min(_ => Measure(message).Time).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    /// <summary>All memory taken while it is read, also what was given back at once: more than is ever held.</summary>
    private static (TimeSpan Time, long Bytes) Measure(byte[] message)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = ThreadTime.Now;
        MailInspection.ToJson(message, "fuzz").ShouldNotBeEmpty();
        return (ThreadTime.Now - start, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>What the corpora lack: pictures, calendars, flowed text, old encodings, HTML of mail programs.</summary>
    private static IEnumerable<byte[]> Samples()
    {
        yield return MessageWriter.Write(new OutgoingMessage
        {
            MessageId = "a@b.example",
            Date = new DateTimeOffset(2024, 3, 5, 10, 0, 0, TimeSpan.Zero),
            From = new MailAddress("Иван", "ivan@b.example"),
            To = [new MailAddress("王伟", "wang@b.example")],
            Subject = "Где мой заказ? 我的订单在哪里？",
            Text = "Привет\n\n> старое\n\n-- \nИван",
            Html = "<html><head><style>p{}</style></head><body><p style=\"color:red\">Привет <img src=\"cid:p@b\"></p><table><tr><td>x</td></tr></table><blockquote>старое</blockquote></body></html>",
            Files = [new("картинка.png", "image/png", new byte[600], "p@b"), new("отчёт.pdf", "application/pdf", new byte[900])],
        }).Bytes;
        yield return Eml.Bytes("From: a@b.example\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=Europe/Moscow:20240305T100000\nEND:VEVENT\nEND:VCALENDAR\n");
        yield return Eml.Bytes("From: a@b.example\nContent-Type: text/plain; format=flowed\n\nOne \ntwo\n> three \n> four\n-- \nfive\nbegin 644 cat.txt\n#0V%T\n`\nend\n");
        yield return Eml.Bytes("From: \"Doe, J\" <j@b.example>\nTo: G: a@b.example, c@d.example;\nSubject: =?koi8-r?B?8NLJ18XU?= =?utf-8?Q?=D0=9F=D1?= =?utf-8?Q?=80?=\nContent-Type: text/html; charset=windows-1251\nContent-Transfer-Encoding: quoted-printable\n\n<p>=CF=F0=E8</p><div class=3D\"gmail_quote\">On Tue, 5 Mar 2024, A &lt;a@b&gt; wrote:<blockquote>x</blockquote></div>\n");
        yield return Encoding.UTF8.GetBytes("От: не поле\n\nПривет\n\n5 марта 2024 г., 10:00 Иван <ivan@b.example> написал:\n> да\n\nнет\n");
        foreach (var file in Directory.GetFiles(Path.Combine(Corpora.Folder("mail/reply-trimmer"), "emails")))
            yield return [.. Eml.Bytes("From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n"), .. File.ReadAllBytes(file)];
    }
}
