using System.Collections.Frozen;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Intents;

/// <summary>Which intents there are, and what each and every candidate is called.</summary>
internal static class IntentCatalog
{
    /// <summary>Begins the key of an own intent, so that it never meets one that ships later.</summary>
    public const string OwnPrefix = "own-";

    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, IReadOnlyList<string>>>> ShippedPhrases = new(() =>
        PhraseBank.Languages.ToFrozenDictionary(language => language, language => PhraseBank.Read(language).GroupBy(example => example.Intent, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(example => example.Text)], StringComparer.Ordinal), StringComparer.Ordinal));

    /// <summary>Keys of the intents that come with the program.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
        [.. PhraseBank.Read(PhraseBank.Languages[0]).Select(example => example.Intent).Where(intent => intent != IntentExample.OutOfScope).Distinct(StringComparer.Ordinal)];

    public static bool IsOwn(string intent) => intent.StartsWith(OwnPrefix, StringComparison.Ordinal);

    /// <summary>Every intent of a document, shipped ones first.</summary>
    public static IEnumerable<string> All(KnowledgeDocument document) => Shipped.Concat(document.Intents.Keys.Where(IsOwn).Order(StringComparer.Ordinal));

    public static bool Has(KnowledgeDocument document, string intent) => Shipped.Contains(intent, StringComparer.Ordinal) || IsOwn(intent) && document.Intents.ContainsKey(intent);

    /// <summary>The phrases that came with the program, taken out or not.</summary>
    public static IReadOnlyList<string> PhrasesOf(string intent, string language) => ShippedPhrases.Value.GetValueOrDefault(language)?.GetValueOrDefault(intent) ?? [];

    /// <summary>What an intent is called: as a customer would say it.</summary>
    public static string NameOf(string intent, KnowledgeDocument document, Texts texts)
    {
        if (texts.Has($"assistant.intent.{intent}"))
            return texts[$"assistant.intent.{intent}"];
        var names = document.Of(intent).Names;
        return names.GetValueOrDefault(texts.Language) ?? names.GetValueOrDefault(Languages.English) ?? names.Values.FirstOrDefault() ?? intent;
    }

    /// <summary>What a candidate is called: an intent's name or an article's title.</summary>
    /// <param name="articles">Where the title is looked up; null when there is none.</param>
    public static string NameOfCandidate(string candidate, KnowledgeDocument document, HelpSnapshot? articles, Texts texts) =>
        IntentRanking.ArticleOf(candidate) is { } article ? TitleOf(article, articles, texts.Language) : NameOf(candidate, document, texts);

    public static string TitleOf(long article, HelpSnapshot? articles, string language) =>
        articles?.LanguagesOf(article, Languages.All.OrderBy(other => other != language)).Select(found => found.Article.Title).FirstOrDefault() ?? $"#{article}";
}
