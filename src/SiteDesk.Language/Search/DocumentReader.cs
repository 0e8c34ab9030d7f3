using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>Reads articles into the parts of an index.</summary>
internal sealed class DocumentReader
{
    /// <summary>Of a longer article only the beginning is ranked; nobody looks for what stands behind a hundred pages.</summary>
    private const int MostTokensInField = 100_000;

    private readonly List<long> _ids = [];
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _surfaces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _seenLookup;
    private readonly Postings.Builder _postings = new();
    private readonly PassageIndex.Builder _passages = new();
    private readonly List<Token> _tokens = [];

    public DocumentReader() => _seenLookup = _seen.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Read(SearchDocument document)
    {
        _ids.Add(document.Id);
        _postings.BeginDocument();
        _passages.BeginDocument();
        ReadField(document.Title, Postings.Title);
        _passages.Add(document.Title);
        foreach (var question in document.Questions)
        {
            ReadField(question, Postings.Questions);
            _passages.Add(question);
        }
        foreach (var heading in document.Headings)
        {
            ReadField(heading, Postings.Headings);
            _passages.Add(heading);
        }
        ReadField(document.Body, Postings.Body);
    }

    public (long[] Ids, Vocabulary Vocabulary, Postings Postings, PassageIndex Passages) Finish() =>
        ([.. _ids], new Vocabulary(_terms, _surfaces), _postings.Build(_terms.Count), _passages.Build());

    private void ReadField(string text, int field)
    {
        _tokens.Clear();
        Analyzer.Analyze(text, _tokens, MostTokensInField);
        foreach (var token in _tokens)
        {
            var term = NumberOf(token.Term);
            _postings.Add(term, field, isPlace: token.Kind is not (TokenKind.Part or TokenKind.Bigram));
            if (token.Kind is TokenKind.Word or TokenKind.Part)
                RememberSurface(text.AsSpan(token.Start, token.Length), term);
        }
    }

    private int NumberOf(string term)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, term, out var exists);
        if (!exists)
            number = _terms.Count - 1;
        return number;
    }

    private void RememberSurface(ReadOnlySpan<char> written, int term)
    {
        if (written.Length > Analyzer.LongestTerm || !_seenLookup.Add(written))
            return;
        var surface = Analyzer.Fold(written.ToString());
        if (surface.Length <= Analyzer.LongestTerm)
            _surfaces.TryAdd(surface, term);
    }
}
