namespace SiteDesk.Language;

/// <summary>
/// Words and short phrases that mean the same for one site in one language: {"refund", "money back"}. They widen a query and are
/// weaker than the words typed. Immutable.
/// </summary>
public sealed class SynonymSet
{
    /// <summary>No synonyms.</summary>
    public static readonly SynonymSet Empty = new([]);

    private readonly Dictionary<string, List<Entry>> _byFirstTerm = new(StringComparer.Ordinal);

    /// <param name="groups">Each group holds words or phrases of equal meaning. Groups with fewer than two are of no effect.</param>
    public SynonymSet(IEnumerable<IReadOnlyList<string>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
        {
            var phrases = group.Select(Phrase.Read).Where(phrase => phrase.Terms.Length > 0).ToList();
            foreach (var phrase in phrases)
            {
                var others = phrases.Where(other => !other.Terms.SequenceEqual(phrase.Terms, StringComparer.Ordinal)).ToList();
                if (others.Count == 0)
                    continue;
                if (!_byFirstTerm.TryGetValue(phrase.Terms[0], out var entries))
                    _byFirstTerm[phrase.Terms[0]] = entries = [];
                entries.Add(new Entry(phrase, others));
            }
        }
    }

    /// <summary>A word or short phrase with the terms that a query would have for it.</summary>
    internal sealed record Phrase(string Text, string[] Terms)
    {
        public static Phrase Read(string text) => new(text, [.. QueryWord.Read(text).Select(word => word.Term)]);
    }

    /// <summary>A phrase and what means the same.</summary>
    internal sealed record Entry(Phrase Phrase, List<Phrase> Others);

    /// <summary>The entries whose phrase begins at a place of a query.</summary>
    internal IEnumerable<Entry> At(IReadOnlyList<string> terms, int start)
    {
        if (!_byFirstTerm.TryGetValue(terms[start], out var entries))
            return [];
        return entries.Where(entry => start + entry.Phrase.Terms.Length <= terms.Count
            && entry.Phrase.Terms.Select((term, i) => terms[start + i] == term).All(isSame => isSame));
    }
}
