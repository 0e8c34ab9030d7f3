using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Journeys.Browser;
using SiteDesk.Tickets;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>Somebody looks for an answer, does not find it, and writes: whoever reads it knows what they tried.</summary>
public sealed class TrailToFormJourneys(SharedBrowser browser, HelpJourneyDesk desk) : IClassFixture<HelpJourneyDesk>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_did_not_help_in_the_help_centre_goes_with_the_contact_form_of_the_same_tab()
    {
        const string question = "The label is torn, and the lamp hums.";
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await visit.Open($"/help/{desk.SiteKey}/en/search?q=xylophone");
        await page.GotoAsync($"/help/{desk.SiteKey}/en/search?q=return%20a%20lamp");
        await page.Locator(".help-list a").First.ClickAsync();
        await page.WaitForURLAsync("**/articles/**");
        await page.Locator(".help-vote button[value=false]").ClickAsync();
        await page.Locator(".help-vote input[type=radio]").First.WaitForAsync();

        await page.Locator(".site-footer a[href^='/contact/']").ClickAsync();
        await page.WaitForURLAsync("**/contact/**");
        await page.FillAsync("#text", question);
        await page.FillAsync("#contact", "anna@example.com");
        await page.Locator("form button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/t/**");

        var trail = await desk.Rows(database => database.Set<TicketTrail>().AsNoTracking()
            .Where(row => database.Set<Message>().Any(message => message.TicketId == row.TicketId && message.Text == question)).FirstAsync(Cancellation));
        trail.Steps.Select(step => (step.Words, step.ArticleId is not null, step.FoundNothing, step.NotHelped))
            .ShouldBe([("xylophone", false, true, false), ("return a lamp", false, false, false), ("", true, false, true)]);

        // It went along once: the next message from this tab tells nothing of it.
        await page.GotoAsync($"/contact/{desk.SiteKey}?language=en");
        (await page.Locator("input[data-trail]").InputValueAsync()).ShouldBeEmpty();
    }
}
