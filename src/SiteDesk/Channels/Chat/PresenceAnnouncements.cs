using System.Collections.Concurrent;
using System.Text.Json;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// Tells open widgets when somebody comes or goes: hours begin or end, an agent steps away, the owner changes the hours. Every node
/// looks for the visitors whose streams it holds, so nothing needs to travel between nodes; a site to which nobody listens costs
/// nothing.
/// </summary>
public sealed class PresenceAnnouncements(IServiceScopeFactory scopes, LiveHub hub, TimeProvider time, ILogger<PresenceAnnouncements> log) : BackgroundService
{
    /// <summary>How much later than the clock a widget may learn that hours have begun or ended.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, string> _announced = new();

    /// <summary>What concerns everybody on a site.</summary>
    public static string TopicOf(long siteId) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"presence:{siteId}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    /// <summary>One look at every site that is listened to; says only what is different from the last time.</summary>
    public async Task AnnounceAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var configuration = scope.ServiceProvider.GetRequiredService<WidgetConfiguration>();
        foreach (var site in await scope.ServiceProvider.GetRequiredService<SiteDirectory>().AllAsync(cancellation))
        {
            if (!hub.HasListeners(TopicOf(site.Id)))
            {
                _announced.TryRemove(site.Id, out _);
                continue;
            }

            // A stream that has just begun was told at its beginning; to tell it once more does no harm.
            var presence = JsonSerializer.Serialize(await configuration.PresenceAsync(site, cancellation), DatabaseJson.Options);
            if (_announced.GetValueOrDefault(site.Id) == presence)
                continue;
            _announced[site.Id] = presence;
            hub.Publish(new LiveSignal(TopicOf(site.Id), "presence", presence));
        }
    }

    private async Task TryAsync(CancellationToken stopping)
    {
        try
        {
            await AnnounceAsync(stopping);
        }
        catch (Exception problem) when (!stopping.IsCancellationRequested)
        {
            log.LogWarning(problem, "Widgets could not be told who is there; tried again in {Interval}.", Interval);
        }
    }
}
