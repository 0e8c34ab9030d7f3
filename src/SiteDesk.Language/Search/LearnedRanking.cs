namespace SiteDesk.Language;

/// <summary>
/// In a help centre of ordinary size the titles, questions and texts of the articles also train a linear classifier, which learns what
/// tells one article from the others: "card" says little where every second article is about cards.
/// </summary>
internal sealed class LearnedRanking
{
    /// <summary>With more articles or passages than this, training would hold up the rebuild of the index.</summary>
    private const int MostArticles = 400;
    private const int MostPassages = 30_000;

    /// <summary>Training takes as long as articles times passages; this much is a few seconds.</summary>
    private const long MostWork = 2_500_000;

    private const int Passes = 8;
    private const int LongestPassage = 1_000;

    private readonly FeatureSpace _space;
    private readonly LinearModel _model;

    private LearnedRanking(FeatureSpace space, LinearModel model)
    {
        (_space, _model) = (space, model);
    }

    /// <summary>Collects the passages of articles one after the other.</summary>
    public sealed class Builder
    {
        private readonly List<string> _passages = [];
        private readonly List<int> _articles = [];
        private int _count;

        /// <summary>Begins the next article.</summary>
        public void BeginArticle() => _count++;

        /// <summary>Adds a passage to the article that was begun last.</summary>
        public void Add(string passage)
        {
            if (_count > MostArticles || _passages.Count > MostPassages || string.IsNullOrWhiteSpace(passage))
                return;
            _passages.Add(passage.Length > LongestPassage ? passage[..LongestPassage] : passage);
            _articles.Add(_count - 1);
        }

        /// <summary>Trains; null when there are too few articles to learn from or too many to learn from quickly.</summary>
        public LearnedRanking? Build(CancellationToken cancellation)
        {
            if (_count is < 2 or > MostArticles || _passages.Count > MostPassages || (long)_count * _passages.Count > MostWork)
                return null;
            var space = FeatureSpace.Learn(_passages, cancellation);
            var rows = new FeatureRows();
            var reader = FeatureSpace.CreateReader();
            foreach (var passage in _passages)
                space.Append(passage, reader, rows);
            return new LearnedRanking(space, LinearTrainer.Train(rows, _articles, _count, space.Count, Passes, seed: 1, cancellation));
        }
    }

    /// <summary>How likely each article is meant, from 0 to 1, by its number.</summary>
    /// <param name="queries">The query and its variants; the one that fits an article best counts.</param>
    public float[] Score(ReadOnlySpan<string> queries)
    {
        var rows = new FeatureRows();
        var reader = FeatureSpace.CreateReader();
        float[]? likeliest = null;
        foreach (var query in queries)
        {
            _space.Append(query, reader, rows);
            var scores = _model.Score(rows.Features(rows.Count - 1), rows.Values(rows.Count - 1));
            likeliest ??= scores;
            for (var article = 0; article < scores.Length; article++)
                likeliest[article] = Math.Max(likeliest[article], scores[article]);
        }
        // Machines say 1 for "surely this one" and -1 for "surely another".
        return Array.ConvertAll(likeliest ?? [], static score => Math.Clamp((score + 1) / 2, 0, 1));
    }
}
