using SiteDesk.Language;

namespace SiteDesk.Assistant.Deciding;

/// <summary>Brings what the classifier says and what the search finds together.</summary>
internal static class IntentRanking
{
    /// <summary>How much a found article speaks for the intents it answers; tuned on phrases kept back.</summary>
    private const double ArticleWeight = 6;

    private const double LeastShare = 1e-6;

    /// <summary>Ranks the likeliest intents anew, those first whose article fits as well.</summary>
    /// <param name="prediction">What the classifier says.</param>
    /// <param name="articles">What the search found, ten at most are read.</param>
    /// <param name="answers">Whether an article answers an intent, as the owner has tied them.</param>
    /// <returns>The same prediction with the intents in their new order; their shares together are 1.</returns>
    public static IntentPrediction Combine(IntentPrediction prediction, IReadOnlyList<SearchHit> articles, Func<string, long, bool> answers)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(articles);
        ArgumentNullException.ThrowIfNull(answers);
        var scores = prediction.Ranked
            .Select(ranked => (ranked.Intent, Score: Math.Log(Math.Max(ranked.Share, LeastShare)) + ArticleWeight * BestArticle(ranked.Intent)))
            .OrderByDescending(pair => pair.Score)
            .ToList();
        var sum = scores.Sum(pair => Math.Exp(pair.Score - scores[0].Score));
        return prediction with { Ranked = [.. scores.Select(pair => new IntentScore(pair.Intent, Math.Exp(pair.Score - scores[0].Score) / sum))] };

        double BestArticle(string intent) =>
            articles.Take(10).Where(article => answers(intent, article.Id)).Select(article => article.Score).DefaultIfEmpty(0).Max();
    }
}
