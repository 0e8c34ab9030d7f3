using SiteDesk.Assistant.Deciding;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>
/// Puts questions whose answer is known to what a site knows, and finds out how to weigh words against articles there and how sure it may be:
/// phrases that the classifier did not learn from, and example questions taken out of their articles.
/// </summary>
internal sealed class KnowledgeTrial(TrainedModel model, SiteAnswers answers)
{
    private readonly List<Case> _phrases = [];
    private readonly List<Case> _questions = [];

    /// <summary>A phrase of an intent; one that nothing here answers is as strange here as one of no intent, and so is what asks nothing.</summary>
    public void AddPhrase(JudgedPhrase phrase, IReadOnlyList<SearchHit> hits) =>
        _phrases.Add(new Case(phrase.Prediction, hits, phrase.Intent, ArticleId: null, IsStranger: phrase.Intent == IntentExample.OutOfScope || !answers.IsAnswerable(phrase.Intent)));

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
            var (ranked, signals) = answers.Read(asked.Prediction, asked.Hits, weights);
            judged.Add(new JudgedAnswer(
                signals, IsRight(asked, ranked[0].Intent), ranked.Take(AnswerPolicy.MostOffered).Any(candidate => IsRight(asked, candidate.Intent)), asked.IsStranger,
                IsSilent: !answers.IsAnswerable(ranked[0].Intent)));
        }
        return judged;
    }

    private double Share(List<Case> cases, RankingWeights weights)
    {
        var (right, all) = (0, 0);
        foreach (var asked in cases.Where(asked => !asked.IsStranger))
        {
            all++;
            right += IsRight(asked, answers.Rank(asked.Prediction, asked.Hits, weights).Ranked[0].Intent) ? 1 : 0;
        }
        return right / (double)Math.Max(1, all);
    }

    private bool IsRight(Case asked, string candidate)
    {
        if (asked.IsStranger)
            return false;
        if (candidate == asked.Intent)
            return true;
        if (asked.Intent is null)
            return answers.ArticlesFor(candidate, asked.Hits) is [var article, ..] && asked.ArticleId == article;
        return answers.IsAnswerable(candidate)
            && (answers.ResultOf(candidate, asked.Hits) == answers.ResultOf(asked.Intent, asked.Hits)
                || answers.ArticlesFor(candidate, asked.Hits) is [var other, ..] && answers.Answers(asked.Intent, other));
    }

    private sealed record Case(IntentPrediction Prediction, IReadOnlyList<SearchHit> Hits, string? Intent, long? ArticleId, bool IsStranger);
}
