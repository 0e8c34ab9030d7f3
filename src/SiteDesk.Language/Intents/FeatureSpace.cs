using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// The features known from training, and how a text becomes a vector of them: words, company of words and pieces of words, each
/// block weighted by rarity (TF-IDF) and brought to a length of its own, so that none drowns the others. Immutable once built.
/// </summary>
internal sealed class FeatureSpace
{
    /// <summary>Feature 0 is 1 in every vector: the constant of the linear model.</summary>
    private const int Constant = 0;

    /// <summary>From this many texts on, a feature that occurs in a single one is taken for chance, which keeps the model small.</summary>
    private const int ManyTexts = 12_000;

    private const float RarityPower = 0.6f;
    private const int Reach = 16;

    // Words, company, pieces: their lengths, tuned on held-out questions.
    private static readonly float[] BlockLengths = [1f, 1.2f, 1.3f];

    private readonly Dictionary<uint, int> _numbers;
    private readonly float[] _rarities;

    private FeatureSpace(Dictionary<uint, int> numbers, float[] rarities)
    {
        (_numbers, _rarities) = (numbers, rarities);
    }

    /// <summary>How many features there are, the constant included.</summary>
    public int Count => _rarities.Length;

    /// <summary>Learns the features of texts.</summary>
    public static FeatureSpace Learn(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var reader = CreateReader();
        var frequencies = new Dictionary<uint, int>();
        var seen = new HashSet<uint>();
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(text);
            seen.Clear();
            foreach (var block in Blocks(reader))
            {
                foreach (var feature in block)
                {
                    if (seen.Add(feature))
                        CollectionsMarshal.GetValueRefOrAddDefault(frequencies, feature, out _)++;
                }
            }
        }

        var least = texts.Count >= ManyTexts ? 2 : 1;
        var numbers = new Dictionary<uint, int>();
        var rarities = new List<float> { 1 };
        foreach (var (feature, frequency) in frequencies)
        {
            if (frequency < least)
                continue;
            numbers.Add(feature, rarities.Count);
            rarities.Add(MathF.Pow(MathF.Log((1f + texts.Count) / (1f + frequency)) + 1, RarityPower));
        }
        return new FeatureSpace(numbers, [.. rarities]);
    }

    /// <summary>A reader for <see cref="Append"/>; one is not shared between threads.</summary>
    public static TextFeatures CreateReader() => new(shortest: 2, longest: 4, Reach);

    /// <summary>Appends the vector of a text as a row.</summary>
    /// <returns>How familiar the text is.</returns>
    public Familiarity Append(string text, TextFeatures reader, FeatureRows rows)
    {
        reader.Read(text);
        rows.Add(Constant, 1);
        var counts = new Dictionary<int, int>();
        Span<float> shares = stackalloc float[BlockLengths.Length];
        var index = 0;
        foreach (var block in Blocks(reader))
        {
            counts.Clear();
            var known = 0;
            foreach (var feature in block)
            {
                if (!_numbers.TryGetValue(feature, out var number))
                    continue;
                known++;
                CollectionsMarshal.GetValueRefOrAddDefault(counts, number, out _)++;
            }
            AppendBlock(counts, BlockLengths[index], rows);
            shares[index++] = block.Count == 0 ? 0 : (float)known / block.Count;
        }
        rows.EndRow();
        return new Familiarity(shares[0], shares[^1]);
    }

    private void AppendBlock(Dictionary<int, int> counts, float length, FeatureRows rows)
    {
        var squares = 0f;
        foreach (var (feature, count) in counts)
        {
            var value = (1 + MathF.Log(count)) * _rarities[feature];
            squares += value * value;
            rows.Add(feature, value);
        }
        if (squares > 0)
            rows.ScaleLast(counts.Count, length / MathF.Sqrt(squares));
    }

    private static IEnumerable<List<uint>> Blocks(TextFeatures reader) => [reader.Words, reader.Company, reader.Characters];
}

/// <summary>The shares of a text's features that training has seen, 0 to 1.</summary>
/// <param name="Words">Of its words and pairs of neighbouring words.</param>
/// <param name="Pieces">Of its pieces of words.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Familiarity(float Words, float Pieces);
