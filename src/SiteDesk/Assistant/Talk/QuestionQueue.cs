using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Assistant.Talk;

/// <summary>
/// The assistant's own queue. The rows are the truth: what waits when a node dies is taken up by the next. Nobody waits for a stuck
/// assistant: what is not answered in time is given to a person.
/// </summary>
internal sealed class QuestionQueue(IServiceScopeFactory scopes, WakeSignal<QuestionQueue> signal, AssistantLimits limits, TimeProvider time, ILogger<QuestionQueue> log) : BackgroundService
{
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookWithoutWork = TimeSpan.FromSeconds(5);
    private const int MostAtOnce = 16;

    /// <summary>How long giving back what is in hand may take when the program ends; after that the claims give it back.</summary>
    private static readonly TimeSpan GiveBack = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, Task> _underWay = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RepeatAsync(
        async stopping => await signal.WaitAsync(await StartDueAsync(stopping) > 0 ? IdleLook : LookWithoutWork, stopping),
        IdleLook, "The assistant's queue could not be read; trying again.", time, log, stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What is in hand gives itself back while the database is still there.
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<int> StartDueAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var now = time.Now();
        var due = await database.Set<AssistantTalk>().AsNoTracking().Where(talk => talk.IsWaiting && (talk.ClaimedUntil == null || talk.ClaimedUntil < now))
            .OrderBy(talk => talk.HeardAt).Take(MostAtOnce).Select(talk => new { talk.TicketId, talk.HeardAt }).ToListAsync(stopping);
        foreach (var talk in due)
        {
            if (_underWay.Count >= MostAtOnce || !_underWay.TryAdd(talk.TicketId, Task.CompletedTask))
                continue;
            var until = now + limits.Claim;
            var isOurs = await database.Set<AssistantTalk>().Where(row => row.TicketId == talk.TicketId && (row.ClaimedUntil == null || row.ClaimedUntil < now))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), stopping) == 1;
            // Not put back in its place when it has ended already.
            if (isOurs)
                _underWay.TryUpdate(talk.TicketId, AnswerAsync(talk.TicketId, until, isTooLate: now - talk.HeardAt > limits.TooLate, stopping), Task.CompletedTask);
            else
                _underWay.TryRemove(talk.TicketId, out _);
        }
        return due.Count;
    }

    private async Task AnswerAsync(long ticketId, DateTime claimedUntil, bool isTooLate, CancellationToken stopping)
    {
        try
        {
            if (!isTooLate && await IsAnsweredAsync(ticketId, stopping))
                return;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AnswerQuestion>().GiveUpAsync(ticketId, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(ticketId, claimedUntil);
        }
        catch (Exception problem)
        {
            log.LogError(problem, "Ticket {Ticket} could be neither answered nor given to a person; it is tried again.", ticketId);
        }
        finally
        {
            _underWay.TryRemove(ticketId, out _);
            signal.Wake();
        }
    }

    /// <summary>The program ends: the next start, or another node, takes it up at once and not when the claim runs out.</summary>
    private async Task GiveBackAsync(long ticketId, DateTime claimedUntil)
    {
        using var limit = new CancellationTokenSource(GiveBack);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Database>().Set<AssistantTalk>().Where(row => row.TicketId == ticketId && row.ClaimedUntil == claimedUntil)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, (DateTime?)null), limit.Token);
        }
        catch (Exception problem)
        {
            log.LogWarning(problem, "Ticket {Ticket} could not be given back to the assistant's queue; it is taken up when its claim runs out.", ticketId);
        }
    }

    private async Task<bool> IsAnsweredAsync(long ticketId, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(limits.Answer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AnswerQuestion>().RunAsync(ticketId, either.Token);
            return true;
        }
        catch (Exception problem) when (!stopping.IsCancellationRequested)
        {
            log.LogWarning(problem, "The assistant did not answer ticket {Ticket} in time; a person goes on.", ticketId);
            return false;
        }
    }
}
