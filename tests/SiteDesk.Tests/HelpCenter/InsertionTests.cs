using System.Net;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>An agent finds an article while writing a reply, and puts a link to it in.</summary>
public abstract class InsertionTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Articles_are_offered_for_what_is_typed_and_before_that_for_the_tickets_subject()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        await desk.PublishAsync(section, "en", "When do I get my [money] back?", "The refund takes five days.", ["refund not received"], summary: "Five working days after we have it.");
        await desk.PublishAsync(section, "en", "Wash a down jacket", "<p>At 30 <strong>degrees</strong>: gently.</p><ul><li>without softener</li><li><a href=\"/help/x/en/articles/y\">more</a></li></ul><h2>Drying</h2><p>Slowly.</p>");
        await desk.PublishAsync(section, "en", "Refunds, for colleagues", "Ask accounting about every refund.", change: article => article.Audience = SiteDesk.HelpCenter.Audience.Staff);
        await desk.SettleAsync();
        var ticket = await desk.AskAsync("Where is my refund?");
        var key = (await desk.SiteAsync()).Key;

        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain($"/agent/help/insertions/{ticket.Id}");
        foreach (var query in new[] { "", "refunded", "refun" })
        {
            var menu = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/help/insertions/{ticket.Id}?query={query}"));
            menu.ShouldContain($"[When do I get my (money) back?]({desk.Address}help/{key}/en/articles/");
            menu.ShouldContain("Five working days after we have it.\n[When");
            menu.ShouldNotContain("colleagues", customMessage: "a link to what the customer may not read leads nowhere");
            menu.IndexOf("money", StringComparison.Ordinal).ShouldBeLessThan(menu.Contains("jacket", StringComparison.Ordinal) ? menu.IndexOf("jacket", StringComparison.Ordinal) : int.MaxValue);
        }

        var washing = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/help/insertions/{ticket.Id}?query=jacket"));
        washing.ShouldContain($"data-insert=\"At 30 degrees: gently.\n\n- without softener\n- [more]({desk.Address}help/x/en/articles/y)\n\n[Wash", customMessage: "an article without a summary is said in its own first words");
        washing.ShouldNotContain("Slowly");
        (await owner.GetTextAsync($"/agent/help/insertions/{ticket.Id}?query=zyzzyva%20quux")).ShouldNotContain("menu-item");
        (await owner.Http.GetAsync(new Uri("/agent/help/insertions/999", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var outsider = await desk.NewStaffAsync("outside@example.com", Role.Agent, member => member.ConfinedToSites = true);
        (await outsider.Http.GetAsync(new Uri($"/agent/help/insertions/{ticket.Id}", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}

public sealed class InsertionsOnSqliteTests() : InsertionTests(() => DeskServer.StartAsync());

public sealed class InsertionsOnPostgresTests(PostgresServer server)
    : InsertionTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(InsertionsOnPostgresTests), TestContext.Current.CancellationToken)));
