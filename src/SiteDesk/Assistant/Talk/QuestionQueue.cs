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

    private readonly ConcurrentDictionary<long, byte> _underWay = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RepeatAsync(
        async stopping => await signal.WaitAsync(await StartDueAsync(stopping) > 0 ? IdleLook : LookWithoutWork, stopping),
        IdleLook, "The assistant's queue could not be read; trying again.", time, log, stoppingToken);

    private async Task<int> StartDueAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var now = time.Now();
        var due = await database.Set<AssistantTalk>().AsNoTracking().Where(talk => talk.IsWaiting && (talk.ClaimedUntil == null || talk.ClaimedUntil < now))
            .OrderBy(talk => talk.HeardAt).Take(MostAtOnce).Select(talk => new { talk.TicketId, talk.HeardAt }).ToListAsync(stopping);
        foreach (var talk in due)
        {
            if (_underWay.Count >= MostAtOnce || !_underWay.TryAdd(talk.TicketId, 0))
                continue;
            var until = now + limits.Claim;
            var isOurs = await database.Set<AssistantTalk>().Where(row => row.TicketId == talk.TicketId && (row.ClaimedUntil == null || row.ClaimedUntil < now))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), stopping) == 1;
            if (isOurs)
                _ = AnswerAsync(talk.TicketId, isTooLate: now - talk.HeardAt > limits.TooLate, stopping);
            else
                _underWay.TryRemove(talk.TicketId, out _);
        }
        return due.Count;
    }

    private async Task AnswerAsync(long ticketId, bool isTooLate, CancellationToken stopping)
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
            // The row still waits: the next start takes it up.
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
