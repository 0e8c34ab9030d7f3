using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Workspace;

/// <summary>
/// The navigation library changes the document's head as one moves about, and with it the nonce that the content policy of the page
/// that was loaded first goes by. What it styles by itself has to work all the same.
/// </summary>
public sealed class ContentPolicyJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task The_progress_bar_has_its_style_after_a_ticket_was_opened_in_its_frame()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");
        // A frame that advances the address is done only when the navigation library says so: what is visited before is called off.
        await page.EvaluateAsync("window.arrived = new Promise(resolve => document.addEventListener('turbo:load', resolve, { once: true })); 0");
        await page.ClickAsync($"#row-{ticket} .row-link");
        await page.WaitForURLAsync($"**/agent/tickets/{ticket}*");
        await page.WaitForSelectorAsync($"[data-ticket='{ticket}']");
        await page.EvaluateAsync("window.arrived");

        // A page that takes its time: the bar comes, and it can be seen.
        var barSeen = new TaskCompletionSource();
        await page.RouteAsync("**/agent/notifications", async route =>
        {
            await barSeen.Task;
            await route.ContinueAsync();
        });
        await page.EvaluateAsync("import('@hotwired/turbo').then(turbo => { turbo.visit('/agent/notifications') })");
        await page.WaitForSelectorAsync(".turbo-progress-bar", new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        var position = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.turbo-progress-bar')).position");
        barSeen.SetResult();
        position.ShouldBe("fixed");
        await page.WaitForURLAsync("**/agent/notifications");
        await page.WaitForSelectorAsync("h1:has-text('Notifications')");
        // Disposing the visit fails the test if the policy had to refuse anything.
    }
}
