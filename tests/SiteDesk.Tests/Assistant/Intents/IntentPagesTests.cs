using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Assistant.Intents;

public abstract class IntentPagesTests(Func<Task<DeskServer>> start)
{
    private const string Home = "/agent/assistant/intents";

    [Fact]
    public async Task An_intent_is_taught_published_compared_and_taken_back()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        await story.AskAsync("how do I return my lamp", TurnKind.Answer, "return", isOpen: false, helped: true);
        var list = WebUtility.HtmlDecode(await owner.GetTextAsync(Home));
        list.ShouldContain("Return something");
        list.ShouldContain("How to return something"); // found by itself
        list.ShouldContain("intents have no answer");

        // An own intent: its name, its phrases, its article.
        var led = await owner.SubmitAsync($"{Home}?site=1", Home, ("Names", "Engraving"), ("Names", "Гравировка"), ("Names", ""));
        var page = led.Split('?')[0];
        page.ShouldBe($"{Home}/own-1");
        await owner.SubmitAsync($"{page}/phrases/en?site=1", page, ("Own", "can you engrave my name\nengraving on the lamp please\nI want letters engraved\ndo you do engravings\n can you engrave my name "));
        (await owner.RefusedAsync($"{page}/phrases/en?site=1", page, ("Own", new string('x', 301)))).ShouldContain("300 characters");
        await owner.SubmitAsync($"{page}/answer?site=1", page, ("By", "chosen"), ("Articles", $"{story.Engraving.Id}"), ("Articles", "999999"), ("Words", "We engrave up to twelve letters."), ("Asks", "own"), ("AsksFor", "note"), ("AsksFor", "nonsense"), ("Action", "none"));
        var taught = await DraftAsync(desk);
        taught.Intents["own-1"].Added["en"].Count.ShouldBe(4);
        taught.Intents["own-1"].At(1).ArticleIds.ShouldBe([story.Engraving.Id]);
        taught.Intents["own-1"].At(1).AsksFor.ShouldBe(["note"]);

        // A shipped phrase is taken out and comes back by undoing.
        var shipped = SiteDesk.Assistant.Intents.IntentCatalog.PhrasesOf("return", "en");
        await owner.SubmitAsync($"{Home}/return/phrases/en?site=1", $"{Home}/return", [.. shipped.Skip(1).Select(phrase => ("Used", phrase)), ("Own", "")]);
        var draft = WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/assistant/draft"));
        draft.ShouldContain(shipped[0]);
        await owner.SubmitAsync("/agent/assistant/draft/undo?site=1", "/agent/assistant/draft", ("Change", "TakenOut/return/en/"));
        (await DraftAsync(desk)).Intents.Keys.ShouldBe(["own-1"]);

        // Not before it is published does it count, and not without a word about it.
        (await story.KnownAsync()).Model.Number.ShouldBe(0);
        var seen = ValueOf(await owner.GetTextAsync("/agent/assistant/draft"), "Draft");
        (await owner.RefusedAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", seen), ("Note", " "))).ShouldContain("href=\"#Note\"");
        (await owner.RefusedAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", "0.0"), ("Note", "Engraving"))).ShouldContain("meanwhile");
        await owner.SubmitAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", seen), ("Note", "Engraving is answered"));
        var known = await story.KnownAsync();
        known.Model.Number.ShouldBe(1);
        known.Understand("can you engrave a name on my lamp", "en").First.ShouldBe("own-1");
        known.AnswerOf("own-1").Texts["en"].ShouldBe("We engrave up to twelve letters.");
        (await owner.GetTextAsync("/agent/assistant/draft")).ShouldContain("Everything is published");

        // A second version, the difference of the two, and back.
        await owner.SubmitAsync($"{Home}/price/state?site=1", $"{Home}/price", ("Off", "true"));
        await owner.SubmitAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", ValueOf(await owner.GetTextAsync("/agent/assistant/draft"), "Draft")), ("Note", "No prices"));
        var difference = WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/assistant/versions/2"));
        difference.ShouldContain("Prices and sales");
        difference.ShouldNotContain("Engraving");
        WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/assistant/versions/2?than=0")).ShouldContain("Engraving");
        await owner.SubmitAsync("/agent/assistant/versions/1/return", "/agent/assistant/versions/1", ("Note", "Prices were missed"));
        var after = await story.KnownAsync();
        after.Model.Number.ShouldBe(3);
        after.Model.Document.Of("price").IsOff.ShouldBeFalse();
        (await desk.InDatabaseAsync(rows => rows.Set<KnowledgeVersion>().CountAsync(version => version.IsLive))).ShouldBe(1);
        (await desk.AuditAsync()).ShouldContain("assistant.returned");

        // A removed own intent is gone from the list, and comes back whole.
        await owner.SubmitAsync($"{page}/removal?site=1", page);
        (await owner.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await owner.SubmitAsync("/agent/assistant/draft/removal", "/agent/assistant/draft");
        (await owner.GetTextAsync(page)).ShouldContain("can you engrave my name");
    }

    [Fact]
    public async Task Rights_divide_reading_teaching_and_deciding()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        using var reader = await desk.NewStaffAsync("reader@example.com", Role.ReadOnly);
        using var lead = await desk.NewStaffAsync("lead@example.com", Role.Lead);
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Lead, member => { member.ConfinedToSites = true; member.Sites.Add(new StaffSite { SiteId = 1 }); });
        using var elsewhere = await desk.NewStaffAsync("elsewhere@example.com", Role.Lead, member => member.ConfinedToSites = true);
        (await reader.GetTextAsync(Home)).ShouldNotContain("name=\"Names\"");
        (await reader.PostFormAsync($"{Home}/return/phrases/en?site=1", [new("Own", "x")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await lead.SubmitAsync($"{Home}/return/phrases/en?site=1", $"{Home}/return", ("Own", "may I give the lamp back"));
        (await lead.PostFormAsync($"{Home}/return/hand-over?site=1", [new("HandOver", "Always")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await story.Owner.SubmitAsync($"{Home}/return/hand-over?site=1", $"{Home}/return", ("HandOver", "Always"), ("TeamId", "77"));
        var answer = (await DraftAsync(desk)).Of("return").At(1);
        (answer.HandOver, answer.TeamId).ShouldBe((HandOverWhen.Always, (long?)null));

        // Only for some conversations: a condition that is not complete is not stored.
        (await story.Owner.RefusedAsync($"{Home}/return/hand-over?site=1", $"{Home}/return", ("HandOver", "Always"), ("condition.join", "all"), ("condition.0.field", "subject"), ("condition.0.was", "subject"), ("condition.0.operator", "contains"), ("condition.0.0.text", ""))).ShouldContain("not complete");
        await story.Owner.SubmitAsync($"{Home}/return/hand-over?site=1", $"{Home}/return", ("HandOver", "Always"), ("condition.join", "all"), ("condition.0.field", "subject"), ("condition.0.was", "subject"), ("condition.0.operator", "contains"), ("condition.0.0.text", "wholesale"));
        (await DraftAsync(desk)).Of("return").At(1).Segment.ShouldNotBeNull().ShouldContain("wholesale");
        (await story.Owner.GetTextAsync($"{Home}/return")).ShouldContain("wholesale");

        // Who sees only some sites prepares, and does not publish for all.
        await confined.SubmitAsync($"{Home}/price/phrases/en?site=1", $"{Home}/price", ("Own", "how dear is the lamp"));
        (await confined.RefusedAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", "1.1"), ("Note", "x"))).ShouldContain("counts at every site");
        (await elsewhere.GetAsync(Home)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.PostFormAsync($"{Home}/price/answer?site=1", [new("By", "none")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Two_who_teach_at_once_lose_nothing()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        string[] intents = ["return", "price", "stock", "size", "invoice", "exchange"];
        await Task.WhenAll(intents.Select(async intent =>
        {
            using var client = desk.NewClient();
            await client.SignInAsync(DeskServer.Owner, DeskServer.Password);
            await client.SubmitAsync($"{Home}/{intent}/state?site=1", "/agent/profile", ("Off", "true"));
        }));
        (await DraftAsync(desk)).Intents.Keys.Order(StringComparer.Ordinal).ShouldBe(intents.Order(StringComparer.Ordinal));
        story.Owner.ShouldNotBeNull();
    }

    private static Task<KnowledgeDocument> DraftAsync(DeskServer desk) =>
        desk.InDatabaseAsync(rows => rows.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number == 0).Select(version => version.Document).FirstAsync());

    internal static string ValueOf(string page, string field)
    {
        var mark = $"name=\"{field}\" value=\"";
        var at = page.IndexOf(mark, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, page);
        return page[(at + mark.Length)..].Split('"')[0];
    }
}

public sealed class IntentPagesOnSqliteTests() : IntentPagesTests(() => DeskServer.StartAsync());

public sealed class IntentPagesOnPostgresTests(PostgresServer server)
    : IntentPagesTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(IntentPagesOnPostgresTests), TestContext.Current.CancellationToken)));
