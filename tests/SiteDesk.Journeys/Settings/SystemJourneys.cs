using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Events;

namespace SiteDesk.Journeys.Settings;

/// <summary>What an administrator looks after: keys for programs, deliveries that were given up.</summary>
public sealed class SystemJourneys(SharedBrowser browser, SettingsDesk desk)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_for_a_program_works_until_it_is_revoked()
    {
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/settings/api");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Type("#name", "Nightly export");
        await keys.Press("main form.card button");
        await page.WaitForSelectorAsync("[role=alert], .error, .problems");
        await keys.Type("#name", "Nightly export");
        await keys.Tick("[name=scopes][value='tickets:read']");
        await keys.Press("main form.card button");
        await page.WaitForSelectorAsync("#secret");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "api-key-made", fullPage: true);
        var secret = await page.InputValueAsync("#secret");

        using var program = new HttpClient { BaseAddress = desk.Address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        (await program.GetAsync(new Uri("api/v1/tickets", UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync(new Uri("api/v1/customers", UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await page.ReloadAsync();
        await Microsoft.Playwright.Assertions.Expect(page.Locator("#secret")).ToHaveCountAsync(0);
        await keys.Press("button[aria-label$='Nightly export']");
        await page.Locator("button[aria-label$='Nightly export']").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        (await program.GetAsync(new Uri("api/v1/tickets", UriKind.Relative), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_delivery_that_was_given_up_is_read_run_again_or_dropped()
    {
        var again = await desk.AddDeadLetter("RunMeAgain");
        var drop = await desk.AddDeadLetter("DropMe");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/events");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Press("li:has-text('RunMeAgain') summary");
        await page.WaitForSelectorAsync("li:has-text('RunMeAgain') details[open] pre");
        await keys.Press($"form[action='/agent/events/{again}/run-again'] button");
        await page.Locator("li:has-text('RunMeAgain')").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        (await Letter(again))!.DueAt.ShouldNotBeNull();

        await keys.Press($"form[action='/agent/events/{drop}/removal'] button");
        await page.Locator("li:has-text('DropMe')").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        (await Letter(drop)).ShouldBeNull();
    }

    Task<EventDelivery?> Letter(long id) => desk.Rows(rows => rows.Set<EventDelivery>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, Cancellation));
}
