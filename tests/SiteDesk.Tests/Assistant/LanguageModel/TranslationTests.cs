using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Assistant.LanguageModel.Translating;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>An agent who does not read the customer's language has the conversation and the reply translated.</summary>
public abstract class TranslationTests(Func<Task<string?>> database)
{
    private const string Asked = "Здравствуйте! Где мой заказ 100245? Пишите на maria@example.com, я жду уже 5 дней. Anna";

    [Fact]
    public async Task A_message_is_translated_below_the_original_and_nothing_personal_leaves()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync(Asked, "maria@example.com");
        desk.Model.Answer = (http, request) => FakeModelServer.SayAsync(http, Translated(request));
        var page = await PageAsync(desk, ticket);
        page.ShouldContain("form=\"translate\"");
        page.ShouldNotContain("Translated by a language model");
        (await desk.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}/translation")).ShouldContain("Translate the conversation");

        var message = await desk.Desk.MessageAsync(Asked);
        var streams = await TranslateAsync(desk.Owner, ticket, ("message", message.ToString()));

        streams.ShouldContain($"target=\"translation-{message}\"");
        streams.ShouldContain("Hello! Where is my order 100245? Write to maria@example.com, I have waited for 5 days. Anna");
        streams.ShouldContain("Translated by a language model");
        var sent = desk.Model.Received.ShouldHaveSingleItem();
        foreach (var personal in new[] { "100245", "maria", "Anna" })
            sent.Body.ShouldNotContain(personal);
        (await PageAsync(desk, ticket)).ShouldContain("Where is my order 100245?", Case.Sensitive, "it stays while it is kept");
        (await PageAsync(desk, ticket)).ShouldContain("Где мой заказ", Case.Sensitive, "the original stays");
        (await desk.Desk.TextsAsync(ticket.Id)).ShouldBe([Asked], "nothing is stored");

        await TranslateAsync(desk.Owner, ticket, ("message", message.ToString()));
        desk.Model.Received.Count.ShouldBe(1, "what is kept is not asked for again");
    }

    [Fact]
    public async Task The_whole_conversation_is_translated_but_for_what_the_agent_reads()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync("Здравствуйте, где мой заказ?");
        await desk.Desk.GoOnAsync(ticket.Id, "I can also write in English, if that is better for you.");
        await desk.Desk.GoOnAsync(ticket.Id, "Но по-русски мне удобнее, спасибо.");
        desk.Model.Answer = (http, request) => FakeModelServer.SayAsync(http, request.Material.GetProperty("text").GetString()!.Contains("заказ", StringComparison.Ordinal) ? "Hello, where is my order?" : "But Russian is easier for me, thank you.");
        var streams = await TranslateAsync(desk.Owner, ticket);
        streams.ShouldContain("where is my order?");
        streams.ShouldContain("Russian is easier");
        desk.Model.Received.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("Hello! Where is my order?", "lost something")]
    [InlineData("Bonjour, où est ma commande [NUMBER_3] pour [EMAIL_1] et merci pour les [NAME_2] dans la boîte", "lost something")]
    [InlineData("   ", "lost something")]
    [InlineData("Hello! Where is my order [NUMBER_3]? Write to [EMAIL_1], I have waited for 50 days. [NAME_2]", "Numbers, dates or links differ")]
    [InlineData("Hello! Pay at https://evil.example for order [NUMBER_3], [EMAIL_1], 5 days. [NAME_2]", "Numbers, dates or links differ")]
    public async Task A_translation_that_lost_something_is_not_shown_and_one_with_other_figures_says_so(string said, string told)
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync(Asked, "maria@example.com");
        desk.Model.Says(said);
        (await TranslateAsync(desk.Owner, ticket)).ShouldContain(told);
    }

    [Fact]
    public async Task Markup_of_a_translation_is_text()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync("Здравствуйте, у меня вопрос по доставке.");
        desk.Model.Says("Hello, I have a question <script>alert(1)</script> about the delivery.");
        using var answer = await desk.Owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/translation");
        var streams = await answer.Content.ReadAsStringAsync();
        streams.ShouldContain("question &lt;script&gt;");
        streams.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task A_reply_is_put_into_the_customer_s_language_and_its_data_comes_back_whole()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync(Asked, "maria@example.com");
        desk.Model.Answer = (http, request) =>
        {
            var text = request.Material.GetProperty("text").GetString()!;
            return FakeModelServer.SayAsync(http, text.Replace("Your order", "Ваш заказ", StringComparison.Ordinal).Replace("is on its way, see", "уже в пути, смотрите", StringComparison.Ordinal));
        };
        var (status, draft) = await DraftAsync(desk.Owner, ticket, "Your order 100245 is on its way, see https://track.example/t?id=9.");
        status.ShouldBe(HttpStatusCode.OK);
        draft.GetProperty("text").GetString().ShouldBe("Ваш заказ 100245 уже в пути, смотрите https://track.example/t?id=9.");
        draft.GetProperty("isDoubtful").GetBoolean().ShouldBeFalse();
        desk.Model.Received.Last().Body.ShouldNotContain("100245");
        desk.Model.Received.Last().Instruction.ShouldContain("into Russian");
        (await desk.Desk.TextsAsync(ticket.Id)).Count.ShouldBe(1, "nothing was sent");

        (await DraftAsync(desk.Owner, ticket, " ")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        desk.Model.Answer = (http, _) => FakeModelServer.JsonAsync(http, "{}", 500);
        var failed = await DraftAsync(desk.Owner, ticket, "We shall look into it.");
        (failed.Status, failed.Draft.GetProperty("problem").GetString()).ShouldBe((HttpStatusCode.UnprocessableEntity, "The language model cannot be reached. Try again in a while."));
        (await DraftAsync(desk.Owner, ticket, new string('a', TranslateForStaff.LongestText + 1))).Draft.GetProperty("problem").GetString().ShouldBe("The text is too long to be translated in one go.");
    }

    [Fact]
    public async Task Without_a_connection_for_it_the_ticket_shows_nothing_of_it()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        await desk.ConnectAsync(("Version", "1"), ("TranslatesForStaff", "off"));
        var ticket = await desk.Desk.AskAsync(Asked);
        (await PageAsync(desk, ticket)).ShouldNotContain("form=\"translate\"");
        var bar = await desk.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}/translation");
        bar.ShouldContain("composer-translation");
        bar.ShouldNotContain("<button");
        (await TranslateAsync(desk.Owner, ticket)).ShouldContain("No language model is connected");
        desk.Model.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_see_the_ticket_gets_nothing_and_who_only_reads_may_not_translate_replies()
    {
        await using var desk = await ModelDesk.StartAsync(await database());
        var ticket = await desk.Desk.AskAsync(Asked);
        var foreign = await desk.Desk.AskAsync("Другой вопрос о другом заказе, пожалуйста.");
        using var confined = await desk.Desk.NewStaffAsync("confined@example.com", Role.Agent, member => member.ConfinedToTeams = true);
        (await confined.GetAsync($"/agent/tickets/{ticket.Id}/translation")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await confined.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/translation")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var reader = await desk.Desk.NewStaffAsync("reader@example.com", Role.ReadOnly);
        (await reader.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/translation/draft", ("text", "Hello"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // A message of another ticket is no way around it.
        var message = await desk.Desk.InDatabaseAsync(rows => rows.Set<Message>().Where(row => row.TicketId == foreign.Id).Select(row => row.Id).SingleAsync());
        (await TranslateAsync(desk.Owner, ticket, ("message", message.ToString()))).ShouldNotContain("Другой");
        desk.Model.Received.ShouldBeEmpty();
    }

    private static string Translated(ModelRequest request)
    {
        var text = request.Material.GetProperty("text").GetString()!;
        return text.Replace("Здравствуйте! Где мой заказ", "Hello! Where is my order", StringComparison.Ordinal).Replace("Пишите на", "Write to", StringComparison.Ordinal)
            .Replace("я жду уже 5 дней", "I have waited for 5 days", StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync(ModelDesk desk, Ticket ticket) => WebUtility.HtmlDecode(await desk.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}"));

    private static async Task<string> TranslateAsync(DeskClient client, Ticket ticket, params (string Name, string Value)[] fields)
    {
        using var answer = await client.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/translation", fields);
        var streams = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, streams);
        return WebUtility.HtmlDecode(streams);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Draft)> DraftAsync(DeskClient client, Ticket ticket, string text)
    {
        using var answer = await client.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/translation/draft", ("text", text));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}

public sealed class TranslationOnSqliteTests() : TranslationTests(() => Task.FromResult<string?>(null));

public sealed class TranslationOnPostgresTests(PostgresServer server)
    : TranslationTests(async () => await server.CreateDatabaseAsync(typeof(TranslationOnPostgresTests), TestContext.Current.CancellationToken));
