using Microsoft.Playwright;

namespace SiteDesk.Journeys.Browser;

/// <summary>A computer whose lid is closed: the page is frozen with its timers, and the network is gone. Disposing opens it.</summary>
public sealed class Lid : IAsyncDisposable
{
    readonly Visit _visit;
    readonly ICDPSession _protocol;

    Lid(Visit visit, ICDPSession protocol) => (_visit, _protocol) = (visit, protocol);

    public static async Task<Lid> Close(Visit visit, IPage page)
    {
        var protocol = await visit.Context.NewCDPSessionAsync(page);
        await visit.Context.SetOfflineAsync(true);
        await SetStateAsync(protocol, "frozen");
        return new Lid(visit, protocol);
    }

    public async ValueTask DisposeAsync()
    {
        // As in life the page wakes before the network is back.
        await SetStateAsync(_protocol, "active");
        await _visit.Context.SetOfflineAsync(false);
        await _protocol.DetachAsync();
    }

    static Task SetStateAsync(ICDPSession protocol, string state) =>
        protocol.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = state });
}
