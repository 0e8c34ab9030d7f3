using SiteDesk.Language;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>The pages of a help centre. What is the same for many readers is made once for each snapshot and kept.</summary>
internal static class HelpPages
{
    /// <summary>Articles on the page of a search.</summary>
    private const int MostResults = 10;

    private const int ExcerptLength = 220;
    private const int MostRelated = 4;
    private const string Html = "text/html; charset=utf-8";

    public static async Task<IResult> ChooseLanguageAsync(HttpContext http, SiteDirectory sites, string siteKey, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { } site)
            return TypedResults.NotFound();
        var wished = Languages.Match(http.Request.Query["language"]) ?? Languages.MatchHeader(http.Request.Headers.AcceptLanguage, site.Languages);
        http.Response.Headers.Vary = "Accept-Language";
        return TypedResults.Redirect($"{HelpAddress.PrefixFor(http, site.Key)}/{site.LanguageFor(wished)}");
    }

    public static async Task<IResult> ShowHomeAsync(HttpContext http, HelpVisits visits, RenderedPages pages, string siteKey, string language)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return Languages.Match(language) is { } spoken && spoken != language ? TypedResults.Redirect($"{HelpAddress.PrefixFor(http, siteKey)}/{spoken}") : TypedResults.NotFound();
        var page = await pages.ReadAsync(visit.NameOf("home", 0), () => MakeAsync<HelpHomePage>(http, visit, new { Visit = visit }));
        return Answer(page, visit);
    }

    public static async Task<IResult> ShowSectionAsync(HttpContext http, HelpVisits visits, RenderedPages pages, string siteKey, string language, string slug, int? page)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var number = page ?? 1;
        if (!visit.Shelf.SectionsBySlug.TryGetValue(slug, out var section) || section.CountFor(visit.Reader) == 0
            || number < 1 || number > 1 && (number - 1) * HelpSectionPage.PageLength >= section.ArticlesFor(visit.Reader).Count())
        {
            return ShowMissing(http, visit, slug);
        }

        var made = await pages.ReadAsync(visit.NameOf($"section-{number}", section.Id), () => MakeAsync<HelpSectionPage>(http, visit, new { Visit = visit, Section = section, Number = number }));
        return Answer(made, visit);
    }

    public static async Task<IResult> ShowArticleAsync(
        HttpContext http, HelpVisits visits, RenderedPages pages, ArticleBodies bodies, ReaderCounts counts, string siteKey, string language, string slug, string? q, string? from)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        if (Find(visit, slug) is not { } found)
            return Lead(visit, slug) ?? (IsForCustomers(visit, slug) ? await SignInPages.ShowClosedAsync(http, visit, slug) : ShowMissing(http, visit, slug));
        if (!ReaderCounts.IsAhead(http))
            counts.Read(visit.Site.Id, found.Article.Id, found.Language, SearchWords.Of(q ?? ""), wasTyping: from == "typing");
        if (!string.IsNullOrWhiteSpace(q))
            return await ShowMarkedAsync(http, visit, found.Language, found.Article, bodies, q);
        var page = await pages.ReadAsync(
            visit.NameOf($"article-{found.Language}", found.Article.Id),
            () => ShownArticle.Of(visit, found.Language, found.Article, RelatedTo(visit, found.Language, found.Article)),
            async shown =>
            {
                var body = await bodies.ReadAsync(shown.Article.VersionId, shown.Language, http.RequestAborted);
                return await MakeAsync<HelpArticlePage>(http, visit, new { Visit = visit, shown.Article, shown.Language, Content = body.Markup, shown.Related }, body.Markup.VideoHosts);
            });
        return Answer(page, visit);
    }

    public static async Task<IResult> ShowSearchAsync(HttpContext http, HelpVisits visits, ArticleBodies bodies, ReaderCounts counts, string siteKey, string language, string? q)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var query = (q ?? "").Trim();
        if (query.Length == 0)
            return Show<HelpSearchPage>(http, visit, new { Visit = visit, Query = "" });
        var found = visit.Shelf.Search(query, visit.Reader, MostResults, isTyping: false);
        if (!ReaderCounts.IsAhead(http))
            counts.Search(visit.Site.Id, visit.Language, SearchWords.Of(query), found.Hits.Count);
        var articles = found.Hits.Select(hit => visit.Shelf.ArticlesById[hit.Id]).ToList();
        var texts = await bodies.ReadAsync(articles.ConvertAll(article => article.VersionId), visit.Language, http.RequestAborted);
        var results = articles.ConvertAll(article => new HelpSearchPage.Result(
            article, ArticleMarkup.Marked(article.Title, found.Highlighter.Find(article.Title)), ExcerptOf(texts[article.VersionId].Markup.Text.Plain, visit.Language, found.Highlighter)));
        return Show<HelpSearchPage>(http, visit, new { Visit = visit, Query = query, Results = results, Instead = InsteadOf(found) });
    }

    /// <summary>What was searched instead of what was typed; null when nothing was changed.</summary>
    internal static string? InsteadOf(SearchResults found) => found.Correction == QueryCorrection.None ? null : found.ShownFor;

    /// <summary>An article by its address, in this language or, where it has no text in it, in another of the site's.</summary>
    internal static (string Language, ArticleHead Article)? Find(HelpVisit visit, string slug)
    {
        if (visit.Shelf.ArticlesBySlug.TryGetValue(slug, out var own) && own.IsFor(visit.Reader))
            return (visit.Language, own);
        foreach (var language in visit.LanguagesByNearness.Skip(1))
        {
            // An article that is there in this language has an address of its own here.
            if (visit.Snapshot.Shelves[language].ArticlesBySlug.TryGetValue(slug, out var other) && other.IsFor(visit.Reader) && !visit.Shelf.ArticlesById.ContainsKey(other.Id))
                return (language, other);
        }

        return null;
    }

    /// <summary>Whether a customer would see it. A segment's articles are not told of: they are there for their readers alone.</summary>
    private static bool IsForCustomers(HelpVisit visit, string slug) => visit.Reader == ReaderLevel.Everybody && Find(visit with { Reader = ReaderLevel.SignedIn }, slug) is not null;

    /// <summary>From an address the article had before, or has in another language, to where it is.</summary>
    private static IResult? Lead(HelpVisit visit, string slug)
    {
        foreach (var language in visit.LanguagesByNearness)
        {
            var id = visit.Snapshot.FormerAddresses.TryGetValue((language, slug), out var former) ? former
                : visit.Snapshot.Shelves[language].ArticlesBySlug.GetValueOrDefault(slug)?.Id;
            if (id is null)
                continue;
            var there = visit.Snapshot.LanguagesOf(id.Value, visit.LanguagesByNearness).FirstOrDefault(pair => pair.Article.IsFor(visit.Reader));
            if (there.Article is not null && (there.Article.Slug != slug || there.Language != visit.Language))
                return TypedResults.Redirect(HelpAddress.Encoded(visit.Address.Article(there.Language == visit.Language ? visit.Language : there.Language, there.Article.Slug)), permanent: language == visit.Language);
        }

        return null;
    }

    private static async Task<IResult> ShowMarkedAsync(HttpContext http, HelpVisit visit, string language, ArticleHead article, ArticleBodies bodies, string query)
    {
        var marks = visit.Snapshot.Shelves[language].Search(query, visit.Reader, 1, isTyping: false).Highlighter;
        var body = await bodies.ReadAsync(article.VersionId, language, http.RequestAborted);
        var marked = ArticleMarkup.Of(body.Source, http.Texts().In(language), marks);
        var words = query.Length <= HelpSearch.LongestWords ? query : SearchWords.Of(query);
        return Show<HelpArticlePage>(
            http, visit, new { Visit = visit, Article = article, Language = language, Content = marked, Related = RelatedTo(visit, language, article), Words = words, Marks = marks }, marked.VideoHosts);
    }

    /// <summary>What the authors named; filled up with what is nearest in its words.</summary>
    private static List<(string Language, ArticleHead Article)> RelatedTo(HelpVisit visit, string language, ArticleHead article)
    {
        var related = article.RelatedIds.Select(id => visit.Snapshot.LanguagesOf(id, visit.LanguagesByNearness).FirstOrDefault())
            .Where(pair => pair.Article is not null && pair.Article.IsFor(visit.Reader)).Take(HelpCenter.Article.MostRelated).ToList();
        if (related.Count >= MostRelated)
            return related;
        var shelf = visit.Snapshot.Shelves[language];
        var near = shelf.Search(article.Title, visit.Reader, MostRelated + related.Count + 1, isTyping: false).Hits.Select(hit => shelf.ArticlesById[hit.Id])
            .Where(other => other.Id != article.Id && !related.Exists(known => known.Article.Id == other.Id));
        return [.. related, .. near.Take(MostRelated - related.Count).Select(other => (language, other))];
    }

    private static string ExcerptOf(string text, string language, SearchHighlighter marks)
    {
        if (text.Length == 0)
            return "";
        // A Chinese character says about as much as two or three letters.
        var excerpt = marks.Excerpt(text, language == Languages.Chinese ? ExcerptLength / 2 : ExcerptLength);
        var piece = text[excerpt.Range.Start..excerpt.Range.End];
        var found = excerpt.Highlights.Select(range => range with { Start = range.Start - excerpt.Range.Start }).ToList();
        return (excerpt.Range.Start > 0 ? "… " : "") + ArticleMarkup.Marked(piece, found) + (excerpt.Range.End < text.Length ? " …" : "");
    }

    private static PageResult ShowMissing(HttpContext http, HelpVisit visit, string slug)
    {
        var nearest = visit.Shelf.Search(slug.Replace('-', ' '), visit.Reader, 3, isTyping: false).Hits.Select(hit => visit.Shelf.ArticlesById[hit.Id]).ToList();
        return Show<HelpMissingPage>(http, visit, new { Visit = visit, Nearest = nearest }, status: StatusCodes.Status404NotFound);
    }

    internal static PageResult Show<TPage>(HttpContext http, HelpVisit visit, object parameters, IReadOnlyList<string>? frames = null, int status = StatusCodes.Status200OK)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.ContentSecurityPolicy = PagePolicy.Of(visit.Site, frames);
        return Page.Show<TPage>(parameters, status);
    }

    private static async Task<RenderedPage> MakeAsync<TPage>(HttpContext http, HelpVisit visit, object parameters, IReadOnlyList<string>? frames = null) where TPage : Microsoft.AspNetCore.Components.IComponent =>
        RenderedPage.Of(await Page.Show<TPage>(parameters).ToBytesAsync(http), Html, PagePolicy.Of(visit.Site, frames));

    internal static RenderedAnswer Answer(RenderedPage page, HelpVisit visit) => new(page, isPrivate: visit.Reader != ReaderLevel.Everybody);
}
