using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Desk;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Desk;

/// <summary>What is suggested beside a ticket, and what becomes of it.</summary>
public abstract class SuggestionTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string AddressOf(Ticket ticket, string more = "") => $"/agent/assistant/tickets/{ticket.Id}/suggestions{more}";

    [Fact]
    public async Task Solved_tickets_that_are_alike_suggest_tag_team_priority_and_a_colleagues_answer()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await SolvedAsync(desk, owner, 4);
        var ticket = await desk.AskAsync("Hello, my refund for the returned jacket did not arrive on the card");

        var shown = await ShownAsync(owner, ticket);
        shown.ShouldContain("Take the suggestion: refund\"");
        shown.ShouldContain("Take the suggestion: Payments\"");
        shown.ShouldContain("Take the suggestion: High\"");
        shown.ShouldContain("as in 4 solved tickets like this");
        shown.ShouldContain("The bank takes five working days");
        shown.ShouldNotContain("Dear Anna", customMessage: "a colleague's answer comes without its customer's name");
        shown.ShouldNotContain("4711 0815", customMessage: "and without numbers");
        shown.ShouldContain("data-key=\"alt+1\"");
        shown.ShouldContain("data-key=\"alt+shift+1\"");

        var stranger = await desk.AskAsync("Do you have the lamp in green?");
        var others = await ShownAsync(owner, stranger);
        others.ShouldNotContain("value=\"Tag\"");
        others.ShouldNotContain("value=\"Reply\"");
        others.ShouldContain("Take the suggestion: English\"", customMessage: "nobody has said yet in which language it is conducted");
    }

    [Fact]
    public async Task Taking_changes_the_ticket_with_undo_and_dismissing_is_remembered_for_everybody()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await SolvedAsync(desk, owner, 3);
        var ticket = await desk.AskAsync("The refund for the returned jacket did not arrive on the card");

        var taken = await DecideAsync(owner, ticket, "taking", "Tag", "refund");
        taken.ShouldNotContain("Take the suggestion: refund\"");
        taken.ShouldContain("/agent/undo/");
        (await desk.InDatabaseAsync(rows => rows.Set<TicketTag>().AnyAsync(tag => tag.TicketId == ticket.Id && tag.Name == "refund", Cancellation))).ShouldBeTrue();

        await DecideAsync(owner, ticket, "taking", "Language", "en");
        (await desk.TicketAsync(ticket.Id)).Language.ShouldBe("en");
        WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("set the language to English");

        var dismissed = await DecideAsync(owner, ticket, "dismissal", "Priority", "High");
        dismissed.ShouldNotContain("Take the suggestion: High\"");
        using var colleague = await desk.NewStaffAsync("nina@example.com", Role.Agent);
        (await ShownAsync(colleague, ticket)).ShouldNotContain("Take the suggestion: High\"");
        (await desk.TicketAsync(ticket.Id)).Priority.ShouldBe(TicketPriority.Normal);
        (await desk.InDatabaseAsync(rows => rows.Set<SuggestionDecision>().OrderBy(row => row.Id).Select(row => $"{row.Kind} {row.Value} {row.WasTaken} {row.StaffId} {row.SiteId}").ToListAsync(Cancellation)))
            .ShouldBe(["Tag refund True 1 1", "Language en True 1 1", "Priority High False 1 1"]);

        var undo = System.Text.RegularExpressions.Regex.Match(dismissed, "action=\"(?<undo>/agent/assistant/tickets/[0-9]+/suggestions/recall/[0-9]+)\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["undo"].Value;
        var recalled = await owner.SubmitAsStreamAsync(HttpMethod.Post, undo);
        (await recalled.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Take the suggestion: High\"");
    }

    [Fact]
    public async Task What_was_forged_or_is_no_more_changes_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");

        foreach (var (kind, value) in new[] { ("Team", "77"), ("Priority", "Highest"), ("Language", "tlh"), ("Tag", ""), ("Tag", new string('x', 81)) })
            (await owner.SubmitAsStreamAsync(HttpMethod.Post, AddressOf(ticket, "/taking"), ("kind", kind), ("value", value))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{kind} {value}");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, AddressOf(ticket, "/taking"), ("kind", "Mood"), ("value", "x"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, AddressOf(ticket, "/recall/99"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await desk.InDatabaseAsync(rows => rows.Set<SuggestionDecision>().CountAsync(Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_learns_from_tickets_he_may_not_see_and_who_may_not_is_not_suggested_to()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await SolvedAsync(desk, owner, 4);
        var ticket = await desk.AskAsync("The refund for the returned jacket did not arrive on the card");
        using var elsewhere = await desk.NewStaffAsync("elsewhere@example.com", Role.Agent, member => member.ConfinedToSites = true);
        using var ofTeam = await desk.NewStaffAsync("team@example.com", Role.Agent, member => member.ConfinedToTeams = true);
        using var engineer = await desk.NewStaffAsync("engineer@example.com", Role.Engineer);
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("assignee", $"{(await desk.StaffAsync("team@example.com")).Id}"));

        (await ShownAsync(elsewhere, ticket)).ShouldNotContain("data-key");
        (await elsewhere.SubmitAsStreamAsync(HttpMethod.Post, AddressOf(ticket, "/taking"), ("kind", "Tag"), ("value", "x"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var own = await ShownAsync(ofTeam, ticket);
        own.ShouldContain("id=\"suggestions\"");
        own.ShouldNotContain("value=\"Tag\"", customMessage: "the solved ones belong to others");
        own.ShouldNotContain("value=\"Reply\"");
        (await engineer.GetAsync(AddressOf(ticket))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await engineer.GetTextAsync($"/agent/assistant/tickets/{ticket.Id}/panel")).ShouldNotContain("assistant-suggestions");

        await desk.ChangeAssistantAsync(settings => settings with { SuggestsToAgents = false });
        (await ShownAsync(owner, ticket)).ShouldNotContain("data-key", customMessage: "the owner does without");
    }

    [Fact]
    public async Task Articles_and_their_passages_come_as_soon_as_the_assistant_has_learnt()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        await desk.PublishAsync(section, "en", "Return an item", "<p>Lamps are made in Denmark.</p><p>You can return an item within 30 days: print the label and bring the parcel to the post office.</p>", ["how do I return something", "send an item back"], summary: "Within 30 days, free of charge.");
        await desk.PublishAsync(section, "en", "Washing a down jacket", "<p>At 30 degrees, without softener.</p>");
        await desk.SettleAsync();
        var ticket = await desk.AskAsync("How do I return an item that does not fit?");

        var first = await ShownAsync(owner, ticket);
        if (first.Contains("still learning", StringComparison.Ordinal))
            first.ShouldContain("data-suggestions-again=\"3000\"");
        await desk.Services.GetRequiredService<LiveKnowledge>().FreshAsync(1, Cancellation);
        var shown = await ShownAsync(owner, ticket);
        shown.ShouldNotContain("still learning");
        shown.ShouldContain($"data-insert=\"[Return an item]({desk.Address}help/");
        shown.ShouldContain("data-insert=\"Within 30 days, free of charge.\n[Return an item](");
        shown.ShouldNotContain("Washing");
        (await DecideAsync(owner, ticket, "taking", "Article", "1")).ShouldNotContain("data-insert=\"[Return an item]");

        var russian = await desk.AskAsync("Вы украли мои деньги, я подаю на вас в суд и обращусь в полицию!");
        var urgent = await ShownAsync(owner, russian);
        urgent.ShouldContain("data-key=\"alt+1\"");
        urgent.ShouldMatch("Take the suggestion: (High|Urgent)\"");
    }

    [Theory]
    [InlineData("Lamps are made in Denmark.\nReturns are free within 30 days.\nPrint the label.", "are returns free?", "Returns are free within 30 days.\nPrint the label.")]
    [InlineData("我们在丹麦生产。\n三十天内可以免费退货。", "怎么退货？", "三十天内可以免费退货。")]
    [InlineData("", "anything", "")]
    public void The_passage_is_the_one_that_speaks_of_the_question(string article, string question, string passage) =>
        ReplyProposal.BestPassage(article, question).ShouldBe(passage);

    private static async Task<string> ShownAsync(DeskClient client, Ticket ticket) => WebUtility.HtmlDecode(await client.GetTextAsync(AddressOf(ticket)));

    private static async Task<string> DecideAsync(DeskClient client, Ticket ticket, string how, string kind, string value)
    {
        var answer = await client.SubmitAsStreamAsync(HttpMethod.Post, AddressOf(ticket, $"/{how}"), ("kind", kind), ("value", value));
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Refunds that the payments team solved, urgent ones, answered to Anna; and something else.</summary>
    private static async Task SolvedAsync(DeskServer desk, DeskClient owner, int count)
    {
        await desk.InDatabaseAsync(async rows =>
        {
            rows.Add(new Team { Name = "Payments", CreatedAt = TimeProvider.System.Now() });
            return await rows.SaveChangesAsync(Cancellation);
        });
        for (var number = 0; number < count; number++)
        {
            var ticket = await desk.AskAsync($"My refund for a returned jacket did not arrive on my card, number {number}");
            await owner.SayAsync(ticket.Id, "Dear Anna, the refund of order 4711 0815 is on its way. The bank takes five working days.");
            await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("addTag", "refund"), ("team", "1"), ("priority", "High"), ("status", "Solved"));
        }

        var other = await desk.AskAsync("Can I have an invoice with my VAT number?");
        await owner.SayAsync(other.Id, "Here it is.", ("then", "Solved"));
    }
}

public sealed class SuggestionsOnSqliteTests() : SuggestionTests(() => DeskServer.StartAsync());

public sealed class SuggestionsOnPostgresTests(PostgresServer server)
    : SuggestionTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(SuggestionsOnPostgresTests), TestContext.Current.CancellationToken)));
