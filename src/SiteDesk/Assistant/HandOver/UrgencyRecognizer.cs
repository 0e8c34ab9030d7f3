using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Assistant.HandOver;

/// <summary>
/// Recognises messages that belong to a person at once. Learns from written messages of each reason, and from ordinary questions,
/// which are what it must let pass: a question about money, however impatient, is a question like any other. One model holds all
/// languages: what words mean has the same names in each, so what was learnt in one helps in the others. Immutable; may be used from
/// any thread.
/// </summary>
internal sealed class UrgencyRecognizer
{
    /// <summary>What an ordinary message is called among the examples.</summary>
    internal const string Ordinary = "ordinary";

    /// <summary>The intent that is a reason by itself.</summary>
    private const string PersonIntent = "person";

    /// <summary>Words that are enough by themselves: whoever is tired of living is never left to an assistant.</summary>
    private const string Despair = "despair";

    private const string Folder = "SiteDesk.Assistant.HandOver";

    /// <summary>
    /// From this share on a message is ordinary. More than a half, because a person too many harms less than one too few; tuned on
    /// messages kept back.
    /// </summary>
    private const double MostOrdinary = 0.7;

    /// <summary>The same of a message that is not understood either way. Chosen between the other limit and certainty, not tuned: what is not understood was not kept back apart.</summary>
    private const double MostOrdinaryOfUnknown = 0.85;

    /// <summary>
    /// Intents that are taught neither as ordinary nor as urgent: whether a complaint is calm is a matter of degree, and it goes to a
    /// person anyway.
    /// </summary>
    private static readonly string[] Complaints = ["complaint-courier", "complaint-service"];

    private static readonly string[] AngryFaces = ["😡", "🤬", "😠", "👿", "😤", "🖕"];

    private static readonly char[] SentenceEnds = ['.', '!', '?', '。', '！', '？', '…', '\n', ';', '；'];

    private readonly Dictionary<string, WordMeanings> _meanings;
    private readonly IntentClassifier _classifier;

    private UrgencyRecognizer(Dictionary<string, WordMeanings> meanings, IntentClassifier classifier) => (_meanings, _classifier) = (meanings, classifier);

    /// <summary>Urgent messages of a language, called by their reason in small letters, and ordinary ones.</summary>
    /// <param name="language">One of <see cref="PhraseBank.Languages"/>.</param>
    public static IReadOnlyList<IntentExample> ReadExamples(string language)
    {
        var urgent = PhraseBank.ReadFolder($"{Folder}/{language}/", file => file);
        var asked = PhraseBank.Read(language)
            .Where(example => !Complaints.Contains(example.Intent, StringComparer.Ordinal))
            .Select(example => example with { Intent = example.Intent == PersonIntent ? PersonIntent : Ordinary });
        return [.. urgent, .. asked];
    }

    /// <summary>Reads the words by which a language's urgent messages are told.</summary>
    /// <param name="language">One of <see cref="PhraseBank.Languages"/>.</param>
    public static WordMeanings ReadMeanings(string language) => WordMeanings.ReadFile($"{Folder}/Meanings/{language}.txt");

    /// <summary>Learns, in a few seconds.</summary>
    /// <param name="examples">What <see cref="ReadExamples"/> gives, or a part of it, by language.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static UrgencyRecognizer Train(IReadOnlyDictionary<string, IReadOnlyList<IntentExample>> examples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var meanings = examples.Keys.ToDictionary(language => language, ReadMeanings, StringComparer.Ordinal);
        var enriched = examples.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(example => example with { Text = Enrich(meanings[pair.Key], example.Text) }))
            .ToList();
        return new UrgencyRecognizer(meanings, IntentClassifier.Train(enriched, options: null, cancellation));
    }

    /// <summary>Says why a message belongs to a person at once; null for an ordinary one, and for a language that was not learnt.</summary>
    /// <param name="text">The message. It is read as a whole and sentence by sentence, since anger often stands at the end of a story.</param>
    /// <param name="language">What it is written in.</param>
    /// <param name="isUnderstood">Whether it seems to ask for something that the assistant knows of. What does not is urgent sooner: the other thing to say would be that it is not understood.</param>
    public HandOverReason? Recognize(string text, string language, bool isUnderstood = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!_meanings.TryGetValue(language, out var meanings))
            return null;
        if (meanings.Has(text, Despair))
            return HandOverReason.Safety;
        HandOverReason? reason = null;
        var least = isUnderstood ? MostOrdinary : MostOrdinaryOfUnknown;
        foreach (var part in Parts(text))
        {
            var ranked = _classifier.Classify(Enrich(meanings, part)).Ranked;
            var ordinary = ranked.FirstOrDefault(score => score.Intent == Ordinary).Share;
            if (ordinary >= least)
                continue;
            least = ordinary;
            reason = Enum.Parse<HandOverReason>(ranked.First(score => score.Intent != Ordinary).Intent, ignoreCase: true);
        }
        return reason;
    }

    private static IEnumerable<string> Parts(string text)
    {
        yield return text;
        var sentences = text.Split(SentenceEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (sentences.Length < 2)
            yield break;
        foreach (var sentence in sentences)
            yield return sentence;
    }

    /// <summary>Adds what the words mean, and whether somebody shouts: in capitals, or with marks of exclamation in a row.</summary>
    private static string Enrich(WordMeanings meanings, string text)
    {
        var enriched = meanings.Enrich(text);
        var (small, capital) = (text.Count(char.IsLower), text.Count(char.IsUpper));
        if (capital >= 8 && capital > 3 * small)
            enriched += " zqcapitals";
        if (text.Contains("!!", StringComparison.Ordinal) || text.Contains("！！", StringComparison.Ordinal))
            enriched += " zqexclamation";
        if (AngryFaces.Any(face => text.Contains(face, StringComparison.Ordinal)))
            enriched += " zqangryface";
        return enriched;
    }
}
