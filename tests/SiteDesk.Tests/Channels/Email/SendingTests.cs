using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

public abstract class SendingTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private readonly ManualClock _clock = new();

    private Task<MailDesk> StartAsync() => start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    [Fact]
    public async Task A_server_that_says_later_is_asked_again_and_one_that_says_never_is_believed()
    {
        await using var mail = await StartAsync();
        var asked = 0;
        mail.Sink.OnRecipient = address => address switch
        {
            "grey@example.com" => Interlocked.Increment(ref asked) == 1 ? "450 4.2.0 Greylisted" : null,
            "gone@example.com" => "550 5.1.1 No such user",
            _ => null,
        };
        await mail.ReceiveAsync(MailDesk.Letter("Grey", "One", "grey@example.com"));
        var gone = await mail.ReceiveAsync(MailDesk.Letter("Gone", "Two", "gone@example.com"));
        var failed = (await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Queued, Attempts: 1, LastAnswer: not null }, { State: OutgoingState.Failed }]))[1];
        failed.LastAnswer!.ShouldContain("No such user");
        (await mail.Owner.GetTextAsync($"/agent/tickets/{gone.TicketId}")).ShouldContain("No such user");
        (await mail.Owner.GetTextAsync("/agent/mail-log/outgoing?state=Failed")).ShouldContain("gone@example.com");

        mail.Pass(_clock, TimeSpan.FromMinutes(1));
        (await mail.Sink.ArrivedAsync(1))[0].Recipients.ShouldBe(["grey@example.com"]);
        await mail.UntilOutgoingAsync(mails => mails[0].State == OutgoingState.Sent);
    }

    [Fact]
    public async Task A_try_that_never_ended_is_repeated_once_with_the_same_Message_ID_and_then_left_to_a_person()
    {
        await using var mail = await StartAsync();
        mail.Sink.BreaksAfterData = true;
        await mail.ReceiveAsync(MailDesk.Letter("Broken", "line"));
        var first = (await mail.Sink.ArrivedAsync(1))[0];
        await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sending, LastAnswer: not null }]);
        mail.Pass(_clock, SendMail.LongestTry + TimeSpan.FromSeconds(1));
        var second = (await mail.Sink.ArrivedAsync(2))[1];
        second.Message.MessageId.ShouldBe(first.Message.MessageId);
        second.Message.Raw.ToArray().ShouldBe(first.Message.Raw.ToArray());
        // The second try has ended, too, when it says how.
        await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sending, Attempts: 2, UnknownEnds: 1, LastAnswer: not "unknown-end" }]);
        mail.Pass(_clock, SendMail.LongestTry + TimeSpan.FromSeconds(1));
        (await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Failed }]))[0].LastAnswer.ShouldBe("unknown-end");
        mail.Sink.Mails.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_try_that_goes_on_is_nobody_elses_however_long_it_takes()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)).Replace(ServiceDescriptor.Singleton(new MailIntakeLimits { ClaimRenewal = TimeSpan.FromMilliseconds(100) })));
        using var mayGoOn = new ManualResetEventSlim();
        mail.Sink.OnRecipient = _ =>
        {
            mayGoOn.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken).ShouldBeTrue();
            return null;
        };
        await mail.ReceiveAsync(MailDesk.Letter("Slow", "line"));
        var claimed = (await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sending }]))[0].ClaimedAt;
        for (var part = 0; part < 3; part++)
        {
            mail.Pass(_clock, SendMail.LongestTry / 2);
            var before = claimed;
            claimed = (await mail.UntilOutgoingAsync(mails => mails[0].ClaimedAt > before))[0].ClaimedAt;
            await RecoverAsync(mail);
        }

        (await mail.OutgoingAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(row => row.State.ShouldBe(OutgoingState.Sending), row => row.UnknownEnds.ShouldBe(0), row => row.Attempts.ShouldBe(1));
        mayGoOn.Set();
        await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sent, Attempts: 1 }]);
        mail.Sink.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_that_look_at_a_try_that_never_ended_one_decides()
    {
        await using var mail = await StartAsync();
        mail.Sink.BreaksAfterData = true;
        await mail.ReceiveAsync(MailDesk.Letter("Broken", "line"));
        await mail.Sink.ArrivedAsync(1);
        var id = (await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Sending, LastAnswer: not null }]))[0].Id;
        // Nobody sends it anew meanwhile.
        await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().ExecuteUpdateAsync(set => set.SetProperty(box => box.IsEnabled, false)));
        _clock.Advance(SendMail.LongestTry + TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RecoverAsync(mail)));
        (await mail.OutgoingAsync()).Single(row => row.Id == id).UnknownEnds.ShouldBe(1);
    }

    [Fact]
    public async Task A_formatted_answer_looks_so_in_the_workspace_on_the_tracking_page_and_in_the_mail()
    {
        await using var mail = await StartAsync();
        var message = await mail.ReceiveAsync(MailDesk.Letter("Lamp", "Is **this** bold? <b>x</b>"));
        var ticket = await mail.TicketAsync(message.TicketId.ShouldNotBeNull());

        var answer = await mail.AnswerAsync(ticket.Id, "Please **do not** pay.\n\n- [Track it](https://example.com/t)\n- <i>wait</i>");

        const string bold = "Please <strong>do not</strong> pay.", link = "<a href=\"https://example.com/t\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">Track it</a>", escaped = "&lt;i&gt;wait&lt;/i&gt;";
        await mail.UntilOutgoingAsync(mails => mails.Count == 2);
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var arrived = (await mail.Sink.ArrivedAsync(2)).Last().Message.Body;
        foreach (var shown in new[] { await mail.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}"), await mail.Owner.GetTextAsync($"/t/{ticket.Token}"), arrived.Html.ShouldNotBeNull() })
        {
            shown.ShouldContain(bold);
            shown.ShouldContain(link);
            shown.ShouldContain(escaped);
            shown.ShouldNotContain("<i>wait");
        }

        arrived.Text.ShouldContain("Please **do not** pay.");
        (await mail.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("Is **this** bold?", customMessage: "customers write plain text");
        answer.IsFormatted.ShouldBeTrue();
        (await mail.AnswerAsync(ticket.Id, "Plain.\n\n5*3 https://example.com")).Html.ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_is_away_loses_nothing()
    {
        await using var mail = await StartAsync();
        var gone = new SmtpSink();
        var port = gone.Port;
        await gone.DisposeAsync();
        var post = await mail.AddMailboxAsync("away@shop.example.com", 1, new KeyValuePair<string, string>("OutgoingPort", port.ToString()));
        await mail.ReceiveAsync(MailDesk.Letter("Away", "One", to: "away@shop.example.com"), post);
        await mail.UntilOutgoingAsync(mails => mails is [{ State: OutgoingState.Queued, Attempts: > 0 }]);
        await mail.UntilPageAsync("/agent/mailboxes", "Cannot be sent");
    }

    [Fact]
    public async Task A_server_gets_no_more_mails_a_minute_than_it_takes_and_the_rest_waits()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)).Replace(ServiceDescriptor.Singleton(new MailIntakeLimits { MailsPerMinuteOf = { ["127.0.0.1"] = 2 } })));
        var other = await mail.AddMailboxAsync("other@shop.example.com");
        await mail.ReceiveAsync(MailDesk.Letter("One", "one", "one@example.com"));
        await mail.ReceiveAsync(MailDesk.Letter("Two", "two", "two@example.com", to: "other@shop.example.com"), other);
        (await mail.Sink.ArrivedAsync(2)).Count.ShouldBe(2);
        await mail.ReceiveAsync(MailDesk.Letter("Three", "three", "three@example.com"));
        await mail.ReceiveAsync(MailDesk.Letter("Four", "four", "four@example.com", to: "other@shop.example.com"), other);
        await mail.UntilOutgoingAsync(mails => mails.Count == 4);
        // The clock goes on by itself, too: what is left of the minute is long enough for a slow machine.
        mail.Pass(_clock, TimeSpan.FromSeconds(15));
        await mail.ReceiveAsync(MailDesk.Letter("Five", "five", "five@example.com"));
        mail.Sink.Mails.Count.ShouldBe(2, "two mailboxes share the server's places");
        mail.Pass(_clock, TimeSpan.FromSeconds(46));
        await mail.Sink.ArrivedAsync(4);
        mail.Pass(_clock, TimeSpan.FromSeconds(61));
        (await mail.Sink.ArrivedAsync(5)).Count.ShouldBe(5);
        (await mail.OutgoingAsync()).ShouldAllBe(row => row.Attempts == 1 && row.UnknownEnds == 0);
    }

    [Fact]
    public async Task Who_left_the_form_gets_the_answer_by_mail_once_and_goes_on_by_mail()
    {
        await using var mail = await StartAsync();
        var ticket = await mail.Desk.AskAsync("Is it red?", "anna@example.com");
        await mail.AnswerAsync(ticket.Id, "It is.");
        await mail.AnswerAsync(ticket.Id, "And round.");
        (await mail.OutgoingAsync()).ShouldBeEmpty("the customer may still be on the page");
        await UntilWatchedAsync(mail, ticket.Id, 2);
        mail.Pass(_clock, WaitingAnswers.Patience + TimeSpan.FromSeconds(5));

        var sent = (await mail.Sink.ArrivedAsync(1))[0];
        sent.Recipients.ShouldBe(["anna@example.com"]);
        sent.Message.Body.Text.ShouldContain("It is.");
        sent.Message.Body.Text.ShouldContain("And round.");
        sent.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-generated");

        var back = await mail.ReceiveAsync(MailDesk.Letter("Re: red", "Thanks, and blue?", fields: $"In-Reply-To: <{sent.Message.MessageId}>\n"));
        back.TicketId.ShouldBe(ticket.Id);
        await mail.AnswerAsync(ticket.Id, "Blue, too.");
        await mail.UntilOutgoingAsync(mails => mails.Count == 2);
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        (await mail.Sink.ArrivedAsync(2))[1].Message.Body.Text.ShouldContain("Blue, too.");
        mail.Pass(_clock, WaitingAnswers.Patience + TimeSpan.FromSeconds(5));
        await mail.ReceiveAsync(MailDesk.Letter("Other", "one", "x@example.com"));
        (await mail.Sink.ArrivedAsync(3)).Count(row => row.Recipients[0] == "anna@example.com").ShouldBe(2, "an answer goes once");
    }

    [Fact]
    public async Task An_answer_that_is_taken_back_in_time_never_leaves()
    {
        await using var mail = await StartAsync();
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Question", "One"));
        await mail.Sink.ArrivedAsync(1);
        var answer = await mail.AnswerAsync(raw.TicketId!.Value, "Wrong words");
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        var undone = await mail.Desk.UseAsync<WithdrawReply, bool>(async withdraw => (await withdraw.RunAsync(raw.TicketId.Value, answer.Id, mail.Desk.OwnerOf(), TestContext.Current.CancellationToken)).Succeeded);
        undone.ShouldBeTrue();
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row is { Kind: OutgoingKind.Answer, State: OutgoingState.Withdrawn }));
        mail.Sink.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_server_answers_are_seen_as_not_sent_and_leave_when_there_is_one()
    {
        await using var mail = await StartAsync();
        var post = await mail.AddMailboxAsync("quiet@shop.example.com", 1, new KeyValuePair<string, string>("OutgoingHost", ""));
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Quiet", "One", to: "quiet@shop.example.com"), post);
        await mail.AnswerAsync(raw.TicketId!.Value, "Here it is");
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row is { Kind: OutgoingKind.Answer, State: OutgoingState.NoServer }));
        (await mail.Owner.GetTextAsync($"/agent/tickets/{raw.TicketId}")).ShouldContain("Not sent: no mail server");

        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Address"] = "quiet@shop.example.com", ["Site"] = "1", ["OutgoingHost"] = "127.0.0.1", ["OutgoingPort"] = mail.Sink.Port.ToString(), ["OutgoingSecurity"] = "None", ["IsEnabled"] = "true",
        };
        (await mail.Owner.PostFormAsync("/agent/mailboxes/2", form)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        (await mail.Sink.ArrivedAsync(2)).ShouldContain(sent => sent.Message.Body.Text.Contains("Here it is"));
    }

    [Fact]
    public async Task An_agent_reads_the_original_safely_and_chooses_who_gets_copies()
    {
        await using var mail = await StartAsync();
        var raw = await mail.ReceiveAsync("""
            From: Anna <anna@example.com>
            To: help@shop.example.com
            Subject: Styled
            Message-ID: <styled@example.com>
            Date: Tue, 05 Mar 2024 10:00:00 +0000
            MIME-Version: 1.0
            Content-Type: text/html; charset=utf-8

            <p>Hello <b>you</b></p><script>alert(1)</script><img src="https://tracker.example/x.png" onerror="alert(2)">
            <blockquote>On Monday somebody wrote: old</blockquote>
            """);
        var page = $"/agent/tickets/{raw.TicketId}";
        (await mail.Owner.GetTextAsync(page)).ShouldContain($"/agent/messages/{raw.MessageId}/original");
        (await mail.Owner.GetTextAsync($"/agent/messages/{raw.MessageId}/original")).ShouldContain("1 remote picture is not shown");
        using var body = await mail.Owner.GetAsync($"/agent/messages/{raw.MessageId}/original/body");
        var html = await body.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        html.ShouldContain("Hello <b>you</b>");
        html.ShouldNotContain("script");
        html.ShouldNotContain("tracker.example");
        body.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");

        var recipients = $"{page}/mail-recipients";
        (await mail.Owner.GetTextAsync(recipients)).ShouldContain("anna@example.com");
        (await mail.Owner.PostFormAsync(recipients, [new("cc", "nobody"), new("bcc", "")], page)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await mail.Owner.PostFormAsync(recipients, [new("cc", "Boris <boris@example.com>"), new("bcc", "chief@example.com")], page)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await mail.AnswerAsync(raw.TicketId!.Value, "Look");
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var sent = (await mail.Sink.ArrivedAsync(2))[1];
        sent.Recipients.ShouldBe(["anna@example.com", "boris@example.com", "chief@example.com"]);
        System.Text.Encoding.UTF8.GetString(sent.Message.Raw.Span).ShouldNotContain("chief@");
        (await mail.Owner.GetTextAsync(recipients)).ShouldNotContain("chief@");
    }

    [Fact]
    public async Task A_password_goes_in_and_never_comes_out()
    {
        await using var mail = await StartAsync();
        (await mail.Owner.GetTextAsync("/agent/mailboxes/1")).ShouldNotContain("geheim");
        var stored = await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().SingleAsync());
        stored.SealedSecret!.ShouldNotContain("geheim");
        (await mail.Owner.GetTextAsync("/agent/mailboxes/1/test")).ShouldContain("SIZE 30000000");
        (await mail.Owner.PostFormAsync("/agent/mailboxes/1/removal", [], "/agent/mailboxes/1")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().SingleAsync())).SealedSecret.ShouldBeNull();
        using var content = new ByteArrayContent("From: a@b.example\n\nx"u8.ToArray());
        (await mail.Owner.Http.PostAsync(new Uri(mail.PostPath, UriKind.Relative), content, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>The patience of unseen answers begins when its handler has run.</summary>
    private static async Task UntilWatchedAsync(MailDesk mail, long ticketId, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await mail.Desk.InDatabaseAsync(database => database.Set<SiteDesk.Platform.Events.EventDelivery>().CountAsync(row => row.Event == nameof(AnswerMayBeUnseen))) < count)
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse($"ticket {ticketId} is not watched");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What every node does every second.</summary>
    private static async Task RecoverAsync(MailDesk mail)
    {
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SendMail>().RecoverAsync(TestContext.Current.CancellationToken);
    }
}

public sealed class SendingOnSqliteTests() : SendingTests(replace => MailDesk.StartAsync(null, replace));

public sealed class SendingOnPostgresTests(PostgresServer server)
    : SendingTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SendingOnPostgresTests), TestContext.Current.CancellationToken), replace));
