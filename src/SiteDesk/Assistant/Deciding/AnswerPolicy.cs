using SiteDesk.Assistant.HandOver;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Deciding;

/// <summary>
/// Decides what the assistant does next. Two stages before a person: ask which of a few is meant, then ask for other words. Nothing is
/// answered twice and nothing asked twice; whoever belongs to a person at once gets one at once. Pure.
/// </summary>
internal static class AnswerPolicy
{
    /// <summary>How many intents a question back offers.</summary>
    public const int MostOffered = 3;

    /// <summary>An intent with a smaller share is not worth offering.</summary>
    private const double LeastShare = 0.03;

    /// <summary>After this many messages in a row that it could not answer, a person takes over.</summary>
    private const int MostUnclear = 2;

    /// <summary>Decides.</summary>
    /// <param name="ranked">The likeliest intents, best first.</param>
    /// <param name="probability">The probability that answering the first one is right, 0 to 1.</param>
    /// <param name="thresholds">From where to ask and to answer.</param>
    /// <param name="urgency">Why the message belongs to a person at once, or null.</param>
    /// <param name="talk">What was done before.</param>
    public static NextStep Decide(
        IReadOnlyList<IntentScore> ranked, double probability, AnswerThresholds thresholds, HandOverReason? urgency, TalkSoFar talk)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        ArgumentNullException.ThrowIfNull(talk);
        if (urgency is not null)
            return new NextStep.HandOver(urgency);
        if (probability >= thresholds.Answer)
        {
            // The same question again means that the answer did not help.
            return talk.Answered.Contains(ranked[0].Intent, StringComparer.Ordinal)
                ? new NextStep.HandOver(Reason: null)
                : new NextStep.Answer(ranked[0].Intent);
        }
        if (talk.Unclear >= MostUnclear)
            return new NextStep.HandOver(Reason: null);

        var offer = Offer(ranked, talk);
        if (probability >= thresholds.Ask && offer.Count > 0 && MayAsk(offer, talk))
            return new NextStep.Ask(offer);
        return talk.HasAskedToRephrase ? new NextStep.HandOver(Reason: null) : new NextStep.Rephrase();
    }

    /// <summary>Once; and once more where it is about something else: whoever moved on to another matter would be asked for other words for a clear question.</summary>
    private static bool MayAsk(List<string> offer, TalkSoFar talk) =>
        talk.Offered.Count == 0 || !talk.HasAskedToRephrase && !offer.Exists(intent => talk.Offered.Contains(intent, StringComparer.Ordinal));

    /// <summary>The first intents that are likely enough and were not answered already.</summary>
    private static List<string> Offer(IReadOnlyList<IntentScore> ranked, TalkSoFar talk) =>
        [.. ranked.Take(MostOffered).Where(score => score.Share >= LeastShare).Select(score => score.Intent).Except(talk.Answered, StringComparer.Ordinal)];
}
