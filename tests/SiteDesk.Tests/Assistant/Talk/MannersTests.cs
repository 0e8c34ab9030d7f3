using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Talk;

/// <summary>What a good person at the counter would do, and a machine easily does not.</summary>
public sealed class MannersTests(SqliteAssistantDesk desk) : IClassFixture<SqliteAssistantDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hi|hi|hello|hi|hi")]
    [InlineData("no|no|nope|no|no")]
    [InlineData("are you a robot|who are you")]
    public async Task Nothing_is_said_twice_and_in_the_end_a_person_goes_on(string messages)
    {
        using var visitor = desk.NewVisitor();
        AssistantTalk? talk = null;
        foreach (var message in messages.Split('|'))
            talk = await desk.UntilHandledAsync(await visitor.SayAsync(message));

        talk!.State.ShouldBe(TalkState.HandedOver);
        var said = (await desk.MessagesAsync(talk.TicketId)).Where(message => message.AuthorKind == ActorKind.Assistant).Select(message => message.Text).ToList();
        said.Count.ShouldBeGreaterThan(1);
        said.ShouldBeUnique();
    }

    [Fact]
    public async Task Thanks_and_goodbyes_are_answered_each_in_its_way_and_not_without_end()
    {
        using var visitor = desk.NewVisitor();
        AssistantTalk? talk = null;
        foreach (var message in new[] { "how do i return an item", "thanks", "thank you so much", "thanks!", "bye", "bye", "goodbye" })
            talk = await desk.UntilHandledAsync(await visitor.SayAsync(message));

        var said = (await desk.MessagesAsync(talk!.TicketId)).Where(message => message.AuthorKind == ActorKind.Assistant).Select(message => message.Text).ToList();
        said.ShouldBeUnique();
        said[^1].ShouldContain("Goodbye");
        talk.State.ShouldBe(TalkState.Solved);
    }

    [Theory]
    [InlineData("en", "are you a robot", "a program, not a person")]
    [InlineData("ru", "ты бот?", "программа, не человек")]
    [InlineData("zh-Hans", "你是机器人吗", "不是真人")]
    public async Task Who_asks_whether_it_is_a_machine_is_told_so_also_in_the_middle_of_a_talk(string language, string question, string truth)
    {
        using var visitor = desk.NewVisitor(language);
        await desk.UntilHandledAsync(await visitor.SayAsync(language switch { "ru" => "привет", "en" => "hello", _ => "你好" }));
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync(question));

        var answer = (await desk.MessagesAsync(talk.TicketId))[^1];
        answer.Text.ShouldContain(truth);
        answer.Offer!.Choices.ShouldHaveSingleItem().Key.ShouldBe(MessageChoice.Person);
    }

    [Theory]
    [InlineData("en", "hello, my card was charged twice", "wrong-charge")]
    [InlineData("en", "you took 89 instead of 79 from my account", "wrong-charge")]
    [InlineData("ru", "здравствуйте, с карты деньги списали два раза", "wrong-charge")]
    [InlineData("zh-Hans", "你好，我的卡被扣了两次钱", "wrong-charge")]
    [InlineData("en", "NL-20451", "order-status")]
    [InlineData("ru", "NL-20451 где", "order-status")]
    public async Task What_is_meant_is_understood(string language, string text, string intent)
    {
        var turn = await TurnAsync(language, text);

        turn.Candidate.ShouldBe(intent);
    }

    [Fact]
    public async Task A_receipt_in_a_story_is_no_question_about_invoices()
    {
        var turn = await TurnAsync(
            "en", "I bought boots for my daughter. She was so happy. Then we went to the mountains. On the second day the sole came off. We glued it. It came off again. We have the receipt. What can we do?");

        turn.Candidate.ShouldBe("defect");
    }

    [Fact]
    public async Task A_yes_that_goes_on_is_no_word_of_content()
    {
        using var visitor = desk.NewVisitor();
        await desk.UntilHandledAsync(await visitor.SayAsync("how do i return an item"));
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync("yes it was delivered yesterday"));

        talk.State.ShouldNotBe(TalkState.Solved);
        (await desk.RowsAsync(rows => rows.Set<AssistantTurn>().CountAsync(turn => turn.TicketId == talk.TicketId && turn.Helped == true, Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_s_number_alone_is_nothing_to_teach()
    {
        using var visitor = desk.NewVisitor();
        await desk.UntilHandledAsync(await visitor.SayAsync("hmm well my thing there"));
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync("order NL-20417"));

        var turns = await desk.RowsAsync(rows => rows.Set<AssistantTurn>().AsNoTracking().Where(turn => turn.TicketId == talk.TicketId).OrderBy(turn => turn.Id).ToListAsync(Cancellation));
        turns.Select(turn => turn.IsOpen).ShouldBe([true, false]);
    }

    [Theory]
    [InlineData("😡😡😡")]
    [InlineData("🤬 nobody answers 🤬")]
    public async Task An_angry_face_says_enough(string text)
    {
        using var visitor = desk.NewVisitor();
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync(text));

        (talk.State, talk.Cause).ShouldBe((TalkState.HandedOver, HandOverCause.Anger));
    }

    [Theory]
    [InlineData("en", "is there a living soul behind this screen?")]
    [InlineData("ru", "кожаного мешка позови")]
    [InlineData("zh-Hans", "那边还有喘气的吗")]
    public async Task A_wish_for_a_person_in_odd_words_is_one(string language, string text)
    {
        using var visitor = desk.NewVisitor(language);
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync(text));

        (talk.State, talk.Cause).ShouldBe((TalkState.HandedOver, HandOverCause.Person));
    }

    [Fact]
    public async Task A_complaint_is_met_with_regret_and_who_cannot_fill_the_form_in_gets_a_person_all_the_same()
    {
        using var visitor = desk.NewVisitor();
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync("I would like to file a complaint about your staff"));
        var form = (await desk.MessagesAsync(talk.TicketId))[^1];
        form.Text.ShouldStartWith("I am sorry");

        for (var wrong = 0; wrong < 3; wrong++)
            talk = await FillAsync(visitor, talk, "not an address");

        (talk.State, talk.Cause).ShouldBe((TalkState.HandedOver, HandOverCause.Order));
    }

    [Fact]
    public async Task Who_has_just_given_an_address_is_not_asked_for_one_at_night()
    {
        await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Etc/UTC") with { Always = false, Week = [] });
        using var visitor = desk.NewVisitor();
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync("I would like to file a complaint about your staff"));

        talk = await FillAsync(visitor, talk, "jo@example.com");

        var words = (await desk.MessagesAsync(talk.TicketId))[^1].Text;
        words.ShouldContain("comes to the address you gave");
        words.ShouldNotContain("leave an e-mail address");
        await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Etc/UTC"));
    }

    private async Task<AssistantTalk> FillAsync(Widget visitor, AssistantTalk talk, string contact)
    {
        var offer = (await desk.MessagesAsync(talk.TicketId)).Last(message => message.Offer?.Form is not null);
        JsonElement sent = await Widget.ReadAsync(
            await visitor.PostAsync("messages", new { id = Widget.NewId(), text = contact, choice = new { offerId = offer.Id, key = offer.Offer!.Form!.Key, values = new { contact } } }), System.Net.HttpStatusCode.Created);
        return await desk.UntilHandledAsync(sent);
    }

    private async Task<AssistantTurn> TurnAsync(string language, string text)
    {
        using var visitor = desk.NewVisitor(language);
        var talk = await desk.UntilHandledAsync(await visitor.SayAsync(text));
        return await desk.RowsAsync(rows => rows.Set<AssistantTurn>().AsNoTracking().OrderByDescending(turn => turn.Id).FirstAsync(turn => turn.TicketId == talk.TicketId, Cancellation));
    }
}
