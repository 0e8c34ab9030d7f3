using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Platform.Events;

/// <summary>Wakes the dispatcher of this node; any number of calls before it looks count as one.</summary>
public sealed class DispatchSignal : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private int _pending;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
            _woken.Release();
    }

    /// <summary>Returns when woken, or after the time limit at the latest.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (await _woken.WaitAsync(limit, cancellation))
            Interlocked.Exchange(ref _pending, 0);
    }

    public void Dispose() => _woken.Dispose();
}

/// <summary>
/// Takes due deliveries and runs their handlers. On PostgreSQL several nodes share the queue: a row is claimed by moving
/// its due time into the future, so a node that dies gives its rows back by itself.
/// </summary>
public sealed class EventDispatcher(
    IServiceScopeFactory scopes, EventCatalog catalog, DispatchSignal signal, TimeProvider time, ILogger<EventDispatcher> log)
    : BackgroundService
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(5);
    private const int BatchSize = 100;
    private const int Parallel = 4;

    private readonly System.Collections.Concurrent.ConcurrentQueue<long> _handled = new();
    private readonly SemaphoreSlim _removal = new(1, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await DispatchDueAsync(stoppingToken) < BatchSize)
                    await signal.WaitAsync(IdleLook, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                log.LogError(problem, "The event queue could not be read; trying again.");
                await Task.Delay(IdleLook, time, stoppingToken);
            }
        }
    }

    /// <summary>Runs every delivery that is due now, at most one batch.</summary>
    /// <returns>How many were taken.</returns>
    public async Task<int> DispatchDueAsync(CancellationToken cancellation)
    {
        var claimed = await ClaimAsync(cancellation);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            claimed,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (delivery, stop) => await RunAsync(delivery, stop));
        return claimed.Count;
    }

    private async Task<List<EventDelivery>> ClaimAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var now = time.Now();
        if (!await database.Set<EventDelivery>().AnyAsync(delivery => delivery.DueAt <= now, cancellation))
            return [];

        return await database.InTransactionAsync(async () =>
        {
            var due = database.Engine == DatabaseEngine.Postgres
                ? database.Set<EventDelivery>().FromSql(
                    $"""SELECT * FROM platform_event_deliveries WHERE "DueAt" <= {now} ORDER BY "DueAt", "Id" LIMIT {BatchSize} FOR UPDATE SKIP LOCKED""")
                : database.Set<EventDelivery>().Where(delivery => delivery.DueAt <= now).OrderBy(delivery => delivery.DueAt).ThenBy(delivery => delivery.Id).Take(BatchSize);
            var claimed = await due.AsNoTracking().ToListAsync(cancellation);
            var ids = claimed.Select(delivery => delivery.Id).ToList();
            await database.Set<EventDelivery>().Where(delivery => ids.Contains(delivery.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.DueAt, now + Claim), cancellation);
            return claimed;
        }, cancellation);
    }

    public override void Dispose()
    {
        _removal.Dispose();
        base.Dispose();
    }

    private async Task RunAsync(EventDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            var subscription = catalog.Find(delivery.Handler)
                ?? throw new InvalidOperationException($"No handler is called {delivery.Handler}.");
            await using var scope = scopes.CreateAsyncScope();
            await subscription.RunAsync(scope.ServiceProvider, delivery.Payload, new EventContext(delivery.Id, delivery.Attempts + 1, delivery.OccurredAt), cancellation);
            await RemoveAsync(delivery, cancellation);
            ProgramMetrics.EventHandled(delivery.Handler, time.Now() - delivery.OccurredAt);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception problem)
        {
            log.LogWarning(problem, "Handler {Handler} failed, try {Attempt}.", delivery.Handler, delivery.Attempts + 1);
            await KeepAsync(delivery, problem, cancellation);
            ProgramMetrics.EventFailed(delivery.Handler, isDead: delivery.DueAt is null);
        }
    }

    /// <summary>
    /// Removes a delivery that was handled, together with those that were handled while the one before was being removed:
    /// one commit, and one wait for the disk, for all of them.
    /// </summary>
    private async Task RemoveAsync(EventDelivery delivery, CancellationToken cancellation)
    {
        _handled.Enqueue(delivery.Id);
        await _removal.WaitAsync(cancellation);
        try
        {
            var ids = new List<long>();
            while (_handled.TryDequeue(out var id))
                ids.Add(id);
            if (ids.Count == 0)
                return; // removed with the one before
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Database>().Set<EventDelivery>().Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellation);
        }
        finally
        {
            _removal.Release();
        }
    }

    private async Task KeepAsync(EventDelivery delivery, Exception problem, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        database.Attach(delivery);
        delivery.Fail(problem, time.Now());
        await database.SaveChangesAsync(cancellation);
    }
}
