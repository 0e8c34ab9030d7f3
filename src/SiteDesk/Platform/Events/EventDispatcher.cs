using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Platform.Events;

/// <summary>
/// Takes due deliveries and runs their handlers. On PostgreSQL several nodes share the queue: a row is claimed by moving
/// its due time into the future, so a node that dies gives its rows back by itself.
/// </summary>
public sealed class EventDispatcher(
    IServiceScopeFactory scopes, EventCatalog catalog, WakeSignal<EventDispatcher> signal, TimeProvider time, ILogger<EventDispatcher> log)
    : BackgroundService
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(5);
    private const int BatchSize = 100;
    private const int Parallel = 4;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RepeatAsync(
        async stopping =>
        {
            if (await DispatchDueAsync(stopping) < BatchSize)
                await signal.WaitAsync(IdleLook, stopping);
        },
        IdleLook, "The event queue could not be read; trying again.", time, log, stoppingToken);

    /// <summary>Runs every delivery that is due now, at most one batch.</summary>
    /// <returns>How many were taken.</returns>
    public async Task<int> DispatchDueAsync(CancellationToken cancellation)
    {
        var claimed = await ClaimAsync(cancellation);
        var done = new ConcurrentBag<long>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            claimed,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (delivery, stop) =>
            {
                if (await RunAsync(delivery, stop))
                    done.Add(delivery.Id);
            });
        await RemoveAsync([.. done], cancellation);
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

    /// <returns>Whether the handler did its work; a failed delivery is kept for its next try.</returns>
    private async Task<bool> RunAsync(EventDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            var subscription = catalog.Find(delivery.Handler)
                ?? throw new InvalidOperationException($"No handler is called {delivery.Handler}.");
            await using var scope = scopes.CreateAsyncScope();
            await subscription.RunAsync(scope.ServiceProvider, delivery.Payload, new EventContext(delivery.Id, delivery.Attempts + 1, delivery.OccurredAt), cancellation);
            ProgramMetrics.EventHandled(delivery.Handler, time.Now() - delivery.OccurredAt);
            return true;
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
            return false;
        }
    }

    /// <summary>One write for the whole batch: a crash before it only means that handlers run twice, which they are ready for.</summary>
    private async Task RemoveAsync(IReadOnlyCollection<long> done, CancellationToken cancellation)
    {
        if (done.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        await database.InTransactionAsync(
            () => database.Set<EventDelivery>().Where(delivery => done.Contains(delivery.Id)).ExecuteDeleteAsync(cancellation), cancellation);
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
