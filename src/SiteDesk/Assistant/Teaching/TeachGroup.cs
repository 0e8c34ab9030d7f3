using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Teaching;

/// <summary>
/// Deals with a group of questions at once: they become phrases of an intent in the document in work, or of nothing that is answered here, or
/// are put away. Each is kept as a lesson and can be taken back.
/// </summary>
internal sealed class TeachGroup(Database database, KnowledgeDraft draft, LiveKnowledge knowledge, QuestionTexts questions, AuditLog audit, TimeProvider time)
{
    /// <summary>Turns dealt with at once.</summary>
    public const int MostTurns = 2_000;

    /// <summary>Phrases that a group gives to a language: more of the like teach nothing.</summary>
    private const int MostPhrases = 30;

    /// <summary>Lessons that are looked at when an earlier version counts again, the newest.</summary>
    private const int MostLessons = 1_000;

    private const int Tries = 5;

    /// <summary>Ties a group to an intent or an article.</summary>
    /// <param name="candidate">An intent's key, or that of an article (<see cref="IntentRanking.ArticleOf"/>) of the site.</param>
    public async Task<Outcome<TeachingLesson>> TieAsync(Site site, IReadOnlyList<long> turnIds, string candidate, Staff by, CancellationToken cancellation)
    {
        var known = await knowledge.ReadAsync(site.Id, cancellation);
        if (IntentRanking.ArticleOf(candidate) is { } article && !known.Articles.Shelves.Values.Any(shelf => shelf.ArticlesById.ContainsKey(article)))
            return new Problem("Other", "assist-teach.unknown");
        var title = IntentRanking.ArticleOf(candidate) is { } id ? IntentCatalog.TitleOf(id, known.Articles, site.DefaultLanguage) : "";
        return await RunAsync(site, turnIds, LessonKind.Tied, by, candidate, document =>
        {
            if (IntentRanking.ArticleOf(candidate) is not { } tied)
                return IntentCatalog.Has(document, candidate) ? (document, candidate, false) : new Problem("Other", "assist-teach.unknown");
            if (IntentOf(tied, document, site.Id, known) is { } intent)
                return (document, intent, false);
            var name = title.Length <= EditIntent.LongestName ? title : title[..(EditIntent.LongestName - 1)] + "…";
            var added = EditIntent.Add(document, new Dictionary<string, string>(StringComparer.Ordinal) { [site.DefaultLanguage] = name });
            if (!added.Succeeded)
                return added.Problems.ToList();
            return (added.Value.Document.With(added.Value.Intent, own => own.WithSite(site.Id, answer => answer with { ArticleIds = [tied] })), added.Value.Intent, true);
        }, cancellation);
    }

    /// <summary>Nothing here answers these questions, and nothing shall: what is like them is left to people.</summary>
    public Task<Outcome<TeachingLesson>> PutOutOfScopeAsync(Site site, IReadOnlyList<long> turnIds, Staff by, CancellationToken cancellation) =>
        RunAsync(site, turnIds, LessonKind.NotForUs, by, "", document => (document, "", false), cancellation);

    /// <summary>There is nothing to learn from them.</summary>
    public Task<Outcome<TeachingLesson>> DismissAsync(Site site, IReadOnlyList<long> turnIds, Staff by, CancellationToken cancellation) =>
        database.AgainOnConflictAsync<Outcome<TeachingLesson>>(Tries, async () =>
        {
            var turns = await OpenAsync(site, turnIds, by, cancellation);
            if (turns.Count == 0)
                return new Problem("", "assist-teach.gone");
            var lesson = NewLesson(site, LessonKind.Dismissed, "", false, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), turns, judged: [], by);
            Settle(turns, lesson, null, by);
            await database.SaveChangesAsync(cancellation);
            return lesson;
        }, cancellation);

    /// <summary>Those of the turns that wait at the desk and may be seen.</summary>
    public async Task<IReadOnlyList<long>> OpenIdsAsync(Site site, IReadOnlyList<long> turnIds, Staff by, CancellationToken cancellation) =>
        [.. (await OpenAsync(site, turnIds, by, cancellation)).Select(turn => turn.Id)];

    /// <summary>Takes a lesson back: its questions stand at the desk again, its phrases go out of what is in work.</summary>
    public async Task<Outcome<TeachingLesson>> UndoAsync(long lessonId, Staff by, CancellationToken cancellation)
    {
        if (await database.Set<TeachingLesson>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == lessonId, cancellation) is not { UndoneAt: null } lesson || !by.SeesSite(lesson.SiteId))
            return new Problem("", "assist-teach.gone");
        if (lesson.Kind == LessonKind.Dismissed)
        {
            await database.AgainOnConflictAsync(Tries, async () =>
            {
                await ReopenAsync(lesson, by, cancellation);
                return await database.SaveChangesAsync(cancellation);
            }, cancellation);
            return lesson;
        }
        var outcome = await draft.ChangeAsync(document =>
        {
            var next = lesson.Phrases.Aggregate(document, (known, pair) => EditIntent.TakeBack(known, lesson.Intent, pair.Key, [.. pair.Value]));
            // The intent was made for these questions alone: without a phrase it recognises nothing.
            return lesson.IsNewIntent && next.Of(lesson.Intent).Added.Values.All(phrases => phrases.Count == 0) ? KnowledgeAspect.Without(next, lesson.Intent) : next;
        }, by, lesson.Intent, cancellation, () => ReopenAsync(lesson, by, cancellation));
        return outcome.Succeeded ? lesson : outcome.Problems.ToList();
    }

    /// <summary>
    /// An earlier version counts again, or what was in work is put away: questions whose phrases went with it stand at the desk again. Those whose
    /// phrases are still in work wait for that to be published.
    /// </summary>
    /// <param name="live">What counts from now on.</param>
    /// <param name="inWork">What is in work; null when nothing is.</param>
    public async Task ReopenLostAsync(KnowledgeDocument live, KnowledgeDocument? inWork, Staff by, CancellationToken cancellation)
    {
        var lessons = await database.Set<TeachingLesson>().AsNoTracking().Where(lesson => lesson.UndoneAt == null).OrderByDescending(lesson => lesson.Id).Take(MostLessons).ToListAsync(cancellation);
        foreach (var lesson in lessons.Where(lesson => lesson.Phrases.Any(pair => pair.Value.Count > 0) && !IsTaughtIn(live, lesson) && !(inWork is not null && IsTaughtIn(inWork, lesson))))
            await ReopenAsync(lesson, by, cancellation);
    }

    private static bool IsTaughtIn(KnowledgeDocument document, TeachingLesson lesson) =>
        lesson.Phrases.Any(pair => Known(document, lesson.Intent, pair.Key).Intersect(pair.Value, StringComparer.OrdinalIgnoreCase).Any());

    /// <summary>The intent that an article answers already, in what is in work or as it counts now; null for none.</summary>
    private static string? IntentOf(long article, KnowledgeDocument document, long siteId, SiteKnowledge known) =>
        IntentCatalog.All(document).Where(intent => !document.Of(intent).IsOff && !ShippedIntent.Of(intent).IsCourtesy)
            .FirstOrDefault(intent => (document.Of(intent).At(siteId).ArticleIds ?? known.ArticlesOf(intent)) is [var first, ..] && first == article);

    private async Task<Outcome<TeachingLesson>> RunAsync(
        Site site, IReadOnlyList<long> turnIds, LessonKind kind, Staff by, string candidate, Func<KnowledgeDocument, Outcome<(KnowledgeDocument Document, string Intent, bool IsNew)>> prepare, CancellationToken cancellation)
    {
        var open = await OpenAsync(site, turnIds, by, cancellation);
        database.ChangeTracker.Clear();
        if (open.Count == 0)
            return new Problem("", "assist-teach.gone");
        var phrases = await PhrasesAsync([.. open.Select(turn => turn.Id)], cancellation);
        TeachingLesson? lesson = null;
        var (intent, isNew) = ("", false);
        IReadOnlyDictionary<string, IReadOnlyList<string>> added = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var outcome = await draft.ChangeAsync(document =>
        {
            var prepared = prepare(document);
            if (!prepared.Succeeded)
                return prepared.Problems.ToList();
            (var next, intent, isNew) = prepared.Value;
            // Kept for taking back: only what this brings, not what stood there before.
            added = phrases.ToDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => [.. pair.Value.Except(Known(next, intent, pair.Key), StringComparer.OrdinalIgnoreCase)], StringComparer.Ordinal);
            return added.Aggregate(next, (known, pair) => intent.Length == 0 ? EditIntent.AddOutOfScope(known, pair.Key, pair.Value) : EditIntent.AddPhrases(known, intent, pair.Key, pair.Value));
        }, by, candidate.Length == 0 ? "not-for-us" : candidate, cancellation, async () =>
        {
            var turns = await OpenAsync(site, turnIds, by, cancellation);
            lesson = NewLesson(site, kind, intent, isNew, added, turns, [.. turns.Where(turn => turn.Correction is null)], by);
            Settle(turns, lesson, new TurnCorrection(kind == LessonKind.Tied ? intent : null, by.Id, by.Name, time.Now()), by);
        });
        return outcome.Succeeded ? lesson! : outcome.Problems.ToList();
    }

    private static IEnumerable<string> Known(KnowledgeDocument document, string intent, string language) => intent.Length == 0
        ? document.OutOfScope.GetValueOrDefault(language) ?? []
        : (document.Of(intent).Added.GetValueOrDefault(language) ?? []).Concat(IntentCatalog.PhrasesOf(intent, language));

    /// <summary>The masked questions by language, each kind of wording once.</summary>
    private async Task<Dictionary<string, IReadOnlyList<string>>> PhrasesAsync(List<long> turnIds, CancellationToken cancellation) =>
        (await questions.ReadAsync(turnIds, cancellation)).Values.Where(question => PhraseBank.Languages.Contains(question.Language, StringComparer.Ordinal))
            .GroupBy(question => question.Language, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => PhraseWarnings.Distinct(
                group.OrderBy(question => question.TurnId).Select(question => string.Join(' ', questions.Mask(question).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
                    .Where(phrase => phrase.Length is > 0 and <= KnowledgeDocument.LongestPhrase), MostPhrases), StringComparer.Ordinal);

    private async Task<List<AssistantTurn>> OpenAsync(Site site, IReadOnlyList<long> turnIds, Staff by, CancellationToken cancellation)
    {
        var ids = turnIds.Take(MostTurns).ToList();
        return await database.Set<AssistantTurn>().VisibleTo(database, by, site.Id).Where(turn => turn.IsOpen && ids.Contains(turn.Id)).OrderBy(turn => turn.Id).ToListAsync(cancellation);
    }

    private TeachingLesson NewLesson(
        Site site, LessonKind kind, string intent, bool isNew, IReadOnlyDictionary<string, IReadOnlyList<string>> phrases, List<AssistantTurn> turns, List<AssistantTurn> judged, Staff by)
    {
        var lesson = new TeachingLesson
        {
            SiteId = site.Id, At = time.Now(), ById = by.Id, ByName = by.Name, Kind = kind, Intent = intent, IsNewIntent = isNew, Phrases = phrases,
            TurnIds = [.. turns.Select(turn => turn.Id)], JudgedIds = [.. judged.Select(turn => turn.Id)],
        };
        database.Add(lesson);
        return lesson;
    }

    private void Settle(List<AssistantTurn> turns, TeachingLesson lesson, TurnCorrection? correction, Staff by)
    {
        foreach (var turn in turns)
        {
            turn.IsOpen = false;
            turn.Correction ??= correction;
        }
        audit.Write(by.AsActor(), "assistant.questions-settled", string.Create(CultureInfo.InvariantCulture, $"site:{lesson.SiteId}"), ("name", lesson.Intent.Length > 0 ? lesson.Intent : lesson.Kind.ToString()), ("count", turns.Count.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task ReopenAsync(TeachingLesson lesson, Staff by, CancellationToken cancellation)
    {
        var row = await database.Set<TeachingLesson>().FirstAsync(other => other.Id == lesson.Id, cancellation);
        if (row.UndoneAt is not null)
            return;
        row.UndoneAt = time.Now();
        foreach (var turn in await database.Set<AssistantTurn>().Where(turn => lesson.TurnIds.Contains(turn.Id)).ToListAsync(cancellation))
        {
            turn.IsOpen = true;
            if (lesson.JudgedIds.Contains(turn.Id))
                turn.Correction = null;
        }
        audit.Write(by.AsActor(), "assistant.lesson-undone", string.Create(CultureInfo.InvariantCulture, $"site:{lesson.SiteId}"), ("name", lesson.Intent.Length > 0 ? lesson.Intent : lesson.Kind.ToString()));
    }
}
