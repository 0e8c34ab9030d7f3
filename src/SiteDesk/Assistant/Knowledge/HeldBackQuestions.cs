using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>An article's example question, with what a search finds for it among articles that do not have it.</summary>
internal sealed record HeldBackQuestion(string Text, string Language, long ArticleId, IReadOnlyList<SearchHit> Hits);

/// <summary>
/// Asks a site's own example questions as strangers would: each is taken out of its article before it is searched. From these it is learnt
/// how far a found article may be trusted.
/// </summary>
internal static class HeldBackQuestions
{
    /// <summary>Articles read in one language; more would teach the same.</summary>
    public const int MostArticles = 2_000;

    private const int Parts = 4;
    private const int MostQuestions = 1_500;
    private const int HitsRead = 10;

    /// <param name="documents">A language's articles, with their example questions.</param>
    public static IEnumerable<HeldBackQuestion> Ask(string language, IReadOnlyList<SearchDocument> documents, CancellationToken cancellation)
    {
        var synonyms = new SynonymSet([.. SupportSynonyms.For(language)]);
        var asked = 0;
        for (var part = 0; part < Parts && documents.Count > 1; part++)
        {
            var index = SearchIndex.Build(documents.Select(document => document with { Questions = [.. document.Questions.Where((_, number) => number % Parts != part)] }), synonyms, cancellation);
            foreach (var document in documents)
            {
                foreach (var question in document.Questions.Where((_, number) => number % Parts == part))
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (++asked > MostQuestions)
                        yield break;
                    yield return new HeldBackQuestion(question, language, document.Id, index.Search(question, new SearchOptions { Count = HitsRead, IsTyping = false }).Hits);
                }
            }
        }
    }
}
