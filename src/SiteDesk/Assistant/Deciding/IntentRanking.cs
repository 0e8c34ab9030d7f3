using System.Globalization;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Deciding;

/// <summary>Brings what the classifier says and what the search finds together.</summary>
internal static class IntentRanking
{
    /// <summary>How much a found article speaks for the intents it answers; tuned on phrases kept back.</summary>
    private const double ArticleWeight = 6;

    private const double LeastShare = 1e-6;

    /// <summary>Begins the key of a candidate that is an article and no intent.</summary>
    private const string ArticlePrefix = "article:";

    /// <summary>An article that nobody tied to an intent may still be what is asked for, and this likely at least, before it is read.</summary>
    private const double LeastFree = 0.05;

    private const int MostArticles = 10;

    /// <summary>The key of an article as a candidate beside the intents.</summary>
    public static string KeyOf(long articleId) => ArticlePrefix + articleId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The article that a candidate is; null for an intent.</summary>
    public static long? ArticleOf(string candidate) =>
        candidate.StartsWith(ArticlePrefix, StringComparison.Ordinal) && long.TryParse(candidate.AsSpan(ArticlePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Ranks the likeliest intents anew, those first whose article fits as well, and among them the articles that belong to no intent.</summary>
    /// <param name="prediction">What the classifier says.</param>
    /// <param name="articles">What the search found, ten at most are read.</param>
    /// <param name="answers">Whether an article answers an intent, as the owner has tied them.</param>
    /// <param name="isFree">Whether an article answers no intent; null when all do.</param>
    /// <returns>The same prediction with the candidates in their new order; their shares together are 1.</returns>
    public static IntentPrediction Combine(
        IntentPrediction prediction, IReadOnlyList<SearchHit> articles, Func<string, long, bool> answers, Func<long, bool>? isFree = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(articles);
        ArgumentNullException.ThrowIfNull(answers);
        var free = Math.Log(Math.Max(1 - prediction.Confidence, LeastFree));
        var scores = prediction.Ranked
            .Select(ranked => (Candidate: ranked.Intent, Score: Math.Log(Math.Max(ranked.Share, LeastShare)) + ArticleWeight * BestArticle(ranked.Intent)))
            .Concat(articles.Take(MostArticles).Where(article => isFree?.Invoke(article.Id) == true)
                .Select(article => (Candidate: KeyOf(article.Id), Score: free + ArticleWeight * article.Score)))
            .OrderByDescending(pair => pair.Score)
            .ToList();
        var sum = scores.Sum(pair => Math.Exp(pair.Score - scores[0].Score));
        return prediction with { Ranked = [.. scores.Select(pair => new IntentScore(pair.Candidate, Math.Exp(pair.Score - scores[0].Score) / sum))] };

        double BestArticle(string intent) =>
            articles.Take(MostArticles).Where(article => answers(intent, article.Id)).Select(article => article.Score).DefaultIfEmpty(0).Max();
    }
}
