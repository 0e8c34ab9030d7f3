using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Desk;

/// <summary>The workspace shows what the assistant has, and who takes it over.</summary>
public abstract partial class WithAssistantTests(Func<Task<DeskServer>> start)
{
    private const string Chip = "id=\"with-assistant\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_assistant_has_lies_in_a_pile_of_its_own_until_somebody_takes_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldNotContain("view=assistant", customMessage: "nobody needs a view that is always empty");
        var ticket = await desk.AskAssistantAsync("When will my parcel come?");

        foreach (var view in new[] { "open", "waiting", "unassigned" })
            (await owner.GetTextAsync($"/agent/tickets?view={view}")).ShouldNotContain($"id=\"row-{ticket.Id}\"", customMessage: view);
        var list = await owner.GetTextAsync("/agent/tickets?view=assistant");
        list.ShouldContain($"id=\"row-{ticket.Id}\"");
        list.ShouldContain("row-assistant");
        CountIn(list).ShouldBe("1");
        var page = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        page.ShouldContain(Chip);
        page.ShouldContain("Your reply takes over");
        page.ShouldContain("data-command=\"Take over\"");

        var answer = await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("ticket", $"{ticket.Id}"), ("assignee", "1"));
        var streams = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation));
        streams.ShouldNotContain(Chip);
        streams.ShouldNotContain("Your reply takes over");
        streams.ShouldContain("took the conversation from the assistant");
        var taken = await desk.TicketAsync(ticket.Id);
        (taken.IsWithAssistant, taken.AssigneeId, taken.Stage).ShouldBe((false, 1, TicketStage.Active));
        var rows = await owner.GetTextAsync("/agent/tickets/rows?view=mine");
        rows.ShouldContain($"id=\"row-{ticket.Id}\"");
        CountIn(rows).ShouldBeNull("the view is empty and goes from the rail");
    }

    [Fact]
    public async Task A_reply_takes_over_and_a_note_does_not()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAssistantAsync("When will my parcel come?");

        (await owner.SayAsync(ticket.Id, "Let it go on.", ("kind", "note"))).ShouldContain(Chip);
        (await desk.TicketAsync(ticket.Id)).Stage.ShouldBe(TicketStage.Assistant);
        (await owner.SayAsync(ticket.Id, "On Tuesday.", ("kind", "reply"))).ShouldNotContain(Chip);
        (await desk.TicketAsync(ticket.Id)).IsWithAssistant.ShouldBeFalse();
        (await desk.AsAssistantAsync(async assistant => (await assistant.RunAsync(
            new ReplyAsAssistant.Request(ticket.Id, long.MaxValue, "Nora", "Or on Wednesday.", "late", "chat", null, new ReplyAsAssistant.Consequence.Stay()), Cancellation)).Succeeded)).ShouldBeFalse("it is silent from then on");
    }

    [Fact]
    public async Task Whoever_has_it_already_takes_it_from_the_assistant_by_taking_it_again()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("When will my parcel come?");
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("assignee", "1"));
        await desk.InDatabaseAsync(async rows =>
        {
            (await rows.Set<Ticket>().FirstAsync(row => row.Id == ticket.Id, Cancellation)).GiveToAssistant(TimeProvider.System.GetUtcNow().UtcDateTime);
            return await rows.SaveChangesAsync(Cancellation);
        });

        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("assignee", "1"));
        (await desk.TicketAsync(ticket.Id)).IsWithAssistant.ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_found_by_search_and_by_saved_views()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var with = await desk.AskAssistantAsync("When will my parcel come?");
        var without = await desk.AskAsync("Where is my parcel?");

        Found(await owner.GetTextAsync("/agent/search?query=with%3Aassistant")).ShouldBe([with.Id]);
        Found(await owner.GetTextAsync("/agent/search?query=parcel%20-with%3Aassistant")).ShouldBe([without.Id]);
        Found(await owner.GetTextAsync("/agent/search?query=parcel")).Order().ShouldBe([with.Id, without.Id]);
        var (yes, no) = (new ConditionTest("with-assistant", "is-true", []), new ConditionTest("with-assistant", "is-false", []));
        var open = new ConditionTest("status", "one-of", [new TextValue("new"), new TextValue("open")]);
        Found(await ViewAsync([yes])).ShouldBe([with.Id]);
        Found(await ViewAsync([open, yes])).ShouldBe([with.Id], "new and open tickets of the assistant lie in another pile");
        Found(await ViewAsync([open, no])).ShouldBe([without.Id]);
        Found(await ViewAsync([open, new ConditionGroup(ConditionJoin.Any, [yes, no])])).Order().ShouldBe([with.Id, without.Id]);

        async Task<string> ViewAsync(IReadOnlyList<ConditionNode> members)
        {
            var outcome = await desk.UseAsync<SaveView, SiteDesk.Platform.Outcome<TicketView>>(save => save.RunAsync(new SaveView.Request(null, Guid.NewGuid().ToString("N"), new(new(ConditionJoin.All, members)), IsShared: true), desk.OwnerOf(), Cancellation));
            return await owner.GetTextAsync($"/agent/tickets?view={outcome.Value.Id}");
        }
    }

    [Fact]
    public async Task The_view_stands_in_the_rail_of_those_who_see_a_site_with_the_assistant()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.ChangeAssistantAsync(settings => settings with { AnswersInWidget = true });
        using var outsider = await desk.NewStaffAsync("outside@example.com", Role.Agent, member => member.ConfinedToSites = true);

        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("view=assistant");
        (await outsider.GetTextAsync("/agent/tickets?view=open")).ShouldNotContain("view=assistant");
        (await owner.GetTextAsync("/agent/tickets?view=assistant")).ShouldContain("The assistant has nothing in hand");
    }

    [Fact]
    public async Task Its_messages_show_their_source_what_they_offered_and_what_was_pressed()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAssistantAsync("About my parcel");
        await desk.AnswerAsAssistantAsync(ticket.Id, "Which do you mean?", TurnKind.Ask, new MessageOffer { Choices = [new("intent:parcel-tracking", "Where is it?"), new("intent:delivery-cost", "What does it cost?")] });
        var offered = await desk.MessageAsync("Which do you mean?");
        await desk.PressAsync(ticket.Id, "Where is it?", new MessageChoice(offered, "intent:parcel-tracking"));
        var turn = await desk.AnswerAsAssistantAsync(ticket.Id, "You can **follow** it.", offer: new MessageOffer { Sources = [new("Follow a <parcel>", "/help/key/en/articles/follow")] }, helped: false);

        var page = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        page.ShouldContain("message by-assistant");
        page.ShouldContain("href=\"/help/key/en/articles/follow\"");
        page.ShouldContain("Follow a &lt;parcel&gt;");
        WebUtility.HtmlDecode(page).ShouldMatch("(?s)offer-choice offer-taken\".{0,400}Where is it\\?");
        page.ShouldContain("chosen with a button");
        page.ShouldContain($"href=\"/agent/assistant/turns/{turn}/correction\"");
        page.ShouldContain("Did not help, says the customer");
        using var reader = await desk.NewStaffAsync("reads@example.com", Role.ReadOnly);
        (await reader.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldNotContain("/correction");
    }

    /// <summary>The count of the assistant's view in the rail; null where the view is not shown or empty.</summary>
    private static string? CountIn(string page) => CountPattern().Match(page) is { Success: true } match ? match.Groups["count"].Value : null;

    private static List<long> Found(string page) => [.. RowPattern().Matches(page).Select(match => long.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture))];

    [GeneratedRegex("""view=assistant"(?:(?!</a>)[\s\S])*class="count">(?<count>[0-9+]+)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CountPattern();

    [GeneratedRegex("""id="row-(?<id>[0-9]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowPattern();
}

public sealed class WithAssistantOnSqliteTests() : WithAssistantTests(() => DeskServer.StartAsync());

public sealed class WithAssistantOnPostgresTests(PostgresServer server)
    : WithAssistantTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(WithAssistantOnPostgresTests), TestContext.Current.CancellationToken)));
