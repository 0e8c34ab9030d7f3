using System.Collections.Concurrent;
using SiteDesk.Assistant.Knowledge;

namespace SiteDesk.Assistant.Desk;

/// <summary>
/// What the assistant knows of a site, for pages that must not wait: where it has not been trained yet, that begins behind them, and
/// goes on when the page that asked is closed.
/// </summary>
internal sealed class KnowledgeAtHand(LiveKnowledge knowledge, IHostApplicationLifetime life, ILogger<KnowledgeAtHand> log)
{
    private readonly ConcurrentDictionary<long, Task> _underWay = new();

    /// <returns>Null while it is being trained.</returns>
    public SiteKnowledge? Find(long siteId)
    {
        if (knowledge.Find(siteId) is { } known)
            return known;
        _ = _underWay.GetOrAdd(siteId, Train); // it says itself what goes wrong
        return null;
    }

    private Task Train(long siteId) => Task.Run(async () =>
    {
        try
        {
            await knowledge.FreshAsync(siteId, life.ApplicationStopping);
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception problem)
        {
            log.LogWarning(problem, "The assistant could not be trained for suggestions on site {SiteId}; the next page tries again.", siteId);
        }

        _underWay.TryRemove(siteId, out _);
    });
}
