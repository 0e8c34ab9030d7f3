using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Actions;

public abstract partial class ContactActionTests(ActionDesk desk)
{
    private const string ConfirmChange = "confirm:change-contact";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_nothing_is_proven_an_address_is_kept_as_claimed_after_a_yes_and_the_log_does_not_hold_it()
    {
        using var visitor = desk.NewVisitor();
        var question = await FillAsync(visitor, "claimed-one@example.com");
        (await desk.ContactsOfAsync(visitor)).ShouldBeEmpty();

        var done = await visitor.PressAsync(question, ConfirmChange);
        await visitor.PressAsync(question, ConfirmChange);

        done.Text.ShouldContain("claimed-one@example.com");
        (await desk.ContactsOfAsync(visitor)).ShouldHaveSingleItem().ProvenAt.ShouldBeNull();
        var entries = await AuditAsync(visitor, "assistant.contact-claimed");
        entries.ShouldHaveSingleItem().Details.Values.ShouldAllBe(value => !value.Contains("claimed-one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Beside_a_proven_address_a_new_one_counts_once_the_link_that_went_to_it_was_confirmed()
    {
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("hello");
        await desk.ProveAsync(visitor, "old-and-proven@example.com");
        var question = await FillAsync(visitor, "new-one@example.net");
        await visitor.PressAsync(question, ConfirmChange);
        await visitor.PressAsync(await FillAsync(visitor, "New-One@example.net"), ConfirmChange);

        (await desk.ContactsOfAsync(visitor)).Select(contact => contact.Value).ShouldBe(["old-and-proven@example.com"], "nothing has changed yet");
        (await AuditAsync(visitor, "assistant.contact-proof-asked")).Count.ShouldBe(1);
        var sent = (await desk.Mail.UntilOutgoingAsync(mails => mails.Exists(mail => mail.TicketId == visitor.Ticket && mail is { Kind: OutgoingKind.Proof, State: OutgoingState.Sent }))).FindAll(mail => mail.TicketId == visitor.Ticket && mail.Kind == OutgoingKind.Proof);
        sent.ShouldHaveSingleItem().Recipients.ShouldHaveSingleItem().Address.ShouldBe("new-one@example.net");
        var letter = desk.Mail.Sink.Mails.Single(mail => mail.Recipients.Contains("new-one@example.net"));
        var text = letter.Message.Body.Text;
        text.ShouldNotContain("/t/", Case.Sensitive, "its receiver may be a stranger");

        var path = new Uri(LinkPattern().Match(text).Value).AbsolutePath;
        using var reader = desk.Mail.Desk.NewClient();
        (await reader.GetTextAsync(path)).ShouldContain("new-one@example.net");
        (await reader.PostFormAsync(path, [], path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.ContactsOfAsync(visitor)).Single(contact => contact.Value == "new-one@example.net").ProvenAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_number_beside_a_proven_address_and_a_fourth_address_are_for_a_person()
    {
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("hello");
        await desk.ProveAsync(visitor, "has-proven@example.com");
        await visitor.PressAsync(await FillAsync(visitor, "+44 20 7946 0018"), ConfirmChange);
        await ShouldBeHandedOverAsync(visitor);
        (await desk.ContactsOfAsync(visitor)).Count.ShouldBe(1);

        using var asking = desk.NewVisitor();
        await asking.SayAsync("hello");
        await desk.ProveAsync(asking, "asks-often@example.com");
        for (var count = 0; count <= QueueProof.MostAddresses; count++)
            await asking.PressAsync(await FillAsync(asking, $"victim-{count}@example.org"), ConfirmChange);
        await ShouldBeHandedOverAsync(asking);
        (await desk.RowsAsync(rows => rows.Set<OutgoingMail>().CountAsync(mail => mail.TicketId == asking.Ticket && mail.Kind == OutgoingKind.Proof, Cancellation))).ShouldBe(QueueProof.MostAddresses);
    }

    [Fact]
    public async Task A_problem_is_reported_after_a_yes_tagged_and_handed_over_with_what_was_told()
    {
        using var visitor = desk.NewVisitor();
        var form = await visitor.AskForAsync("site-problem", "the website doesn't load");
        form.Offer!.Form!.Key.ShouldBe("action:report-problem");
        var question = await visitor.FillAsync(form, (ReportProblem.Happened, "The page stays <b>blank</b>"), (ReportProblem.Page, "https://shop.example.com/lamps"), (Slot.Contact, "reporter@example.com"));
        (await TicketAsync(visitor)).Tags.ShouldBeEmpty();
        (await TicketAsync(visitor)).IsWithAssistant.ShouldBeTrue();

        await visitor.PressAsync(question, "confirm:report-problem");

        (await TicketAsync(visitor)).Tags.ShouldHaveSingleItem().Name.ShouldBe(ReportProblem.Tag);
        await ShouldBeHandedOverAsync(visitor);
        var tried = (await desk.RowsAsync(rows => rows.Set<AssistantTalk>().AsNoTracking().FirstAsync(talk => talk.TicketId == visitor.Ticket, Cancellation))).Memory.Tried;
        tried.ShouldHaveSingleItem().ShouldContain("The page stays <b>blank</b>");
        tried[0].ShouldContain("https://shop.example.com/lamps");
        (await desk.ContactsOfAsync(visitor)).ShouldHaveSingleItem().ProvenAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_call_back_is_still_tagged_as_one()
    {
        using var visitor = desk.NewVisitor();
        var form = await visitor.AskForAsync("call-back", "request a callback");
        await visitor.PressAsync(await visitor.FillAsync(form, (Slot.Phone, "+44 20 7946 0018"), (Slot.Time, "after *six*")), "confirm:call-back");

        (await TicketAsync(visitor)).Tags.ShouldHaveSingleItem().Name.ShouldBe(CallBack.Tag);
        await ShouldBeHandedOverAsync(visitor);
    }

    [Fact]
    public async Task What_only_a_proven_customer_may_have_done_is_not_begun_filled_in_or_confirmed_by_anybody_else()
    {
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("hello", new { email = "only-claimed@example.com" });
        var action = new OnlyProven();
        var acting = new Acting([action]);
        var refusal = desk.Mail.Desk.Services.GetRequiredService<TextCatalog>().Get("en", "action.not-proven");

        (await acting.BeginAsync(await TurnAsync(visitor), action, Cancellation)).Text.ShouldBe(refusal);
        (await acting.TakeAsync(await TurnAsync(visitor), action, new Dictionary<string, string>(StringComparer.Ordinal), Cancellation)).Text.ShouldBe(refusal);
        var confirming = await TurnAsync(visitor);
        confirming.Memory = confirming.Memory with { Form = "action:only-proven" };
        (await acting.ConfirmedAsync(confirming, "only-proven", Cancellation)).ShouldNotBeNull().Text.ShouldBe(refusal);
        action.Runs.ShouldBe(0);

        await desk.ProveAsync(visitor, "only-claimed@example.com");
        await acting.BeginAsync(await TurnAsync(visitor), action, Cancellation);
        action.Runs.ShouldBe(1);
    }

    private static async Task<Message> FillAsync(ChatVisitor visitor, string contact)
    {
        var form = await visitor.AskForAsync("change-contact", "I have a new email address");
        return await visitor.FillAsync(form, (Slot.Contact, contact));
    }

    private async Task ShouldBeHandedOverAsync(ChatVisitor visitor) => (await TicketAsync(visitor)).IsWithAssistant.ShouldBeFalse();

    private Task<Ticket> TicketAsync(ChatVisitor visitor) =>
        desk.RowsAsync(rows => rows.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Tags).Include(ticket => ticket.Customer!.Contacts).AsSingleQuery().FirstAsync(ticket => ticket.Id == visitor.Ticket, Cancellation));

    private async Task<List<AuditEntry>> AuditAsync(ChatVisitor visitor, string action)
    {
        var subject = $"customer:{(await TicketAsync(visitor)).CustomerId}";
        return await desk.RowsAsync(rows => rows.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Action == action && entry.Subject == subject).ToListAsync(Cancellation));
    }

    private async Task<TalkTurn> TurnAsync(ChatVisitor visitor)
    {
        var knowledge = await desk.Mail.Desk.Services.GetRequiredService<LiveKnowledge>().ReadAsync(desk.Site.Id, Cancellation);
        var situation = new TalkSituation(
            desk.Site, await TicketAsync(visitor), "en", new TalkMemory(), [new HeardMessage(1, "Do it", null, false)], IsLive: true, IsOpen: true, NextOpening: null, HasContact: true, TimeZoneInfo.Utc, knowledge);
        return new TalkTurn(situation, new TalkWords(new Texts(desk.Mail.Desk.Services.GetRequiredService<TextCatalog>(), "en", TimeZoneInfo.Utc)), "en");
    }

    [GeneratedRegex(@"https?://\S+/confirm/\S+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();

    private sealed class OnlyProven : IAssistantAction
    {
        public int Runs { get; private set; }

        public string Key => "only-proven";

        public IReadOnlyList<ActionInput> Inputs => [];

        public ActionEffect Effect => ActionEffect.Reads;

        public ActionRight Right => ActionRight.ProvenContact;

        public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) => new(new Dictionary<string, string>(StringComparer.Ordinal));

        public Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
        {
            Runs++;
            return Task.FromResult(new ActionResult("Done", true, []));
        }
    }
}

public sealed class ContactActionsOnSqliteTests(SqliteActionDesk desk) : ContactActionTests(desk), IClassFixture<SqliteActionDesk>;

public sealed class ContactActionsOnPostgresTests(PostgresActionDesk desk) : ContactActionTests(desk), IClassFixture<PostgresActionDesk>;
