using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>The list of articles, and new ones.</summary>
internal static class ListRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/agent/help").Needs(HelpCenterPermissions.Write);
        help.MapGet("", GoToFirstAsync);
        help.MapGet("/{siteId:long}", ShowAsync);
        help.MapGet("/{siteId:long}/articles/new", ShowNewAsync);
        help.MapPost("/{siteId:long}/articles", AddAsync);
        help.MapGet("/{siteId:long}/suggestions", SuggestAsync);
        help.MapPost("/tickets/{ticketId:long}/articles", AddFromMessageAsync);
    }

    private static async Task<IResult> GoToFirstAsync(HttpContext http, SiteDirectory sites, CancellationToken cancellation) =>
        (await sites.VisibleToAsync(http.Staff(), cancellation)) is [var first, ..] ? Page.GoTo($"/agent/help/{first.Id}") : TypedResults.NotFound();

    private static async Task<IResult> ShowAsync(
        HttpContext http, ArticleDesk desk, ArticleLists lists, TimeProvider time, long siteId, long? section, string? state, string? q, int? page, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var request = new ArticleListRequest(section, ArticleLists.States.Contains(state) ? state! : "", (q ?? "").Trim() is { Length: <= 200 } query ? query : q![..200], Math.Max(page ?? 1, 1));
        return Page.Show<ArticlesPage>(new
        {
            Site = site,
            Sections = await desk.SectionsAsync(siteId, cancellation),
            Counts = await lists.CountsAsync(siteId, cancellation),
            List = await lists.ReadAsync(siteId, request, http.Staff(), cancellation),
            Request = request,
            Names = await desk.NamesAsync(cancellation),
            Today = DateOnly.FromDateTime(time.Now()),
        });
    }

    private static async Task<IResult> ShowNewAsync(HttpContext http, ArticleDesk desk, long siteId, long? section, string? title, string? questions, string? language, CancellationToken cancellation) =>
        await desk.SiteAsync(siteId, http.Staff(), cancellation) is { } site
            ? Page.Show<NewArticlePage>(new { Site = site, Sections = await desk.SectionsAsync(siteId, cancellation), Staff = http.Staff(), Form = new NewArticleForm { Section = section, Language = site.LanguageFor(language), Title = title ?? "", Questions = questions ?? "" } })
            : TypedResults.NotFound();

    private static async Task<IResult> AddAsync(
        HttpContext http, ArticleDesk desk, Database database, StartArticle start, KeepSection keep, AuditLog audit, long siteId, [FromForm] NewArticleForm form, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        var sections = await desk.SectionsAsync(siteId, cancellation);
        var outcome = await RunAsync();
        return outcome.Succeeded
            ? Page.GoTo($"/agent/help/articles/{outcome.Value.Id}?language={outcome.Value.SourceLanguage}")
            : Page.ShowProblems<NewArticlePage>(new { Site = site, Sections = await desk.SectionsAsync(siteId, cancellation), Staff = http.Staff(), Form = form, outcome.Problems });

        async Task<Outcome<Article>> RunAsync()
        {
            if (!site.Languages.Contains(form.Language))
                return new Problem("Language", "help.language-unknown", ("site", site.Name));
            var section = await SectionAsync();
            if (!section.Succeeded)
                return section.Problems.ToList();
            var started = await start.RunAsync(site, section.Value, form.Language, new StartArticle.Words(form.Title, "", "", [.. form.Questions.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]), http.Staff().Id, cancellation);
            if (started.Succeeded)
                await database.SaveChangesAsync(cancellation);
            return started;
        }

        // The first article of a help centre brings its section along. It stays when the article is refused: the form then offers it.
        async Task<Outcome<Section>> SectionAsync()
        {
            if (sections.FirstOrDefault(row => row.Id == form.Section) is { } chosen)
                return chosen;
            if (sections.Count > 0 || !http.Staff().May(HelpCenterPermissions.Manage))
                return new Problem("Section", "help-desk.section-needed");
            audit.Write(http.Staff().AsActor(), "help.section-added", FormattableString.Invariant($"site:{site.Id}"), ("name", form.NewSection));
            var names = new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { [form.Language] = new(form.NewSection) };
            var made = await keep.RunAsync(site, section: null, new KeepSection.Request(ParentId: null, names), cancellation);
            return made.Succeeded ? made : made.Problems.Select(problem => problem with { Field = nameof(form.NewSection) }).ToList();
        }
    }

    private static async Task<IResult> AddFromMessageAsync(HttpContext http, ArticleDesk desk, ArticleFromMessage make, PublicAddress address, long ticketId, CancellationToken cancellation)
    {
        var form = await SectionRoutes.FormAsync(http, cancellation);
        if (!long.TryParse(form["message"], out var messageId) || await make.FindAsync(ticketId, messageId, http.Staff(), cancellation) is not var (ticket, message) || await desk.SiteAsync(ticket.SiteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        // Articles lie in sections: without one, the list says how to begin.
        return await make.RunAsync(site, ticket, message, http.Staff(), address.Of(http), cancellation) is { } article
            ? Page.GoTo($"/agent/help/articles/{article.Id}?language={article.SourceLanguage}&done=article-from-message")
            : Page.GoTo($"/agent/help/{site.Id}");
    }

    private static async Task<IResult> SuggestAsync(HttpContext http, ArticleDesk desk, ArticleLists lists, long siteId, string? language, string? q, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var spoken = site.LanguageFor(language);
        var found = await lists.SuggestAsync(siteId, spoken, q ?? "", cancellation);
        return TypedResults.Json(found.Select(article => new { title = article.Title, address = HelpAddress.Stored(site.Key).Article(spoken, article.Slug) }));
    }
}

/// <summary>The fields of a new article.</summary>
public sealed class NewArticleForm
{
    public string Title { get; set => field = value ?? ""; } = "";

    public long? Section { get; set; }

    /// <summary>What the first section is called, where there is none to choose.</summary>
    public string NewSection { get; set => field = value ?? ""; } = "";

    public string Language { get; set => field = value ?? ""; } = "";

    /// <summary>Questions it shall answer, one a line: from whoever sends an author here.</summary>
    public string Questions { get; set => field = value ?? ""; } = "";
}
