using System.Collections.Frozen;
using SiteDesk.Assistant.Phrases;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>Finds which articles answer which intents: what the owner tied, and for the rest what the intent's own phrases find.</summary>
internal static class ArticleTies
{
    /// <summary>Phrases of an intent that are searched, in each language.</summary>
    private const int PhrasesAsked = 12;

    /// <summary>Articles that one intent is tied to without the owner.</summary>
    private const int MostTied = 5;

    /// <summary>An article whose own questions are recognised as an intent with this share on the average answers it, however it is worded.</summary>
    private const double LeastShare = 0.4;

    /// <summary>With less than that, the intent's phrases must find the article as well; and below this it is chance.</summary>
    private const double LeastAgreed = 0.2;

    /// <summary>How much both must say together: that share times how well the phrases find it on the average. Tuned on the demonstration's two sites.</summary>
    private const double LeastTogether = 0.04;

    /// <summary>The articles of every intent that has any, best first.</summary>
    /// <param name="classifier">Recognises the articles' own example questions.</param>
    /// <param name="documents">The articles by language, with those questions.</param>
    public static FrozenDictionary<string, IReadOnlyList<long>> Of(
        long siteId, KnowledgeDocument document, HelpSnapshot articles, PhraseClassifier classifier, IReadOnlyDictionary<string, List<SearchDocument>> documents, CancellationToken cancellation)
    {
        var fits = FitsOf(document, articles, cancellation);
        // Words that an intent and an article share by chance find each other in one direction only.
        var proposed = Recognized(classifier, documents, cancellation)
            .Select(one => (one.Intent, one.Article, one.Share, Together: one.Share * (fits.GetValueOrDefault(one.Intent)?.GetValueOrDefault(one.Article) ?? 0)))
            .Where(one => one.Share >= LeastShare || one.Together >= LeastTogether)
            .ToLookup(one => one.Intent, StringComparer.Ordinal);

        var ties = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        foreach (var intent in proposed.Select(group => group.Key).Concat(document.Intents.Keys).Distinct(StringComparer.Ordinal))
        {
            var chosen = document.Of(intent).At(siteId).ArticleIds;
            List<long> ids = chosen is null
                ? [.. proposed[intent].OrderByDescending(one => one.Together).ThenBy(one => one.Article).Take(MostTied).Select(one => one.Article)]
                : [.. chosen.Where(id => articles.Shelves.Values.Any(shelf => shelf.ArticlesById.ContainsKey(id)))];
            if (ids.Count > 0)
                ties[intent] = ids;
        }
        return ties.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Which intents the questions and titles of articles are recognised as.</summary>
    private static IEnumerable<(string Intent, long Article, double Share)> Recognized(
        PhraseClassifier classifier, IReadOnlyDictionary<string, List<SearchDocument>> documents, CancellationToken cancellation)
    {
        var shares = new Dictionary<long, (int Asked, Dictionary<string, double> Sums)>();
        foreach (var (language, articles) in documents.Where(pair => PhraseBank.Languages.Contains(pair.Key)))
        {
            foreach (var article in articles)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var question in article.Questions.Append(article.Title))
                {
                    var (asked, sums) = shares.TryGetValue(article.Id, out var known) ? known : (0, new Dictionary<string, double>(StringComparer.Ordinal));
                    foreach (var ranked in classifier.Classify(question, language).Ranked)
                        sums[ranked.Intent] = sums.GetValueOrDefault(ranked.Intent) + ranked.Share;
                    shares[article.Id] = (asked + 1, sums);
                }
            }
        }

        foreach (var (article, (asked, sums)) in shares)
        {
            foreach (var (intent, sum) in sums.Where(pair => pair.Value / asked >= LeastAgreed && !ShippedIntent.Of(pair.Key).IsCourtesy))
                yield return (intent, article, sum / asked);
        }
    }

    /// <summary>How well articles fit an intent's phrases: the mean of their scores, in the language in which it is highest.</summary>
    private static Dictionary<string, Dictionary<long, double>> FitsOf(KnowledgeDocument document, HelpSnapshot articles, CancellationToken cancellation)
    {
        var fits = new Dictionary<string, Dictionary<long, double>>(StringComparer.Ordinal);
        foreach (var (language, shelf) in articles.Shelves.Where(shelf => shelf.Value.ArticlesById.Count > 0 && PhraseBank.Languages.Contains(shelf.Key)))
        {
            foreach (var group in TrainedModel.PhrasesOf(document, language).GroupBy(example => example.Intent, StringComparer.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                if (group.Key == IntentExample.OutOfScope || ShippedIntent.Of(group.Key).IsCourtesy)
                    continue;
                var all = group.ToList();
                var asked = all.Where((_, index) => index * PhrasesAsked / all.Count != (index + 1) * PhrasesAsked / all.Count || all.Count <= PhrasesAsked).ToList();
                var sums = new Dictionary<long, double>();
                foreach (var hit in asked.SelectMany(phrase => shelf.Search(phrase.Text, ReaderLevel.Everybody, MostTied, isTyping: false).Hits))
                    sums[hit.Id] = sums.GetValueOrDefault(hit.Id) + hit.Score / asked.Count;
                if (!fits.TryGetValue(group.Key, out var known))
                    fits[group.Key] = known = [];
                foreach (var (article, fit) in sums)
                    known[article] = Math.Max(known.GetValueOrDefault(article), fit);
            }
        }
        return fits;
    }
}
