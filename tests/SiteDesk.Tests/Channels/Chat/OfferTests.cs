using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Chat;

/// <summary>What the assistant offers, as the widget's protocol carries it, and what is believed of what comes back.</summary>
public abstract class OfferTests(ChatDesk desk)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_offer_is_heard_by_the_open_stream_and_read_after_a_reload()
    {
        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true });
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("I do not like the lamp."));
        var opened = new TaskCompletionSource();
        var heard = Task.Run(async () =>
        {
            await foreach (var happened in visitor.ListenAsync("0", opened, Cancellation))
                if (happened.Name == "message" && happened.Data.GetProperty("author").GetString() == "assistant")
                    return happened.Data;
            return default;
        }, Cancellation);
        await opened.Task;

        await desk.Server.SayAsAssistantAsync(ticketId, "Do you mean one of these?", AssistantStory.Choices);

        var snapshot = await visitor.ConversationAsync();
        snapshot.GetProperty("conversation").GetProperty("isWithAssistant").GetBoolean().ShouldBeTrue();
        foreach (var message in new[] { await heard, snapshot.GetProperty("messages").EnumerateArray().Last() })
        {
            (message.GetProperty("author").GetString(), message.GetProperty("name").GetString()).ShouldBe(("assistant", "Nora"));
            var offer = message.GetProperty("offer");
            offer.GetProperty("choices").EnumerateArray().Select(choice => (choice.GetProperty("key").GetString(), choice.GetProperty("label").GetString()))
                .ShouldBe([("intent:return", "Return an order"), ("intent:exchange", "Exchange it <b>")]);
            var source = offer.GetProperty("sources")[1];
            (source.GetProperty("title").GetString(), source.GetProperty("address").GetString(), source.GetProperty("language").GetString())
                .ShouldBe(("返品", "/help/nordlight/zh-Hans/returns", "zh-Hans"));
        }
    }

    [Fact]
    public async Task The_widget_knows_whether_an_assistant_answers_and_what_it_is_called()
    {
        using var visitor = desk.NewVisitor("ru");
        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true, Name = new() { ["ru"] = "Нора" } });
        (await ConfigAsync("ru")).GetProperty("assistant").GetProperty("name").GetString().ShouldBe("Нора");
        (await ConfigAsync("zh-Hans")).GetProperty("assistant").GetProperty("name").GetString().ShouldBe("智能助手");

        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = false, Name = [] });
        (await ConfigAsync("ru")).TryGetProperty("assistant", out var none).ShouldBe(none.ValueKind == JsonValueKind.Null);

        async Task<JsonElement> ConfigAsync(string language) => await Widget.ReadAsync(await visitor.GetAsync($"config?language={language}"), HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_choice_is_kept_with_the_words_once_however_often_it_is_sent()
    {
        using var visitor = desk.NewVisitor();
        var (ticketId, offer) = await OfferedAsync(visitor, AssistantStory.Choices);
        var id = Widget.NewId();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TakeAsync(visitor, "Return an order", new { offerId = offer, key = "intent:return", values = new { order = "1" } }, id)));

        answers.Select(answer => answer.GetProperty("message").GetProperty("id").GetInt64()).Distinct().ShouldHaveSingleItem();
        var message = await NewestAsync(ticketId);
        (message.Text, message.AuthorKind).ShouldBe(("Return an order", ActorKind.Customer));
        message.Choice.ShouldBe(new MessageChoice(offer, "intent:return"));
    }

    [Theory]
    [InlineData("intent:refund")]
    [InlineData("back")]
    [InlineData("order")]
    [InlineData("person")]
    [InlineData(null)]
    public async Task A_choice_that_was_never_offered_is_not_believed_and_its_words_stand(string? key)
    {
        using var visitor = desk.NewVisitor();
        var (ticketId, offer) = await OfferedAsync(visitor, AssistantStory.Choices);

        await TakeAsync(visitor, "Give me my money", new { offerId = offer, key });

        var message = await NewestAsync(ticketId);
        (message.Text, message.Choice).ShouldBe(("Give me my money", null));
    }

    [Fact]
    public async Task What_one_visitor_was_offered_another_cannot_take()
    {
        using var visitor = desk.NewVisitor();
        var (_, offer) = await OfferedAsync(visitor, AssistantStory.Choices);
        using var other = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await other.SayAsync("Hello"));

        await TakeAsync(other, "Return an order", new { offerId = offer, key = "intent:return" });
        (await NewestAsync(ticketId)).Choice.ShouldBeNull();

        using var third = desk.NewVisitor();
        var begun = Widget.TicketOf(await TakeAsync(third, "Return an order", new { offerId = offer, key = "intent:return" }));
        (await NewestAsync(begun)).Choice.ShouldBeNull("its first words cannot answer somebody else's question");
    }

    [Fact]
    public async Task Of_a_form_the_fields_it_has_are_kept_and_no_more_of_them_than_it_takes()
    {
        using var visitor = desk.NewVisitor();
        var (ticketId, offer) = await OfferedAsync(visitor, AssistantStory.Form);

        await TakeAsync(visitor, "Order number: 123456", new
        {
            offerId = offer, key = "order",
            values = new Dictionary<string, string?> { ["order"] = new string('7', 20_000), ["contact"] = " anna@example.com\a", ["words"] = null, ["isAdmin"] = "true" },
        });

        var choice = (await NewestAsync(ticketId)).Choice.ShouldNotBeNull();
        choice.Values.ShouldNotBeNull().Keys.Order(StringComparer.Ordinal).ShouldBe(["contact", "order", "words"]);
        choice.Values["order"].Length.ShouldBe(OfferedForm.LongestValue);
        choice.Values["contact"].ShouldBe("anna@example.com");

        var second = await desk.Server.SayAsAssistantAsync(ticketId, "Once more, please.", AssistantStory.Form);
        await TakeAsync(visitor, "Something else", new { offerId = second.Id, key = "back" });
        (await NewestAsync(ticketId)).Choice.ShouldBe(new MessageChoice(second.Id, "back"));
    }

    [Fact]
    public async Task A_person_can_be_asked_for_with_the_first_words_and_at_any_time_after()
    {
        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true });
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await TakeAsync(visitor, "I would like to talk to a person.", new { offerId = 0, key = "person" }));
        (await NewestAsync(ticketId)).Choice.ShouldBe(new MessageChoice(0, "person"));

        await TakeAsync(visitor, "I would like to talk to a person.", new { offerId = 0, key = "person", values = new { a = "b" } });
        (await NewestAsync(ticketId)).Choice.ShouldBe(new MessageChoice(0, "person"));
    }

    [Theory]
    [InlineData("handed over")]
    [InlineData("taken")]
    public async Task An_open_widget_is_told_that_a_person_has_the_conversation(string how)
    {
        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true });
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("Somebody there?"));
        var opened = new TaskCompletionSource();
        var told = Task.Run(async () =>
        {
            await foreach (var happened in visitor.ListenAsync("0", opened, Cancellation))
                if (happened.Name == "state" && !happened.Data.GetProperty("isWithAssistant").GetBoolean())
                    return true;
            return false;
        }, Cancellation);
        await opened.Task;

        if (how == "taken")
            await desk.Server.UseAsync<ChangeTickets, object>(async change => await change.RunAsync([ticketId], new ChangeTickets.Changes { AssigneeId = 1 }, desk.Server.OwnerOf(), Cancellation));
        else
            await desk.Server.SayAsAssistantAsync(ticketId, "I have asked a colleague.", then: new ReplyAsAssistant.Consequence.HandOver(null, null, []));

        (await told).ShouldBeTrue();
    }

    private async Task<(long TicketId, long OfferId)> OfferedAsync(Widget visitor, MessageOffer offer)
    {
        await desk.Server.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true });
        var ticketId = Widget.TicketOf(await visitor.SayAsync("About my order"));
        return (ticketId, (await desk.Server.SayAsAssistantAsync(ticketId, "Please choose.", offer)).Id);
    }

    private static async Task<JsonElement> TakeAsync(Widget visitor, string text, object choice, string? id = null)
    {
        var answer = await visitor.PostAsync("messages", new { id = id ?? Widget.NewId(), text, choice });
        return await Widget.ReadAsync(answer, answer.StatusCode == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Created);
    }

    private Task<Message> NewestAsync(long ticketId) =>
        desk.RowsAsync(rows => rows.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticketId).OrderByDescending(message => message.Id).FirstAsync(Cancellation));
}

/// <summary>A desk whose assistant says what the test says and nothing else.</summary>
public sealed class SqliteQuietDesk() : ChatDesk(() => Task.FromResult<string?>(null))
{
    protected override void Prepare(IServiceCollection services) => services.SilenceAssistant();
}

public sealed class PostgresQuietDesk(PostgresServer server)
    : ChatDesk(async () => await server.CreateDatabaseAsync(typeof(PostgresQuietDesk), TestContext.Current.CancellationToken))
{
    protected override void Prepare(IServiceCollection services) => services.SilenceAssistant();
}

public sealed class OfferOnSqliteTests(SqliteQuietDesk desk) : OfferTests(desk), IClassFixture<SqliteQuietDesk>;

public sealed class OfferOnPostgresTests(PostgresQuietDesk desk) : OfferTests(desk), IClassFixture<PostgresQuietDesk>;
