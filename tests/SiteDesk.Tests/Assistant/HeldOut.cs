using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

/// <summary>Divides phrases into five parts, the same ones every time, each with a fifth of every intent.</summary>
internal static class HeldOut
{
    public const int Parts = 5;

    private const int Seed = 20;

    private static readonly Lazy<PhraseClassifier>[] Classifiers =
        [.. Enumerable.Range(0, Parts).Select(part => new Lazy<PhraseClassifier>(() => PhraseClassifier.Train(
            PhraseBank.Languages.ToDictionary(language => language, IReadOnlyList<IntentExample> (language) => Split(PhraseBank.Read(language), part).Learnt, StringComparer.Ordinal))))];

    private static readonly Lazy<PhraseClassifier> Whole = new(() => PhraseClassifier.Train(
        PhraseBank.Languages.ToDictionary(language => language, PhraseBank.Read, StringComparer.Ordinal)));

    /// <summary>Four fifths to learn from, and the fifth that was kept back.</summary>
    /// <param name="examples">Phrases.</param>
    /// <param name="part">Which fifth is kept back, from 0.</param>
    public static (List<IntentExample> Learnt, List<IntentExample> Kept) Split(IReadOnlyList<IntentExample> examples, int part)
    {
        var (learnt, kept) = (new List<IntentExample>(), new List<IntentExample>());
        foreach (var group in examples.GroupBy(example => example.Intent, StringComparer.Ordinal))
        {
            var phrases = group.ToArray();
            new Random(Seed).Shuffle(phrases);
            for (var i = 0; i < phrases.Length; i++)
                (i % Parts == part ? kept : learnt).Add(phrases[i]);
        }
        return (learnt, kept);
    }

    /// <summary>The program's classifier, without a fifth of the phrases of every language.</summary>
    public static PhraseClassifier ClassifierWithout(int part) => Classifiers[part].Value;

    /// <summary>The program's classifier as it ships.</summary>
    public static PhraseClassifier Classifier => Whole.Value;
}
