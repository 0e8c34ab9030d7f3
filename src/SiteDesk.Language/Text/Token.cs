namespace SiteDesk.Language;

/// <summary>What a token is, which decides how it was reduced to its term.</summary>
public enum TokenKind
{
    /// <summary>A word: the term is its folded stem (English for Latin letters, Russian for Cyrillic ones).</summary>
    Word,

    /// <summary>A number such as 42 or 1.5; the decimal separator is always a point.</summary>
    Number,

    /// <summary>Letters and digits that belong together (A-10293, iPhone15, 2026-01-15): the term has no separators.</summary>
    Code,

    /// <summary>A whole e-mail address.</summary>
    Email,

    /// <summary>A whole web address, without its scheme and without a final slash.</summary>
    Url,

    /// <summary>One character of a script written without spaces (Chinese, Japanese).</summary>
    Character,

    /// <summary>Two neighbouring characters of such a script.</summary>
    Bigram,

    /// <summary>A word or number inside a code, an e-mail address or a web address.</summary>
    Part,
}

/// <summary>A piece of text as search sees it.</summary>
/// <param name="Term">What is compared: folded, stemmed, at most <see cref="Analyzer.LongestTerm"/> characters.</param>
/// <param name="Start">Where it begins in the text, in UTF-16 units.</param>
/// <param name="Length">How much of the text it covers, in UTF-16 units.</param>
/// <param name="Position">
/// Its place in the sentence, from 0. A token that covers several places (a bigram, an address) has that of its first part.
/// </param>
/// <param name="Kind">What it is.</param>
public readonly record struct Token(string Term, int Start, int Length, int Position, TokenKind Kind)
{
    /// <summary>The first UTF-16 unit after the token.</summary>
    public int End => Start + Length;
}
