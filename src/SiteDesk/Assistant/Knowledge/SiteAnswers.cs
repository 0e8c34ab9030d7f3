using System.Collections.Frozen;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>What a site has to say to a candidate: own words, an action, or the articles tied to it. Immutable.</summary>
/// <param name="ties">Which articles answer which intents, best first.</param>
internal sealed class SiteAnswers(long siteId, KnowledgeDocument document, FrozenDictionary<string, IReadOnlyList<long>> ties)
{
    private readonly FrozenSet<long> _tied = ties.Values.SelectMany(ids => ids).ToFrozenSet();

    /// <summary>The articles that answer an intent, best first; empty when none does.</summary>
    public IReadOnlyList<long> ArticlesOf(string intent) => ties.GetValueOrDefault(intent) ?? [];

    /// <summary>Which articles answer a candidate, the one found best first: itself, or those tied to the intent; empty when none does.</summary>
    public IReadOnlyList<long> ArticlesFor(string candidate, IReadOnlyList<SearchHit> found) =>
        IntentRanking.ArticleOf(candidate) is { } article ? [article]
        : ties.TryGetValue(candidate, out var ids) ? [.. ids.OrderByDescending(id => found.FirstOrDefault(hit => hit.Id == id).Score)]
        : [];

    /// <summary>Whether an article answers a candidate.</summary>
    public bool Answers(string candidate, long article) =>
        IntentRanking.ArticleOf(candidate) == article || ties.TryGetValue(candidate, out var ids) && ids.Contains(article);

    /// <summary>Whether an article answers no intent, and is a candidate of its own.</summary>
    public bool IsFree(long article) => !_tied.Contains(article);

    /// <summary>Whether there is anything to answer it with. What only keeps a talk going is no question and has no answer.</summary>
    public bool IsAnswerable(string candidate) => !ShippedIntent.Of(candidate).IsCourtesy
        && (IntentRanking.ArticleOf(candidate) is not null || ties.ContainsKey(candidate) || document.Of(candidate).At(siteId).Texts.Count > 0 || ActionOf(candidate).Length > 0);

    /// <summary>What a customer gets for a candidate: two with the same result are one answer, and need not be told apart.</summary>
    /// <param name="found">What the search found: it decides among several articles.</param>
    public string ResultOf(string candidate, IReadOnlyList<SearchHit> found)
    {
        if (ActionOf(candidate) is { Length: > 0 } action)
            return "action:" + action;
        return document.Of(candidate).At(siteId).Texts.Count == 0 && ArticlesFor(candidate, found) is [var article, ..] ? IntentRanking.KeyOf(article) : candidate;
    }

    /// <summary>Ranks candidates with what was found, and tells what can be told of the first.</summary>
    public (IReadOnlyList<IntentScore> Ranked, AnswerSignals Signals) Read(IntentPrediction prediction, IReadOnlyList<SearchHit> found, RankingWeights weights)
    {
        var combined = Rank(prediction, found, weights);
        return (combined.Ranked, AnswerSignals.Read(combined, found, Answers, prediction, candidate => ResultOf(candidate, found)));
    }

    /// <summary>Ranks candidates with what was found.</summary>
    public IntentPrediction Rank(IntentPrediction prediction, IReadOnlyList<SearchHit> found, RankingWeights weights) =>
        IntentRanking.Combine(prediction, found, Answers, IsFree, weights);

    private string ActionOf(string candidate) => document.Of(candidate).At(siteId).Action ?? ShippedIntent.Of(candidate).Action ?? "";
}
