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
    private const float BestWeight = 0.15f;
    private const float SupportWeight = 0.15f;

    /// <summary>How much the learned ranking counts where it has learned from very many passages; tuned likewise.</summary>
    private const float LearnedWeight = 0.5f;

    /// <summary>With so many passages it counts half of that: what was learned from a handful is little more than chance.</summary>
    private const float HalfLearned = 20;

    /// <summary>What a likeness is worth that needed a synonym.</summary>
    private const float VariantWeight = 0.8f;

    /// <summary>An article that scores less has nothing to do with the query.</summary>
    private const float LeastScore = 0.03f;

    /// <summary>Of grammar alone ("about us", "how do I") only a title or question that is little else is an answer.</summary>
    private const float LeastLikenessWithoutSubject = 0.6f;

    private readonly long[] _ids;
    private readonly Postings _postings;
    private readonly PassageIndex _passages;
    private readonly LearnedRanking? _learned;
    private readonly QueryPlanner _planner;

    private SearchIndex(SearchIndexParts parts, SynonymSet synonyms)
    {
        (_ids, _postings, _passages, _learned) = (parts.Ids, parts.Postings, parts.Passages, parts.Learned);
        _planner = new QueryPlanner(parts.Vocabulary, parts.Postings, synonyms);
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
        return new SearchIndex(reader.Finish(cancellation), synonyms ?? SynonymSet.Empty);
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
            return Choose(Candidates(scores), scores, greatest, [plan.Query, .. plan.Variants], plan.HasSubject, options);
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

    private List<SearchHit> Choose(List<int> candidates, float[] scores, float greatest, string[] queries, bool hasSubject, SearchOptions options)
    {
        var hits = new List<SearchHit>();
        // Each variant is one more comparison with every passage: where there are very many, its words alone have to do.
        var probes = Array.ConvertAll(_passages.Count <= FewPassages ? queries : queries[..1], _passages.Read);
        var learnedWeight = LearnedWeight * _passages.Count / (_passages.Count + HalfLearned);
        var learned = _learned?.Score(queries);
        foreach (var document in candidates)
        {
            var (best, support) = Compare(probes, document);
            if (!hasSubject && best < LeastLikenessWithoutSubject)
                continue;
            var score = (1 - BestWeight - SupportWeight) * scores[document] / greatest + BestWeight * best + SupportWeight * support;
            // Learning decides between articles that have something in common with the query; it does not bring in others.
            if (learned is not null && score > 0)
                score = (1 - learnedWeight) * score + learnedWeight * learned[document];
            if (score >= LeastScore && options.Accept?.Invoke(_ids[document]) != false)
                hits.Add(new SearchHit(_ids[document], score));
        }
        // Equal scores keep the order of ids, so that the same query always gives the same page.
        hits.Sort(static (left, right) => right.Score.CompareTo(left.Score) is var order and not 0 ? order : left.Id.CompareTo(right.Id));
        return hits.Count > options.Count ? hits[..options.Count] : hits;
    }

    /// <summary>The likeness of the query, or of a variant with a synonym, which counts a little less.</summary>
    private (float Best, float Support) Compare(PassageIndex.Probe[] probes, int document)
    {
        var (best, support) = _passages.Compare(probes[0], document);
        foreach (var variant in probes.AsSpan(1))
        {
            var (variantBest, variantSupport) = _passages.Compare(variant, document);
            best = Math.Max(best, variantBest * VariantWeight);
            support = Math.Max(support, variantSupport * VariantWeight);
        }
        return (best, support);
    }
}
