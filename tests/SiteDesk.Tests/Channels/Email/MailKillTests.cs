using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SiteDesk.Channels.Email;
using SiteDesk.Mail;
using SiteDesk.Mail.Tests.Servers;
using SiteDesk.Tests.CommandLine;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>
/// kill -9 at random moments while mail comes in (posted, and by IMAP from Dovecot) and confirmations go out through Postfix, of which the mailbox keeps copies. Afterwards
/// every mail is in exactly once and confirmed at least once under its one Message-ID; of fifty rounds one may send a mail twice. Where
/// each kill found the mails is counted: among fifty there is one for every step of both directions.
/// </summary>
[Collection(MailServersCollection.Name)]
public sealed partial class MailKillTests(SiteDesk.Mail.Tests.Servers.MailServers servers, ITestOutputHelper output)
{
    private const int MailsOfRound = 8;

    // Between reading and waiting there is none: a ticket and its confirmation are stored together.
    private static readonly string[] Steps = ["not yet fetched", "stored and not read", "waiting to be sent", "being sent"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(6, 51)]
    public Task Every_mail_is_in_once_and_confirmed_once_however_often_the_program_is_killed(int rounds, int seed) => RunAsync(rounds, seed);

    [Theory(Explicit = true)]
    [InlineData(50, 52)]
    public Task Every_mail_is_in_once_and_confirmed_once_after_fifty_kills(int rounds, int seed) => RunAsync(rounds, seed);

    private async Task RunAsync(int rounds, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await using var desk = new DeskProcess(folder.Root);
        await desk.StartAsync(Cancellation);
        var post = await SetUpAsync(desk);

        var database = folder.PathTo("sitedesk.db");
        var (expected, killedAt, found) = (0, DateTime.MinValue, new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var round = 0; round < rounds; round++)
        {
            var killing = KillLaterAsync(desk, TimeSpan.FromMilliseconds(random.Next(20, 1500)));
            for (var number = 0; number < MailsOfRound; number++)
            {
                var name = $"{seed}-{round}-{number}";
                expected++;
                if (number % 2 == 0)
                    await servers.DeliverAsync("fumi", $"kill-{name}", Letter(name));
                else
                    await PostUntilTakenAsync(desk, post, Letter(name), killing);
            }

            killedAt = await killing;
            Tell(database, expected, found);
            await KeepRunningAsync(desk);
        }

        await UntilAsync(database, $"SELECT COUNT(*) FROM email_raw_mails WHERE Outcome = 'ticket'", expected, desk);
        // Sent, or under way when the program was killed: those are looked at after ten minutes.
        await UntilAsync(database, FormattableString.Invariant($"SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 2 OR (State = 1 AND ClaimedAt < '{killedAt:yyyy-MM-dd HH:mm:ss.fff}')"), expected, desk);
        Count(database, "SELECT COUNT(*) FROM tickets_tickets").ShouldBe(expected);
        Count(database, "SELECT COUNT(*) FROM tickets_messages").ShouldBe(expected);
        (await ConfirmationsAsync(database, seed)).CountBy(id => id).Where(id => id.Value > 1).ShouldBeEmpty(customMessage: $"nobody was written to twice yet; seed {seed}");

        // What the server took comes back to its mailbox; each mail that it delivered has its copy there.
        foreach (var id in (await ConfirmationsAsync(database, seed)).Intersect(Ids(database, "SELECT MailId FROM email_outgoing_mails WHERE State = 1"), StringComparer.Ordinal))
            await UntilAsync(database, $"SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 1 AND ReturnedAt IS NOT NULL AND MailId = '{id}'", 1, desk);

        // Ten minutes are over: what was in doubt leaves once more, the same mail.
        var inDoubt = Ids(database, "SELECT MailId FROM email_outgoing_mails WHERE State = 1");
        Age(database);
        await UntilAsync(database, "SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 2", expected, desk);
        var confirmations = await ConfirmationsAsync(database, seed);
        confirmations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ShouldBe(Ids(database, "SELECT MailId FROM email_outgoing_mails").Order(StringComparer.Ordinal), "each has left, with its own Message-ID");
        var twice = confirmations.CountBy(id => id).Where(id => id.Value > 1).Select(id => id.Key).ToList();
        twice.ShouldBeSubsetOf(inDoubt);
        twice.Count.ShouldBeLessThanOrEqualTo(Math.Max(1, rounds / 50), $"seed {seed}");
        var resolved = Count(database, "SELECT COUNT(*) FROM email_outgoing_mails WHERE LastAnswer = 'copy-returned'");
        output.WriteLine($"{expected} mails, {confirmations.Count} confirmations, {rounds} kills, {inDoubt.Count} in doubt, {resolved} of these known by their copy, {twice.Count} twice");
        output.WriteLine("kills that found mails " + string.Join(", ", found.Select(step => $"{step.Key}: {step.Value}")));
        if (rounds >= 50)
            Steps.Except(found.Keys).ShouldBeEmpty("every step was killed in");
    }

    /// <summary>In which steps the dead program has left mails.</summary>
    private static void Tell(string database, int expected, SortedDictionary<string, int> found)
    {
        var (stored, unread) = (Count(database, "SELECT COUNT(*) FROM email_raw_mails WHERE Outcome IS NULL OR Outcome <> 'copy'"), Count(database, "SELECT COUNT(*) FROM email_raw_mails WHERE State = 0"));
        var (waiting, leaving) = (Count(database, "SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 0"), Count(database, "SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 1"));
        var steps = new[] { stored < expected, unread > 0, waiting > 0, leaving > 0 };
        foreach (var step in Steps.Where((_, index) => steps[index]))
            found[step] = found.GetValueOrDefault(step) + 1;
    }

    /// <summary>The Message-IDs of all that Postfix was given to confirm this run's mails, once it has delivered what the desk has sent.</summary>
    private async Task<List<string>> ConfirmationsAsync(string database, int seed)
    {
        var sent = Count(database, "SELECT COUNT(*) FROM email_outgoing_mails WHERE State = 2");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var ids = servers.ToAnyone().Select(raw => MimeMessage.Read(raw)).Where(mail => mail.To.Any(to => to.Address.StartsWith($"c{seed}-", StringComparison.Ordinal))).Select(mail => mail.MessageId!).ToList();
            if (ids.Distinct(StringComparer.Ordinal).Count() >= sent)
                return ids;
            await Task.Delay(200, limit.Token);
        }
    }

    private async Task<string> SetUpAsync(DeskProcess desk)
    {
        using var owner = new DeskClient(desk.Address, followRedirects: false);
        var answer = await owner.PostFormAsync("/set-up", [
            new("Name", "Olga Owner"), new("Email", DeskServer.Owner), new("Password", DeskServer.Password), new("SiteName", "Nordlight"),
            new("SiteAddress", "https://shop.example.com"), new("TimeZone", "Europe/Berlin"), new("Languages", "en"),
        ]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await AddAsync(owner, "fumi@test.example");
        return await AddAsync(owner, "gina@test.example");
    }

    private async Task<string> AddAsync(DeskClient owner, string address)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Address"] = address, ["Site"] = "1", ["UserName"] = address.Split('@')[0], ["Secret"] = "sécret \"pass", ["OutgoingHost"] = "127.0.0.1", ["OutgoingPort"] = servers.PlainSmtpPort.ToString(CultureInfo.InvariantCulture),
            ["OutgoingSecurity"] = "None", ["IsEnabled"] = "true", ["SendsConfirmation"] = "true",
            ["KeepsCopies"] = "true", ["IncomingHost"] = "127.0.0.1", ["IncomingPort"] = servers.ImapPort.ToString(CultureInfo.InvariantCulture), ["IncomingSecurity"] = "None",
        };
        var answer = await owner.PostFormAsync("/agent/mailboxes", fields, "/agent/mailboxes/new");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync(Cancellation));
        var page = await owner.GetTextAsync(answer.Headers.Location!.ToString());
        return new Uri(WebUtility.HtmlDecode(PostAddressPattern().Match(page).Groups["address"].Value)).AbsolutePath;
    }

    private static byte[] Letter(string name) => Encoding.UTF8.GetBytes(
        $"From: c{name}@{SiteDesk.Mail.Tests.Servers.MailServers.AnyoneDomain}\r\nTo: help@test.example\r\nSubject: Kill {name}\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\nMessage-ID: <kill-{name}@example.com>\r\n\r\nThis is letter {name}\r\n");

    /// <returns>When it was dead: what began before and has not ended never will.</returns>
    private static async Task<DateTime> KillLaterAsync(DeskProcess desk, TimeSpan after)
    {
        await Task.Delay(after, Cancellation);
        await desk.KillAsync();
        return DateTime.UtcNow;
    }

    /// <summary>Hands it over as a mail server does: until it is acknowledged. What the dead program did not take is given to the next.</summary>
    private static async Task PostUntilTakenAsync(DeskProcess desk, string path, byte[] mail, Task killing)
    {
        using var client = new HttpClient { BaseAddress = desk.Address, Timeout = TimeSpan.FromSeconds(10) };
        while (true)
        {
            try
            {
                using var content = new ByteArrayContent(mail);
                using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancellation);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                    return;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
            {
                // Killed under way: not acknowledged, so it is given once more.
                await killing;
                await KeepRunningAsync(desk);
            }
        }
    }

    private static async Task KeepRunningAsync(DeskProcess desk)
    {
        if (!IsRunning(desk))
            await desk.StartAsync(Cancellation);
    }

    private static bool IsRunning(DeskProcess desk)
    {
        try
        {
            return desk.Id > 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(string database, string query, int expected, DeskProcess desk)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Count(database, query) != expected)
        {
            if (limit.Token.IsCancellationRequested)
                Assert.Fail($"{query}: {Count(database, query)} instead of {expected}, of {Count(database, "SELECT COUNT(*) FROM email_raw_mails WHERE Outcome IS NULL OR Outcome <> 'copy'")} mails stored, {Count(database, "SELECT COUNT(*) FROM email_raw_mails WHERE State = 0")} not yet read, {Count(database, "SELECT COUNT(*) FROM email_raw_mails WHERE State = 2")} put aside\n{desk.Said}");
            await Task.Delay(100, Cancellation);
        }
    }

    private static List<string> Ids(string database, string query)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
            ids.Add(rows.GetString(0));
        return ids;
    }

    /// <summary>What is under way began long ago.</summary>
    private static void Age(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE email_outgoing_mails SET ClaimedAt = '2000-01-01 00:00:00' WHERE State = 1";
        command.ExecuteNonQuery();
    }

    private static int Count(string database, string query)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""id="post-address" value="(?<address>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PostAddressPattern();
}
