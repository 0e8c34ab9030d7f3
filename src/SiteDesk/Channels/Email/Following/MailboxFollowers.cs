using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Following;

/// <summary>Wakes the followers' overseer after a change of settings.</summary>
public sealed class FollowSignal : IDisposable
{
    private readonly MailSignal _signal = new();

    public void Wake() => _signal.Wake();

    /// <summary>Returns when woken, or after the time limit at the latest.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) => _signal.WaitAsync(limit, cancellation);

    public void Dispose() => _signal.Dispose();
}

/// <summary>Keeps one follower a mailbox running: each on its own, so that a server that stalls stalls nobody else. A changed mailbox gets a new one.</summary>
public sealed class MailboxFollowers(IServiceScopeFactory scopes, MailboxFollower follower, FollowSignal signal, TimeProvider time, ILogger<MailboxFollowers> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly Dictionary<long, Running> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await MatchAsync(stoppingToken);
                await signal.WaitAsync(Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (ObjectDisposedException)
            {
                break; // a start that failed: the program's services are gone before this is told to stop
            }
            catch (Exception problem)
            {
                log.LogError(problem, "The list of mailboxes could not be read; trying again.");
                await Task.Delay(Look, time, stoppingToken);
            }
        }

        foreach (var running in _running.Values)
            await StopAsync(running);
    }

    private async Task MatchAsync(CancellationToken stopping)
    {
        List<Mailbox> wanted;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var enabled = await scope.ServiceProvider.GetRequiredService<Database>().Set<Mailbox>().AsNoTracking().Where(mailbox => mailbox.IsEnabled && mailbox.RemovedAt == null).ToListAsync(stopping);
            wanted = enabled.FindAll(mailbox => mailbox.IsFollowed);
        }

        foreach (var (id, running) in _running.Where(pair => !wanted.Exists(mailbox => mailbox.Id == pair.Key && mailbox.Version == pair.Value.Version)).ToList())
        {
            await StopAsync(running);
            _running.Remove(id);
        }

        foreach (var mailbox in wanted.Where(mailbox => !_running.ContainsKey(mailbox.Id)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _running[mailbox.Id] = new Running(mailbox.Version, stop, Task.Run(() => follower.FollowAsync(mailbox, stop.Token), CancellationToken.None));
        }
    }

    private static async Task StopAsync(Running running)
    {
        await running.Stop.CancelAsync();
        await running.Task;
        running.Stop.Dispose();
    }

    private sealed record Running(int Version, CancellationTokenSource Stop, Task Task);
}
