using System.Net;
using SiteDesk.Assistant.Talk;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Desk;

/// <summary>Whoever takes over reads beside the ticket what the assistant did in it.</summary>
public abstract class SummaryTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_was_asked_answered_offered_tried_and_given_and_why_a_person_has_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var article = await desk.PublishAsync(await desk.AddSectionAsync("Delivery"), "en", "Follow a parcel", "Open the link.");
        await desk.SettleAsync();
        var ticket = await HandedOverAsync(desk, article.Id);

        var page = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        page.ShouldContain($"src=\"/agent/assistant/tickets/{ticket.Id}/panel\"");
        var panel = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/panel"));
        panel.ShouldContain("turbo-frame id=\"panel-assistant\"");
        foreach (var told in new[]
        {
            "Handed over: the customer is angry.", "answer the feeling first", "Where is my parcel?", "Follow a parcel", "/articles/follow-a-parcel", "Did not help, says the customer",
            "asked which of these was meant", "Where is it? · What does it cost?", "10293", "anna@example.com", "No order 10293 was found", "said to have answered the question", "English, Русский",
        })
            panel.ShouldContain(told);
        panel.ShouldContain("data-copy-text=\"What the assistant did #");

        var refreshed = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/summary"));
        refreshed.ShouldContain("target=\"assistant-summary\"");
        refreshed.ShouldContain("Handed over: the customer is angry.");
    }

    [Fact]
    public async Task It_is_told_in_the_readers_language()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await HandedOverAsync(desk, null);
        using var agent = await desk.NewStaffAsync("nina@example.com", Role.Agent, member => member.Language = "ru");

        var panel = WebUtility.HtmlDecode(await agent.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/panel"));
        panel.ShouldContain("Передано: клиент рассержен.");
        panel.ShouldContain("Where is my parcel?", customMessage: "quotations stay in the customer's words");
    }

    [Fact]
    public async Task Masked_staff_read_masked_contacts_also_in_what_they_copy()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await HandedOverAsync(desk, null);
        using var masked = await desk.NewStaffAsync("masked@example.com", Role.Agent, member => member.MasksContacts = true);

        var panel = WebUtility.HtmlDecode(await masked.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/panel"));
        panel.ShouldNotContain("anna@example.com");
        panel.ShouldContain("a•••@e•••.com");
        panel.ShouldContain("10293");
    }

    [Fact]
    public async Task Who_does_not_see_the_ticket_sees_no_summary_and_a_ticket_without_the_assistant_has_none()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.ChangeAssistantAsync(settings => settings with { SuggestsToAgents = false });
        var ticket = await HandedOverAsync(desk, null);
        using var outsider = await desk.NewStaffAsync("outside@example.com", Role.Agent, member => member.ConfinedToSites = true);

        (await outsider.GetAsync($"/agent/assistant/tickets/{ticket.Id}/panel")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await outsider.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/summary")).ShouldNotContain("parcel");
        var plain = await desk.AskAsync("Hello");
        (await owner.GetTextAsync($"/agent/assistant/tickets/{plain.Id}/panel")).ShouldContain("panel-nothing");
    }

    /// <summary>A conversation of two questions that ended with a person.</summary>
    private static async Task<Ticket> HandedOverAsync(DeskServer desk, long? articleId)
    {
        var ticket = await desk.AskAssistantAsync("Where is my parcel?", "anna@example.com");
        var offer = articleId is null ? null : new MessageOffer { Sources = [new("Follow a parcel", $"/help/{(await desk.SiteAsync()).Key}/en/articles/follow-a-parcel")] };
        await desk.AnswerAsAssistantAsync(ticket.Id, "Follow it by the link.", offer: offer, candidate: "parcel-tracking", helped: false);
        await desk.PressAsync(ticket.Id, "НЕТ, НЕ ПОМОГЛО!!!", new MessageChoice(0, MessageChoice.Person));
        await desk.AnswerAsAssistantAsync(
            ticket.Id, "Which do you mean?", TurnKind.Ask, new MessageOffer { Choices = [new("a", "Where is it?"), new("b", "What does it cost?")] }, language: "ru", then: new ReplyAsAssistant.Consequence.HandOver(TicketPriority.High, null, []));
        await desk.RememberAsync(ticket.Id, new TalkMemory
        {
            NotHelped = 1, Tried = ["No order 10293 was found"],
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [Slot.Order] = "10293", [Slot.Contact] = "anna@example.com" },
        }, HandOverCause.Anger);
        if (articleId is { } read)
        {
            await desk.InDatabaseAsync(async rows =>
            {
                var opened = new Deflection { SiteId = 1, ArticleId = read, Language = "en", Place = "form", Visit = SuggestArticles.VisitOf(ticket.Token), OpenedAt = TimeProvider.System.GetUtcNow().UtcDateTime };
                opened.Answer(opened.OpenedAt);
                rows.Add(opened);
                return await rows.SaveChangesAsync(Cancellation);
            });
        }

        return ticket;
    }
}

public sealed class SummaryOnSqliteTests() : SummaryTests(() => DeskServer.StartAsync());

public sealed class SummaryOnPostgresTests(PostgresServer server)
    : SummaryTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(SummaryOnPostgresTests), TestContext.Current.CancellationToken)));
