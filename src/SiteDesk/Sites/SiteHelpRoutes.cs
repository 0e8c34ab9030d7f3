using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;

namespace SiteDesk.Sites;

/// <summary>Where a site's help centre stands.</summary>
internal static class SiteHelpRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/agent/sites/{id:long}/help").Needs(SitePermissions.Manage);
        help.MapGet("", ShowAsync);
        help.MapPost("", ChangeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, ChangeSite change, PublicAddress address, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site
            ? Page.Show<SiteHelpPage>(new { Site = site, Typed = ChangeHelpHost.Shown(site.HelpOrigin), Desk = address.Of(http) })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeAsync(
        HttpContext http, ChangeSite change, ChangeHelpHost changeHost, PublicAddress address, long id, [FromForm] string? helpAddress, [FromForm] int? version, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var (typed, desk) = (helpAddress ?? "", address.Of(http));
        if (SiteRoutes.IsOld(site, version))
            return Page.ShowProblems<SiteHelpPage>(new { Site = site, Typed = typed, Desk = desk, Problems = SiteRoutes.ChangedMeanwhile });
        var outcome = await changeHost.RunAsync(site, typed, new Uri(desk), http.Staff(), cancellation);
        return outcome.Succeeded
            ? Page.GoTo($"/agent/sites/{id}/help?done=saved")
            : Page.ShowProblems<SiteHelpPage>(new { Site = site, Typed = typed, Desk = desk, outcome.Problems });
    }
}
