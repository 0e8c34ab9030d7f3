using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Intents;

/// <summary>Runs trials beside everything else, one at a time on a node, each with a limit of time. Whoever started one may leave its page.</summary>
internal sealed class TrialRunner(IServiceScopeFactory scopes, LiveKnowledge knowledge, TimeProvider time, ILogger<TrialRunner> log) : BackgroundService
{
    /// <summary>Questions that one trial tries.</summary>
    public const int MostQuestions = 1_000;

    private const int MostWaiting = 8;
    private const int BetweenSigns = 50;

    /// <summary>Characters of a question that are read.</summary>
    private const int MostCharacters = 2_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Channel<long> _queue = Channel.CreateBounded<long>(MostWaiting);

    /// <summary>Puts a trial into the queue.</summary>
    /// <returns>Whether there was room.</returns>
    public bool Start(long trialId) => _queue.Writer.TryWrite(trialId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var id in _queue.Reader.ReadAllAsync(stoppingToken))
                await RunSafelyAsync(id, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the program ends: what was not finished is shown as broken off
        }
    }

    private async Task RunSafelyAsync(long id, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await RunAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception problem)
        {
            log.LogWarning(problem, "A trial of what the assistant was taught broke off.");
            await TellAsync(id, trial => trial.State = TrialState.Failed, stopping);
        }
    }

    private async Task RunAsync(long id, CancellationToken cancellation)
    {
        if (await ReadAsync(id, cancellation) is not var (trial, document, questions))
            return;
        var live = await knowledge.FreshAsync(trial.SiteId, cancellation);
        var draft = await knowledge.TryAsync(document, trial.SiteId, cancellation);
        var changes = new List<TrialChange>();
        foreach (var (index, question) in questions.Index())
        {
            if (index % BetweenSigns == 0 && !await TellAsync(id, row => row.Done = index, cancellation))
                return;
            cancellation.ThrowIfCancellationRequested();
            var text = question.Text.Length > MostCharacters ? question.Text[..MostCharacters] : question.Text;
            var (before, beforeMark) = TrialJudge.Decide(live, text, question.Turn.Language);
            var (after, afterMark) = TrialJudge.Decide(draft, text, question.Turn.Language);
            if (beforeMark != afterMark)
                changes.Add(new TrialChange(question.Turn.Id, TrialJudge.Judge(before, live, after, draft, KnownOf(question.Turn)), before, after));
        }
        await TellAsync(id, row => (row.Done, row.Changes, row.State) = (row.TurnIds.Count, changes, TrialState.Done), cancellation);
    }

    private async Task<(AssistantTrial Trial, KnowledgeDocument Document, List<(AssistantTurn Turn, string Text)> Questions)?> ReadAsync(long id, CancellationToken cancellation)
    {
        if (!await TellAsync(id, row => row.State = TrialState.Running, cancellation))
            return null;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var trial = await database.Set<AssistantTrial>().AsNoTracking().FirstAsync(row => row.Id == id, cancellation);
        var document = await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number == 0).Select(version => version.Document).FirstOrDefaultAsync(cancellation)
            ?? await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.IsLive).Select(version => version.Document).FirstOrDefaultAsync(cancellation) ?? new KnowledgeDocument();
        var ids = trial.TurnIds;
        var questions = await database.Set<AssistantTurn>().AsNoTracking().Where(turn => ids.Contains(turn.Id))
            .Join(database.Set<Message>(), turn => turn.QuestionId, message => message.Id, (turn, message) => new { Turn = turn, message.Text })
            .OrderByDescending(row => row.Turn.Id).ToListAsync(cancellation);
        return (trial, document, questions.ConvertAll(row => (row.Turn, row.Text)));
    }

    /// <summary>Writes into the row how far it is.</summary>
    /// <returns>Whether it goes on: false when somebody stopped it or it is gone.</returns>
    private async Task<bool> TellAsync(long id, Action<AssistantTrial> change, CancellationToken cancellation)
    {
        const int tries = 5;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        return await database.AgainOnConflictAsync(tries, async () =>
        {
            if (await database.Set<AssistantTrial>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { State: TrialState.Waiting or TrialState.Running } trial)
                return false;
            change(trial);
            trial.BeatAt = time.Now();
            await database.SaveChangesAsync(cancellation);
            return true;
        }, cancellation);
    }

    private static KnownAnswer KnownOf(AssistantTurn turn)
    {
        if (turn.Correction is { } correction)
            return new KnownAnswer(correction.Candidate, correction.Candidate is null, null);
        return turn.Helped switch
        {
            true when turn.Kind == TurnKind.Answer && turn.Candidate is { } right => new KnownAnswer(right, false, null),
            false when turn.Kind == TurnKind.Answer => new KnownAnswer(null, false, turn.Candidate),
            _ => KnownAnswer.Nothing,
        };
    }
}
