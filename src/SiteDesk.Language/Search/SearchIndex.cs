using System.Buffers;

namespace SiteDesk.Language;

/// <summary>
/// Ranks the articles of one site in one language for what a reader types. Immutable, so any number of readers may search while a
/// new index is built beside it and put in its place.
/// </summary>
/// <remarks>
/// Words are ranked by BM25 over title, example questions, headings and body. The best candidates (in a small help centre all
/// articles) are then compared with the query by pieces of words, which forgives what words cannot.
/// </remarks>
public sealed class SearchIndex
{
    /// <summary>Candidates whose passages are compared with the query.</summary>
    private const int MostCandidates = 200;

    /// <summary>With no more passages than this, all articles are candidates.</summary>
    private const int FewPassages = 3_000;

    // How much the likeness of the best passage, and of the best three, count beside the words; tuned on held-out questions.
    private const float BestWeight = 0.45f;
    private const float SupportWeight = 0.25f;

    /// <summary>An article that scores less has nothing to do with the query.</summary>
    private const float LeastScore = 0.03f;

    private readonly long[] _ids;
    private readonly Postings _postings;
    private readonly PassageIndex _passages;
    private readonly QueryPlanner _planner;

    private SearchIndex(long[] ids, Vocabulary vocabulary, Postings postings, PassageIndex passages, SynonymSet synonyms)
    {
        (_ids, _postings, _passages) = (ids, postings, passages);
        _planner = new QueryPlanner(vocabulary, postings, synonyms);
    }

    /// <summary>How many articles it holds.</summary>
    public int Count => _ids.Length;

    /// <summary>Builds an index. Uses one thread, so that readers of the old index are not disturbed.</summary>
    /// <param name="documents">The articles.</param>
    /// <param name="synonyms">The site's synonyms in the language of the articles.</param>
    /// <param name="cancellation">Stops the work between two articles.</param>
    public static SearchIndex Build(
        IEnumerable<SearchDocument> documents,
        SynonymSet? synonyms = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var reader = new DocumentReader();
        foreach (var document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(document);
        }
        var (ids, vocabulary, postings, passages) = reader.Finish();
        return new SearchIndex(ids, vocabulary, postings, passages, synonyms ?? SynonymSet.Empty);
    }

    /// <summary>Searches.</summary>
    /// <param name="query">Anything; only its first 1,000 UTF-16 units and 64 words are read.</param>
    /// <param name="options">How many results, and for whom; null for the default.</param>
    public SearchResults Search(string query, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        options ??= SearchOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1, nameof(options));
        var plan = _planner.Plan(query, options.IsTyping);
        return new SearchResults(
            plan.Words.Count == 0 ? [] : Rank(plan, options),
            plan.Correction,
            plan.Query,
            new SearchHighlighter(plan.Highlights, plan.HighlightPrefix));
    }

    private List<SearchHit> Rank(QueryPlan plan, SearchOptions options)
    {
        var scores = ArrayPool<float>.Shared.Rent(_ids.Length);
        var wordScores = ArrayPool<float>.Shared.Rent(_ids.Length);
        try
        {
            Array.Clear(scores, 0, _ids.Length);
            Array.Clear(wordScores, 0, _ids.Length);
            var greatest = ScoreWords(plan, scores, wordScores);
            return Choose(Candidates(scores), scores, greatest, _passages.Read(plan.Query), options);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
            ArrayPool<float>.Shared.Return(wordScores);
        }
    }

    /// <summary>Adds the score of every word to the scores of the documents that have it.</summary>
    /// <returns>The score of a document that had all words as often as can be.</returns>
    private float ScoreWords(QueryPlan plan, float[] scores, float[] wordScores)
    {
        var touched = new List<int>();
        var greatest = 0f;
        var rarest = MathF.Log(1 + (_ids.Length + 0.5f) / 0.5f);
        foreach (var word in plan.Words)
        {
            var greatestOfWord = word.Terms.Count == 0 ? rarest : 0;
            foreach (var (term, weight) in word.Terms)
            {
                var worth = weight * _postings.Rarity(term);
                greatestOfWord = Math.Max(greatestOfWord, worth);
                var documents = _postings.Documents(term);
                var impacts = _postings.Impacts(term);
                for (var i = 0; i < documents.Length; i++)
                {
                    ref var score = ref wordScores[documents[i]];
                    if (score == 0)
                        touched.Add(documents[i]);
                    score = Math.Max(score, worth * impacts[i]);
                }
            }
            foreach (var document in touched)
            {
                scores[document] += wordScores[document] * word.Weight;
                wordScores[document] = 0;
            }
            touched.Clear();
            greatest += greatestOfWord * word.Weight;
        }
        return Math.Max(greatest, float.Epsilon);
    }

    private List<int> Candidates(float[] scores)
    {
        if (_passages.Count <= FewPassages)
            return [.. Enumerable.Range(0, _ids.Length)];
        var best = new PriorityQueue<int, float>();
        for (var document = 0; document < _ids.Length; document++)
        {
            if (scores[document] <= 0)
                continue;
            if (best.Count < MostCandidates)
                best.Enqueue(document, scores[document]);
            else
                best.EnqueueDequeue(document, scores[document]);
        }
        return [.. best.UnorderedItems.Select(item => item.Element)];
    }

    private List<SearchHit> Choose(List<int> candidates, float[] scores, float greatest, PassageIndex.Probe probe, SearchOptions options)
    {
        var hits = new List<SearchHit>();
        foreach (var document in candidates)
        {
            var (best, support) = _passages.Compare(probe, document);
            var score = (1 - BestWeight - SupportWeight) * scores[document] / greatest + BestWeight * best + SupportWeight * support;
            if (score >= LeastScore && options.Accept?.Invoke(_ids[document]) != false)
                hits.Add(new SearchHit(_ids[document], score));
        }
        // Equal scores keep the order of ids, so that the same query always gives the same page.
        hits.Sort(static (left, right) => right.Score.CompareTo(left.Score) is var order and not 0 ? order : left.Id.CompareTo(right.Id));
        return hits.Count > options.Count ? hits[..options.Count] : hits;
    }
}
