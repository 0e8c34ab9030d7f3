namespace SiteDesk.Assistant.Knowledge;

/// <summary>
/// All that the owner has taught beside what ships: one document, changed and stored whole, so that a change can be tried before it counts
/// and taken back after. Never changed in place.
/// </summary>
internal sealed record KnowledgeDocument
{
    /// <summary>Own intents an installation may have.</summary>
    public const int MostOwnIntents = 300;

    /// <summary>Phrases added to one intent in one language.</summary>
    public const int MostPhrases = 500;

    /// <summary>Longest phrase, in characters.</summary>
    public const int LongestPhrase = 300;

    /// <summary>By the intent's key: shipped ones as far as they were changed, and own ones.</summary>
    public IReadOnlyDictionary<string, IntentKnowledge> Intents { get; init; } = new Dictionary<string, IntentKnowledge>(StringComparer.Ordinal);

    /// <summary>Phrases about nothing that is answered here, by language.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> OutOfScope { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>What was changed of an intent; nothing changed when it is not named.</summary>
    public IntentKnowledge Of(string intent) => Intents.GetValueOrDefault(intent) ?? IntentKnowledge.Unchanged;

    /// <summary>The document with an intent changed.</summary>
    public KnowledgeDocument With(string intent, Func<IntentKnowledge, IntentKnowledge> change) =>
        this with { Intents = new Dictionary<string, IntentKnowledge>(Intents, StringComparer.Ordinal) { [intent] = change(Of(intent)) } };
}

/// <summary>What the owner has changed of an intent.</summary>
internal sealed record IntentKnowledge
{
    public static IntentKnowledge Unchanged { get; } = new();

    /// <summary>Names by language, of an own intent; a shipped one is named in the texts as <c>assistant.intent.KEY</c>.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Phrases added, by language.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Added { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Shipped phrases taken out, by language.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Removed { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Whether it is neither recognised nor answered.</summary>
    public bool IsOff { get; init; }

    /// <summary>What it is answered with, by site.</summary>
    public IReadOnlyDictionary<long, IntentAnswer> Sites { get; init; } = new Dictionary<long, IntentAnswer>();

    /// <summary>Its answer at a site; nothing decided when it is not named.</summary>
    public IntentAnswer At(long siteId) => Sites.GetValueOrDefault(siteId) ?? IntentAnswer.Undecided;

    /// <summary>The intent with its answer at a site changed.</summary>
    public IntentKnowledge WithSite(long siteId, Func<IntentAnswer, IntentAnswer> change) =>
        this with { Sites = new Dictionary<long, IntentAnswer>(Sites) { [siteId] = change(At(siteId)) } };
}

/// <summary>How a site answers an intent.</summary>
internal sealed record IntentAnswer
{
    public static IntentAnswer Undecided { get; } = new();

    /// <summary>Longest own words, in characters.</summary>
    public const int LongestText = 2_000;

    /// <summary>The articles that answer it, best first; null lets the phrases find them.</summary>
    public IReadOnlyList<long>? ArticleIds { get; init; }

    /// <summary>Own words by language, Markdown; said instead of the article's.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is asked for before a person looks into it (<see cref="Talk.Slot"/>); null for what ships.</summary>
    public IReadOnlyList<string>? AsksFor { get; init; }

    /// <summary>An action that is offered (<see cref="Actions.IAssistantAction.Key"/>); null for what ships, empty for none.</summary>
    public string? Action { get; init; }

    /// <summary>Whether it goes to a person without an answer.</summary>
    public HandOverWhen HandOver { get; init; } = HandOverWhen.NotHelped;

    /// <summary>The team that gets it; null for none.</summary>
    public long? TeamId { get; init; }

    /// <summary>A condition over the customer's tickets in JSON (Platform/Conditions) that must hold for <see cref="HandOver"/>; null for every customer.</summary>
    public string? Segment { get; init; }
}

/// <summary>When an intent goes to a person.</summary>
internal enum HandOverWhen
{
    /// <summary>When the answer did not help.</summary>
    NotHelped,

    /// <summary>At once, while somebody is on duty; else it is answered.</summary>
    WhenOpen,

    /// <summary>At once, always.</summary>
    Always,

    /// <summary>Only who asks for a person gets one.</summary>
    OnlyOnWish,
}
