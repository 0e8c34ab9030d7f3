using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Assistant.Talk;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Teaching;

/// <summary>Something that could answer.</summary>
public sealed record CandidateOption(string Key, string Name, bool IsArticle);

/// <summary>A question of a group, with the ticket it was first asked in.</summary>
/// <param name="Turns">Keys of the turns in which it was asked in these words, as the form sends them.</param>
public sealed record QuestionExample(long TicketId, string Text, string Language, string Turns);

/// <summary>What was sent about a group and could not be done.</summary>
/// <param name="Turns">What was ticked.</param>
/// <param name="Other">What was typed.</param>
public sealed record RefusedGroup(string Key, IReadOnlySet<long> Turns, string Other);

/// <summary>Questions that are alike and have no good answer.</summary>
/// <param name="Key">The key of the turn in whose words it is shown.</param>
/// <param name="Examples">Other wordings; those there is no room for are the rest.</param>
/// <param name="Rest">Keys of the turns that are not shown, and how many they are; null when all are shown.</param>
/// <param name="Before">How many of them came in the first half of the period, and <paramref name="After"/> in the second.</param>
/// <param name="Proposed">What could be meant, likeliest first; what colleagues said is right comes before.</param>
/// <param name="Reasons">Why they stand here: how often not answered, not helped, judged wrong.</param>
public sealed record QuestionGroupView(
    string Key, int Count, QuestionExample Representative, IReadOnlyList<QuestionExample> Examples, (string Turns, int Count)? Rest, IReadOnlyList<(string Language, int Count)> Languages, int Before, int After,
    IReadOnlyList<CandidateOption> Proposed, int NotAnswered, int NotHelped, int JudgedWrong);

/// <summary>What was done at the desk.</summary>
public sealed record LessonLine(long Id, DateTime At, string ByName, string Kind, string? Name, int Questions, int Phrases);

/// <param name="Total">Questions that wait in the period, as far as they were read.</param>
public sealed record TeachingView(IReadOnlyList<QuestionGroupView> Groups, int Total, int GroupCount, IReadOnlyList<CandidateOption> Candidates, IReadOnlyList<LessonLine> Lessons);

/// <summary>Reads what waits at the teaching desk, grouped by likeness.</summary>
internal sealed class TeachingReader(Database database, KnowledgeDraft draft, LiveKnowledge knowledge, QuestionTexts questions, TimeProvider time)
{
    /// <summary>Questions that are grouped at once, the newest.</summary>
    public const int MostQuestions = TeachGroup.MostTurns;

    /// <summary>Groups on the page.</summary>
    public const int MostGroups = 40;

    /// <summary>What people write to any support: of "can I rent a tent" it tells that "rent" is what is asked about.</summary>
    internal static readonly Lazy<IReadOnlyList<string>> UsuallySaid = new(() => [.. PhraseBank.Languages.SelectMany(PhraseBank.Read).Select(example => example.Text)]);

    private const int MostExamples = 5;
    private const int MostProposed = 3;
    private const int MostArticles = 2_000;
    private const int MostLessons = 10;
    private const int MostCharacters = 600;

    /// <summary>Periods one can choose, in days.</summary>
    public static IReadOnlyList<int> Periods { get; } = [7, 30, 90, 365];

    public async Task<TeachingView> ReadAsync(Site site, int days, string? language, Staff staff, Texts texts, CancellationToken cancellation)
    {
        var now = time.Now();
        var since = now.AddDays(-days);
        var known = await knowledge.ReadAsync(site.Id, cancellation);
        var document = (await draft.ReadAsync(cancellation)).Draft;
        var open = database.Set<AssistantTurn>().AsNoTracking().VisibleTo(database, staff, site.Id).Where(turn => turn.IsOpen && turn.At >= since);
        if (language is not null)
            open = open.Where(turn => turn.Language == language);
        var turns = await open.OrderByDescending(turn => turn.At).Take(MostQuestions).ToListAsync(cancellation);
        var asked = await questions.ReadAsync([.. turns.Select(turn => turn.Id)], cancellation);
        turns.RemoveAll(turn => !asked.ContainsKey(turn.Id));
        var groups = QuestionGroups.Find([.. turns.Select(turn => Shortened(asked[turn.Id].Text))], UsuallySaid.Value, cancellation: cancellation);
        return new TeachingView(
            [.. groups.Take(MostGroups).Select(group => View(group, turns, asked, since + (now - since) / 2, known, document, staff, texts))],
            turns.Count, groups.Count, Candidates(document, known.Articles, texts), await LessonsAsync(site, document, texts, cancellation));
    }

    /// <summary>Everything a question may be tied to: intents, then articles.</summary>
    public static IReadOnlyList<CandidateOption> Candidates(KnowledgeDocument document, HelpSnapshot articles, Texts texts)
    {
        var order = StringComparer.Create(texts.Culture, ignoreCase: true);
        return [
            .. IntentCatalog.All(document).Where(intent => !document.Of(intent).IsOff).Select(intent => new CandidateOption(intent, IntentCatalog.NameOf(intent, document, texts), false)).OrderBy(option => option.Name, order),
            .. articles.Shelves.Values.SelectMany(shelf => shelf.ArticlesById.Keys).Distinct().Order().Take(MostArticles)
                .Select(id => new CandidateOption(IntentRanking.KeyOf(id), IntentCatalog.TitleOf(id, articles, texts.Language), true)).OrderBy(option => option.Name, order)];
    }

    /// <summary>The candidate that somebody named as the list offers it, or by a part of its name that no other has; null when there is none, or several.</summary>
    public async Task<string?> FindCandidateAsync(Site site, string name, Texts texts, CancellationToken cancellation)
    {
        var typed = name.Trim();
        if (typed.Length == 0)
            return null;
        var all = Candidates((await draft.ReadAsync(cancellation)).Draft, (await knowledge.ReadAsync(site.Id, cancellation)).Articles, texts);
        var whole = all.FirstOrDefault(option => string.Equals(option.Name, typed, StringComparison.CurrentCultureIgnoreCase));
        return (whole ?? (all.Where(option => option.Name.Contains(typed, StringComparison.CurrentCultureIgnoreCase)).DistinctBy(option => option.Name, StringComparer.CurrentCultureIgnoreCase).Take(2).ToList() is [var only] ? only : null))?.Key;
    }

    /// <summary>What a question could be about, likeliest first; what needs no answer is left out.</summary>
    public static IEnumerable<CandidateOption> Likely(string text, string language, SiteKnowledge known, KnowledgeDocument document, Texts texts) =>
        known.Understand(Shortened(text), language).Ranked.Where(score => !ShippedIntent.Of(score.Intent).IsCourtesy && score.Intent != IntentExample.OutOfScope)
            .Select(score => new CandidateOption(score.Intent, IntentCatalog.NameOfCandidate(score.Intent, document, known.Articles, texts), IntentRanking.ArticleOf(score.Intent) is not null));

    private QuestionGroupView View(
        QuestionGroup group, List<AssistantTurn> turns, IReadOnlyDictionary<long, QuestionTexts.Question> asked, DateTime middle, SiteKnowledge known, KnowledgeDocument document, Staff staff, Texts texts)
    {
        var members = group.Members.Select(index => turns[index]).ToList();
        var first = asked[turns[group.Representative].Id];
        var said = members.Select(turn => turn.Correction?.Candidate).OfType<string>().CountBy(candidate => candidate, StringComparer.Ordinal).OrderByDescending(pair => pair.Value)
            .Select(pair => new CandidateOption(pair.Key, IntentCatalog.NameOfCandidate(pair.Key, document, known.Articles, texts), IntentRanking.ArticleOf(pair.Key) is not null));
        // What was asked several times in the same words is shown once, and ticked once. The words it is shown in stand first.
        var worded = members.OrderByDescending(turn => turn.Id == first.TurnId).GroupBy(turn => asked[turn.Id].Text, StringComparer.OrdinalIgnoreCase).Select(turns => turns.ToList()).ToList();
        var rest = worded.Skip(1 + MostExamples).SelectMany(turns => turns).ToList();
        return new QuestionGroupView(
            first.TurnId.ToString(CultureInfo.InvariantCulture), members.Count, Example(worded[0]), [.. worded.Skip(1).Take(MostExamples).Select(Example)], rest.Count == 0 ? null : (KeysOf(rest), rest.Count),
            [.. members.CountBy(turn => turn.Language, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value))],
            members.Count(turn => turn.At < middle), members.Count(turn => turn.At >= middle),
            [.. said.Concat(Likely(first.Text, first.Language, known, document, texts)).DistinctBy(option => option.Key, StringComparer.Ordinal).Take(MostProposed)],
            members.Count(turn => turn.Correction is null && turn.Helped is null), members.Count(turn => turn.Correction is null && turn.Helped is not null), members.Count(turn => turn.Correction is not null));

        QuestionExample Example(List<AssistantTurn> turns) => new(turns[0].TicketId, questions.Show(asked[turns[0].Id], staff.MasksContacts), turns[0].Language, KeysOf(turns));

        static string KeysOf(List<AssistantTurn> turns) => string.Join(',', turns.Select(turn => turn.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<IReadOnlyList<LessonLine>> LessonsAsync(Site site, KnowledgeDocument document, Texts texts, CancellationToken cancellation) =>
        [.. (await database.Set<TeachingLesson>().AsNoTracking().Where(lesson => lesson.SiteId == site.Id && lesson.UndoneAt == null).OrderByDescending(lesson => lesson.Id).Take(MostLessons).ToListAsync(cancellation))
            .Select(lesson => new LessonLine(
                lesson.Id, lesson.At, lesson.ByName, lesson.Kind.ToString().ToLowerInvariant(), lesson.Intent.Length == 0 ? null : IntentCatalog.NameOf(lesson.Intent, document, texts),
                lesson.TurnIds.Count, lesson.Phrases.Values.Sum(phrases => phrases.Count)))];

    private static string Shortened(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters];
}
