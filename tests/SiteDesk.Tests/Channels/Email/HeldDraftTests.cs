using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>An answer by mail that is held as a draft, while its author has the ticket open in the workspace.</summary>
public abstract class HeldDraftTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Irina = "irina@example.com";
    private const string Pass = "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=example.com\n";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_page_that_has_not_seen_what_is_held_does_not_overwrite_it()
    {
        await using var mail = await StartAsync();
        var (ticket, notice) = await AssignedAsync(mail);
        using var irina = await SignedInAsync(mail);
        var known = await KeptAsync(await KeepAsync(irina, ticket, "Begun", 0));
        known.ShouldBeGreaterThan(0);
        await HeldAsync(mail, ticket, notice, "It leaves today.");
        (await DraftAsync(mail, ticket)).ShouldNotBeNull().Text.ShouldBe("It leaves today.\n\nBegun");

        // She goes on in the page that she had open.
        var refused = await KeepAsync(irina, ticket, "Begun here", known);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var newer = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        newer.RootElement.GetProperty("text").GetString().ShouldBe("It leaves today.\n\nBegun");
        (await DraftAsync(mail, ticket))!.Text.ShouldBe("It leaves today.\n\nBegun", "nothing was overwritten");
        known = await KeptAsync(await KeepAsync(irina, ticket, "It leaves today.\n\nBegun here", newer.RootElement.GetProperty("revision").GetInt64()));

        // A page that goes away cannot put anything together: both stay.
        (await KeepAsync(irina, ticket, "From another tab", 1, isLast: true)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await DraftAsync(mail, ticket))!.Text.ShouldBe("It leaves today.\n\nBegun here\n\nFrom another tab");

        // What is there already is no news, and a page that knows the draft may empty it.
        var same = await KeptAsync(await KeepAsync(irina, ticket, "It leaves today.\n\nBegun here\n\nFrom another tab", known));
        same.ShouldBeGreaterThan(known);
        (await KeptAsync(await KeepAsync(irina, ticket, "", same))).ShouldBe(0);
        (await DraftAsync(mail, ticket)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_sent_from_a_page_that_has_not_seen_what_is_held_leaves_it_a_draft()
    {
        await using var mail = await StartAsync();
        var (ticket, notice) = await AssignedAsync(mail);
        using var irina = await SignedInAsync(mail);
        var known = await KeptAsync(await KeepAsync(irina, ticket, "Sent at once.", 0));
        await HeldAsync(mail, ticket, notice, "It leaves today.");

        await SendAsync(irina, ticket, "Sent at once.", known);
        (await mail.MessagesAsync(ticket))[^1].Text.ShouldBe("Sent at once.");
        (await DraftAsync(mail, ticket)).ShouldNotBeNull().Text.ShouldBe("It leaves today.");
        (await irina.GetTextAsync($"/agent/tickets/{ticket}")).ShouldContain("It leaves today.");

        // What she was still typing while it went is no draft any more.
        var half = await KeptAsync(await KeepAsync(irina, ticket, "It leaves today. S", (await DraftAsync(mail, ticket))!.Revision));
        await SendAsync(irina, ticket, "It leaves today. So do I.", half - 1);
        (await DraftAsync(mail, ticket)).ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_by_mail_that_goes_out_settles_the_one_that_was_held()
    {
        await using var mail = await StartAsync();
        var (ticket, notice) = await AssignedAsync(mail);
        using var irina = await SignedInAsync(mail);
        await KeepAsync(irina, ticket, "Begun here.", 0);
        await HeldAsync(mail, ticket, notice, "It leaves today.");
        (await mail.ReceiveAsync(Answer(notice, "Or tomorrow."))).Outcome.ShouldBe(MailOutcome.StaffHeld);
        (await DraftAsync(mail, ticket))!.Text.ShouldBe("Or tomorrow.\n\nIt leaves today.\n\nBegun here.");
        var told = (await mail.Sink.ArrivedAsync(4))[^1];
        told.Message.Body.Text.ShouldContain("was not sent");
        told.Message.Headers.Value("List-Unsubscribe").ShouldBeNull("without it their own answer would go nowhere");

        (await mail.ReceiveAsync(Answer(told, "#note Asked the carrier."))).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await DraftAsync(mail, ticket))!.Text.ShouldStartWith("Or tomorrow.", customMessage: "a note decides nothing");
        (await mail.ReceiveAsync(Answer(told, "It has left."))).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await DraftAsync(mail, ticket)).ShouldNotBeNull().Text.ShouldBe("Begun here.");
        (await mail.Desk.InDatabaseAsync(database => database.Set<StaffNotification>().CountAsync(row => row.Kind == StaffNotification.ReplyHeld && row.ReadAt == null))).ShouldBe(0);
        (await mail.MessagesAsync(ticket)).Where(message => message.Kind == MessageKind.Public && message.AuthorKind == ActorKind.Staff).Select(message => message.Text).ShouldBe(["It has left."]);

        // The whole story made no mail too many: two notices that she was held, and no answer but the last.
        await mail.UntilHeardAsync();
        mail.Pass(_clock, TimeSpan.FromMinutes(10));
        (await mail.UntilOutgoingAsync(mails => mails.TrueForAll(row => row.State == OutgoingState.Sent))).Count(row => row.Kind == OutgoingKind.Answer).ShouldBe(1);
    }

    [Fact]
    public async Task A_held_answer_that_its_author_went_on_writing_stays_theirs()
    {
        await using var mail = await StartAsync();
        var (ticket, notice) = await AssignedAsync(mail);
        await HeldAsync(mail, ticket, notice, "It leaves today.");
        using var irina = await SignedInAsync(mail);
        await KeepAsync(irina, ticket, "It leaves to-morrow, rather.", (await DraftAsync(mail, ticket))!.Revision);
        var told = (await mail.Sink.ArrivedAsync(3))[^1];
        (await mail.ReceiveAsync(Answer(told, "It has left."))).Outcome.ShouldBe(MailOutcome.StaffReply);
        (await DraftAsync(mail, ticket))!.Text.ShouldBe("It leaves to-morrow, rather.");
    }

    private Task<MailDesk> StartAsync() => start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    /// <summary>Anna writes again, and the answer to the notice before is held.</summary>
    private static async Task HeldAsync(MailDesk mail, long ticket, SunkMail notice, string answer)
    {
        await mail.ReceiveAsync(MailDesk.Letter("Re", "Any news?", fields: $"In-Reply-To: <{mail.Sink.Mails[0].Message.MessageId}>\n"));
        (await mail.ReceiveAsync(Answer(notice, answer))).ShouldSatisfyAllConditions(raw => raw.Outcome.ShouldBe(MailOutcome.StaffHeld, raw.Reason), raw => raw.TicketId.ShouldBe(ticket));
    }

    private static async Task SendAsync(DeskClient client, long ticket, string text, long known)
    {
        var page = $"/agent/tickets/{ticket}";
        var answer = await client.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", text), new("submission", Guid.NewGuid().ToString("N")), new("anyway", "true"), new("draft", known.ToString())], page);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    private static async Task<HttpResponseMessage> KeepAsync(DeskClient client, long ticket, string text, long known, bool isLast = false)
    {
        using var draft = new FormUrlEncodedContent([
            new("kind", "reply"), new("text", text), new("revision", known.ToString()), new("last", isLast ? "true" : "false"), new("__RequestVerificationToken", await client.TokenAsync($"/agent/tickets/{ticket}"))]);
        return await client.Http.PutAsync(new Uri($"/agent/tickets/{ticket}/draft", UriKind.Relative), draft, TestContext.Current.CancellationToken);
    }

    private static async Task<long> KeptAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return long.Parse(answer.Headers.GetValues("Draft-Revision").Single());
    }

    private static async Task<DeskClient> SignedInAsync(MailDesk mail)
    {
        var irina = mail.Desk.NewClient();
        await irina.SignInAsync(Irina, DeskServer.Password);
        return irina;
    }

    private static async Task<Draft?> DraftAsync(MailDesk mail, long ticket)
    {
        var irina = await mail.Desk.StaffAsync(Irina);
        return await mail.Desk.InDatabaseAsync(database => database.Set<Draft>().AsNoTracking().FirstOrDefaultAsync(row => row.StaffId == irina.Id && row.TicketId == ticket && row.Kind == MessageKind.Public));
    }

    private static string Answer(SunkMail notice, string text) => MailDesk.Letter($"Re: {notice.Message.Subject}", text, $"Irina <{Irina}>", $"{Pass}In-Reply-To: <{notice.Message.MessageId}>\n");

    private async Task<(long Ticket, SunkMail Notice)> AssignedAsync(MailDesk mail)
    {
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Order late", "Where is it?"));
        await mail.Sink.ArrivedAsync(1);
        var (ticket, irina) = (first.TicketId!.Value, await mail.Desk.StaffAsync(Irina));
        await mail.Owner.SubmitAsync("/agent/tickets/changes", $"/agent/tickets/{ticket}", ("numbers", $"{ticket}"), ("assignee", irina.Id.ToString()));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await mail.Desk.InDatabaseAsync(database => database.Set<StaffNotification>().AnyAsync(row => row.TicketId == ticket)))
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("nobody was notified");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        mail.Pass(_clock, TimeSpan.FromMinutes(2));
        return (ticket, (await mail.Sink.ArrivedAsync(2))[1]);
    }
}

public sealed class HeldDraftOnSqliteTests() : HeldDraftTests(replace => MailDesk.StartAsync(null, replace));

public sealed class HeldDraftOnPostgresTests(PostgresServer server)
    : HeldDraftTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(HeldDraftOnPostgresTests), TestContext.Current.CancellationToken), replace));
