using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Assistant.Teaching;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Intents;

/// <summary>An answer that changes.</summary>
public sealed record TrialLine(long TicketId, string Question, string Language, string Judgement, string Before, string After);

/// <summary>How far a trial is, and what it found.</summary>
/// <param name="State">waiting, running, done, cancelled, failed, stale (what was tried is not what is in work any more).</param>
public sealed record TrialView(long Id, string State, int Done, int Total, int Better, int Worse, int Different, IReadOnlyList<TrialLine> Lines, DateTime StartedAt)
{
    public bool IsRunning => State is "waiting" or "running";

    public int Changing => Better + Worse + Different;
}

/// <summary>Starts, stops and shows trials of what is in work against past questions.</summary>
internal sealed class Trials(Database database, KnowledgeDraft draft, TrialRunner runner, HelpSnapshots snapshots, QuestionTexts questions, TimeProvider time)
{
    private const int MostKept = 20;
    private const int MostLines = 200;

    private static readonly TurnKind[] Tried = [TurnKind.Answer, TurnKind.Ask, TurnKind.Rephrase, TurnKind.HandOver];

    public async Task<Outcome<long>> StartAsync(Site site, Staff by, CancellationToken cancellation)
    {
        var work = await draft.ReadAsync(cancellation);
        if (work.DraftVersion is not { } version)
            return new Problem("", "assist-trial.nothing");
        var turns = await database.Set<AssistantTurn>().AsNoTracking().VisibleTo(database, by, site.Id).Where(turn => Tried.Contains(turn.Kind))
            // A button that was pressed and a form that was filled in ask nothing.
            .Where(turn => database.Set<Message>().Any(message => message.Id == turn.QuestionId && message.Choice == null))
            .OrderByDescending(turn => turn.At).Take(TrialRunner.MostQuestions).Select(turn => turn.Id).ToListAsync(cancellation);
        if (turns.Count == 0)
            return new Problem("", "assist-trial.no-questions");
        var trial = new AssistantTrial { SiteId = site.Id, DraftVersion = version, ById = by.Id, StartedAt = time.Now(), BeatAt = time.Now(), TurnIds = turns };
        database.Add(trial);
        var old = await database.Set<AssistantTrial>().Where(row => row.SiteId == site.Id).OrderByDescending(row => row.Id).Skip(MostKept).Take(MostKept).ToListAsync(cancellation);
        database.RemoveRange(old);
        await database.SaveChangesAsync(cancellation);
        if (runner.Start(trial.Id))
            return trial.Id;
        database.Remove(trial);
        await database.SaveChangesAsync(cancellation);
        return new Problem("", "assist-trial.busy");
    }

    /// <returns>False when there is none this person may see.</returns>
    public async Task<bool> CancelAsync(long id, Staff by, CancellationToken cancellation)
    {
        const int tries = 5;
        return await database.AgainOnConflictAsync(tries, async () =>
        {
            if (await database.Set<AssistantTrial>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } trial || !by.SeesSite(trial.SiteId))
                return false;
            if (trial.State is TrialState.Waiting or TrialState.Running)
                trial.State = TrialState.Cancelled;
            await database.SaveChangesAsync(cancellation);
            return true;
        }, cancellation);
    }

    /// <summary>The newest trial of a site; null when there is none of this person's.</summary>
    public async Task<TrialView?> FindAsync(Site site, Staff by, KnowledgeInWork work, Texts texts, CancellationToken cancellation)
    {
        if (await database.Set<AssistantTrial>().AsNoTracking().Where(row => row.SiteId == site.Id && row.ById == by.Id).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellation) is not { } trial)
            return null;
        var state = trial.IsRunning(time.Now()) ? trial.State.ToString().ToLowerInvariant()
            : trial.State is TrialState.Waiting or TrialState.Running ? "failed"
            : trial.State == TrialState.Done && trial.DraftVersion != work.DraftVersion ? "stale" : trial.State.ToString().ToLowerInvariant();
        var shown = trial.Changes.OrderBy(change => change.Judgement == TrialJudgement.Worse ? 0 : change.Judgement == TrialJudgement.Better ? 1 : 2).Take(MostLines).ToList();
        var ids = shown.ConvertAll(change => change.TurnId);
        // What one may see may have shrunk since.
        var turns = await database.Set<AssistantTurn>().AsNoTracking().VisibleTo(database, by, site.Id).Where(turn => ids.Contains(turn.Id)).Select(turn => new { turn.Id, turn.TicketId }).ToDictionaryAsync(turn => turn.Id, turn => turn.TicketId, cancellation);
        var asked = await questions.ReadAsync(turns.Keys, cancellation);
        var articles = await snapshots.ReadAsync(site.Id, cancellation);
        return new TrialView(
            trial.Id, state, trial.Done, trial.TurnIds.Count, Count(TrialJudgement.Better), Count(TrialJudgement.Worse), Count(TrialJudgement.Different),
            [.. shown.Where(change => asked.ContainsKey(change.TurnId)).Select(change => new TrialLine(
                turns[change.TurnId], questions.Show(asked[change.TurnId], by.MasksContacts), asked[change.TurnId].Language, change.Judgement.ToString().ToLowerInvariant(),
                Said(change.Before, work.Live), Said(change.After, work.Draft)))], trial.StartedAt);

        int Count(TrialJudgement judgement) => trial.Changes.Count(change => change.Judgement == judgement);

        string Said(TrialOutcome outcome, KnowledgeDocument document)
        {
            var names = string.Join(" · ", outcome.Candidates.Select(candidate => IntentCatalog.NameOfCandidate(candidate, document, articles, texts)));
            var said = outcome.Kind switch
            {
                "answer" => texts["assist-trial.answers", ("what", names)],
                "ask" => texts["assist-trial.asks", ("what", names)],
                "rephrase" => texts["assist-trial.rephrases"],
                _ => texts["assist-trial.hands-over"],
            };
            return outcome.ArticleId is { } article && outcome.Kind == "answer" && Deciding.IntentRanking.ArticleOf(outcome.Candidates[0]) is null
                ? $"{said} → {IntentCatalog.TitleOf(article, articles, texts.Language)}" : said;
        }
    }
}
