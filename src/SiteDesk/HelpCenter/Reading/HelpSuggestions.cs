using SiteDesk.Language;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Articles for what somebody is typing: in the search field, in the contact form, in the widget.</summary>
internal static class HelpSuggestions
{
    private const int Most = 5;

    /// <param name="Words">What the form and the widget say around the articles; null for the search field, which knows.</param>
    public sealed record Answer(IReadOnlyList<Suggestion> Articles, string? Instead, SuggestionWords? Words);

    public sealed record SuggestionWords(string Heading, string Answered, string Thanks, string Back);

    /// <param name="Title">Pieces of the title; every second one, from the second on, was found.</param>
    public sealed record Suggestion(long Id, IReadOnlyList<string> Title, string Summary, string Address);

    /// <param name="q">What was typed so far.</param>
    /// <param name="settled">Whether the typing has come to rest: then it counts as a search.</param>
    /// <param name="place">Where it is typed; empty for the search field.</param>
    public static async Task<IResult> GiveAsync(HttpContext http, HelpVisits visits, ReaderCounts counts, string siteKey, string language, string? q, bool? settled, string? place)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        // What everybody may read may be read by every page; the widget asks from its host's.
        http.Response.Headers.AccessControlAllowOrigin = visit.Reader == ReaderLevel.Everybody ? "*" : default;
        http.Response.Headers.CacheControl = "private, max-age=30";
        var query = (q ?? "").Trim();
        if (query.Length == 0)
            return TypedResults.Ok(new Answer([], null, null));
        var found = visit.Shelf.Search(query, visit.Reader, Most);
        if (settled == true)
            counts.Search(visit.Site.Id, visit.Language, SearchWords.Of(query), found.Hits.Count);
        // Where it is not the help centre that asks, the links lead from another page, or from another website.
        var address = string.IsNullOrEmpty(place) ? visit.Address : HelpAddress.Of(visit.Site);
        var articles = found.Hits.Where(hit => string.IsNullOrEmpty(place) || hit.Score >= SuggestArticles.LeastLikeness).Select(hit => visit.Shelf.ArticlesById[hit.Id]);
        return TypedResults.Ok(new Answer(
            [.. articles.Select(article => new Suggestion(article.Id, Pieces(article.Title, found.Highlighter), article.Summary, address.Article(visit.Language, article.Slug)))],
            HelpPages.InsteadOf(found), string.IsNullOrEmpty(place) ? null : WordsOf(http.Texts())));
    }

    private static SuggestionWords WordsOf(Texts texts) =>
        new(texts["help.suggest.heading"], texts["help.suggest.answered"], texts["help.suggest.thanks"], texts["help.suggest.back"]);

    private static List<string> Pieces(string title, SearchHighlighter marks)
    {
        var pieces = new List<string>();
        var done = 0;
        foreach (var range in marks.Find(title))
        {
            pieces.Add(title[done..range.Start]);
            pieces.Add(title[range.Start..range.End]);
            done = range.End;
        }

        pieces.Add(title[done..]);
        return pieces;
    }
}
