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
            var phrases = group.Select(TermsOf).Where(terms => terms.Length > 0).ToList();
            foreach (var phrase in phrases)
            {
                var others = phrases.Where(other => !other.SequenceEqual(phrase, StringComparer.Ordinal)).ToList();
                if (others.Count == 0)
                    continue;
                if (!_byFirstTerm.TryGetValue(phrase[0], out var entries))
                    _byFirstTerm[phrase[0]] = entries = [];
                entries.Add(new Entry(phrase, others));
            }
        }
    }

    private sealed record Entry(string[] Phrase, List<string[]> Others);

    /// <summary>The phrases that mean the same as the one that begins at a place of a query.</summary>
    internal IEnumerable<string[]> At(IReadOnlyList<string> terms, int start)
    {
        if (!_byFirstTerm.TryGetValue(terms[start], out var entries))
            return [];
        return entries
            .Where(entry => start + entry.Phrase.Length <= terms.Count
                && entry.Phrase.Select((term, i) => terms[start + i] == term).All(isSame => isSame))
            .SelectMany(entry => entry.Others);
    }

    /// <summary>Words and pairs of characters: what a query is made of.</summary>
    private static string[] TermsOf(string phrase) =>
        [.. QueryWord.Read(phrase).Select(word => word.Term)];
}
