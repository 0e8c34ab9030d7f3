using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Mail;
using SiteDesk.Mail.Tests.Servers;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Mailboxes on a real Dovecot, sending through a real Postfix. Each test has a mailbox of its own.</summary>
[Collection(MailServersCollection.Name)]
public abstract class RealServersTests(SiteDesk.Mail.Tests.Servers.MailServers servers, Func<Action<IServiceCollection>?, Task<DeskServer>> start, string prefix)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_is_told_of_at_once_becomes_a_ticket_and_is_answered_and_the_answer_threads()
    {
        var clock = new ManualClock();
        await using var desk = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        using var owner = await desk.SetUpAsync();
        await AddMailboxAsync(owner, User("anna"), "ImplicitTls", "boris@test.example");
        await servers.DeliverAsync(User("anna"), $"one-{prefix}", Mail("One", "First words", "boris@test.example", "one"));
        await UntilAsync(desk, mails => mails.Exists(mail => mail.Outcome == MailOutcome.Ticket));

        // The connection now waits in IDLE: the second mail is told of, not looked for.
        var watch = Stopwatch.StartNew();
        await servers.DeliverAsync(User("anna"), $"two-{prefix}", Mail("Two", "Second words", "chen@test.example", "two"));
        await UntilAsync(desk, mails => mails.Count == 2);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2));

        var ticket = await desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().OrderBy(row => row.Id).FirstAsync());
        await AnswerAsync(owner, desk, ticket.Id, "The answer");
        await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail.Kind == OutgoingKind.Answer));
        clock.Advance(TimeSpan.FromSeconds(13));
        var sent = (await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail is { Kind: OutgoingKind.Answer, State: OutgoingState.Sent }))).Find(mail => mail.Kind == OutgoingKind.Answer)!;
        sent.LastAnswer!.ShouldStartWith("250");
        (await ArrivedAsync("boris", sent.MailId)).Body.Text.ShouldStartWith("The answer");

        await servers.DeliverAsync(User("anna"), $"three-{prefix}", Mail("Re: One", "Thanks", "boris@test.example", "three", $"In-Reply-To: <{sent.MailId}>\r\n"));
        await UntilAsync(desk, mails => mails.Exists(mail => mail.Outcome == MailOutcome.FollowUp && mail.TicketId == ticket.Id));
    }

    [Fact]
    public async Task A_bad_mail_in_the_middle_one_without_a_Message_ID_and_a_changed_UIDVALIDITY_lose_and_repeat_nothing()
    {
        await using var desk = await StartAsync();
        using var owner = await desk.SetUpAsync();
        await servers.DeliverAsync(User("chen"), $"a-{prefix}", Mail("Good", "One", "x@example.com", "good"));
        await servers.DeliverAsync(User("chen"), $"b-{prefix}", [0xFF, 0xFE, 0x00, (byte)'\n', (byte)'\n', 0x80]);
        await servers.DeliverAsync(User("chen"), $"c-{prefix}", Encoding.UTF8.GetBytes("From: y@example.com\r\nSubject: No id\r\n\r\nHello\r\n"));
        await AddMailboxAsync(owner, User("chen"), "StartTls", null);
        var first = await UntilAsync(desk, mails => mails.Count == 3 && mails.TrueForAll(mail => mail.State != RawMailState.Waiting));
        first.Count(mail => mail.Outcome == MailOutcome.Ticket).ShouldBe(2);
        first.Count(mail => mail.State == RawMailState.Quarantined).ShouldBe(1);
        await UntilSeenAsync("chen", 3);

        await servers.KickAsync(User("chen"));
        servers.ForgetUids(User("chen"));
        await servers.DeliverAsync(User("chen"), $"d-{prefix}", Mail("After", "Four", "x@example.com", "after"));
        await UntilAsync(desk, mails => mails.Exists(mail => mail.Subject == "After" && mail.State == RawMailState.Done));
        (await desk.InDatabaseAsync(database => database.Set<RawMail>().CountAsync())).ShouldBe(4);
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(3);
    }

    [Fact]
    public async Task What_was_stored_and_not_yet_marked_when_the_program_died_is_one_message()
    {
        await using var desk = await StartAsync();
        using var owner = await desk.SetUpAsync();
        var raw = Mail("Crash", "One", "x@example.com", "crash");
        await AddMailboxAsync(owner, User("dora"), "ImplicitTls", null, isEnabled: false);

        // Just as a follower that died after storing the mail and before telling the server.
        var bytes = await ThroughServerAsync("dora", raw);
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var mailbox = await desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().SingleAsync());
            await scope.ServiceProvider.GetRequiredService<StoreMail>().RunAsync(mailbox, bytes, Cancellation);
        }

        await EnableAsync(owner, User("dora"));
        await UntilSeenAsync("dora", 1);
        (await UntilAsync(desk, mails => mails.TrueForAll(mail => mail.State == RawMailState.Done))).ShouldHaveSingleItem().Outcome.ShouldBe(MailOutcome.Ticket);
        (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_password_and_a_silent_server_are_said_plainly_and_stall_nobody()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var desk = await StartAsync();
        using var owner = await desk.SetUpAsync();
        (await owner.PostFormAsync("/agent/mailboxes", Fields("stalled@test.example", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "None", "geheim"), "/agent/mailboxes/new")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await owner.PostFormAsync("/agent/mailboxes", Fields("locked@test.example", "127.0.0.1", servers.ImapsPort, "ImplicitTls", "wrong"), "/agent/mailboxes/new")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await AddMailboxAsync(owner, User("emil"), "ImplicitTls", null);
        await servers.DeliverAsync(User("emil"), $"e-{prefix}", Mail("Not stalled", "One", "x@example.com", "free"));
        await UntilAsync(desk, mails => mails.Exists(mail => mail.Outcome == MailOutcome.Ticket));
        (await owner.GetTextAsync("/agent/mailboxes/2/test")).ShouldContain("Name or password were refused");
        (await owner.GetTextAsync("/agent/mailboxes/3/test")).ShouldContain("IDLE");
    }

    [Fact]
    public async Task A_stranger_s_mail_comes_through_Postfix_by_the_recipe_of_the_manual()
    {
        await using var desk = await StartAsync();
        using var owner = await desk.SetUpAsync();
        var domain = $"{prefix}.pipe.example";
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["Address"] = $"help@{domain}", ["Site"] = "1", ["IsEnabled"] = "true" };
        var added = await owner.PostFormAsync("/agent/mailboxes", fields, "/agent/mailboxes/new");
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync(added.Headers.Location!.ToString()));
        var secret = page.Split("/channels/email/")[1].Split('"')[0];

        // The manual's own words; only where the desk is and where the script lies are this machine's.
        var manual = (await File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "mail.md"), Cancellation)).Split("```");
        var entry = manual.Single(block => block.Contains("unix  -  n  n", StringComparison.Ordinal)).Trim();
        var script = manual.Single(block => block.Contains("#!/bin/sh", StringComparison.Ordinal)).TrimStart();
        var folder = Directory.CreateTempSubdirectory("sitedesk-pipe-");
        try
        {
            var path = Path.Combine(folder.FullName, "sitedesk-deliver");
            await File.WriteAllTextAsync(path, script, Cancellation);
            using (var chmod = Process.Start("chmod", ["755", path, folder.FullName]))
                await chmod.WaitForExitAsync(Cancellation);
            entry = entry.Replace("/usr/local/bin/sitedesk-deliver", path, StringComparison.Ordinal)
                .Replace("https://desk.example.com/channels/email/SECRET", $"{desk.Address}channels/email/{secret}", StringComparison.Ordinal)
                .Replace("sitedesk  unix", $"sitedesk-{prefix} unix", StringComparison.Ordinal);
            await servers.AddTransportAsync(entry, domain, $"sitedesk-{prefix}");
            await servers.SwaksAsync("stranger@foreign.example", $"help@{domain}", "By swaks", "Does this arrive?");
            var mails = await UntilAsync(desk, rows => rows is [{ Outcome: MailOutcome.Ticket }]);
            mails[0].Subject.ShouldBe("By swaks");
            mails[0].Sender.ShouldBe("stranger@foreign.example");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_a_real_server_puts_off_refuses_or_finds_too_large_is_told_apart()
    {
        var clock = new ManualClock();
        await using var desk = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        using var owner = await desk.SetUpAsync();
        await AddMailboxAsync(owner, User("gina"), "ImplicitTls", "boris@test.example", confirms: true);
        foreach (var name in new[] { "grey", "full", "boris" })
            await servers.DeliverAsync(User("gina"), $"{name}-{prefix}", Mail($"From {name}", $"Words of {name}", $"{name}@test.example", $"refused-{name}"));
        var sent = await UntilOutgoingAsync(desk, mails => mails.Count == 3 && mails.TrueForAll(mail => mail.Attempts > 0 && mail.State != OutgoingState.Sending));
        OutgoingMail To(string name) => sent.Single(mail => mail.Recipients[0].Address == $"{name}@test.example");
        (To("grey").State, To("full").State, To("boris").State).ShouldBe((OutgoingState.Queued, OutgoingState.Failed, OutgoingState.Sent));
        To("grey").LastAnswer!.ShouldContain("Greylisted");
        To("grey").NotBefore.ShouldBeGreaterThan(clock.GetUtcNow().UtcDateTime, "asked again later");
        To("full").LastAnswer!.ShouldContain("Mailbox full");

        // This Postfix takes 200,000 bytes.
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            using var content = new MemoryStream(new byte[200_000]);
            var kept = await scope.ServiceProvider.GetRequiredService<SiteDesk.Platform.Files.FileStore>().KeepAsync(content, "large.bin", "application/octet-stream", Cancellation);
            await scope.ServiceProvider.GetRequiredService<SiteDesk.Platform.Data.Database>().SaveChangesAsync(Cancellation);
            var page = $"/agent/tickets/{To("boris").TicketId}";
            var seen = await desk.InDatabaseAsync(database => database.Set<Message>().MaxAsync(message => message.Id));
            var answered = await owner.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", "Here"), new("submission", "large-file-answer"), new("seen", seen.ToString()), new("files", kept.Value.Token)], page);
            answered.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync(message => message.Files.Count == 1))).ShouldBe(1, await answered.Content.ReadAsStringAsync(Cancellation));
        }

        await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail.Kind == OutgoingKind.Answer));
        clock.Advance(TimeSpan.FromSeconds(13));
        var large = (await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail is { Kind: OutgoingKind.Answer, State: OutgoingState.Failed }))).Find(mail => mail.Kind == OutgoingKind.Answer)!;
        large.LastAnswer!.ShouldContain("552");
    }

    [Fact]
    public async Task The_assistant_answers_mail_and_form_when_it_is_sure_and_hears_thanks_a_wish_for_a_person_and_no_machine()
    {
        var clock = new ManualClock();
        await using var desk = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Orders");
        await desk.PublishAsync(section, "en", "How to return something", "<p>You may return what you bought within 30 days. Print the return label and bring the parcel to the post office.</p>", ["How do I return an item?", "Can I send something back?"]);
        await desk.LetAssistantAnswerAsync(settings => settings with { AnswersMail = true, AnswersForms = true });
        await desk.Services.GetRequiredService<LiveKnowledge>().FreshAsync(1, Cancellation);
        await AddMailboxAsync(owner, User("anna"), "ImplicitTls", "boris@test.example");

        // Sure: answered, marked as a machine's word, within a minute of which most is the time to take it back.
        var watch = Stopwatch.StartNew();
        await servers.DeliverAsync(User("anna"), $"ask-{prefix}", Mail("Return", "Hello, how can I return an item I bought?", "boris@test.example", "ask"));
        var answer = await SentAnswerAsync(desk, clock, OutgoingKind.Answer, QueueMail.UndoTime);
        (watch.Elapsed + QueueMail.UndoTime).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        var read = await ArrivedAsync("boris", answer.MailId);
        read.Body.Text.ShouldContain("automatic answer:");
        read.Body.Text.ShouldContain("within 30 days");
        read.Headers.Value("Auto-Submitted").ShouldBe("auto-replied");

        // A machine's reply is kept and answered by nobody, also not together with what its owner writes then.
        await servers.DeliverAsync(User("anna"), $"away-{prefix}", Mail("Out of office: Return", "I am away until Monday. How can I return an item? Ask my colleagues.", "boris@test.example", "away", $"In-Reply-To: <{answer.MailId}>\r\nAuto-Submitted: auto-replied\r\n"));
        await UntilAsync(desk, mails => mails.Exists(mail => mail is { Outcome: MailOutcome.FollowUp, State: RawMailState.Done }));
        await servers.DeliverAsync(User("anna"), $"thanks-{prefix}", Mail("Re: Return", "Thanks, that helped!", "boris@test.example", "thanks", $"In-Reply-To: <{answer.MailId}>\r\n"));
        var content = await UntilTalkAsync(desk, answer.TicketId, talk => talk.State == TalkState.Solved);
        content.Resolution.ShouldBe(TalkResolution.Confirmed);
        (await desk.InDatabaseAsync(database => database.Set<AssistantTurn>().CountAsync(turn => turn.TicketId == answer.TicketId))).ShouldBe(2, "the question and the thanks");

        // Not sure: only the staff see it.
        await servers.DeliverAsync(User("anna"), $"unsure-{prefix}", Mail("Lamp", "My aunt says the lamp hums in the key of D.", "fumi@test.example", "unsure"));
        var unsure = (await UntilAsync(desk, mails => mails.Exists(mail => mail is { Subject: "Lamp", Outcome: MailOutcome.Ticket }))).Find(mail => mail.Subject == "Lamp")!.TicketId!.Value;
        await UntilTalkAsync(desk, unsure, talk => talk.State == TalkState.HandedOver);

        // Sure through the contact form: it stands on the page the sender is led to, and follows by mail who has left it. Then a person is wanted.
        using var visitor = desk.NewClient();
        var form = $"/contact/{await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().Select(site => site.Key).FirstAsync())}?language=en";
        var reservation = (await visitor.GetTextAsync(form)).Split("name=\"reservation\" value=\"")[1].Split('"')[0];
        var led = await visitor.PostFormAsync(form, [new("text", "How do I return an item that I bought here?"), new("contact", "boris@test.example"), new("reservation", reservation)]);
        led.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await UntilAsync(desk, async () => (List<string>)[await visitor.GetTextAsync(led.Headers.Location!.OriginalString)], pages => pages[0].Contains("within 30 days", StringComparison.Ordinal), page => page);
        var second = await SentAnswerAsync(desk, clock, OutgoingKind.Unseen, WaitingAnswers.Patience);
        (await ArrivedAsync("boris", second.MailId)).Body.Text.ShouldContain("automatic answer:");
        await servers.DeliverAsync(User("anna"), $"person-{prefix}", Mail("Re: Your request", "No, I want a person.", "boris@test.example", "person", $"In-Reply-To: <{second.MailId}>\r\n"));
        (await UntilTalkAsync(desk, second.TicketId, talk => talk.State == TalkState.HandedOver)).Cause.ShouldBe(HandOverCause.Person);
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().Where(ticket => ticket.Id == second.TicketId || ticket.Id == unsure).Select(ticket => ticket.IsWithAssistant).ToListAsync())).ShouldAllBe(isWithAssistant => !isWithAssistant);
        (await desk.InDatabaseAsync(database => database.Set<OutgoingMail>().CountAsync(mail => mail.Kind == OutgoingKind.Answer || mail.Kind == OutgoingKind.Unseen))).ShouldBe(2, "nobody got a word more from the assistant");
    }

    /// <summary>The newest of a kind that has left, once its time has passed.</summary>
    private async Task<OutgoingMail> SentAnswerAsync(DeskServer desk, ManualClock clock, OutgoingKind kind, TimeSpan wait)
    {
        if (kind == OutgoingKind.Answer)
            await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail.Kind == kind));
        clock.Advance(wait + TimeSpan.FromSeconds(1));
        return (await UntilOutgoingAsync(desk, mails => mails.Exists(mail => mail.Kind == kind && mail.State == OutgoingState.Sent))).Find(mail => mail.Kind == kind)!;
    }

    private async Task<AssistantTalk> UntilTalkAsync(DeskServer desk, long? ticket, Func<AssistantTalk, bool> isSo) =>
        (await UntilAsync(desk, () => desk.InDatabaseAsync(database => database.Set<AssistantTalk>().AsNoTracking().Where(talk => talk.TicketId == ticket).ToListAsync()), talks => talks.Exists(talk => isSo(talk)), talk => $"{talk.State} {talk.Cause}"))[0];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SiteDesk.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private Task<DeskServer> StartAsync(Action<IServiceCollection>? replace = null) => start(services =>
    {
        services.Replace(ServiceDescriptor.Singleton(new MailTransport { Timeout = TimeSpan.FromSeconds(15), ValidateCertificate = (_, certificate, _, _) => certificate?.Subject == "CN=mail.test.example" }));
        replace?.Invoke(services);
    });

    /// <summary>The accounts are few: the two engines' tests run one after the other, and each empties what it uses.</summary>
    private static string User(string name) => name;

    private Dictionary<string, string> Fields(string address, string host, int port, string security, string secret) => new(StringComparer.Ordinal)
    {
        ["Address"] = address, ["Site"] = "1", ["IncomingHost"] = host, ["IncomingPort"] = port.ToString(), ["IncomingSecurity"] = security, ["UserName"] = address.Split('@')[0],
        ["Secret"] = secret, ["IsEnabled"] = "true",
    };

    private async Task AddMailboxAsync(DeskClient owner, string user, string security, string? sendsTo, bool isEnabled = true, bool confirms = false)
    {
        var fields = Fields($"{user}@test.example", "127.0.0.1", security == "ImplicitTls" ? servers.ImapsPort : servers.ImapPort, security, "sécret \"pass");
        if (sendsTo is not null)
        {
            fields["OutgoingHost"] = "127.0.0.1";
            fields["OutgoingPort"] = servers.SmtpsPort.ToString();
            fields["OutgoingSecurity"] = "ImplicitTls";
        }

        if (!isEnabled)
            fields.Remove("IsEnabled");
        if (confirms)
            fields["SendsConfirmation"] = "true";
        var answer = await owner.PostFormAsync("/agent/mailboxes", fields, "/agent/mailboxes/new");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
    }

    private async Task EnableAsync(DeskClient owner, string user)
    {
        var fields = Fields($"{user}@test.example", "127.0.0.1", servers.ImapsPort, "ImplicitTls", "");
        (await owner.PostFormAsync("/agent/mailboxes/1", fields)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    private byte[] Mail(string subject, string text, string from, string id, string fields = "") => Encoding.UTF8.GetBytes(
        $"From: {from}\r\nTo: help@test.example\r\nSubject: {subject}\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\nMessage-ID: <{id}-{prefix}@example.com>\r\n{fields}\r\n{text}\r\n");

    private async Task<byte[]> ThroughServerAsync(string user, byte[] raw)
    {
        await servers.DeliverAsync(user, $"through-{prefix}", raw);
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap(user), Cancellation);
        await imap.SelectAsync("INBOX", Cancellation);
        var summaries = await imap.SummariesAsync(1, 100, Cancellation);
        return (await imap.FetchAsync(summaries[^1].Uid, 1_000_000, Cancellation))!;
    }

    private async Task UntilSeenAsync(string user, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            await using var imap = await ImapConnection.ConnectAsync(servers.Imap(user), limit.Token);
            await imap.SelectAsync("INBOX", limit.Token);
            var summaries = await imap.SummariesAsync(1, 100, limit.Token);
            if (summaries.Count >= count && summaries.All(summary => summary.Flags.Contains("\\Seen")))
                return;
            await Task.Delay(100, limit.Token);
        }
    }

    private async Task<MimeMessage> ArrivedAsync(string user, string mailId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            await using var imap = await ImapConnection.ConnectAsync(servers.Imap(user), limit.Token);
            await imap.SelectAsync("INBOX", limit.Token);
            foreach (var summary in await imap.SummariesAsync(1, 100, limit.Token))
            {
                if (MimeMessage.Read((await imap.FetchAsync(summary.Uid, 1_000_000, limit.Token))!) is var message && message.MessageId == mailId)
                    return message;
            }

            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task AnswerAsync(DeskClient owner, DeskServer desk, long ticket, string text)
    {
        var page = $"/agent/tickets/{ticket}";
        var seen = await desk.InDatabaseAsync(database => database.Set<Message>().Where(message => message.TicketId == ticket).MaxAsync(message => message.Id));
        (await owner.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", text), new("submission", Guid.NewGuid().ToString("N")), new("seen", seen.ToString())], page)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    private async Task<List<RawMail>> UntilAsync(DeskServer desk, Func<List<RawMail>, bool> isSo) =>
        await UntilAsync(desk, () => desk.InDatabaseAsync(database => database.Set<RawMail>().AsNoTracking().OrderBy(mail => mail.Id).ToListAsync()), isSo, mail => $"{mail.Subject}: {mail.State} {mail.Outcome} {mail.Reason}");

    private async Task<List<OutgoingMail>> UntilOutgoingAsync(DeskServer desk, Func<List<OutgoingMail>, bool> isSo) =>
        await UntilAsync(desk, () => desk.InDatabaseAsync(database => database.Set<OutgoingMail>().AsNoTracking().OrderBy(mail => mail.Id).ToListAsync()), isSo, mail => $"{mail.Key}: {mail.State} {mail.LastAnswer}");

    private async Task<List<TRow>> UntilAsync<TRow>(DeskServer desk, Func<Task<List<TRow>>> read, Func<List<TRow>, bool> isSo, Func<TRow, string> tell)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var rows = await read();
            if (isSo(rows))
                return rows;
            if (limit.Token.IsCancellationRequested)
            {
                var states = await desk.InDatabaseAsync(database => database.Set<MailboxState>().AsNoTracking().ToListAsync());
                Assert.Fail($"{string.Join(" | ", rows.Select(tell))} — {string.Join(" | ", states.Select(state => $"{state.FetchedAt} {state.FetchError}"))}\n{servers.Log}");
            }

            await Task.Delay(50, Cancellation);
        }
    }
}

public sealed class RealServersOnSqliteTests(SiteDesk.Mail.Tests.Servers.MailServers servers) : RealServersTests(servers, replace => DeskServer.StartAsync(null, replace), "sqlite");

public sealed class RealServersOnPostgresTests(SiteDesk.Mail.Tests.Servers.MailServers servers, PostgresServer server)
    : RealServersTests(servers, async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(RealServersOnPostgresTests), TestContext.Current.CancellationToken), replace), "postgres");
