using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Assistant.Talk;
using SiteDesk.Assistant.Teaching;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Intents;

/// <summary>What answers an intent at a site.</summary>
public enum AnsweredBy
{
    Nothing,
    Articles,
    Words,
    Action,

    /// <summary>It needs no answer: a greeting, a yes.</summary>
    Courtesy,
    Off,

    /// <summary>It goes to a person at once.</summary>
    Person,
}

/// <summary>An intent in the list.</summary>
/// <param name="Asked">How often in the last thirty days.</param>
/// <param name="Titles">Of the articles that answer it.</param>
public sealed record IntentLine(string Key, string Name, int Asked, int Answered, int Helped, int NotHelped, AnsweredBy By, IReadOnlyList<string> Titles, bool IsOwn, bool IsChanged)
{
    /// <summary>Whether somebody has to write or choose an answer.</summary>
    public bool NeedsAnswer => By == AnsweredBy.Nothing;
}

/// <summary>An article one can choose.</summary>
public sealed record ArticleOption(long Id, string Title);

/// <summary>The phrases of an intent in one language.</summary>
/// <param name="Own">One a line.</param>
/// <param name="Shipped">What came with the program, and whether it is taken out.</param>
public sealed record PhraseGroup(string Language, string Own, IReadOnlyList<ShippedPhrase> Shipped, IReadOnlyList<PhraseWarningLine> Warnings)
{
    public int Count => EditIntent.LinesOf(Own).Count + Shipped.Count(phrase => !phrase.IsOut);
}

public sealed record ShippedPhrase(string Text, bool IsOut);

/// <param name="IntentName">Null when the intent repeats itself.</param>
public sealed record PhraseWarningLine(string Phrase, string Other, string? IntentKey, string? IntentName);

/// <summary>An intent as its page shows it: as it is in work.</summary>
/// <param name="Found">Articles that its phrases find by themselves, as it counts now.</param>
/// <param name="Chosen">Null while the phrases find them.</param>
/// <param name="Segment">For whose tickets the hand-over holds; everything for all.</param>
public sealed record IntentView(
    string Key, string Name, bool IsOwn, bool IsOff, bool IsCourtesy, IReadOnlyDictionary<string, string> Names, IReadOnlyList<PhraseGroup> Phrases,
    IReadOnlyList<ArticleOption> Articles, IReadOnlyList<ArticleOption> Found, IReadOnlyList<long>? Chosen, IReadOnlyDictionary<string, string> Words,
    IReadOnlyList<string>? AsksFor, IReadOnlyList<string> ShippedAsksFor, string? Action, string? ShippedAction, IReadOnlyList<string> Actions,
    string HandOver, long? TeamId, IReadOnlyList<(long Id, string Name)> Teams, Condition Segment);

/// <summary>Reads the intents for their pages.</summary>
internal sealed class IntentReader(Database database, LiveKnowledge knowledge, HelpSnapshots snapshots, IEnumerable<IAssistantAction> actions, TimeProvider time)
{
    /// <summary>Days that the list looks back.</summary>
    public const int Days = 30;

    private const int MostArticles = 2_000;
    private const int MostTeams = 200;

    public async Task<IReadOnlyList<IntentLine>> ListAsync(KnowledgeInWork work, Site site, Staff staff, Texts texts, CancellationToken cancellation)
    {
        var since = time.Now().AddDays(-Days);
        var asked = (await database.Set<AssistantTurn>().AsNoTracking().VisibleTo(database, staff, site.Id).Where(turn => turn.At >= since && turn.Candidate != null)
            .GroupBy(turn => turn.Candidate!).Select(group => new
            {
                Candidate = group.Key, Asked = group.Count(), Answered = group.Count(turn => turn.Kind == TurnKind.Answer),
                Helped = group.Count(turn => turn.Helped == true), NotHelped = group.Count(turn => turn.Helped == false),
            }).ToListAsync(cancellation)).ToDictionary(row => row.Candidate, StringComparer.Ordinal);
        var known = await knowledge.ReadAsync(site.Id, cancellation);
        var changed = work.Changes.Select(change => change.Aspect.Intent).ToHashSet(StringComparer.Ordinal);
        return [.. IntentCatalog.All(work.Draft).Select(intent =>
            {
                var row = asked.GetValueOrDefault(intent);
                var articles = ArticlesOf(intent, work, site.Id, known);
                return new IntentLine(
                    intent, IntentCatalog.NameOf(intent, work.Draft, texts), row?.Asked ?? 0, row?.Answered ?? 0, row?.Helped ?? 0, row?.NotHelped ?? 0,
                    ByOf(intent, work.Draft, site, articles), [.. articles.Select(id => IntentCatalog.TitleOf(id, known.Articles, texts.Language))],
                    IntentCatalog.IsOwn(intent), changed.Contains(intent));
            })
            .OrderByDescending(line => line.NeedsAnswer).ThenByDescending(line => line.Asked).ThenBy(line => line.Name, StringComparer.Create(texts.Culture, ignoreCase: true))];
    }

    public async Task<IntentView> ReadAsync(string intent, KnowledgeInWork work, Site site, Texts texts, CancellationToken cancellation)
    {
        var known = await knowledge.ReadAsync(site.Id, cancellation);
        var articles = await snapshots.FreshAsync(site.Id, cancellation);
        var document = work.Draft;
        var answer = document.Of(intent).At(site.Id);
        var shipped = ShippedIntent.Of(intent);
        return new IntentView(
            intent, IntentCatalog.NameOf(intent, document, texts), IntentCatalog.IsOwn(intent), document.Of(intent).IsOff, shipped.IsCourtesy, document.Of(intent).Names,
            [.. PhraseBank.Languages.Select(language => PhrasesOf(intent, language, document, texts))],
            [.. articles.Shelves.Values.SelectMany(shelf => shelf.ArticlesById.Keys).Distinct().Order().Take(MostArticles)
                .Select(id => new ArticleOption(id, IntentCatalog.TitleOf(id, articles, texts.Language))).OrderBy(option => option.Title, StringComparer.Create(texts.Culture, ignoreCase: true))],
            [.. (known.AnswerOf(intent).ArticleIds is null ? known.ArticlesOf(intent) : []).Select(id => new ArticleOption(id, IntentCatalog.TitleOf(id, articles, texts.Language)))],
            answer.ArticleIds, answer.Texts, answer.AsksFor, shipped.AsksFor, answer.Action, shipped.Action, [.. actions.Select(action => action.Key)],
            answer.HandOver.ToString(), answer.TeamId,
            [.. (await database.Set<Team>().AsNoTracking().OrderBy(team => team.Name).Take(MostTeams).ToListAsync(cancellation)).Select(team => (team.Id, team.NameIn(texts.Language)))],
            answer.Segment is { } segment ? ConditionJson.Parse(segment).Condition ?? Condition.Everything : Condition.Everything);
    }

    /// <summary>What is chosen in work, or else what is found as it counts now.</summary>
    public static IReadOnlyList<long> ArticlesOf(string intent, KnowledgeInWork work, long siteId, SiteKnowledge known) =>
        work.Draft.Of(intent).At(siteId).ArticleIds ?? (known.AnswerOf(intent).ArticleIds is null ? known.ArticlesOf(intent) : []);

    private AnsweredBy ByOf(string intent, KnowledgeDocument document, Site site, IReadOnlyList<long> articles)
    {
        var answer = document.Of(intent).At(site.Id);
        var shipped = ShippedIntent.Of(intent);
        if (document.Of(intent).IsOff)
            return AnsweredBy.Off;
        if (shipped.IsCourtesy)
            return AnsweredBy.Courtesy;
        if (answer.HandOver == HandOverWhen.Always && answer.Segment is null)
            return AnsweredBy.Person;
        if (answer.Texts.Count > 0)
            return AnsweredBy.Words;
        if (articles.Count > 0)
            return AnsweredBy.Articles;
        return (answer.Action ?? shipped.Action) is { Length: > 0 } action && actions.Any(known => known.Key == action) ? AnsweredBy.Action : AnsweredBy.Nothing;
    }

    private static PhraseGroup PhrasesOf(string intent, string language, KnowledgeDocument document, Texts texts)
    {
        var removed = document.Of(intent).Removed.GetValueOrDefault(language) ?? [];
        return new PhraseGroup(
            language, string.Join('\n', document.Of(intent).Added.GetValueOrDefault(language) ?? []),
            [.. IntentCatalog.PhrasesOf(intent, language).Select(phrase => new ShippedPhrase(phrase, removed.Contains(phrase, StringComparer.Ordinal)))],
            [.. PhraseWarnings.Of(document, intent, language).Select(warning => warning.OtherIntent == intent
                ? new PhraseWarningLine(warning.Phrase, warning.Other, null, null)
                : new PhraseWarningLine(warning.Phrase, warning.Other, warning.OtherIntent == IntentExample.OutOfScope ? null : warning.OtherIntent,
                    warning.OtherIntent == IntentExample.OutOfScope ? texts["assist-intent.out-of-scope"] : IntentCatalog.NameOf(warning.OtherIntent, document, texts)))]);
    }
}
