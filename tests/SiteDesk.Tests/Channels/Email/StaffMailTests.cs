using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Staff are told by mail what they have not seen, and answer from their own mail program.</summary>
public abstract class StaffMailTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Irina = "irina@example.com";
    private const string Pass = "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=example.com\n";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_notice_is_answered_from_the_own_mail_program_and_the_customer_gets_it_in_the_colleague_s_name()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);
        notice.Recipients.ShouldBe([Irina]);
        notice.Message.Subject.ShouldBe($"[#{ticket}] Order late");
        notice.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-generated");
        notice.Message.Body.Text.ShouldContain("Olga Owner assigned you a ticket");
        notice.Message.Body.Text.ShouldContain("Where is it?");
        notice.Message.Body.Text.ShouldContain($"/agent/tickets/{ticket}");

        var note = await mail.ReceiveAsync(Answer(notice, "#note She called, too.", Pass));
        note.Outcome.ShouldBe(MailOutcome.StaffReply, note.Reason);
        var answer = await mail.ReceiveAsync(Answer(notice, "It leaves today.\n\nOn Tue, 5 Mar 2024 at 10:00, Nordlight <help@shop.example.com> wrote:\n> Where is it?\n", Pass));
        answer.Outcome.ShouldBe(MailOutcome.StaffReply, answer.Reason);
        answer.State.ShouldBe(RawMailState.Done);

        var messages = await mail.MessagesAsync(ticket);
        messages.ConvertAll(message => (message.Kind, message.AuthorKind, message.AuthorName, message.Text)).ShouldBe([
            (MessageKind.Public, ActorKind.Customer, "Anna", "Where is it?"),
            (MessageKind.Note, ActorKind.Staff, "irina", "She called, too."),
            (MessageKind.Public, ActorKind.Staff, "irina", "It leaves today."),
        ]);
        (await mail.TicketAsync(ticket)).Status.ShouldBe(StandardStatus.Pending);
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var sent = (await mail.Sink.ArrivedAsync(3))[2];
        sent.Recipients.ShouldBe(["anna@example.com"]);
        sent.Message.Body.Text.ShouldStartWith("It leaves today.");
        sent.Message.References.ShouldNotContain(id => id.StartsWith('s'), "the colleague's token is nobody else's");

        // What the colleague wrote themselves is told neither to them nor to anybody as news.
        mail.Pass(_clock, TimeSpan.FromMinutes(10));
        (await mail.Desk.AuditAsync()).ShouldContain("mail.staff-answered");
        (await mail.OutgoingAsync()).Count(row => row.Kind == OutgoingKind.Notice).ShouldBe(1);
        var page = await mail.Owner.GetTextAsync($"/agent/tickets/{ticket}");
        page.ShouldContain("It leaves today.");
    }

    [Fact]
    public async Task A_picture_in_a_colleague_s_mail_reaches_the_customer_in_its_place()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);
        var answer = await mail.ReceiveAsync(
            $"From: Irina <{Irina}>\nTo: {MailDesk.Address}\nSubject: Re\n{Pass}In-Reply-To: <{notice.Message.MessageId}>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
            + "--b\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nIt looks so:\n[cid:lamp@x]\nand leaves today.\n"
            + "--a\nContent-Type: text/html\n\n<p>It looks so:</p><img src=\"cid:lamp@x\"><p>and leaves today.</p>\n--a--\n"
            + $"--b\nContent-Type: image/png; name=lamp.png\nContent-ID: <lamp@x>\nContent-Disposition: inline; filename=lamp.png\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(InlinePictureTests.Png)}\n--b--\n");
        answer.Outcome.ShouldBe(MailOutcome.StaffReply, answer.Reason);
        (await mail.MessagesAsync(ticket))[^1].Text.ShouldMatch(@"^It looks so:\r?\n!\[lamp\]\(picture:[\w-]{8}\)\r?\nand leaves today\.$");

        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var sent = (await mail.Sink.ArrivedAsync(3))[2].Message;
        var inside = sent.Body.Attachments.ShouldHaveSingleItem();
        inside.IsInline.ShouldBeTrue();
        inside.Content.ToArray().ShouldBe(InlinePictureTests.Png);
        sent.Body.Html.ShouldNotBeNull().ShouldContain($"<img src=\"cid:{inside.ContentId}\"");
        sent.Body.Text.ShouldStartWith("It looks so:\n[lamp]\nand leaves today.");
    }

    [Fact]
    public async Task Who_is_not_the_colleague_or_cannot_be_proven_is_put_aside_with_the_reason()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);
        async Task RefusedAsync(string letter, string reason)
        {
            var refused = await mail.ReceiveAsync(letter);
            (refused.Outcome, refused.State, refused.Reason).ShouldBe((MailOutcome.StaffRefused, RawMailState.Quarantined, reason));
        }

        await RefusedAsync(Answer(notice, "Unproven"), "unproven");
        await RefusedAsync(Answer(notice, "Forged verdict", "Authentication-Results: mx.evil.example; dmarc=pass\n"), "unproven");
        await RefusedAsync(Answer(notice, "Somebody's SPF", "Authentication-Results: mx.shop.example.com; spf=pass smtp.mailfrom=bounce@evil.example\n"), "unproven");
        await RefusedAsync(Answer(notice, "DMARC failed", "Authentication-Results: mx.shop.example.com; dmarc=fail; dkim=pass header.d=example.com\n"), "unproven");
        await RefusedAsync(Answer(notice, "Other address", Pass, "Irina <irina@example.net>"), "address");
        await RefusedAsync(Answer(notice, "The customer", Pass, "Anna <anna@example.com>"), "address");
        await RefusedAsync(MailDesk.Letter("Re", "Made up", $"Irina <{Irina}>", $"{Pass}In-Reply-To: <s{ticket}-2-00000000000000000000.0123456789abcdef@shop.example.com>\n"), "token");
        await RefusedAsync(Answer(notice, "> only a quote\n> of ours", Pass), "empty");
        (await mail.ReceiveAsync(Answer(notice, "I am away", Pass + "Auto-Submitted: auto-replied\n"))).Outcome.ShouldBe(MailOutcome.StaffAutomatic);
        (await mail.MessagesAsync(ticket)).Count.ShouldBe(1);
        var log = await mail.Owner.GetTextAsync("/agent/mail-log?state=Quarantined");
        log.ShouldContain("answer not accepted");

        // DKIM of the author's own domain is as good where the server says nothing of DMARC.
        (await mail.ReceiveAsync(Answer(notice, "Proven by DKIM", "Authentication-Results: mx.shop.example.com; dkim=pass header.d=example.com\n"))).Outcome.ShouldBe(MailOutcome.StaffReply);

        // So is a signature of a host below or beside it: one organisation (RFC 7489 section 3.1).
        (await mail.ReceiveAsync(Answer(notice, "Proven by a host below", "Authentication-Results: mx.shop.example.com; dkim=pass header.d=mail.example.com; dmarc=none\n"))).Outcome.ShouldBe(MailOutcome.StaffReply);
        await RefusedAsync(Answer(notice, "Judged for somebody else", "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=evil.example\n"), "unproven");

        // The owner may do without proof; what was put aside can then be read again.
        var unproven = await mail.Desk.InDatabaseAsync(database => database.Set<RawMail>().OrderBy(row => row.Id).FirstAsync(row => row.Outcome == MailOutcome.StaffRefused));
        await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().ExecuteUpdateAsync(set => set.SetProperty(row => row.AcceptsUnprovenStaffMail, true)));
        await mail.Owner.SubmitAsync($"/agent/mail-log/{unproven.Id}/another-try", $"/agent/mail-log/{unproven.Id}");
        (await mail.UntilReadAsync(unproven.ContentHash)).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await mail.MessagesAsync(ticket))[^1].Text.ShouldBe("Unproven");
    }

    [Fact]
    public async Task Who_works_in_the_workspace_reads_there_and_who_wants_no_mail_gets_none()
    {
        await using var mail = await StartAsync();
        using var irina = await mail.Desk.NewStaffAsync(Irina, Role.Agent);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Order late", "Where is it?"));
        await mail.Sink.ArrivedAsync(1);
        await AssignAsync(mail, first.TicketId!.Value);
        mail.Pass(_clock, TimeSpan.FromMinutes(2));
        await UntilDispatchedAsync(mail);
        (await mail.OutgoingAsync()).ShouldNotContain(row => row.Kind == OutgoingKind.Notice, "she was in the workspace a moment ago");

        // She leaves without having looked at it.
        mail.Pass(_clock, TimeSpan.FromMinutes(9));
        await NoticeAsync(mail, 2);

        await irina.SubmitAsync("/agent/profile/mail", "/agent/profile/mail", ("assigned", "true"));
        mail.Pass(_clock, TimeSpan.FromMinutes(30));
        var more = await mail.ReceiveAsync(MailDesk.Letter("Re", "Any news?", fields: $"In-Reply-To: <{mail.Sink.Mails[0].Message.MessageId}>\n"));
        more.TicketId.ShouldBe(first.TicketId);
        await mail.Desk.InDatabaseAsync(database => UntilAsync(async () => await database.Set<StaffNotification>().CountAsync() == 2));
        mail.Pass(_clock, TimeSpan.FromMinutes(2));
        await UntilDispatchedAsync(mail);
        (await mail.OutgoingAsync()).Count(row => row.Kind == OutgoingKind.Notice).ShouldBe(1, "she does not want to be told of customers' answers");
    }

    [Fact]
    public async Task What_comes_in_quick_succession_goes_as_one_mail()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        await NoticeAsync(mail, 2);
        foreach (var words in new[] { "One more thing.", "And another." })
            await mail.ReceiveAsync(MailDesk.Letter("Re", words, fields: $"In-Reply-To: <{mail.Sink.Mails[0].Message.MessageId}>\n"));
        await mail.Desk.InDatabaseAsync(database => UntilAsync(async () => await database.Set<StaffNotification>().CountAsync() == 3));
        var notice = await NoticeAsync(mail, 3);
        notice.Message.Body.Text.ShouldContain("One more thing.");
        notice.Message.Body.Text.ShouldContain("And another.");
        await UntilDispatchedAsync(mail);
        (await mail.OutgoingAsync()).Count(row => row.Kind == OutgoingKind.Notice && row.TicketId == ticket).ShouldBe(2);
    }

    [Theory]
    [InlineData("en", "Your answer by mail was not sent: Anna wrote in between", "Your answer waits as a draft")]
    [InlineData("ru", "Ваш ответ письмом не отправлен: за это время есть новое сообщение (Anna)", "Ваш ответ ждёт в обращении как черновик")]
    [InlineData("zh-Hans", "您的邮件回复尚未发出：Anna 在此期间有新消息", "您的回复已作为草稿保存")]
    public async Task An_answer_that_was_overtaken_waits_as_a_draft_and_its_author_is_told_why(string language, string lead, string how)
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);
        await mail.Desk.InDatabaseAsync(database => database.Set<StaffMember>().Where(row => row.Email == Irina).ExecuteUpdateAsync(set => set.SetProperty(row => row.Language, language)));
        await mail.ReceiveAsync(MailDesk.Letter("Re", "It has just come, thank you!", fields: $"In-Reply-To: <{mail.Sink.Mails[0].Message.MessageId}>\n"));

        // Internal notes harm nobody and are not held.
        (await mail.ReceiveAsync(Answer(notice, "#note I'll look.", Pass))).Outcome.ShouldBe(MailOutcome.StaffReply);
        var late = await mail.ReceiveAsync(Answer(notice, "We send another one.", Pass));
        (late.Outcome, late.State, late.TicketId, late.MessageId).ShouldBe((MailOutcome.StaffHeld, RawMailState.Done, ticket, null));
        (await mail.MessagesAsync(ticket)).ConvertAll(message => message.Text).ShouldBe(["Where is it?", "It has just come, thank you!", "I'll look."]);
        (await DraftAsync(mail, ticket)).ShouldBe("We send another one.");

        // Told at once, though the notice of Anna's words still waits for its quiet minute.
        var told = (await mail.Sink.ArrivedAsync(3))[2];
        told.Recipients.ShouldBe([Irina]);
        told.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-generated");
        told.Message.Body.Text.ShouldContain(lead);
        told.Message.Body.Text.ShouldContain("It has just come, thank you!");
        told.Message.Body.Text.ShouldContain(how);
        told.Message.Body.Text.ShouldContain($"/agent/tickets/{ticket}");
        told.Message.Body.Text.ShouldNotContain("I'll look.");
        (await mail.OutgoingAsync()).ShouldNotContain(row => row.Kind == OutgoingKind.Answer);
        using var irina = await SignedInAsync(mail);
        (await irina.GetTextAsync($"/agent/tickets/{ticket}")).ShouldContain("We send another one.");
        (await mail.Owner.GetTextAsync("/agent/mail-log")).ShouldContain("held: something newer had come");
    }

    [Fact]
    public async Task Who_answers_having_read_what_came_is_not_held_and_what_was_begun_stays_with_what_is_held()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);

        // Her own words do not overtake her.
        (await mail.ReceiveAsync(Answer(notice, "It leaves today.", Pass))).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await mail.ReceiveAsync(Answer(notice, "With a gift.", Pass))).Outcome.ShouldBe(MailOutcome.StaffReply);
        await mail.UntilOutgoingAsync(mails => mails.Count(row => row.Kind == OutgoingKind.Answer) == 2);
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        await mail.Sink.ArrivedAsync(4);

        // A colleague's do. What she has begun in the workspace stays, and so do files.
        using var irina = await SignedInAsync(mail);
        using var begun = new FormUrlEncodedContent([new("kind", "reply"), new("text", "Begun here."), new("__RequestVerificationToken", await irina.TokenAsync($"/agent/tickets/{ticket}"))]);
        (await irina.Http.PutAsync(new Uri($"/agent/tickets/{ticket}/draft", UriKind.Relative), begun, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await mail.AnswerAsync(ticket, "The gift is sold out.");
        await mail.UntilOutgoingAsync(mails => mails.Count(row => row.Kind == OutgoingKind.Answer) == 3);
        var late = await mail.ReceiveAsync(WithFile(notice, "The gift is in the parcel."));
        late.Outcome.ShouldBe(MailOutcome.StaffHeld, late.Reason);
        (await DraftAsync(mail, ticket)).ShouldBe("The gift is in the parcel.\n\nBegun here.");
        (await irina.GetTextAsync($"/agent/tickets/{ticket}")).ShouldContain("receipt.txt");
        (await irina.GetTextAsync("/agent/notifications")).ShouldContain("Your answer by mail was not sent: Olga Owner wrote in between");

        // She answers what she was told: she has read what came, and it goes out.
        mail.Pass(_clock, TimeSpan.FromSeconds(13));
        var told = (await mail.Sink.ArrivedAsync(6)).Single(sent => sent.Message.Body.Text.Contains("was not sent", StringComparison.Ordinal));
        told.Message.Body.Text.ShouldContain("The gift is sold out.");
        (await mail.ReceiveAsync(Answer(told, "Sorry, no gift.", Pass))).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await mail.MessagesAsync(ticket))[^1].Text.ShouldBe("Sorry, no gift.");
    }

    [Fact]
    public async Task Where_an_answer_does_not_say_which_notice_it_answers_it_is_taken_for_the_first()
    {
        await using var mail = await StartAsync();
        var ticket = await AssignedAsync(mail);
        var notice = await NoticeAsync(mail, 2);
        string Nameless(string text) => MailDesk.Letter("Re", text, $"Irina <{Irina}>", Pass, $"help+{notice.Message.MessageId!.Split('.')[0]}@shop.example.com");
        (await mail.ReceiveAsync(Nameless("On its way."))).Outcome.ShouldBe(MailOutcome.StaffReply);
        await mail.ReceiveAsync(MailDesk.Letter("Re", "Any news?", fields: $"In-Reply-To: <{mail.Sink.Mails[0].Message.MessageId}>\n"));
        (await mail.ReceiveAsync(Nameless("Tomorrow."))).Outcome.ShouldBe(MailOutcome.StaffHeld);
        (await DraftAsync(mail, ticket)).ShouldBe("Tomorrow.");
    }

    private Task<MailDesk> StartAsync() => start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    private static async Task<DeskClient> SignedInAsync(MailDesk mail)
    {
        var irina = mail.Desk.NewClient();
        await irina.SignInAsync(Irina, DeskServer.Password);
        return irina;
    }

    private static async Task<string?> DraftAsync(MailDesk mail, long ticket)
    {
        var irina = await mail.Desk.StaffAsync(Irina);
        return await mail.Desk.InDatabaseAsync(database => database.Set<Draft>().Where(row => row.StaffId == irina.Id && row.TicketId == ticket && row.Kind == MessageKind.Public).Select(row => row.Text).FirstOrDefaultAsync());
    }

    private static string WithFile(SunkMail notice, string text) =>
        $"From: Irina <{Irina}>\nTo: {MailDesk.Address}\nSubject: Re\n{Pass}In-Reply-To: <{notice.Message.MessageId}>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        + $"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=receipt.txt\n\npaid\n--b--\n";

    /// <summary>A mail of Anna's, given to Irina, who has not signed in.</summary>
    private static async Task<long> AssignedAsync(MailDesk mail)
    {
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Order late", "Where is it?"));
        await mail.Sink.ArrivedAsync(1);
        await AssignAsync(mail, first.TicketId!.Value);
        return first.TicketId!.Value;
    }

    private static async Task AssignAsync(MailDesk mail, long ticket)
    {
        var irina = await mail.Desk.StaffAsync(Irina);
        await mail.Owner.SubmitAsync("/agent/tickets/changes", $"/agent/tickets/{ticket}", ("numbers", $"{ticket}"), ("assignee", irina.Id.ToString()));
        await mail.Desk.InDatabaseAsync(database => UntilAsync(() => database.Set<StaffNotification>().AnyAsync(row => row.TicketId == ticket)));
    }

    /// <summary>The quiet time passes, and the notice arrives.</summary>
    private async Task<SunkMail> NoticeAsync(MailDesk mail, int count)
    {
        mail.Pass(_clock, TimeSpan.FromMinutes(2));
        return (await mail.Sink.ArrivedAsync(count))[count - 1];
    }

    /// <summary>
    /// Nothing that is due waits any more, and what was told before the clock was set forward is dealt with: a delivery in hand has its
    /// due time in the future already, and is gone only when its handler has ended.
    /// </summary>
    private async Task UntilDispatchedAsync(MailDesk mail) => await mail.Desk.InDatabaseAsync(database => UntilAsync(async () =>
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var before = now - TimeSpan.FromMinutes(1);
        return !await database.Set<SiteDesk.Platform.Events.EventDelivery>().AnyAsync(row => row.DueAt != null && (row.DueAt <= now || (row.Event == nameof(StaffNotified) && row.OccurredAt < before)));
    }));

    private static async Task<bool> UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await isSo())
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("waited in vain");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return true;
    }

    private static string Answer(SunkMail notice, string text, string fields = "", string from = $"Irina <{Irina}>") =>
        MailDesk.Letter($"Re: {notice.Message.Subject}", text, from, $"{fields}In-Reply-To: <{notice.Message.MessageId}>\n");
}

public sealed class StaffMailOnSqliteTests() : StaffMailTests(replace => MailDesk.StartAsync(null, replace));

public sealed class StaffMailOnPostgresTests(PostgresServer server)
    : StaffMailTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(StaffMailOnPostgresTests), TestContext.Current.CancellationToken), replace));
