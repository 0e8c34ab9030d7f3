using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform;

namespace SiteDesk.Assistant.Intents;

/// <summary>The ways in which an intent is changed: from a document to the next, with the rules of each. Pure.</summary>
internal static class EditIntent
{
    /// <summary>Longest name of an own intent: it stands on a button.</summary>
    public const int LongestName = 60;

    /// <summary>Articles one intent may be answered with.</summary>
    public const int MostArticles = 3;

    /// <summary>Lines as somebody typed them: trimmed, each once.</summary>
    public static List<string> LinesOf(string text) =>
        [.. text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Sets the own phrases of a language, and which shipped ones are taken out.</summary>
    public static Outcome<KnowledgeDocument> SetPhrases(KnowledgeDocument document, string intent, string language, IReadOnlyList<string> own, IReadOnlyCollection<string> takenOut)
    {
        var shipped = IntentCatalog.PhrasesOf(intent, language);
        if (Check(language, own) is { } problem)
            return problem;
        return document.With(intent, known => known with
        {
            Added = With(known.Added, language, [.. own.Where(phrase => !shipped.Contains(phrase, StringComparer.Ordinal))]),
            Removed = With(known.Removed, language, [.. shipped.Where(takenOut.Contains)]),
        });
    }

    /// <summary>Adds phrases that are not there yet, as far as there is room.</summary>
    public static KnowledgeDocument AddPhrases(KnowledgeDocument document, string intent, string language, IReadOnlyList<string> phrases) =>
        document.With(intent, known => known with { Added = With(known.Added, language, Joined(known.Added.GetValueOrDefault(language) ?? [], phrases)) });

    /// <summary>Adds phrases about nothing that is answered here.</summary>
    public static KnowledgeDocument AddOutOfScope(KnowledgeDocument document, string language, IReadOnlyList<string> phrases) =>
        document with { OutOfScope = With(document.OutOfScope, language, Joined(document.OutOfScope.GetValueOrDefault(language) ?? [], phrases)) };

    /// <summary>Takes phrases out again that were added.</summary>
    public static KnowledgeDocument TakeBack(KnowledgeDocument document, string intent, string language, IReadOnlyCollection<string> phrases) => intent.Length == 0
        ? document with { OutOfScope = With(document.OutOfScope, language, [.. (document.OutOfScope.GetValueOrDefault(language) ?? []).Except(phrases, StringComparer.Ordinal)]) }
        : !document.Intents.ContainsKey(intent) ? document
        : document.With(intent, known => known with { Added = With(known.Added, language, [.. (known.Added.GetValueOrDefault(language) ?? []).Except(phrases, StringComparer.Ordinal)]) });

    /// <summary>Adds an own intent.</summary>
    public static Outcome<(KnowledgeDocument Document, string Intent)> Add(KnowledgeDocument document, IReadOnlyDictionary<string, string> names)
    {
        if (CheckNames(names) is { } problem)
            return problem;
        var own = document.Intents.Keys.Where(IntentCatalog.IsOwn).ToList();
        if (own.Count >= KnowledgeDocument.MostOwnIntents)
            return new Problem("", "assist-intent.too-many", ("count", KnowledgeDocument.MostOwnIntents));
        var number = 1;
        while (own.Contains(KeyOf(number), StringComparer.Ordinal))
            number++;
        return (document.With(KeyOf(number), known => known with { Names = names }), KeyOf(number));

        static string KeyOf(int number) => FormattableString.Invariant($"{IntentCatalog.OwnPrefix}{number}");
    }

    public static Outcome<KnowledgeDocument> Rename(KnowledgeDocument document, string intent, IReadOnlyDictionary<string, string> names)
    {
        if (CheckNames(names) is { } problem)
            return problem;
        return document.With(intent, known => known with { Names = names });
    }

    /// <param name="articles">Best first; null lets the phrases find them.</param>
    /// <param name="asksFor">Null for what ships.</param>
    /// <param name="action">Null for what ships, empty for none.</param>
    public sealed record Answer(IReadOnlyList<long>? Articles, IReadOnlyDictionary<string, string> Words, IReadOnlyList<string>? AsksFor, string? Action);

    public static Outcome<KnowledgeDocument> SetAnswer(KnowledgeDocument document, string intent, long siteId, Answer answer)
    {
        if (answer.Words.Values.Any(text => text.Length > IntentAnswer.LongestText))
            return new Problem("Words", "assist-intent.words-length", ("count", IntentAnswer.LongestText));
        if (answer.Articles is { Count: > MostArticles })
            return new Problem("Articles", "assist-intent.articles-many", ("count", MostArticles));
        return document.With(intent, known => known.WithSite(siteId, before => before with
        {
            ArticleIds = answer.Articles,
            Texts = answer.Words,
            AsksFor = answer.AsksFor is { } slots ? [.. Slot.All.Intersect(slots, StringComparer.Ordinal)] : null,
            Action = answer.Action,
        }));
    }

    private static Problem? Check(string language, IReadOnlyList<string> phrases) =>
        !PhraseBank.Languages.Contains(language, StringComparer.Ordinal) ? new Problem("", "assist-intent.language-unknown")
        : phrases.Count > KnowledgeDocument.MostPhrases ? new Problem($"Own-{language}", "assist-intent.phrases-many", ("count", KnowledgeDocument.MostPhrases))
        : phrases.Any(phrase => phrase.Length > KnowledgeDocument.LongestPhrase) ? new Problem($"Own-{language}", "assist-intent.phrase-length", ("count", KnowledgeDocument.LongestPhrase))
        : null;

    private static Problem? CheckNames(IReadOnlyDictionary<string, string> names) =>
        names.Count == 0 ? new Problem("Names-0", "assist-intent.name-needed")
        : names.Values.Any(name => name.Length > LongestName) ? new Problem("Names-0", "assist-intent.name-length", ("count", LongestName))
        : null;

    private static List<string> Joined(IReadOnlyList<string> known, IReadOnlyList<string> more) =>
        [.. known.Concat(more.Where(phrase => phrase.Length is > 0 and <= KnowledgeDocument.LongestPhrase)).Distinct(StringComparer.OrdinalIgnoreCase).Take(KnowledgeDocument.MostPhrases)];

    private static Dictionary<string, IReadOnlyList<string>> With(IReadOnlyDictionary<string, IReadOnlyList<string>> lists, string key, IReadOnlyList<string> list) =>
        new(lists, StringComparer.Ordinal) { [key] = list };
}
