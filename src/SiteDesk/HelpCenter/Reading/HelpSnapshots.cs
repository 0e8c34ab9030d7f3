using System.Collections.Concurrent;
using System.Globalization;
using SiteDesk.Platform.Live;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>
/// Holds every site's snapshot on this node. Readers take the one that is there; the next is built beside it when the stamp moves and
/// put in its place whole. Another node's change comes as a signal; in case its connection is down, stamps are compared every few seconds.
/// </summary>
public sealed class HelpSnapshots(IServiceScopeFactory scopes, LiveHub hub, TimeProvider time, ILogger<HelpSnapshots> log) : BackgroundService
{
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Holder> _sites = new();
    private readonly LiveHub.TopicClock _clock = hub.ClockOf(HelpStamp.Topic);

    /// <summary>The snapshot there is; built now when there is none yet.</summary>
    public async ValueTask<HelpSnapshot> ReadAsync(long siteId, CancellationToken cancellation) =>
        _sites.GetOrAdd(siteId, _ => new Holder()).Current ?? await FreshAsync(siteId, cancellation);

    /// <summary>The snapshot of all that is committed: for authors, who look at what they have just published.</summary>
    public async ValueTask<HelpSnapshot> FreshAsync(long siteId, CancellationToken cancellation)
    {
        var holder = _sites.GetOrAdd(siteId, _ => new Holder());
        var moves = _clock.Now;
        if (holder.Current is { } current && holder.Moves == moves)
            return current;
        await holder.Turn.WaitAsync(cancellation);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var reader = scope.ServiceProvider.GetRequiredService<SnapshotReader>();
            if (holder.Current is not { } known || await reader.StampAsync(siteId, cancellation) != known.Stamp)
                holder.Current = await OnItsOwnThreadAsync(() => reader.ReadAsync(siteId, cancellation), cancellation);
            holder.Moves = moves;
            return holder.Current;
        }
        finally
        {
            holder.Turn.Release();
        }
    }

    /// <summary>
    /// Building an index keeps a thread busy for seconds. A thread of the pool has a queue of its own, and under load nobody looks there
    /// while that thread works: a reader whose request lay in it waited until the index was built.
    /// </summary>
    private static Task<HelpSnapshot> OnItsOwnThreadAsync(Func<Task<HelpSnapshot>> read, CancellationToken cancellation) =>
        Task.Factory.StartNew(read, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var signals = hub.Subscribe([HelpStamp.Topic]);
                await FollowAsync(signals, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Readers keep the snapshot they have; the comparison of stamps tries again.
                log.LogWarning(problem, "The help centre could not be read anew; it is tried again.");
                await Task.Delay(LongestAge, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(LiveHub.Subscription signals, CancellationToken stopping)
    {
        using var pause = new PeriodicTimer(LongestAge, time);
        var tick = pause.WaitForNextTickAsync(stopping).AsTask();
        var moved = signals.Signals.WaitToReadAsync(stopping).AsTask();
        while (true)
        {
            if (await Task.WhenAny(tick, moved) == tick)
            {
                await tick;
                await CompareAsync(stopping);
                tick = pause.WaitForNextTickAsync(stopping).AsTask();
                continue;
            }

            if (!await moved)
                return; // this listener fell behind: it subscribes anew, and the stamps tell what it missed
            var sites = new HashSet<long>();
            while (signals.Signals.TryRead(out var signal))
            {
                if (long.TryParse(signal.Data, NumberStyles.None, CultureInfo.InvariantCulture, out var siteId) && _sites.ContainsKey(siteId))
                    sites.Add(siteId);
            }

            foreach (var siteId in sites)
                await FreshAsync(siteId, stopping);
            moved = signals.Signals.WaitToReadAsync(stopping).AsTask();
        }
    }

    private async Task CompareAsync(CancellationToken stopping)
    {
        var held = _sites.Where(site => site.Value.Current is not null).Select(site => site.Key).ToList();
        if (held.Count == 0)
            return;
        Dictionary<long, long> stamps;
        await using (var scope = scopes.CreateAsyncScope())
            stamps = await scope.ServiceProvider.GetRequiredService<SnapshotReader>().StampsAsync(held, stopping);
        foreach (var siteId in held.Where(siteId => stamps.GetValueOrDefault(siteId) != _sites[siteId].Current!.Stamp))
        {
            _sites[siteId].Moves = -1; // whatever was heard
            await FreshAsync(siteId, stopping);
        }
    }

    private sealed class Holder
    {
        public volatile HelpSnapshot? Current;

        /// <summary>The clock when <see cref="Current"/> was known to be true.</summary>
        public long Moves = -1;

        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
