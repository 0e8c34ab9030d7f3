using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Sections, and the order of everything.</summary>
internal static class SectionRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/agent/help").Needs(HelpCenterPermissions.Manage);
        help.MapGet("/{siteId:long}/sections/new", ShowNewAsync);
        help.MapPost("/{siteId:long}/sections", AddAsync);
        help.MapGet("/sections/{id:long}", ShowAsync);
        help.MapPost("/sections/{id:long}", ChangeAsync);
        help.MapPost("/sections/{id:long}/place", PlaceAsync);
        help.MapPost("/sections/{id:long}/removal", RemoveAsync);
        help.MapPost("/articles/{id:long}/place", PlaceArticleAsync);
    }

    private static async Task<IResult> ShowNewAsync(HttpContext http, ArticleDesk desk, long siteId, CancellationToken cancellation) =>
        await desk.SiteAsync(siteId, http.Staff(), cancellation) is { } site
            ? Page.Show<SectionPage>(new { Site = site, Sections = await desk.SectionsAsync(siteId, cancellation), Words = new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) })
            : TypedResults.NotFound();

    private static async Task<IResult> AddAsync(HttpContext http, ArticleDesk desk, KeepSection keep, AuditLog audit, long siteId, CancellationToken cancellation) =>
        await desk.SiteAsync(siteId, http.Staff(), cancellation) is { } site ? await KeepAsync(http, desk, keep, audit, site, null, cancellation) : TypedResults.NotFound();

    private static async Task<IResult> ShowAsync(HttpContext http, ArticleDesk desk, Database database, long id, CancellationToken cancellation) =>
        await FindAsync(http, desk, database, id, cancellation) is var (site, section)
            ? Page.Show<SectionPage>(new
            {
                Site = site, Section = section, Sections = await desk.SectionsAsync(site.Id, cancellation), section.ParentId,
                Words = section.Names.ToDictionary(name => name.Language, name => new KeepSection.Words(name.Name, name.Description, name.Slug), StringComparer.Ordinal),
            })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeAsync(HttpContext http, ArticleDesk desk, Database database, KeepSection keep, AuditLog audit, long id, CancellationToken cancellation) =>
        await FindAsync(http, desk, database, id, cancellation) is var (site, section) ? await KeepAsync(http, desk, keep, audit, site, section, cancellation) : TypedResults.NotFound();

    private static async Task<IResult> KeepAsync(HttpContext http, ArticleDesk desk, KeepSection keep, AuditLog audit, Site site, Section? section, CancellationToken cancellation)
    {
        var form = await FormAsync(http, cancellation);
        var words = site.Languages.ToDictionary(language => language, language => new KeepSection.Words(form[$"Name-{language}"].ToString(), form[$"Description-{language}"].ToString(), form[$"Slug-{language}"].ToString().Trim()), StringComparer.Ordinal);
        var parent = long.TryParse(form["Parent"], out var parentId) ? parentId : (long?)null;
        audit.Write(http.Staff().AsActor(), section is null ? "help.section-added" : "help.section-changed", FormattableString.Invariant($"site:{site.Id}"), ("name", words.Values.Select(word => word.Name).FirstOrDefault(name => name.Length > 0)));
        var outcome = await keep.RunAsync(site, section, new KeepSection.Request(parent, words), cancellation);
        return outcome.Succeeded
            ? Page.GoTo($"/agent/help/{site.Id}?section={outcome.Value.Id}&done=saved")
            : Page.ShowProblems<SectionPage>(new { Site = site, Section = section, Sections = await desk.SectionsAsync(site.Id, cancellation), ParentId = parent, Words = words, outcome.Problems });
    }

    private static async Task<IResult> PlaceAsync(HttpContext http, ArticleDesk desk, Database database, OrderHelp order, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, desk, database, id, cancellation) is not var (site, section))
            return TypedResults.NotFound();
        var form = await FormAsync(http, cancellation);
        if (form["Step"].ToString() is "up" or "down")
            await order.StepAsync(section, form["Step"] == "up", http.Staff(), cancellation);
        else
            await order.PutAsync(section, section.ParentId, long.TryParse(form["Before"], out var before) ? before : null, http.Staff(), cancellation);
        return Answer(http, $"/agent/help/{site.Id}?section={id}");
    }

    private static async Task<IResult> PlaceArticleAsync(HttpContext http, ArticleDesk desk, Database database, OrderHelp order, long id, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, null, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var form = await FormAsync(http, cancellation);
        var section = await database.Set<Section>().FirstAsync(row => row.Id == work.Article.SectionId, cancellation);
        if (long.TryParse(form["Section"], out var wished) && await database.Set<Section>().FirstOrDefaultAsync(row => row.Id == wished && row.SiteId == work.Site.Id, cancellation) is { } other)
            section = other;
        if (form["Step"].ToString() is "up" or "down")
            await order.StepAsync(work.Article, form["Step"] == "up", http.Staff(), cancellation);
        else
            await order.PutAsync(work.Article, section, long.TryParse(form["Before"], out var before) ? before : null, http.Staff(), cancellation);
        return Answer(http, $"/agent/help/{work.Site.Id}?section={section.Id}");
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, ArticleDesk desk, Database database, HelpStamp stamp, AuditLog audit, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, desk, database, id, cancellation) is not var (site, section))
            return TypedResults.NotFound();
        // Removed articles count, too: they can be brought back, and need their place.
        if (await database.Set<Article>().AnyAsync(article => article.SectionId == id, cancellation) || await database.Set<Section>().AnyAsync(other => other.ParentId == id, cancellation))
            return Page.ShowProblems<SectionPage>(new
            {
                Site = site, Section = section, Sections = await desk.SectionsAsync(site.Id, cancellation), section.ParentId, Problems = new[] { new Problem("", "help-desk.section-not-empty") },
                Words = section.Names.ToDictionary(name => name.Language, name => new KeepSection.Words(name.Name, name.Description, name.Slug), StringComparer.Ordinal),
            });
        database.Remove(section);
        audit.Write(http.Staff().AsActor(), "help.section-removed", FormattableString.Invariant($"site:{site.Id}"), ("name", ArticleDesk.NameOf(section, site.DefaultLanguage)));
        await stamp.MoveAsync(site.Id, cancellation);
        await database.SaveChangesAsync(cancellation);
        return Page.GoTo($"/agent/help/{site.Id}?done=saved");
    }

    private static async Task<(Site Site, Section Section)?> FindAsync(HttpContext http, ArticleDesk desk, Database database, long id, CancellationToken cancellation) =>
        await database.Set<Section>().Include(row => row.Names).FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } section && await desk.SiteAsync(section.SiteId, http.Staff(), cancellation) is { } site
            ? (site, section)
            : null;

    private static IResult Answer(HttpContext http, string address) =>
        http.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.Ordinal) ? TypedResults.NoContent() : Page.GoTo(address);

    internal static async Task<IFormCollection> FormAsync(HttpContext http, CancellationToken cancellation) =>
        http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
}
