using System.Runtime.InteropServices;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Deciding;

/// <summary>What can be told about a question before it is answered: from the classifier, and from the search in the articles.</summary>
/// <param name="Share">The share of the first intent among all, 0 to 1.</param>
/// <param name="Gap">How far the second one is behind it, 0 to 1.</param>
/// <param name="Confidence">The classifier's own estimate that the first one is right, 0 to 1.</param>
/// <param name="ArticleScore">The score of the best article found, 0 to 1; 0 when none was.</param>
/// <param name="ArticleGap">How far the second article is behind it, 0 to 1.</param>
/// <param name="IsAgreed">Whether the best article is one that answers the first intent: two ways led to the same place.</param>
/// <param name="IsArticle">Whether the first is an article that belongs to no intent: words say nothing for it then, and the search says all.</param>
/// <param name="IsOfWords">Whether the words alone, without the articles, put the same first: <paramref name="Confidence"/> speaks of that one.</param>
/// <param name="WordsShare">The share the words alone give to the first, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerSignals(
    double Share, double Gap, double Confidence, double ArticleScore, double ArticleGap, bool IsAgreed, bool IsArticle = false, bool IsOfWords = true, double WordsShare = 0)
{
    /// <summary>How many numbers <see cref="CopyTo"/> writes.</summary>
    public const int Count = 16;

    /// <summary>Reads the signals of a question.</summary>
    /// <param name="prediction">What the classifier says.</param>
    /// <param name="articles">What the search found, best first.</param>
    /// <param name="answers">Whether an article answers an intent, as the owner has tied them.</param>
    /// <param name="words">What the classifier says without the articles; null when nothing else was brought in.</param>
    /// <param name="resultOf">What somebody gets for a candidate: those with the same count as one; null when every one is another.</param>
    public static AnswerSignals Read(IntentPrediction prediction, IReadOnlyList<SearchHit> articles, Func<string, long, bool> answers, IntentPrediction? words = null, Func<string, string>? resultOf = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(articles);
        ArgumentNullException.ThrowIfNull(answers);
        var first = prediction.Ranked[0];
        var (shares, said) = (SharesOf(prediction), SharesOf(words ?? prediction));
        var share = shares[0].Share;
        var second = shares.Skip(1).Select(other => other.Share).DefaultIfEmpty(0).Max();
        var best = articles.Count > 0 ? articles[0].Score : 0;
        var next = articles.Count > 1 ? articles[1].Score : 0;
        return new AnswerSignals(
            share, share - second, prediction.Confidence, best, best - next, articles.Count > 0 && answers(first.Intent, articles[0].Id), IntentRanking.ArticleOf(first.Intent) is not null,
            said[0].Result == shares[0].Result, said.Find(other => other.Result == shares[0].Result).Share);

        List<(string Result, double Share)> SharesOf(IntentPrediction of) =>
            [.. of.Ranked.GroupBy(candidate => resultOf?.Invoke(candidate.Intent) ?? candidate.Intent, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(candidate => candidate.Share)))];
    }

    /// <summary>Writes the signals, and those products of them that say more than each alone.</summary>
    public void CopyTo(Span<double> numbers)
    {
        var agreed = IsAgreed ? 1.0 : 0.0;
        numbers[0] = Share;
        numbers[1] = Gap;
        numbers[2] = Confidence;
        numbers[3] = ArticleScore;
        numbers[4] = ArticleGap;
        numbers[5] = agreed;
        numbers[6] = agreed * ArticleScore;
        numbers[7] = Math.Log(Math.Max(1e-6, Share));
        numbers[8] = Confidence * Gap;
        var isArticle = IsArticle ? 1.0 : 0.0;
        numbers[9] = isArticle;
        numbers[10] = isArticle * ArticleScore;
        numbers[11] = isArticle * ArticleGap;
        numbers[12] = agreed * ArticleGap;
        var ofWords = IsOfWords ? 1.0 : 0.0;
        numbers[13] = ofWords;
        numbers[14] = ofWords * Confidence;
        numbers[15] = WordsShare;
    }
}

/// <summary>A question whose intent is known, judged by a model that was not trained on it.</summary>
/// <param name="Signals">What was known before answering.</param>
/// <param name="IsRight">Whether the first intent was the right one.</param>
/// <param name="IsAmongFirst">Whether the right one was among those that a question back would have offered.</param>
/// <param name="IsOutOfScope">Whether no intent would have been right.</param>
/// <param name="IsSilent">Whether nothing is answered however sure it is: there is nothing to answer the first intent with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JudgedAnswer(AnswerSignals Signals, bool IsRight, bool IsAmongFirst, bool IsOutOfScope, bool IsSilent = false);
