using SiteDesk.Language;

namespace SiteDesk.Assistant.Phrases;

/// <summary>An intent classifier that reads what words mean beside the words themselves. Immutable; may be used from any thread.</summary>
internal sealed class PhraseClassifier
{
    private readonly WordMeanings _meanings;

    private PhraseClassifier(WordMeanings meanings, IntentClassifier classifier)
    {
        _meanings = meanings;
        Classifier = classifier;
    }

    /// <summary>What was trained: its intents, thresholds and expectation.</summary>
    public IntentClassifier Classifier { get; }

    /// <summary>Trains a classifier, in a few seconds.</summary>
    /// <param name="examples">Questions of one language with their intents.</param>
    /// <param name="meanings">The words of that language.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PhraseClassifier Train(
        IReadOnlyList<IntentExample> examples, WordMeanings meanings, IntentTrainingOptions? options = null, CancellationToken cancellation = default)
    {
        var enriched = examples.Select(example => example with { Text = meanings.Enrich(example.Text) }).ToList();
        return new PhraseClassifier(meanings, IntentClassifier.Train(enriched, options, cancellation));
    }

    /// <summary>Recognises a question.</summary>
    public IntentPrediction Classify(string text) => Classifier.Classify(_meanings.Enrich(text));
}
