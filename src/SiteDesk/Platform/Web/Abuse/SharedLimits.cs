using System.Text.Json;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;

namespace SiteDesk.Platform.Web.Abuse;

/// <summary>
/// Makes the limits of <see cref="AddressWatch"/> hold over all nodes of a cluster: once a second each tells the others what it took.
/// </summary>
/// <remarks>
/// A row for each count would be exact, but would make every message of a visitor wait for a write and a flood write most of all.
/// This way nothing waits, and what an address can get beyond its limit is what it sends to other nodes within a second. What
/// protects accounts is counted in rows (wrong passwords of an address, lockout): there exactness is worth a write.
/// </remarks>
public sealed class SharedLimits(AddressWatch watch, LiveHub hub, DatabaseAddress address, IServiceScopeFactory scopes, TimeProvider time, ILogger<SharedLimits> log) : BackgroundService
{
    private const string Topic = "platform:limits";

    // A notification carries less than 8,000 bytes, and a second's news is bounded: the busiest addresses are what limits are for.
    private const int MostInSignal = 40, MostInSecond = 400;

    private readonly string _node = Guid.NewGuid().ToString("N");

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (address.Engine != DatabaseEngine.Postgres)
            return Task.CompletedTask;
        watch.Share();
        return Task.WhenAll(ListenAsync(stoppingToken), TellAsync(stoppingToken));
    }

    /// <summary>Tells what was taken since the last time.</summary>
    public async Task ExchangeAsync(CancellationToken cancellation)
    {
        var taken = watch.TakeUntold();
        if (taken.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        foreach (var part in taken.Take(MostInSecond).Chunk(MostInSignal))
            database.Signal(() => new LiveSignal(Topic, "taken", JsonSerializer.Serialize(new News(_node, part), DatabaseJson.Options)));
        await database.SaveChangesAsync(cancellation);
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stopping);
                await ExchangeAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                log.LogWarning(problem, "Other nodes could not be told what was counted here; each node holds the limits by itself meanwhile.");
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var signal in hub.FollowAsync(Topic, stopping))
            {
                if (signal.Topic == Topic && signal.Name == "taken" && JsonSerializer.Deserialize<News>(signal.Data, DatabaseJson.Options) is { } news && news.Node != _node)
                    Array.ForEach(news.Taken, watch.AddOf);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private sealed record News(string Node, TakenUnits[] Taken);
}
