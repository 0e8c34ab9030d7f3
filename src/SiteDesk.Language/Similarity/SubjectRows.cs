using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// Questions as vectors of what they are about: the stems of their words without those that carry grammar, pieces of long stems, so that
/// гравировка and выгравировать meet, and in Chinese characters and pairs of them. What is seldom said elsewhere counts most: of "can I rent
/// a tent" that is "rent".
/// </summary>
internal static class SubjectRows
{
    private const int PieceLength = 4;

    /// <summary>Shorter stems are no more than one piece.</summary>
    private const int ShortestInPieces = 5;

    /// <summary>All pieces of a stem together count this much of it.</summary>
    private const float PieceShare = 0.5f;

    private const float CharacterShare = 0.4f;

    /// <summary>How much more a seldom word counts than a usual one.</summary>
    private const float RarityPower = 1.4f;

    /// <summary>Reads questions.</summary>
    /// <param name="questions">What becomes rows.</param>
    /// <param name="background">What people say anyway: words that are usual there tell little apart.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static FeatureRows Read(IReadOnlyList<string> questions, IReadOnlyList<string> background, CancellationToken cancellation)
    {
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in questions.Concat(background))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var feature in Features(text).Keys)
                CollectionsMarshal.GetValueRefOrAddDefault(frequencies, feature, out _)++;
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new FeatureRows();
        foreach (var question in questions)
        {
            cancellation.ThrowIfCancellationRequested();
            // The constant of the linear models comes first in every row.
            rows.Add(0, 1);
            foreach (var (feature, weight) in Features(question))
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, feature, out var isKnown);
                if (!isKnown)
                    number = numbers.Count;
                var rarity = MathF.Log((1f + questions.Count + background.Count) / (1f + frequencies[feature])) + 0.1f;
                rows.Add(number, weight * MathF.Pow(rarity, RarityPower));
            }
            rows.EndRow();
        }
        return rows;
    }

    private static Dictionary<string, float> Features(string text)
    {
        var features = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var token in Analyzer.Analyze(text))
        {
            if (token.Kind is TokenKind.Part or TokenKind.Email or TokenKind.Url || StopWords.ContainsTerm(token.Term))
                continue;
            if (token.Kind is TokenKind.Character or TokenKind.Bigram)
            {
                if (!StopWords.IsChinese(token.Term))
                    features[token.Term] = token.Kind == TokenKind.Bigram ? 1 : CharacterShare;
                continue;
            }
            features[token.Term] = 1;
            var pieces = token.Term.Length - PieceLength + 1;
            if (token.Kind != TokenKind.Word || token.Term.Length < ShortestInPieces)
                continue;
            for (var start = 0; start < pieces; start++)
                features.TryAdd($"~{token.Term.AsSpan(start, PieceLength)}", PieceShare / MathF.Sqrt(pieces));
        }
        return features;
    }
}
