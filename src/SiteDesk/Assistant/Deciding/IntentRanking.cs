using System.Globalization;
using System.Runtime.InteropServices;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Deciding;

/// <summary>How what the classifier says and what the search finds are weighed against each other; found out anew for every site.</summary>
/// <param name="Article">How much a found article speaks for the intents it answers, and for itself.</param>
/// <param name="LeastFree">How likely an article is meant, before it is read, that belongs to no intent: at least this, 0 to 1.</param>
/// <param name="FreeFit">How well such an article must be found before that speaks for it, 0 to 1: else two or three of them would draw all that is not understood.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RankingWeights(double Article, double LeastFree, double FreeFit)
{
    /// <summary>What a shop with a few dozen articles does well with.</summary>
    public static RankingWeights Usual { get; } = new(9, 0.05, 0.3);

    /// <summary>Those that are tried.</summary>
    public static IReadOnlyList<RankingWeights> All { get; } =
        [.. from article in new double[] { 4, 6, 9, 13, 18 } from free in new[] { 0.05, 0.15, 0.4 } from fit in new[] { 0, 0.15, 0.3, 0.45 } select new RankingWeights(article, free, fit)];
}

/// <summary>Brings what the classifier says and what the search finds together.</summary>
internal static class IntentRanking
{
    private const double LeastShare = 1e-6;

    /// <summary>Begins the key of a candidate that is an article and no intent.</summary>
    private const string ArticlePrefix = "article:";

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
    /// <param name="weights">How much what was found counts; null for what fits most sites.</param>
    /// <returns>The same prediction with the candidates in their new order; their shares together are 1.</returns>
    public static IntentPrediction Combine(
        IntentPrediction prediction, IReadOnlyList<SearchHit> articles, Func<string, long, bool> answers, Func<long, bool>? isFree = null, RankingWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(articles);
        ArgumentNullException.ThrowIfNull(answers);
        var (article, leastFree, freeFit) = weights ?? RankingWeights.Usual;
        var free = Math.Log(Math.Max(1 - prediction.Confidence, leastFree));
        var scores = prediction.Ranked
            .Select(ranked => (Candidate: ranked.Intent, Score: Math.Log(Math.Max(ranked.Share, LeastShare)) + article * BestArticle(ranked.Intent)))
            .Concat(articles.Take(MostArticles).Where(hit => isFree?.Invoke(hit.Id) == true)
                .Select(hit => (Candidate: KeyOf(hit.Id), Score: free + article * (hit.Score - freeFit))))
            .OrderByDescending(pair => pair.Score)
            .ToList();
        var sum = scores.Sum(pair => Math.Exp(pair.Score - scores[0].Score));
        return prediction with { Ranked = [.. scores.Select(pair => new IntentScore(pair.Candidate, Math.Exp(pair.Score - scores[0].Score) / sum))] };

        double BestArticle(string intent) =>
            articles.Take(MostArticles).Where(hit => answers(intent, hit.Id)).Select(hit => hit.Score).DefaultIfEmpty(0).Max();
    }
}
