using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>A stretch of text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length, in UTF-16 units.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextRange(int Start, int Length)
{
    /// <summary>The first unit after it.</summary>
    public int End => Start + Length;
}

/// <summary>A piece of a text around what was found.</summary>
/// <param name="Range">The piece, cut at words.</param>
/// <param name="Highlights">What was found inside it, as places in the whole text.</param>
public sealed record SearchExcerpt(TextRange Range, IReadOnlyList<TextRange> Highlights);

/// <summary>Marks the words of a query in any text, in all their forms. Immutable.</summary>
public sealed class SearchHighlighter
{
    private readonly IReadOnlySet<string> _terms;
    private readonly string? _prefix;

    /// <param name="terms">Terms to mark.</param>
    /// <param name="prefix">The beginning of words to mark, folded; null for none.</param>
    internal SearchHighlighter(IReadOnlySet<string> terms, string? prefix)
    {
        _terms = terms;
        _prefix = prefix;
    }

    /// <summary>Marks what the query found, for texts that the search index does not hold (tickets, messages).</summary>
    /// <param name="query">What the reader typed.</param>
    public static SearchHighlighter For(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var words = QueryWord.Read(query.Length > SearchText.LongestQuery ? query[..SearchText.LongestQuery] : query);
        var subjects = words.Where(word => !StopWords.Contains(word.Surface)).ToList();
        var terms = (subjects.Count > 0 ? subjects : words).Select(word => word.Term).ToHashSet(StringComparer.Ordinal);
        var isTyping = words is [.., var last] && last.Start + last.Length == query.Length && last.Surface.Length > 1;
        return new SearchHighlighter(terms, isTyping ? words[^1].Surface : null);
    }

    /// <summary>The words found in a text, in order; ranges that touch or overlap are joined.</summary>
    /// <param name="text">Plain text.</param>
    public IReadOnlyList<TextRange> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ranges = new List<TextRange>();
        foreach (var token in Analyzer.Analyze(text))
        {
            // A single character is marked only where nothing longer was asked for: 的 stands in every sentence.
            if (IsFound(token, text))
                Join(ranges, new TextRange(token.Start, token.Length));
        }
        return ranges;
    }

    /// <summary>The piece of a text with the most of what was found.</summary>
    /// <param name="text">Plain text.</param>
    /// <param name="length">Its length in UTF-16 units, at least 20; the piece is a little shorter, because words are not cut.</param>
    public SearchExcerpt Excerpt(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 20);
        var found = Find(text);
        var range = Trim(text, BestWindow(text, found, length));
        return new SearchExcerpt(range, [.. found.Where(highlight => highlight.Start >= range.Start && highlight.End <= range.End)]);
    }

    private bool IsFound(Token token, string text)
    {
        if (_terms.Contains(token.Term))
            return token.Kind != TokenKind.Character || !_terms.Any(term => term.Length > 1 && term.Contains(token.Term, StringComparison.Ordinal));
        return _prefix is not null
            && token.Kind is not (TokenKind.Bigram or TokenKind.Url or TokenKind.Email)
            && Analyzer.Fold(text.Substring(token.Start, Math.Min(token.Length, Analyzer.LongestTerm))).StartsWith(_prefix, StringComparison.Ordinal);
    }

    private static void Join(List<TextRange> ranges, TextRange next)
    {
        if (ranges is [.., var last] && next.Start <= last.End)
            ranges[^1] = last with { Length = Math.Max(last.End, next.End) - last.Start };
        else
            ranges.Add(next);
    }

    private static TextRange BestWindow(string text, IReadOnlyList<TextRange> found, int length)
    {
        if (text.Length <= length)
            return new TextRange(0, text.Length);
        var (bestStart, bestCovered) = (0, -1);
        var (covered, first) = (0, 0);
        for (var last = 0; last < found.Count; last++)
        {
            covered += found[last].Length;
            while (found[last].End - found[first].Start > length && first < last)
                covered -= found[first++].Length;
            if (covered > bestCovered)
                (bestStart, bestCovered) = (found[first].Start, covered);
        }
        // A little of what stands before helps to understand what follows.
        var start = Math.Clamp(bestStart - length / 6, 0, text.Length - length);
        return new TextRange(start, length);
    }

    private static TextRange Trim(string text, TextRange window)
    {
        var (start, end) = (window.Start, window.End);
        if (start > 0 && text.IndexOf(' ', start, Math.Min(30, end - start)) is var space and >= 0)
            start = space + 1;
        if (end < text.Length && text.LastIndexOf(' ', end - 1, Math.Min(30, end - start)) is var last and >= 0)
            end = last;
        // Never between the two halves of a character.
        if (start < text.Length && char.IsLowSurrogate(text[start]))
            start++;
        if (end < text.Length && end > start && char.IsLowSurrogate(text[end]))
            end--;
        return new TextRange(start, end - start);
    }
}
