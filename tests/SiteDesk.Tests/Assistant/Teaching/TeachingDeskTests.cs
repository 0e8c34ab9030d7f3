using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Assistant.Intents;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Teaching;

public abstract class TeachingDeskTests(Func<Task<DeskServer>> start)
{
    private const string Home = "/agent/assistant/teaching";

    [Fact]
    public async Task A_group_is_tied_tried_published_and_then_answered()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        await AskAboutEngravingAsync(story);
        await story.AskAsync("what is the best recipe for goulash");
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync($"{Home}?site=1"));
        page.ShouldContain("5 questions wait");
        page.IndexOf("engrave", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf("goulash", StringComparison.Ordinal), "the most frequent first");

        // Tied to an article that no intent has: an intent of its own is made for it.
        var turns = TurnsOf(page, "engrave");
        page.ShouldContain("<details open", customMessage: "whoever ties a group sees what is tied");
        var refused = await owner.RefusedAsync($"{Home}/lessons?site=1", Home, ("Group", IntentPagesTests.ValueOf(page, "Group")), ("Turns", turns), ("Do", "other"), ("Other", "no such thing"));
        refused.ShouldContain("from the list");
        refused.ShouldContain("id=\"Other\" name=\"Other\" value=\"no such thing\"", customMessage: "what was typed stays in its group");
        await owner.SubmitAsync($"{Home}/lessons?site=1", Home, ("Turns", turns), ("Do", "other"), ("Other", "engraving on LA"));
        var draft = await DraftAsync(desk);
        var phrases = draft.Of("own-1").Added["en"];
        phrases.ShouldContain("Can you engrave my lamp for [name], order [number]?");
        phrases.ShouldAllBe(phrase => !phrase.Contains("Anna", StringComparison.Ordinal) && !phrase.Contains("48213", StringComparison.Ordinal) && !phrase.Contains('@'));
        (await OpenAsync(desk)).ShouldBe(1);
        (await owner.PostFormAsync($"{Home}/lessons?site=1", [new("Turns", turns), new("Do", "dismiss")], Home)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "they are dealt with");

        // Tried against past questions: what is tied gets better.
        await owner.SubmitAsync("/agent/assistant/trials?site=1", "/agent/assistant/draft");
        var trial = await FinishedAsync(owner);
        trial.ShouldContain("better,");
        trial.ShouldContain("0 worse");
        trial.ShouldNotContain("No answer changes");

        await owner.SubmitAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", IntentPagesTests.ValueOf(await owner.GetTextAsync("/agent/assistant/draft"), "Draft")), ("Note", "Engraving"));
        var known = await story.KnownAsync();
        known.Understand("will you engrave my lamp", "en").First.ShouldBe("own-1");
        known.Understand("Can you engrave my lamp, please?", "en").Probability.ShouldBe(1, "what was taught in these very words is answered, and not asked back about");

        // Taken back: the questions wait again, the phrases go, and with them the intent made for them.
        var lesson = await desk.InDatabaseAsync(rows => rows.Set<SiteDesk.Assistant.Teaching.TeachingLesson>().AsNoTracking().SingleAsync());
        await owner.SubmitAsync($"{Home}/lessons/{lesson.Id}/undo?site=1", Home);
        (await OpenAsync(desk)).ShouldBe(5);
        (await DraftAsync(desk)).Intents.ShouldBeEmpty();
        (await owner.RefusedAsync($"{Home}/lessons/{lesson.Id}/undo?site=1", Home)).ShouldContain("do not wait here any more");
    }

    [Fact]
    public async Task Single_questions_are_left_out_of_a_group_and_stay_at_the_desk()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        await AskAboutEngravingAsync(story);
        await story.AskAsync("CAN you engrave my lamp");
        var strange = await story.AskAsync("please can you engrave my lamp at no cost");
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync($"{Home}?site=1"));
        var boxes = BoxesOf(page, "engrave");
        boxes.Count.ShouldBe(5, "the same words in another case are one box");
        boxes.Single(box => box.Contains(',', StringComparison.Ordinal)).Split(',').Length.ShouldBe(2);
        page.Split("type=\"checkbox\" name=\"Turns\"").Skip(1).ShouldAllBe(part => part.Split('>', 2)[0].Contains(" checked", StringComparison.Ordinal));

        // None is ticked: nothing is done, whatever was pressed, and the group says so.
        var group = IntentPagesTests.ValueOf(page, "Group");
        foreach (var what in new[] { "other", "dismiss", "not-for-us", "write", "tie:price" })
        {
            var refused = await owner.RefusedAsync($"{Home}/lessons?site=1", Home, ("Group", group), ("Do", what), ("Other", "engraving on LA"));
            refused.ShouldContain("Tick at least one question of the group.");
            refused.ShouldContain("id=\"Turns-error\"");
            refused.ShouldContain("value=\"engraving on LA\"", customMessage: "what was typed stays");
            refused.Split("type=\"checkbox\" name=\"Turns\"").Skip(1).ShouldAllBe(part => !part.Split('>', 2)[0].Contains(" checked", StringComparison.Ordinal));
        }

        (await OpenAsync(desk)).ShouldBe(6);

        // What cannot be done says so with the same boxes ticked.
        var kept = boxes.Where(box => box != $"{strange.Id}").Select(box => ("Turns", box)).ToArray();
        var again = await owner.RefusedAsync($"{Home}/lessons?site=1", Home, [("Group", group), ("Do", "other"), ("Other", "no such thing"), .. kept]);
        again.ShouldContain("from the list");
        again.Split("type=\"checkbox\" name=\"Turns\"").Skip(1).Count(part => part.Split('>', 2)[0].Contains(" checked", StringComparison.Ordinal)).ShouldBe(4);

        // Keys that were made up change nothing of what they name.
        await owner.SubmitAsync($"{Home}/lessons?site=1", Home, [("Group", group), ("Do", "other"), ("Other", "engraving on LA"), ("Turns", "999999999,-3,x,99999999999999999999"), .. kept]);
        (await OpenAsync(desk)).ShouldBe(1);
        (await story.TurnAsync(strange.Id)).ShouldSatisfyAllConditions(turn => turn.IsOpen.ShouldBeTrue(), turn => turn.Correction.ShouldBeNull());
        (await DraftAsync(desk)).Of("own-1").Added["en"].ShouldNotContain(phrase => phrase.Contains("cost", StringComparison.Ordinal));
        WebUtility.HtmlDecode(await owner.GetTextAsync($"{Home}?site=1")).ShouldContain("at no cost");
    }

    [Fact]
    public async Task More_wordings_than_are_shown_have_one_box_for_the_rest()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        foreach (var word in new[] { "please", "today", "soon", "somehow", "tomorrow", "again", "quickly", "nicely" })
            await story.AskAsync($"can you engrave my lamp {word}");
        var page = WebUtility.HtmlDecode(await story.Owner.GetTextAsync($"{Home}?site=1"));
        page.ShouldContain("and 2 more of the like");
        var boxes = BoxesOf(page, "engrave");
        boxes.Count.ShouldBe(7);
        await story.Owner.SubmitAsync($"{Home}/lessons?site=1", Home, [("Do", "dismiss"), .. boxes.SkipLast(1).Select(box => ("Turns", box))]);
        (await OpenAsync(desk)).ShouldBe(2, "the rest was not ticked");
    }

    [Fact]
    public async Task What_was_taught_with_what_is_put_away_or_rolled_back_waits_at_the_desk_again()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        await AskAboutEngravingAsync(story);
        await TieAsync();
        (await OpenAsync(desk)).ShouldBe(0);

        await owner.SubmitAsync("/agent/assistant/draft/removal?site=1", "/agent/assistant/draft");
        (await OpenAsync(desk)).ShouldBe(4, "put away unpublished");

        await TieAsync();
        await owner.SubmitAsync("/agent/assistant/versions", "/agent/assistant/draft", ("Draft", IntentPagesTests.ValueOf(await owner.GetTextAsync("/agent/assistant/draft"), "Draft")), ("Note", "Engraving"));
        (await OpenAsync(desk)).ShouldBe(0);
        await owner.SubmitAsync("/agent/assistant/versions/1/return", "/agent/assistant/versions/1", ("Note", "The same"));
        (await OpenAsync(desk)).ShouldBe(0, "what counts still says it");
        await owner.SubmitAsync("/agent/assistant/versions/0/return", "/agent/assistant/versions/0", ("Note", "Wrong"));
        (await OpenAsync(desk)).ShouldBe(4, "rolled back");
        WebUtility.HtmlDecode(await owner.GetTextAsync($"{Home}?site=1")).ShouldContain("4 questions wait");

        async Task TieAsync() => await owner.SubmitAsync(
            $"{Home}/lessons?site=1", Home, ("Turns", TurnsOf(WebUtility.HtmlDecode(await owner.GetTextAsync($"{Home}?site=1")), "engrave")), ("Do", "other"), ("Other", "engraving on LA"));
    }

    [Fact]
    public async Task Questions_are_put_out_of_scope_dismissed_or_written_about()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var owner = story.Owner;
        var stranger = await story.AskAsync("what is the best recipe for goulash");
        var shrug = await story.AskAsync("hmpf");
        var wish = await story.AskAsync("Do you repair old lamps for Anna?");
        await owner.SubmitAsync($"{Home}/lessons?site=1", Home, ("Turns", $"{stranger.Id}"), ("Do", "not-for-us"));
        (await DraftAsync(desk)).OutOfScope["en"].ShouldBe(["what is the best recipe for goulash"]);
        (await story.TurnAsync(stranger.Id)).Correction!.Candidate.ShouldBeNull();
        await owner.SubmitAsync($"{Home}/lessons?site=1", Home, ("Turns", $"{shrug.Id}"), ("Do", "dismiss"));
        (await story.TurnAsync(shrug.Id)).ShouldSatisfyAllConditions(turn => turn.IsOpen.ShouldBeFalse(), turn => turn.Correction.ShouldBeNull());
        var led = await owner.SubmitAsync($"{Home}/lessons?site=1", Home, ("Turns", $"{wish.Id}"), ("Do", "write"));
        led.ShouldStartWith("/agent/help/1/articles/new?language=en&title=Do%20you%20repair");
        var begin = WebUtility.HtmlDecode(await owner.GetTextAsync(led));
        begin.ShouldContain("value=\"Do you repair old lamps for [name]?\"");
        var section = await desk.InDatabaseAsync(rows => rows.Set<SiteDesk.HelpCenter.Section>().Select(row => row.Id).FirstAsync());
        await owner.SubmitAsync("/agent/help/1/articles", "/agent/help/1/articles/new", ("Title", "Repairs"), ("Section", $"{section}"), ("Language", "en"), ("Questions", "Do you repair old lamps?\nCan a lamp be mended?"));
        (await desk.InDatabaseAsync(rows => rows.Set<SiteDesk.HelpCenter.ArticleQuestion>().CountAsync(question => question.Text == "Can a lamp be mended?"))).ShouldBe(1);
        (await story.TurnAsync(wish.Id)).IsOpen.ShouldBeTrue("nothing answers it yet");
    }

    [Fact]
    public async Task A_wrong_answer_is_corrected_from_the_conversation_by_whoever_sees_it()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var turn = await story.AskAsync("my lamp shall go back to you", TurnKind.Answer, "exchange", isOpen: false);
        var address = $"/agent/assistant/turns/{turn.Id}/correction";
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent, member => member.MasksContacts = true);
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Agent, member => member.ConfinedToTeams = true);
        using var reader = await desk.NewStaffAsync("reader@example.com", Role.ReadOnly);
        (await confined.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await confined.PostFormAsync(address, [new("Candidate", "return")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await reader.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = WebUtility.HtmlDecode(await agent.GetTextAsync(address));
        page.ShouldContain("my lamp shall go back to you");
        page.ShouldContain("Exchange for another one");
        (await agent.RefusedAsync(address, address, ("Candidate", "no-such-intent"))).ShouldContain("no such intent");
        (await agent.SubmitAsync(address, address, ("Candidate", "return"), ("Teach", "true"))).ShouldBe($"/agent/tickets/{turn.TicketId}");
        var judged = await story.TurnAsync(turn.Id);
        judged.IsOpen.ShouldBeTrue("an agent does not teach: it waits at the desk");
        (judged.Correction!.Candidate, judged.Correction.ByName).ShouldBe(("return", "agent"));
        WebUtility.HtmlDecode(await story.Owner.GetTextAsync($"{Home}?site=1")).ShouldContain("1 judged wrong");

        // The owner says the same and teaches it at once.
        await story.Owner.SubmitAsync(address, address, ("Candidate", "return"), ("Teach", "true"));
        (await story.TurnAsync(turn.Id)).IsOpen.ShouldBeFalse();
        (await DraftAsync(desk)).Of("return").Added["en"].ShouldBe(["my lamp shall go back to you"]);

        // Nothing here answers it.
        await agent.SubmitAsync(address, address, ("Candidate", "none"));
        (await story.TurnAsync(turn.Id)).Correction!.Candidate.ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_shown_no_contacts_sees_none_in_questions_and_who_sees_another_site_or_team_sees_nothing()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var turn = await story.AskAsync("call me at +49 30 1234567 about the lamp");
        using var masked = await desk.NewStaffAsync("masked@example.com", Role.Lead, member => member.MasksContacts = true);
        using var teams = await desk.NewStaffAsync("teams@example.com", Role.Lead, member => member.ConfinedToTeams = true);
        (await story.Owner.GetTextAsync($"{Home}?site=1")).ShouldContain("1234567");
        (await masked.GetTextAsync($"{Home}?site=1")).ShouldNotContain("1234567");
        (await teams.GetTextAsync($"{Home}?site=1")).ShouldContain("Nothing waits here");
        (await teams.RefusedAsync($"{Home}/lessons?site=1", Home, ("Turns", $"{turn.Id}"), ("Do", "dismiss"))).ShouldContain("do not wait here");
        (await story.TurnAsync(turn.Id)).IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task A_button_that_was_pressed_stands_at_the_desk_as_what_was_written_before_and_is_no_question_to_try()
    {
        await using var desk = await start();
        var story = await AssistantStory.BeginAsync(desk);
        var asked = await story.AskAsync("does my old lamp still find a home with you", TurnKind.Ask, isOpen: false);
        await desk.InDatabaseAsync(async rows =>
        {
            var pressed = new Message
            {
                TicketId = asked.TicketId, Kind = MessageKind.Public, AuthorKind = ActorKind.Customer, AuthorName = "", Text = "Return something", CreatedAt = asked.At.AddSeconds(5),
                Channel = "chat", ClientId = "pressed", Choice = new MessageChoice(asked.QuestionId, "c:return"),
            };
            rows.Add(pressed);
            await rows.SaveChangesAsync();
            rows.Add(new AssistantTurn
            {
                TicketId = asked.TicketId, SiteId = asked.SiteId, QuestionId = pressed.Id, At = asked.At.AddSeconds(6), Kind = TurnKind.Answer, Language = "en", Candidate = "return", KnowledgeNumber = 0, Milliseconds = 40,
                Helped = false, IsOpen = true,
            });
            return await rows.SaveChangesAsync();
        });

        var page = WebUtility.HtmlDecode(await story.Owner.GetTextAsync($"{Home}?site=1"));
        page.ShouldContain("does my old lamp still find a home with you");
        await story.Owner.SubmitAsync($"{Home}/lessons?site=1", Home, ("Turns", TurnsOf(page, "old lamp")), ("Do", "tie:price"));
        (await DraftAsync(desk)).Of("price").Added["en"].ShouldBe(["does my old lamp still find a home with you"]);
        await story.Owner.SubmitAsync("/agent/assistant/trials?site=1", "/agent/assistant/draft");
        (await FinishedAsync(story.Owner)).ShouldContain("1 question tried");
    }

    private static async Task AskAboutEngravingAsync(AssistantStory story)
    {
        await story.AskAsync("Can you engrave my lamp for Anna, order 48213?");
        await story.AskAsync("can you engrave my lamp");
        await story.AskAsync("could you engrave my lamp", TurnKind.Answer, "price", helped: false);
        await story.AskAsync("can you engrave my lamp please");
    }

    /// <summary>Looks until the trial has ended, as the page does.</summary>
    private static async Task<string> FinishedAsync(DeskClient client)
    {
        for (var look = 0; look < 600; look++)
        {
            var page = WebUtility.HtmlDecode(await client.GetTextAsync("/agent/assistant/draft?site=1"));
            if (!page.Contains("data-controller=\"again\"", StringComparison.Ordinal))
                return page;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("The trial does not end.");
    }

    /// <summary>The keys of all questions of the group in which a word stands.</summary>
    private static string TurnsOf(string page, string word) => string.Join(',', BoxesOf(page, word));

    /// <summary>What the boxes of the group send in which a word stands, in their order.</summary>
    private static IReadOnlyList<string> BoxesOf(string page, string word)
    {
        var group = page.Split("<li class=\"card\">").Skip(1).First(part => part.Contains(word, StringComparison.Ordinal));
        return [.. group.Split("name=\"Turns\" value=\"").Skip(1).Select(part => part.Split('"')[0])];
    }

    private static Task<int> OpenAsync(DeskServer desk) => desk.InDatabaseAsync(rows => rows.Set<AssistantTurn>().CountAsync(turn => turn.IsOpen));

    private static Task<KnowledgeDocument> DraftAsync(DeskServer desk) =>
        desk.InDatabaseAsync(rows => rows.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number == 0).Select(version => version.Document).FirstAsync());
}

public sealed class TeachingDeskOnSqliteTests() : TeachingDeskTests(() => DeskServer.StartAsync());

public sealed class TeachingDeskOnPostgresTests(PostgresServer server)
    : TeachingDeskTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(TeachingDeskOnPostgresTests), TestContext.Current.CancellationToken)));
