using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Renews a claim while its mail is on its way: a large one on a slow line takes longer than <see cref="SendMail.LongestTry"/>, and another node would
/// send it as well. A line on which nothing moves ends by its own limits, and with it this.
/// </summary>
internal sealed class ClaimHolder : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _holding;

    public ClaimHolder(IServiceScopeFactory scopes, OutgoingMail mail, TimeSpan renewal, TimeProvider time, ILogger log) =>
        _holding = HoldAsync(scopes, mail.Id, mail.Attempts, renewal, time, log, _ended.Token);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _holding;
        _ended.Dispose();
    }

    private static async Task HoldAsync(IServiceScopeFactory scopes, long id, int attempts, TimeSpan renewal, TimeProvider time, ILogger log, CancellationToken ended)
    {
        while (true)
        {
            await Task.Delay(renewal, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                await RenewAsync(scopes, id, attempts, time.Now());
            }
            catch (Exception problem)
            {
                log.LogWarning("The claim on mail {Mail} could not be renewed: {Problem}", id, problem.Message);
            }
        }
    }

    /// <summary>Of this try alone: whoever took it over meanwhile holds a claim of their own.</summary>
    private static async Task RenewAsync(IServiceScopeFactory scopes, long id, int attempts, DateTime now)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().Set<OutgoingMail>().Where(row => row.Id == id && row.State == OutgoingState.Sending && row.Attempts == attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedAt, now), CancellationToken.None);
    }
}
