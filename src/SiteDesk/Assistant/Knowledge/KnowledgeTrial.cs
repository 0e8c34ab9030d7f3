using System.Collections.Frozen;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>
/// Puts questions whose answer is known to what a site knows, and finds out how to weigh words against articles there and how sure it may be:
/// phrases that the classifier did not learn from, and example questions taken out of their articles.
/// </summary>
internal sealed class KnowledgeTrial(long siteId, TrainedModel model, FrozenDictionary<string, IReadOnlyList<long>> ties)
{
    private readonly FrozenSet<long> _tied = ties.Values.SelectMany(ids => ids).ToFrozenSet();
    private readonly List<Case> _phrases = [];
    private readonly List<Case> _questions = [];

    /// <summary>A phrase of an intent; one that nothing here answers is as strange here as one of no intent.</summary>
    public void AddPhrase(JudgedPhrase phrase, IReadOnlyList<SearchHit> hits) =>
        _phrases.Add(new Case(phrase.Prediction, hits, phrase.Intent, ArticleId: null, IsStranger: !IsAnswerable(phrase.Intent)));

    public void AddQuestion(HeldBackQuestion question) =>
        _questions.Add(new Case(model.Classifier.Classify(question.Text, question.Language), question.Hits, Intent: null, question.ArticleId, IsStranger: false));

    /// <summary>The weights with which most are right; phrases and questions count alike, however many there are of each.</summary>
    public RankingWeights ChooseWeights()
    {
        if (_questions.Count == 0)
            return RankingWeights.Usual;
        return RankingWeights.All.MaxBy(weights => Share(_phrases, weights) + Share(_questions, weights));
    }

    public List<JudgedAnswer> Judge(RankingWeights weights)
    {
        var judged = new List<JudgedAnswer>(_phrases.Count + _questions.Count);
        foreach (var asked in _phrases.Concat(_questions))
        {
            var (ranked, signals) = Read(asked.Prediction, asked.Hits, ties, _tied, weights);
            // What is understood and has no answer here is answered with nothing.
            if (!IsAnswerable(ranked[0].Intent))
                continue;
            judged.Add(new JudgedAnswer(
                signals, IsRight(asked, ranked[0].Intent), ranked.Take(AnswerPolicy.MostOffered).Any(candidate => IsRight(asked, candidate.Intent)), asked.IsStranger));
        }
        return judged;
    }

    /// <summary>The candidates in their order, and what can be told of the first.</summary>
    public static (IReadOnlyList<IntentScore> Ranked, AnswerSignals Signals) Read(
        IntentPrediction prediction, IReadOnlyList<SearchHit> hits, FrozenDictionary<string, IReadOnlyList<long>> ties, FrozenSet<long> tied, RankingWeights weights)
    {
        var combined = Rank(prediction, hits, ties, tied, weights);
        return (combined.Ranked, AnswerSignals.Read(combined, hits, (candidate, article) => Answers(ties, candidate, article)));
    }

    /// <summary>Which articles answer a candidate, the one found best first: itself, or those tied to the intent; empty when none does.</summary>
    public static IReadOnlyList<long> ArticlesFor(FrozenDictionary<string, IReadOnlyList<long>> ties, string candidate, IReadOnlyList<SearchHit> found) =>
        IntentRanking.ArticleOf(candidate) is { } article ? [article]
        : ties.TryGetValue(candidate, out var ids) ? [.. ids.OrderByDescending(id => found.FirstOrDefault(hit => hit.Id == id).Score)]
        : [];

    private static IntentPrediction Rank(
        IntentPrediction prediction, IReadOnlyList<SearchHit> hits, FrozenDictionary<string, IReadOnlyList<long>> ties, FrozenSet<long> tied, RankingWeights weights) =>
        IntentRanking.Combine(prediction, hits, (candidate, article) => Answers(ties, candidate, article), article => !tied.Contains(article), weights);

    private static bool Answers(FrozenDictionary<string, IReadOnlyList<long>> ties, string candidate, long article) =>
        IntentRanking.ArticleOf(candidate) == article || ties.TryGetValue(candidate, out var ids) && ids.Contains(article);

    private double Share(List<Case> cases, RankingWeights weights)
    {
        var (right, all) = (0, 0);
        foreach (var asked in cases.Where(asked => !asked.IsStranger))
        {
            all++;
            right += IsRight(asked, Rank(asked.Prediction, asked.Hits, ties, _tied, weights).Ranked[0].Intent) ? 1 : 0;
        }
        return right / (double)Math.Max(1, all);
    }

    private bool IsRight(Case asked, string candidate)
    {
        if (asked.IsStranger)
            return false;
        if (candidate == asked.Intent)
            return true;
        return ArticlesFor(ties, candidate, asked.Hits) is [var article, ..] && (asked.ArticleId == article || asked.Intent is not null && ties.TryGetValue(asked.Intent, out var wanted) && wanted.Contains(article));
    }

    /// <summary>Whether the site has anything to say to it.</summary>
    private bool IsAnswerable(string candidate)
    {
        if (candidate == IntentExample.OutOfScope)
            return false;
        var own = model.Document.Of(candidate).At(siteId);
        return IntentRanking.ArticleOf(candidate) is not null || ties.ContainsKey(candidate) || own.Texts.Count > 0
            || (own.Action ?? ShippedIntent.Of(candidate).Action) is { Length: > 0 } || ShippedIntent.Of(candidate).IsCourtesy;
    }

    private sealed record Case(IntentPrediction Prediction, IReadOnlyList<SearchHit> Hits, string? Intent, long? ArticleId, bool IsStranger);
}
