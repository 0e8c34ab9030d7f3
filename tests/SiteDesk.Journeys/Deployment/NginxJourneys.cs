using Microsoft.Playwright;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Tests.Deployment;

namespace SiteDesk.Journeys.Deployment;

/// <summary>The desk as it is run for real: Debian's nginx with the published example in front, HTTPS, and a browser with many tabs.</summary>
public sealed class NginxJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;
    NginxProxy _proxy = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _desk = await DeskAtWork.Start("--trusted-proxies", "127.0.0.1");
        _proxy = await NginxProxy.StartAsync(_desk.Address, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task Eight_tabs_are_live_over_one_stream_through_nginx()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_proxy.Address, new Reader());
        var streams = 0;
        visit.Context.Request += (_, request) => streams += request.Url.Contains("/agent/live", StringComparison.Ordinal) ? 1 : 0;
        List<IPage> tabs = [await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}")];
        while (tabs.Count < 8)
        {
            tabs.Add(await visit.Open($"/agent/tickets/{ticket}"));
            await DeskAtWork.Ready(tabs[^1]);
        }

        await _desk.Add(ticket, "Are you there?");
        foreach (var tab in tabs)
            await tab.WaitForSelectorAsync(".message .body:has-text('Are you there?')");
        streams.ShouldBe(1);

        // Every tab still gets its answers and can write while the stream is open. Notes: an answer within a second of somebody
        // else's would be held.
        foreach (var (tab, number) in tabs.Select((tab, number) => (tab, number)))
        {
            await tab.BringToFrontAsync();
            await tab.Keyboard.PressAsync("Escape");
            await tab.Keyboard.PressAsync("n");
            await tab.WaitForSelectorAsync("#composer[data-kind=note] #composer-text:focus");
            await tab.Keyboard.TypeAsync($"From tab {number}");
            await tab.Keyboard.PressAsync("Control+Enter");
            foreach (var other in tabs)
                await other.WaitForSelectorAsync($".message.note .body:has-text('From tab {number}')");
        }

        await visit.Screenshot(tabs[^1], "nginx-eight-tabs");
    }
}
