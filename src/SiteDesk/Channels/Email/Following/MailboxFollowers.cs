using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Following;

/// <summary>Keeps one follower a mailbox running: each on its own, so that a server that stalls stalls nobody else. A changed mailbox gets a new one.</summary>
public sealed class MailboxFollowers(IServiceScopeFactory scopes, MailboxFollower follower, WakeSignal<MailboxFollowers> signal, TimeProvider time, ILogger<MailboxFollowers> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly Dictionary<long, Running> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Rounds.RepeatAsync(
            async stopping =>
            {
                await MatchAsync(stopping);
                await signal.WaitAsync(Look, stopping);
            },
            Look, "The list of mailboxes could not be read; trying again.", time, log, stoppingToken);
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
