using System.Text;

namespace SiteDesk.Assistant.Phrases;

/// <summary>
/// What words mean in a support conversation, so that "where is my consignment" is understood by somebody who only learnt "parcel".
/// A few dozen phrases an intent cannot hold every word; the lists in the folder Meanings hold the rest.
/// </summary>
internal sealed class WordMeanings
{
    /// <summary>Makes names of meanings into words that nobody writes.</summary>
    private const string Mark = "zq";

    /// <summary>Begins a word that must be the whole message.</summary>
    private const char Whole = '=';

    /// <summary>Letters of a word from which on one that is a letter off is taken for it; in shorter ones a letter makes another word.</summary>
    private const int ShortestSlip = 6;

    private readonly List<(string Name, string[] Words)> _meanings;

    /// <summary>Words that people are known to write: whoever wrote one of them made no slip. Null where slips are not looked for.</summary>
    private readonly HashSet<string>? _known;

    private WordMeanings(List<(string Name, string[] Words)> meanings, HashSet<string>? known) => (_meanings, _known) = (meanings, known);

    /// <summary>Reads the list of a language.</summary>
    /// <param name="language">One of <see cref="PhraseBank.Languages"/>.</param>
    /// <exception cref="InvalidOperationException">The program was built without it, or a line of it is malformed.</exception>
    public static WordMeanings Read(string language) => ReadFile(
        $"SiteDesk.Assistant.Phrases/Meanings/{language}.txt",
        PhraseBank.Read(language).SelectMany(example => Fold(example.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal));

    /// <summary>Reads a list by its name in the program.</summary>
    /// <param name="known">Words that are no slips of the fingers; null when slips are not to be looked for.</param>
    /// <exception cref="InvalidOperationException">The program was built without it, or a line of it is malformed.</exception>
    internal static WordMeanings ReadFile(string name, HashSet<string>? known = null)
    {
        var meanings = new List<(string Name, string[] Words)>();
        foreach (var line in PhraseBank.ReadLines(name))
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } meaning, { Length: > 0 } words])
                throw new InvalidOperationException($"“{line}” has no name, colon and words.");
            meanings.Add((Mark + meaning, [.. words.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Pattern)]));
        }
        return new WordMeanings(meanings, known);
    }

    /// <summary>The names of the meanings, without their mark.</summary>
    public IEnumerable<string> Names => _meanings.Select(meaning => meaning.Name[Mark.Length..]);

    /// <summary>A text with the names of the meanings of its words added, as the classifier learns and reads it.</summary>
    public string Enrich(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = Fold(text);
        var enriched = new StringBuilder(text);
        var slips = SlipsIn(folded);
        foreach (var (name, words) in _meanings)
        {
            if (words.Any(word => IsIn(word, folded) || slips.Exists(slip => IsSlipOf(slip, word))))
                enriched.Append(' ').Append(name);
        }
        return enriched.ToString();
    }

    /// <summary>Whether a text has a word of a meaning.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="name">The name of a meaning in the list.</param>
    public bool Has(string text, string name)
    {
        var folded = Fold(text);
        return _meanings.Any(meaning => meaning.Name == Mark + name && meaning.Words.Any(word => IsIn(word, folded)));
    }

    /// <summary>The share of a text's words that people are known to write, 0 to 1.</summary>
    public double ShareKnown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 || _known is null ? 0 : words.Count(_known.Contains) / (double)words.Length;
    }

    /// <summary>What to look for: a whole word has a space on both sides, one with a star only before it, a Chinese one none.</summary>
    private static string Pattern(string word)
    {
        if (word.StartsWith(Whole))
            return Whole + Fold(word);
        if (word.Any(IsChinese))
            return Fold(word).Trim();
        var isOpen = word.EndsWith('*');
        var folded = Fold(word).TrimEnd();
        return isOpen ? folded : folded + " ";
    }

    private static bool IsIn(string pattern, string folded) => pattern.StartsWith(Whole)
        ? folded.AsSpan().SequenceEqual(pattern.AsSpan(1))
        : folded.Contains(pattern, StringComparison.Ordinal);

    /// <summary>Long words that nobody is known to write, and that are no word of any meaning as they stand.</summary>
    private List<string> SlipsIn(string folded) => _known is null ? []
        : [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= ShortestSlip && word.All(char.IsLetter) && !word.Any(IsChinese) && !_known.Contains(word)
            && !_meanings.Exists(meaning => meaning.Words.Any(pattern => IsIn(pattern, $" {word} "))))];

    /// <summary>Whether a word is one letter off: wrong, missing, too many, or changed places with its neighbour. The first one is seldom mistaken.</summary>
    private static bool IsSlipOf(string slip, string pattern)
    {
        var isOpen = !pattern.EndsWith(' ');
        var word = pattern.AsSpan().Trim();
        if (pattern[0] != ' ' || word.Length < ShortestSlip || word[0] != slip[0] || word.Contains(' '))
            return false;
        if (!isOpen)
            return IsOneOff(slip, word);
        for (var length = word.Length - 1; length <= word.Length + 1; length++)
        {
            if (length <= slip.Length && IsOneOff(slip.AsSpan(0, length), word))
                return true;
        }
        return false;
    }

    private static bool IsOneOff(ReadOnlySpan<char> written, ReadOnlySpan<char> meant)
    {
        var (start, end) = (written.CommonPrefixLength(meant), 0);
        while (end < Math.Min(written.Length, meant.Length) - start && written[^(end + 1)] == meant[^(end + 1)])
            end++;
        var left = written[start..^end];
        var right = meant[start..^end];
        return left.Length <= 1 && right.Length <= 1 || left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0];
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(" ", text.Length + 2);
        foreach (var character in text.ToLowerInvariant())
        {
            if (character is '\'' or '’')
                continue;
            if (char.IsLetterOrDigit(character) || character == '+')
            {
                // 带logo的 holds a Latin word.
                if (folded[^1] != ' ' && IsChinese(folded[^1]) != IsChinese(character))
                    folded.Append(' ');
                folded.Append(character == 'ё' ? 'е' : character);
            }
            else if (folded[^1] != ' ')
                folded.Append(' ');
        }
        return folded[^1] == ' ' ? folded.ToString() : folded.Append(' ').ToString();
    }

    private static bool IsChinese(char character) => character is >= '\u4e00' and <= '\u9fff';
}
