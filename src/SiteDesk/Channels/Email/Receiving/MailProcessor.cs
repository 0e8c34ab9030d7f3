using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// Reads stored mail in the order it came, one after the other and on one node: an answer that lies behind its question finds it.
/// </summary>
public sealed class MailProcessor(IServiceScopeFactory scopes, Leases leases, WakeSignal<MailProcessor> signal, TimeProvider time, ILogger<MailProcessor> log) : BackgroundService
{
    private const string LeaseName = "email.reading";
    private const int Batch = 200;
    private const int MostTogether = 25;
    private const long MostBytesTogether = 4 * 1024 * 1024;
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    private DateTime _holdsUntil;
    private long? _fence;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RepeatAsync(
        async stopping =>
        {
            if (await ReadWaitingAsync(stopping) < Batch)
                await signal.WaitAsync(IdleLook, stopping);
        },
        IdleLook, "Stored mail could not be read; trying again.", time, log, stoppingToken);

    /// <summary>Another node goes on at once instead of waiting for the lease to end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_fence is { } fence)
            await leases.HoldAsync(LeaseName, fence, TimeSpan.Zero, cancellationToken);
        _fence = null;
    }

    /// <summary>Reads what waits, at most one batch.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ReadWaitingAsync(CancellationToken cancellation)
    {
        List<(long Id, long Size)> waiting;
        await using (var scope = scopes.CreateAsyncScope())
        {
            waiting = (await scope.ServiceProvider.GetRequiredService<Database>().Set<RawMail>().Where(mail => mail.State == RawMailState.Waiting)
                .OrderBy(mail => mail.Id).Take(Batch).Select(mail => new { mail.Id, mail.Size }).ToListAsync(cancellation)).ConvertAll(mail => (mail.Id, mail.Size));
        }

        for (var at = 0; at < waiting.Count;)
        {
            if (!await HoldLeaseAsync(cancellation))
                return 0;
            at += await ReadNextAsync(waiting, at, cancellation);
        }

        return waiting.Count;
    }

    /// <returns>How many were read, at least one.</returns>
    private async Task<int> ReadNextAsync(List<(long Id, long Size)> waiting, int at, CancellationToken cancellation)
    {
        var run = RunFrom(waiting, at);
        if (run.Count > 1)
        {
            await using var scope = scopes.CreateAsyncScope();
            switch (await scope.ServiceProvider.GetRequiredService<ReceiveMail>().RunTogetherAsync(run, cancellation))
            {
                case > 0 and var read:
                    return read;
                case 0:
                    run = [waiting[at].Id];
                    break;
            }
        }

        foreach (var id in run.DefaultIfEmpty(waiting[at].Id))
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ReceiveMail>().RunAsync(id, cancellation);
        }

        return Math.Max(1, run.Count);
    }

    /// <summary>The mails from a place on that fit into one transaction: writers wait for it, and all of them are in memory.</summary>
    private static List<long> RunFrom(List<(long Id, long Size)> waiting, int at)
    {
        var (run, size) = (new List<long>(), 0L);
        foreach (var mail in waiting.Skip(at).Take(MostTogether))
        {
            size += mail.Size;
            if (size > MostBytesTogether)
                break;
            run.Add(mail.Id);
        }

        return run;
    }

    private async Task<bool> HoldLeaseAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        if (now + LeaseTime / 2 < _holdsUntil)
            return true;
        if (await leases.TryTakeAsync(LeaseName, LeaseTime, cancellation) is not { } fence)
            return false;
        _fence = fence;
        _holdsUntil = now + LeaseTime;
        return true;
    }
}
