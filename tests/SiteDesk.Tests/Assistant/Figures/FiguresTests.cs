using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Figures;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Assistant.Figures;

public abstract class FiguresTests(Func<Task<DeskServer>> start)
{
    private const string Settings = "/agent/assistant/settings";

    [Fact]
    public async Task The_owner_switches_it_on_and_reads_what_it_did()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        (await owner.GetTextAsync("/agent/assistant")).ShouldContain("The assistant is off");
        var refused = await owner.RefusedAsync(Settings, Settings, ("Names", new string('x', 41)), ("Precision", "79"), ("AssumedAfterHours", "0"), ("MinutesSaved", "241"), ("HourlyCost", "much"), ("Currency", "Euro"));
        foreach (var field in new[] { "Names-0", "Precision", "AssumedAfterHours", "MinutesSaved", "Currency" })
            refused.ShouldContain($"href=\"#{field}\"");
        await owner.SubmitAsync(Settings, Settings, ("AnswersInWidget", "true"), ("AnswersMail", "true"), ("Names", "Nora"), ("Names", "Нора"), ("Names", ""), ("Precision", "94"), ("AssumedAfterHours", "12"), ("MinutesSaved", "30"), ("HourlyCost", "24.50"), ("Currency", "eur"));
        var site = await desk.InDatabaseAsync(rows => rows.Set<Site>().AsNoTracking().SingleAsync());
        (site.Assistant.AnswersInWidget, site.Assistant.AnswersForms, site.Assistant.AnswersMail, site.Assistant.SuggestsToAgents).ShouldBe((true, false, true, false));
        (site.Assistant.Name["ru"], site.Assistant.Precision, site.Assistant.HourlyCost, site.Assistant.Currency).ShouldBe(("Нора", 0.94, 2450L, "EUR"));
        (await desk.AuditAsync()).ShouldContain("site.assistant-changed");
        (await owner.GetTextAsync(Settings)).ShouldContain("before anybody has read them");
        (await owner.GetTextAsync($"{Settings}/expectation?site=1")).ShouldContain("of 10 questions, right in");

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await story.AskAsync("how do I return it", TurnKind.Answer, "return", false, true, end: talk => talk.Solve(TalkResolution.Confirmed, now), milliseconds: 100);
        await story.AskAsync("can I send it back", TurnKind.Answer, "return", false, end: talk => talk.Solve(TalkResolution.Assumed, now), milliseconds: 300, channel: "form");
        await story.AskAsync("what does it cost", TurnKind.Answer, "price", true, false, end: talk => talk.HandOver(HandOverCause.Failed, now), milliseconds: 200);
        await story.AskAsync("give me a human", TurnKind.HandOver, "person", false, end: talk => talk.HandOver(HandOverCause.Person, now));
        // Solved by silence once, and then a person's all the same: it saved nobody's time.
        await story.AskAsync("я хочу вернуть", TurnKind.Rephrase, language: "ru", end: talk => { talk.Solve(TalkResolution.Assumed, now); talk.TakeOver(now); }, milliseconds: 900);
        await story.AskAsync("how did I return it then", TurnKind.Answer, "return", false, end: talk => talk.Solve(TalkResolution.Confirmed, now), ago: TimeSpan.FromDays(40));
        await desk.AskAsync("by form, without it");

        var figures = await ReadAsync(desk, desk.OwnerOf(), Filter());
        (figures.Involved, figures.Confirmed, figures.Assumed, figures.HandedOver, figures.TakenOver).ShouldBe((5, 1, 1, 2, 1));
        figures.Conversations.ShouldBe(7);
        (figures.Answers, figures.Helped, figures.NotHelped, figures.MedianMilliseconds).ShouldBe((3, 1, 1, 200));
        figures.Causes.Order().ShouldBe([("failed", 1), ("person", 1)]);
        (figures.MinutesSaved, figures.Money.Single()).ShouldBe((60L, ("EUR", 2450L)));
        (await ReadAsync(desk, desk.OwnerOf(), Filter().Before)).Confirmed.ShouldBe(1);
        (await ReadAsync(desk, desk.OwnerOf(), Filter() with { Channel = "form" })).ShouldSatisfyAllConditions(found => found.Involved.ShouldBe(1), found => found.Assumed.ShouldBe(1), found => found.Conversations.ShouldBe(2));
        (await ReadAsync(desk, desk.OwnerOf(), Filter() with { Language = "ru" })).Involved.ShouldBe(1);

        var page = WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/assistant"));
        page.ShouldContain("24.50\u00A0EUR");
        page.ShouldContain("Prices and sales");
        page.ShouldContain("Not understood or not helped");
        (await owner.GetTextAsync("/agent/assistant/conversations?kind=handed-over&cause=person")).ShouldContain("give me a human");
        (await owner.GetTextAsync("/agent/assistant/conversations?kind=handed-over&cause=person")).ShouldNotContain("what does it cost");
        var csv = await owner.GetTextAsync("/agent/assistant/figures.csv");
        csv.ShouldContain("\"Solved, confirmed\",1,1\r\n");
        csv.ShouldContain("Handed over: A person was asked for,1,0\r\n");

        // Confined staff read of theirs alone.
        using var elsewhere = await desk.NewStaffAsync("elsewhere@example.com", Role.Lead, member => member.ConfinedToSites = true);
        using var teams = await desk.NewStaffAsync("teams@example.com", Role.Lead, member => { member.ConfinedToTeams = true; });
        (await elsewhere.GetTextAsync("/agent/assistant/figures.csv?site=1")).ShouldContain("\"Solved, confirmed\",0,0\r\n");
        (await teams.GetTextAsync("/agent/assistant/figures.csv")).ShouldContain("\"Solved, confirmed\",0,0\r\n");
        (await teams.GetTextAsync("/agent/assistant/conversations?kind=involved")).ShouldNotContain("give me a human");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync("/agent/assistant")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await teams.GetAsync(Settings)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static FiguresFilter Filter() => FiguresFilter.Read(null, null, null, null, null, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

    private static async Task<AssistantFigures> ReadAsync(DeskServer desk, Staff staff, FiguresFilter filter)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FiguresReader>().ReadAsync(staff, filter, TestContext.Current.CancellationToken);
    }
}

public sealed class FiguresOnSqliteTests() : FiguresTests(() => DeskServer.StartAsync());

public sealed class FiguresOnPostgresTests(PostgresServer server)
    : FiguresTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(FiguresOnPostgresTests), TestContext.Current.CancellationToken)));
