namespace SiteDesk.Language;

/// <summary>
/// Remembers the terms of words seen lately, so that a common word is stemmed and put on the heap once and not on every occurrence.
/// One pool a thread: no locks, and a bounded size whatever the text.
/// </summary>
internal sealed class TermPool
{
    private const int Capacity = 16_384;

    [ThreadStatic]
    private static TermPool? _current;

    private readonly Dictionary<string, string> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private TermPool() => _lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();

    public static TermPool Current => _current ??= new TermPool();

    /// <summary>The stem of a folded word.</summary>
    public string Stem(ReadOnlySpan<char> word)
    {
        if (_lookup.TryGetValue(word, out var known))
            return known;
        Span<char> letters = stackalloc char[word.Length];
        word.CopyTo(letters);
        var stem = letters[..StemInPlace(letters)].ToString();
        Remember(word, stem);
        return stem;
    }

    /// <summary>The text itself as a string.</summary>
    public string Keep(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out var known) && text.SequenceEqual(known))
            return known;
        var kept = text.ToString();
        // Single characters come back all the time; codes and addresses hardly ever do.
        if (text.Length == 1)
            Remember(text, kept);
        return kept;
    }

    private static int StemInPlace(Span<char> letters)
    {
        if (letters.IndexOfAnyExceptInRange('а', 'я') < 0)
            return RussianStemmer.Stem(letters);
        return char.IsAsciiLetter(letters[0]) ? EnglishStemmer.Stem(letters) : letters.Length;
    }

    private void Remember(ReadOnlySpan<char> word, string term)
    {
        if (_terms.Count >= Capacity)
            _terms.Clear();
        _lookup[word] = term;
    }
}
