using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Assistant.HandOver;

/// <summary>
/// Recognises messages that belong to a person at once. Learns from written messages of each reason, and from ordinary questions,
/// which are what it must let pass: a question about money, however impatient, is a question like any other. Immutable.
/// </summary>
internal sealed class UrgencyRecognizer
{
    /// <summary>The intent that is a reason of itself.</summary>
    private const string PersonIntent = "person";

    /// <summary>
    /// Intents that are neither taught as ordinary nor as urgent: whether a complaint is calm is a matter of degree, and it goes to a
    /// person anyway.
    /// </summary>
    internal static readonly IReadOnlyList<string> Complaints = ["complaint-courier", "complaint-service"];

    private static readonly char[] SentenceEnds = ['.', '!', '?', '。', '！', '？', '…', '\n', ';', '；'];

    private readonly IntentClassifier _classifier;

    private UrgencyRecognizer(IntentClassifier classifier) => _classifier = classifier;

    /// <summary>Urgent messages and ordinary ones of a language; the intent of an ordinary one is <see cref="IntentExample.OutOfScope"/>.</summary>
    /// <param name="language">One of <see cref="PhraseBank.Languages"/>.</param>
    public static IReadOnlyList<IntentExample> ReadExamples(string language)
    {
        var urgent = PhraseBank.ReadFolder($"SiteDesk.Assistant.HandOver/{language}/", file => file);
        var asked = PhraseBank.Read(language)
            .Where(example => !Complaints.Contains(example.Intent, StringComparer.Ordinal))
            .Select(example => example with { Intent = example.Intent == PersonIntent ? PersonIntent : IntentExample.OutOfScope });
        return [.. urgent, .. asked];
    }

    /// <summary>Learns, in about a second.</summary>
    /// <param name="examples">What <see cref="ReadExamples"/> gives, of one language or several, or a part of it.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static UrgencyRecognizer Train(IReadOnlyList<IntentExample> examples, CancellationToken cancellation = default) =>
        new(IntentClassifier.Train(examples, new IntentTrainingOptions { OutOfScopeShare = OrdinaryShare, Precision = Precision }, cancellation));

    /// <summary>Says why a message belongs to a person at once; null for an ordinary one.</summary>
    /// <param name="text">The message. It is read as a whole and sentence by sentence, since anger often stands at the end of a story.</param>
    public HandOverReason? Recognize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        HandOverReason? reason = null;
        var surest = 0.0;
        foreach (var part in Parts(text))
        {
            var prediction = _classifier.Classify(part);
            if (prediction.Decision != IntentDecision.Answer || prediction.Confidence <= surest)
                continue;
            surest = prediction.Confidence;
            reason = Enum.Parse<HandOverReason>(prediction.Ranked[0].Intent, ignoreCase: true);
        }
        return reason;
    }

    /// <summary>Nine messages in ten are ordinary, and one alarm in ten may be false: a person too many harms less than one too few.</summary>
    private const double OrdinaryShare = 0.9;
    private const double Precision = 0.9;

    private static IEnumerable<string> Parts(string text)
    {
        yield return text;
        var sentences = text.Split(SentenceEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (sentences.Length < 2)
            yield break;
        foreach (var sentence in sentences)
            yield return sentence;
    }
}
