using System.Collections.Frozen;
using SiteDesk.Assistant.Phrases;
using SiteDesk.HelpCenter.Reading;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>Finds which articles answer which intents: what the owner tied, and for the rest what the intent's own phrases find.</summary>
internal static class ArticleTies
{
    /// <summary>Phrases of an intent that are searched, in each language.</summary>
    private const int PhrasesAsked = 12;

    /// <summary>Articles that one intent is tied to without the owner.</summary>
    private const int MostTied = 3;

    /// <summary>How well an article must fit an intent's phrases on the average, in the search's measure; tuned on the demonstration's articles.</summary>
    private const double LeastFit = 0.22;

    /// <summary>A second article that fits as well as this share of the first is tied, too.</summary>
    private const double LeastOfBest = 0.75;

    /// <summary>The articles of every intent that has any, best first.</summary>
    public static FrozenDictionary<string, IReadOnlyList<long>> Of(long siteId, KnowledgeDocument document, HelpSnapshot articles, CancellationToken cancellation)
    {
        var fits = FitsOf(document, articles, cancellation);
        var ties = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        foreach (var intent in fits.Keys.Concat(document.Intents.Keys).Distinct(StringComparer.Ordinal))
        {
            var chosen = document.Of(intent).At(siteId).ArticleIds;
            var ids = chosen is null
                ? Propose(fits.GetValueOrDefault(intent) ?? [])
                : [.. chosen.Where(id => articles.Shelves.Values.Any(shelf => shelf.ArticlesById.ContainsKey(id)))];
            if (ids.Count > 0)
                ties[intent] = ids;
        }
        return ties.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<long> Propose(Dictionary<long, double> fits)
    {
        var best = fits.Values.DefaultIfEmpty(0).Max();
        return [.. fits.Where(fit => fit.Value >= LeastFit && fit.Value >= best * LeastOfBest).OrderByDescending(fit => fit.Value).ThenBy(fit => fit.Key).Take(MostTied).Select(fit => fit.Key)];
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
                if (group.Key == Language.IntentExample.OutOfScope || ShippedIntent.Of(group.Key).IsCourtesy)
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
