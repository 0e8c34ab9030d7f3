using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>Wakes the reader of stored mail on this node; any number of calls before it looks count as one.</summary>
public sealed class MailSignal : IDisposable
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
/// Reads stored mail in the order it came, one after the other and on one node: an answer that lies behind its question finds it.
/// </summary>
public sealed class MailProcessor(IServiceScopeFactory scopes, Leases leases, MailSignal signal, TimeProvider time, ILogger<MailProcessor> log) : BackgroundService
{
    private const string LeaseName = "email.reading";
    private const int Batch = 50;
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    private DateTime _holdsUntil;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ReadWaitingAsync(stoppingToken) < Batch)
                    await signal.WaitAsync(IdleLook, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                break; // a start that failed: the program's services are gone before this is told to stop
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Stored mail could not be read; trying again.");
                await Task.Delay(IdleLook, time, stoppingToken);
            }
        }
    }

    /// <summary>Reads what waits, at most one batch.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellation)
    {
        List<long> waiting;
        await using (var scope = scopes.CreateAsyncScope())
        {
            waiting = await scope.ServiceProvider.GetRequiredService<Database>().Set<RawMail>().Where(mail => mail.State == RawMailState.Waiting)
                .OrderBy(mail => mail.Id).Take(Batch).Select(mail => mail.Id).ToListAsync(cancellation);
        }

        foreach (var id in waiting)
        {
            if (!await HoldLeaseAsync(cancellation))
                return 0;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ReceiveMail>().RunAsync(id, cancellation);
        }

        return waiting.Count;
    }

    private async Task<bool> HoldLeaseAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        if (now + LeaseTime / 2 < _holdsUntil)
            return true;
        if (await leases.TryTakeAsync(LeaseName, LeaseTime, cancellation) is null)
            return false;
        _holdsUntil = now + LeaseTime;
        return true;
    }
}
