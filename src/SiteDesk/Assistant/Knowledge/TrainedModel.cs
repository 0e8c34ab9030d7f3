using System.Collections.Frozen;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>A phrase and what a classifier makes of it that did not learn from it.</summary>
internal sealed record JudgedPhrase(string Text, string Language, string Intent, IntentPrediction Prediction);

/// <summary>Learns from a document, in some seconds of one core (<see cref="TrainedModel.Train"/>).</summary>
internal delegate TrainedModel TrainModel(int number, KnowledgeDocument document, CancellationToken cancellation);

/// <summary>What was learnt from the phrases, shipped and own: recognises intents and what belongs to a person. Immutable.</summary>
internal sealed class TrainedModel
{
    private const int Parts = 5;
    private const int Seed = 20;

    private static readonly Lazy<TrainedModel> AsShipped = new(() => TrainNow(0, new KnowledgeDocument(), CancellationToken.None));
    private static readonly Lazy<UrgencyRecognizer> Recognizer = new(() => UrgencyRecognizer.Train(
        PhraseBank.Languages.ToDictionary(language => language, UrgencyRecognizer.ReadExamples, StringComparer.Ordinal)));

    private readonly FrozenDictionary<(string Language, string Folded), string> _taught;

    private TrainedModel(int number, KnowledgeDocument document, PhraseClassifier classifier, IReadOnlyList<JudgedPhrase> judged) =>
        (Number, Document, Classifier, Judged, _taught) = (number, document, classifier, judged, TaughtIn(document));

    /// <summary>The version it was trained from; 0 for what ships.</summary>
    public int Number { get; }

    public KnowledgeDocument Document { get; }

    public PhraseClassifier Classifier { get; }

    /// <summary>Every phrase, judged by a classifier that was trained without it.</summary>
    public IReadOnlyList<JudgedPhrase> Judged { get; }

    /// <summary>What the owner taught in exactly these words; null when nothing, or two intents have them.</summary>
    public string? TaughtAs(string text, string language) => _taught.GetValueOrDefault((language, Folded(text)));

    /// <summary>Why a message belongs to a person at once; null for an ordinary one.</summary>
    public HandOverReason? RecognizeUrgency(string text, string language, bool isUnderstood) => Recognizer.Value.Recognize(text, language, isUnderstood);

    /// <summary>Trains, in some seconds of one core.</summary>
    public static TrainedModel Train(int number, KnowledgeDocument document, CancellationToken cancellation)
    {
        // Learnt with the first message it would have its writer wait for seconds.
        _ = Recognizer.Value;
        return ChangesNothingLearnt(document) ? AsShipped.Value.For(number, document) : TrainNow(number, document, cancellation);
    }

    /// <summary>The phrases of a language that are learnt from: those shipped and not taken out, and those added, of intents that are on.</summary>
    public static IReadOnlyList<IntentExample> PhrasesOf(KnowledgeDocument document, string language)
    {
        var shipped = PhraseBank.Read(language).Where(example =>
        {
            var changed = document.Of(example.Intent);
            return !changed.IsOff && !(changed.Removed.TryGetValue(language, out var removed) && removed.Contains(example.Text, StringComparer.Ordinal));
        });
        var added = document.Intents.Where(intent => !intent.Value.IsOff)
            .SelectMany(intent => (intent.Value.Added.GetValueOrDefault(language) ?? []).Select(phrase => new IntentExample(phrase, intent.Key)));
        var strangers = (document.OutOfScope.GetValueOrDefault(language) ?? []).Select(phrase => new IntentExample(phrase, IntentExample.OutOfScope));
        return [.. shipped, .. added, .. strangers];
    }

    private static bool ChangesNothingLearnt(KnowledgeDocument document) =>
        document.OutOfScope.Values.All(phrases => phrases.Count == 0)
        && document.Intents.Values.All(intent => !intent.IsOff && intent.Added.Values.All(phrases => phrases.Count == 0) && intent.Removed.Values.All(phrases => phrases.Count == 0));

    private static TrainedModel TrainNow(int number, KnowledgeDocument document, CancellationToken cancellation)
    {
        var phrases = PhraseBank.Languages.ToDictionary(language => language, language => PhrasesOf(document, language), StringComparer.Ordinal);
        var judged = new List<JudgedPhrase>();
        for (var part = 0; part < Parts; part++)
        {
            var classifier = PhraseClassifier.Train(phrases.ToDictionary(pair => pair.Key, pair => Divide(pair.Value, part, isKept: false), StringComparer.Ordinal), options: null, cancellation);
            foreach (var (language, examples) in phrases)
                judged.AddRange(Divide(examples, part, isKept: true).Select(example => new JudgedPhrase(example.Text, language, example.Intent, classifier.Classify(example.Text, language))));
        }
        return new TrainedModel(number, document, PhraseClassifier.Train(phrases, options: null, cancellation), judged);
    }

    /// <summary>One phrase in five of every intent, another one for every part; or the other four.</summary>
    private static IReadOnlyList<IntentExample> Divide(IReadOnlyList<IntentExample> examples, int part, bool isKept) =>
        [.. examples.GroupBy(example => example.Intent, StringComparer.Ordinal).SelectMany(group =>
        {
            var phrases = group.ToArray();
            new Random(Seed).Shuffle(phrases);
            return phrases.Where((_, index) => index % Parts == part == isKept);
        })];

    private static FrozenDictionary<(string Language, string Folded), string> TaughtIn(KnowledgeDocument document) =>
        document.Intents.Where(intent => !intent.Value.IsOff)
            .SelectMany(intent => intent.Value.Added.SelectMany(pair => pair.Value.Select(phrase => (Language: pair.Key, Folded: Folded(phrase), Intent: intent.Key))))
            .Where(phrase => phrase.Folded.Length > 0)
            .GroupBy(phrase => (phrase.Language, phrase.Folded))
            .Where(group => group.All(phrase => phrase.Intent == group.First().Intent))
            .ToFrozenDictionary(group => group.Key, group => group.First().Intent);

    /// <summary>Without what makes no difference: capitals, spaces and marks.</summary>
    private static string Folded(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private TrainedModel For(int number, KnowledgeDocument document) => new(number, document, Classifier, Judged);
}
