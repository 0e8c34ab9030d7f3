using SiteDesk.Language;

namespace SiteDesk.Assistant.Phrases;

/// <summary>
/// An intent classifier that reads what words mean beside the words themselves. One model holds all languages: meanings have the same
/// names in each, so what was learnt in one helps in the others, by two in a hundred. Immutable; may be used from any thread.
/// </summary>
internal sealed class PhraseClassifier
{
    private readonly Dictionary<string, WordMeanings> _meanings;

    private PhraseClassifier(Dictionary<string, WordMeanings> meanings, IntentClassifier classifier)
    {
        _meanings = meanings;
        Classifier = classifier;
    }

    /// <summary>What was trained: its intents, thresholds and expectation.</summary>
    public IntentClassifier Classifier { get; }

    /// <summary>Trains a classifier, in a few seconds.</summary>
    /// <param name="examples">Questions with their intents by their language, which is one of <see cref="PhraseBank.Languages"/>.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PhraseClassifier Train(
        IReadOnlyDictionary<string, IReadOnlyList<IntentExample>> examples, IntentTrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var meanings = examples.Keys.ToDictionary(language => language, WordMeanings.Read, StringComparer.Ordinal);
        var enriched = examples.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(example => example with { Text = meanings[pair.Key].Enrich(example.Text) }))
            .ToList();
        return new PhraseClassifier(meanings, IntentClassifier.Train(enriched, options, cancellation));
    }

    /// <summary>Recognises a question.</summary>
    /// <param name="text">The question.</param>
    /// <param name="language">What it is written in; in a language that was not taught only the words themselves are read.</param>
    public IntentPrediction Classify(string text, string language) =>
        Classifier.Classify(_meanings.TryGetValue(language, out var meanings) ? meanings.Enrich(text) : text);

    /// <summary>The share of a text's words that people are known to write in a language, 0 to 1; 0 for a language that was not taught.</summary>
    public double ShareKnown(string text, string language) => _meanings.TryGetValue(language, out var meanings) ? meanings.ShareKnown(text) : 0;
}
