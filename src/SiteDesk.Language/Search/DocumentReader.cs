using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>What an index is made of.</summary>
/// <param name="Ids">The ids of the articles by their numbers.</param>
/// <param name="Vocabulary">The terms.</param>
/// <param name="Postings">Which articles hold them.</param>
/// <param name="Passages">Titles, questions and headings by pieces of words.</param>
/// <param name="Learned">What tells the articles apart; null in a very large or very small help centre.</param>
internal sealed record SearchIndexParts(
    long[] Ids, Vocabulary Vocabulary, Postings Postings, PassageIndex Passages, LearnedRanking? Learned);

/// <summary>Reads articles into the parts of an index.</summary>
internal sealed class DocumentReader
{
    /// <summary>Of a longer article only the beginning is ranked; nobody looks for what stands behind a hundred pages.</summary>
    private const int MostTokensInField = 100_000;

    private readonly List<long> _ids = [];
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _surfaces = new(StringComparer.Ordinal);

    // Most words of a text were written the same way before: one look-up tells their number.
    private readonly Dictionary<string, int> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _writtenLookup;
    private readonly Postings.Builder _postings = new();
    private readonly PassageIndex.Builder _passages = new();
    private readonly LearnedRanking.Builder _learned = new();
    private readonly List<Token> _tokens = [];

    public DocumentReader() => _writtenLookup = _written.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Read(SearchDocument document)
    {
        _ids.Add(document.Id);
        _postings.BeginDocument();
        _passages.BeginDocument();
        _learned.BeginArticle();
        ReadField(document.Title, Postings.Title);
        ReadPassage(document.Title);
        foreach (var question in document.Questions)
        {
            ReadField(question, Postings.Questions);
            ReadPassage(question);
        }
        foreach (var heading in document.Headings)
        {
            ReadField(heading, Postings.Headings);
            ReadPassage(heading);
        }
        ReadField(document.Body, Postings.Body);
        _learned.Add(document.Body);
    }

    public SearchIndexParts Finish(CancellationToken cancellation) => new(
        [.. _ids],
        new Vocabulary(_terms, _surfaces),
        _postings.Build(_terms.Count),
        _passages.Build(),
        _learned.Build(cancellation));

    private void ReadPassage(string text)
    {
        _passages.Add(text);
        _learned.Add(text);
    }

    private void ReadField(string text, int field)
    {
        _tokens.Clear();
        Analyzer.Analyze(text, _tokens, MostTokensInField);
        foreach (var token in _tokens)
        {
            var term = token.Kind is TokenKind.Word or TokenKind.Part
                ? NumberOfWord(text.AsSpan(token.Start, token.Length), token.Term)
                : NumberOf(token.Term);
            _postings.Add(term, field, isPlace: token.Kind is not (TokenKind.Part or TokenKind.Bigram));
        }
    }

    private int NumberOfWord(ReadOnlySpan<char> written, string term)
    {
        if (_writtenLookup.TryGetValue(written, out var known))
            return known;
        var number = NumberOf(term);
        if (written.Length > Analyzer.LongestTerm)
            return number;
        var word = written.ToString();
        _written.Add(word, number);
        var surface = Analyzer.Fold(word);
        if (surface.Length <= Analyzer.LongestTerm)
            _surfaces.TryAdd(surface, number);
        return number;
    }

    private int NumberOf(string term)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, term, out var exists);
        if (!exists)
            number = _terms.Count - 1;
        return number;
    }
}
