using System.Text;

namespace SiteDesk.Language.Tests.Search;

/// <summary>
/// BM25 as the textbooks have it (k1 1.2, b 0.75, one field), over characters where there are no spaces and over stems elsewhere: what
/// a ranking with fields, synonyms and pieces of words has to be better than.
/// </summary>
internal sealed class PlainRanking
{
    private const double Saturation = 1.2;
    private const double LengthPenalty = 0.75;

    private readonly Func<string, IEnumerable<string>> _read;
    private readonly List<(Dictionary<string, int> Counts, int Length)> _documents;
    private readonly Dictionary<string, int> _frequencies;
    private readonly double _meanLength;

    public PlainRanking(string language, IEnumerable<string> documents)
    {
        _read = language == "zh" ? Characters : Stems;
        _documents = [.. documents.Select(document => _read(document).ToList()).Select(terms => (terms.CountBy(term => term).ToDictionary(), terms.Count))];
        _frequencies = _documents.SelectMany(document => document.Counts.Keys).CountBy(term => term).ToDictionary();
        _meanLength = _documents.Average(document => document.Length);
    }

    /// <summary>The numbers of the documents with any word of the query, best first.</summary>
    public IEnumerable<int> Search(string query)
    {
        var terms = _read(query).ToList();
        return _documents
            .Select((document, number) => (number, Score: terms.Sum(term => Score(document, term))))
            .Where(scored => scored.Score > 0)
            .OrderByDescending(scored => scored.Score)
            .Select(scored => scored.number);
    }

    private double Score((Dictionary<string, int> Counts, int Length) document, string term)
    {
        if (!document.Counts.TryGetValue(term, out var count))
            return 0;
        var rarity = Math.Log(1 + (_documents.Count - _frequencies[term] + 0.5) / (_frequencies[term] + 0.5));
        var length = document.Length / _meanLength;
        return rarity * count * (Saturation + 1) / (count + Saturation * (1 - LengthPenalty + LengthPenalty * length));
    }

    private static IEnumerable<string> Characters(string text) => text.EnumerateRunes().Where(Rune.IsLetterOrDigit).Select(rune => Rune.ToLowerInvariant(rune).ToString());

    private static IEnumerable<string> Stems(string text) => Analyzer.Analyze(text).Where(token => token.Kind != TokenKind.Part).Select(token => token.Term);
}
