using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;

namespace SiteDesk.Assistant.Intents;

/// <summary>What is known about the right answer to a past question.</summary>
/// <param name="Right">The candidate that is right; null when none is known.</param>
/// <param name="IsForNobody">Whether nothing here answers it.</param>
/// <param name="Wrong">A candidate known not to help; null when none is.</param>
internal sealed record KnownAnswer(string? Right, bool IsForNobody, string? Wrong)
{
    public static KnownAnswer Nothing { get; } = new(null, false, null);
}

/// <summary>Decides what two states of knowledge do with a question, and which of them does better. Pure.</summary>
internal static class TrialJudge
{
    /// <summary>What is done with a question asked for the first time, and what is said.</summary>
    /// <returns>The outcome, and a mark that differs when other words or articles are shown.</returns>
    public static (TrialOutcome Outcome, string Mark) Decide(SiteKnowledge knowledge, string text, string language)
    {
        var understood = knowledge.Understand(text, language);
        // As the talk does: what only keeps it going is no answer, and what a question back offers are questions.
        var isSure = understood.Probability >= knowledge.Thresholds.Answer && !ShippedIntent.Of(understood.First).IsCourtesy;
        var step = isSure ? AnswerPolicy.Decide(understood.Ranked, understood.Probability, knowledge.Thresholds, understood.Urgency, TalkSoFar.Nothing)
            : AnswerPolicy.Decide(knowledge.Offerable(understood), knowledge.ToAskAbout(understood), knowledge.Thresholds with { Answer = double.MaxValue }, understood.Urgency, TalkSoFar.Nothing);
        switch (step)
        {
            case NextStep.Answer { Intent: var intent }:
                var answer = knowledge.AnswerOf(intent);
                if (answer.HandOver == HandOverWhen.Always && answer.Segment is null)
                    return (new TrialOutcome("person", [intent], null), $"person {intent}");
                var words = answer.Texts.GetValueOrDefault(language) ?? answer.Texts.Values.FirstOrDefault();
                var articles = IntentRanking.ArticleOf(intent) is { } own ? [own] : knowledge.ArticlesOf(intent);
                return (new TrialOutcome("answer", [intent], words is null && articles.Count > 0 ? articles[0] : null), $"answer {intent} {words} {string.Join(' ', articles)}");
            case NextStep.Ask { Intents: var offered }:
                return (new TrialOutcome("ask", offered, null), $"ask {string.Join(' ', offered)}");
            case NextStep.Rephrase:
                return (new TrialOutcome("rephrase", [], null), "rephrase");
            default:
                return (new TrialOutcome("person", [], null), "person");
        }
    }

    public static TrialJudgement Judge(TrialOutcome before, SiteKnowledge live, TrialOutcome after, SiteKnowledge draft, KnownAnswer known)
    {
        var (old, now) = (Score(before, live, known), Score(after, draft, known));
        return now > old ? TrialJudgement.Better : now < old ? TrialJudgement.Worse : TrialJudgement.Different;
    }

    /// <summary>How well an outcome serves: a right answer, a question with the right one on offer, no answer, a wrong one.</summary>
    private static int Score(TrialOutcome outcome, SiteKnowledge knowledge, KnownAnswer known)
    {
        const int right = 3, offered = 2, none = 1, wrong = 0;
        var isAnswer = outcome.Kind == "answer";
        if (known.IsForNobody)
            return isAnswer ? wrong : none;
        if (known.Right is { } candidate)
        {
            if (isAnswer)
                return IsSame(outcome.Candidates[0], candidate, knowledge) ? right : wrong;
            return outcome.Candidates.Any(other => IsSame(other, candidate, knowledge)) ? offered : none;
        }
        return known.Wrong is { } bad && isAnswer && IsSame(outcome.Candidates[0], bad, knowledge) ? wrong : none;
    }

    /// <summary>Two candidates that the same article answers are told apart by nobody who reads it.</summary>
    private static bool IsSame(string one, string other, SiteKnowledge knowledge) =>
        one == other || FirstArticle(one, knowledge) is { } article && article == FirstArticle(other, knowledge);

    private static long? FirstArticle(string candidate, SiteKnowledge knowledge) =>
        IntentRanking.ArticleOf(candidate) ?? (knowledge.AnswerOf(candidate).Texts.Count == 0 && knowledge.ArticlesOf(candidate) is [var first, ..] ? first : null);
}
