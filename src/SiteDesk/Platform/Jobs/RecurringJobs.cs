using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Jobs;

/// <summary>Work that runs again and again, once at a time in the whole cluster.</summary>
public interface IRecurringJob
{
    /// <summary>Unique and stable: it is the name of the lease.</summary>
    string Name { get; }

    /// <summary>From the end of one run to the start of the next.</summary>
    TimeSpan Interval { get; }

    Task RunAsync(CancellationToken cancellation);
}

/// <summary>The right of one node to do some work until a moment. The fence grows with every change of hands.</summary>
public sealed class Lease
{
    public required string Name { get; init; }

    public required string Holder { get; set; }

    public required DateTime Until { get; set; }

    /// <summary>Grows by one with every acquisition: work guarded by an older number is stale.</summary>
    public long Fence { get; set; }
}

/// <summary>Takes and returns leases; rows are the truth.</summary>
public sealed class Leases(IServiceScopeFactory scopes, TimeProvider time)
{
    private readonly string _node = $"{Environment.MachineName}-{Guid.NewGuid():N}"[..Math.Min(60, Environment.MachineName.Length + 33)];

    /// <returns>The fence number, or null when another node holds the lease.</returns>
    public async Task<long?> TryTakeAsync(string name, TimeSpan duration, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var now = time.Now();
        var lease = await database.Set<Lease>().FindAsync([name], cancellation);
        if (lease is null)
        {
            lease = new Lease { Name = name, Holder = _node, Until = now + duration, Fence = 1 };
            database.Add(lease);
        }
        else if (lease.Until > now && lease.Holder != _node && !IsOfDeadProcess(lease, database.Engine))
        {
            return null;
        }
        else
        {
            lease.Holder = _node;
            lease.Until = now + duration;
            lease.Fence++;
        }

        try
        {
            await database.SaveChangesAsync(cancellation);
            return lease.Fence;
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            // Another node was quicker: that is the answer, not a fault.
            return null;
        }
    }

    /// <summary>A SQLite file has one process: another holder is one that was killed, and nobody has to wait for it.</summary>
    private static bool IsOfDeadProcess(Lease lease, DatabaseEngine engine) => engine == DatabaseEngine.Sqlite && lease.Holder.Length > 0;

    /// <summary>Keeps the lease until the given moment from now, so that the job is not run again before its interval has passed.</summary>
    public async Task HoldAsync(string name, long fence, TimeSpan duration, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var until = time.Now() + duration;
        await database.Set<Lease>().Where(lease => lease.Name == name && lease.Fence == fence)
            .ExecuteUpdateAsync(set => set.SetProperty(lease => lease.Until, until).SetProperty(lease => lease.Holder, ""), cancellation);
    }
}

/// <summary>Runs every <see cref="IRecurringJob"/> of this program under its lease.</summary>
public sealed class RecurringJobs(IServiceScopeFactory scopes, Leases leases, TimeProvider time, ILogger<RecurringJobs> log) : BackgroundService
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<(Type Type, string Name, TimeSpan Interval)> jobs;
        await using (var scope = scopes.CreateAsyncScope())
            jobs = scope.ServiceProvider.GetServices<IRecurringJob>().Select(job => (job.GetType(), job.Name, job.Interval)).ToList();
        await Task.WhenAll(jobs.Select(job => RepeatAsync(job.Type, job.Name, job.Interval, stoppingToken)));
    }

    private async Task RepeatAsync(Type type, string name, TimeSpan interval, CancellationToken stopping)
    {
        var pause = interval < TimeSpan.FromMinutes(1) ? interval : TimeSpan.FromMinutes(1);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stopping);
                if (await leases.TryTakeAsync(name, LongestRun, stopping) is not { } fence)
                    continue;
                await using (var scope = scopes.CreateAsyncScope())
                    await scope.ServiceProvider.GetServices<IRecurringJob>().First(job => job.GetType() == type).RunAsync(stopping);
                await leases.HoldAsync(name, fence, interval, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Job {Job} failed; it runs again after its interval.", name);
            }
        }
    }
}
