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
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerSignals(
    double Share, double Gap, double Confidence, double ArticleScore, double ArticleGap, bool IsAgreed)
{
    /// <summary>How many numbers <see cref="CopyTo"/> writes.</summary>
    public const int Count = 9;

    /// <summary>Reads the signals of a question.</summary>
    /// <param name="prediction">What the classifier says.</param>
    /// <param name="articles">What the search found, best first.</param>
    /// <param name="answers">Whether an article answers an intent, as the owner has tied them.</param>
    public static AnswerSignals Read(IntentPrediction prediction, IReadOnlyList<SearchHit> articles, Func<string, long, bool> answers)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(articles);
        ArgumentNullException.ThrowIfNull(answers);
        var first = prediction.Ranked[0];
        var second = prediction.Ranked.Count > 1 ? prediction.Ranked[1].Share : 0;
        var best = articles.Count > 0 ? articles[0].Score : 0;
        var next = articles.Count > 1 ? articles[1].Score : 0;
        return new AnswerSignals(
            first.Share, first.Share - second, prediction.Confidence, best, best - next, articles.Count > 0 && answers(first.Intent, articles[0].Id));
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
    }
}

/// <summary>A question whose intent is known, judged by a model that was not trained on it.</summary>
/// <param name="Signals">What was known before answering.</param>
/// <param name="IsRight">Whether the first intent was the right one.</param>
/// <param name="IsAmongFirst">Whether the right one was among those that a question back would have offered.</param>
/// <param name="IsOutOfScope">Whether no intent would have been right.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JudgedAnswer(AnswerSignals Signals, bool IsRight, bool IsAmongFirst, bool IsOutOfScope);
