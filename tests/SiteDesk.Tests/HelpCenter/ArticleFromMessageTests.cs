using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

public abstract class ArticleFromMessageTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_good_answer_becomes_a_draft_without_the_customer_in_it()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        await story.AddSectionAsync("Payment");
        var ticket = await desk.AskAsync("Where is my money?", "anna.petrova@example.com", subject: "Refund for Anna, order #48213");
        await story.Owner.SayAsync(ticket.Id, "Hello Anna,\n\nrefunds take 14 days. Your order NL-48213 goes to anna.petrova@example.com, we call +49 30 1234567.\n\nOlga Owner");
        var message = await desk.MessageAsync("Hello Anna,\n\nrefunds take 14 days. Your order NL-48213 goes to anna.petrova@example.com, we call +49 30 1234567.\n\nOlga Owner");
        (await story.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain($"/agent/help/tickets/{ticket.Id}/articles");
        var led = await story.Owner.SubmitAsync($"/agent/help/tickets/{ticket.Id}/articles", $"/agent/tickets/{ticket.Id}", ("message", $"{message}"));
        led.ShouldContain("/agent/help/articles/");
        var draft = await desk.InDatabaseAsync(database => database.Set<ArticleDraft>().AsNoTracking().SingleAsync());
        draft.Title.ShouldBe("Refund for [name], order [number]");
        draft.Body.ShouldBe("<p>Hello [name],</p><p>refunds take 14 days. Your order [number] goes to [e-mail], we call [number].</p><p>[name]</p>");
        (await desk.InDatabaseAsync(database => database.Set<ArticleText>().SingleAsync())).IsPublished.ShouldBeFalse();
        var id = (await desk.InDatabaseAsync(database => database.Set<ArticleText>().SingleAsync())).ArticleId;
        await story.SendAsync(story.Owner, id, "publication", "How long refunds take", "<p>14 days.</p>");
        (await story.TextAsync(id)).Slug.ShouldBe("how-long-refunds-take", "nothing of the customer's subject stays in the address");
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Agent, member => member.ConfinedToTeams = true);
        (await confined.PostFormAsync($"/agent/help/tickets/{ticket.Id}/articles", [new("message", $"{message}")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Links_to_the_help_centres_own_articles_stay_and_such_as_tell_of_the_customer_do_not()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        await story.AddSectionAsync("Payment");
        var ticket = await desk.AskAsync("Where is my money?", "anna.petrova@example.com");
        var text = $"See [Refunds for Anna]({desk.Address}help/{key}/en/articles/refunds-48213), [your order](https://shop.example.com/orders/NL-48213) and [the rules](https://shop.example.com/rules).";
        await story.Owner.SayAsync(ticket.Id, text);
        var message = await desk.InDatabaseAsync(database => database.Set<SiteDesk.Tickets.Message>().Where(row => row.TicketId == ticket.Id).OrderByDescending(row => row.Id).Select(row => row.Id).FirstAsync());
        await story.Owner.SubmitAsync($"/agent/help/tickets/{ticket.Id}/articles", $"/agent/tickets/{ticket.Id}", ("message", $"{message}"));
        (await desk.InDatabaseAsync(database => database.Set<ArticleDraft>().AsNoTracking().SingleAsync())).Body
            .ShouldBe($"<p>See <a href=\"/help/{key}/en/articles/refunds-48213\">Refunds for [name]</a>, your order and <a href=\"https://shop.example.com/rules\">the rules</a>.</p>");
    }
}

public sealed class ArticleFromMessageOnSqliteTests() : ArticleFromMessageTests(() => DeskServer.StartAsync());

public sealed class ArticleFromMessageOnPostgresTests(PostgresServer server)
    : ArticleFromMessageTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ArticleFromMessageOnPostgresTests), TestContext.Current.CancellationToken)));

public sealed class PersonMaskTests
{
    private static readonly PersonMask Mask = new(["Соколова Мария Игоревна", "王伟", "Al"], "[name]", "[e-mail]", "[number]");

    [Theory]
    [InlineData("Здравствуйте, Мария Игоревна!", "Здравствуйте, [name] [name]!")]
    [InlineData("Для Марии Соколовой", "Для [name] [name]")]
    [InlineData("марина и Маринина", "марина и Маринина")]
    [InlineData("王伟您好，订单12345", "[name]您好，订单[number]")]
    [InlineData("Also, Al: always", "Also, [name]: always")]
    [InlineData("14 days, 10.50 €, 30 of 31", "14 days, 10.50 €, 30 of 31")]
    [InlineData("call 8 (912) 345-67-89 or a.b+c@mail.example.com.", "call [number] or [e-mail].")]
    [InlineData("4111 1111 1111 1111", "[number]")]
    public void Persons_are_masked_and_days_are_not(string text, string masked) => Mask.Apply(text).ShouldBe(masked);
}
