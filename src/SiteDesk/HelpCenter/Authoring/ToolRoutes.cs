using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Synonyms and broken links.</summary>
internal static class ToolRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var manage = routes.MapGroup("/agent/help/{siteId:long}").Needs(HelpCenterPermissions.Manage);
        manage.MapGet("/synonyms", ShowSynonymsAsync);
        manage.MapPost("/synonyms", KeepSynonymsAsync);
        routes.MapGroup("/agent/help/{siteId:long}").Needs(HelpCenterPermissions.Write).MapGet("/links", ShowLinksAsync);
    }

    private static async Task<IResult> ShowSynonymsAsync(HttpContext http, ArticleDesk desk, KeepSynonyms keep, long siteId, string? language, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var spoken = site.LanguageFor(language);
        return Page.Show<SynonymsPage>(new { Site = site, Language = spoken, Words = await keep.ReadAsync(siteId, spoken, cancellation) });
    }

    private static async Task<IResult> KeepSynonymsAsync(HttpContext http, ArticleDesk desk, KeepSynonyms keep, long siteId, CancellationToken cancellation)
    {
        if (await desk.SiteAsync(siteId, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var form = await SectionRoutes.FormAsync(http, cancellation);
        var language = site.LanguageFor(form["Language"]);
        var outcome = await keep.RunAsync(siteId, language, form["Words"].ToString(), http.Staff(), cancellation);
        return outcome.Succeeded
            ? Page.GoTo($"/agent/help/{siteId}/synonyms?language={language}&done=saved")
            : Page.ShowProblems<SynonymsPage>(new { Site = site, Language = language, Words = form["Words"].ToString(), outcome.Problems });
    }

    private static async Task<IResult> ShowLinksAsync(HttpContext http, ArticleDesk desk, FindBrokenLinks find, long siteId, CancellationToken cancellation) =>
        await desk.SiteAsync(siteId, http.Staff(), cancellation) is { } site
            ? Page.Show<LinksPage>(new { Site = site, Links = await find.RunAsync(site, cancellation) })
            : TypedResults.NotFound();
}
