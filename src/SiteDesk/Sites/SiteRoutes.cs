using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;

namespace SiteDesk.Sites;

/// <summary>The sites' settings.</summary>
internal static class SiteRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/agent/sites").Needs(SitePermissions.Manage);
        sites.MapGet("", ShowListAsync);
        sites.MapGet("/new", (HttpContext http) => Page.Show<NewSitePage>(new { Form = new NewSiteForm { Languages = [http.Texts().Language], TimeZone = http.Staff().TimeZone } }));
        sites.MapPost("", AddAsync);
        sites.MapGet("/{id:long}", ShowAsync);
        sites.MapPost("/{id:long}", ChangeAsync);
        sites.MapPost("/{id:long}/logo", SetLogoAsync);
        sites.MapPost("/{id:long}/logo/removal", RemoveLogoAsync);
        sites.MapPost("/{id:long}/archive", ArchiveAsync);
        sites.MapPost("/{id:long}/restoration", RestoreAsync);
        sites.MapGet("/{id:long}/hours", ShowHoursAsync);
        sites.MapPost("/{id:long}/hours", ChangeHoursAsync);
        sites.MapGet("/{id:long}/widget", ShowWidgetAsync);
        sites.MapPost("/{id:long}/widget", ChangeWidgetAsync);
        sites.MapGet("/{id:long}/privacy", ShowPrivacyAsync);
        sites.MapPost("/{id:long}/privacy", ChangePrivacyAsync);
        routes.MapGet("/site-logo/{siteKey}", GiveLogoAsync).IsPublic("A site's logo stands on its public pages.");
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var sites = await database.Set<Site>().AsNoTracking().OrderBy(site => site.ArchivedAt != null).ThenBy(site => site.Id).Take(1000).ToListAsync(cancellation);
        return Page.Show<SitesPage>(new { Sites = sites.Where(site => staff.SeesSite(site.Id)).ToList(), MayAdd = staff.SiteIds is null });
    }

    private static async Task<IResult> AddAsync(HttpContext http, AddSite add, [FromForm] NewSiteForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await add.RunAsync(new CreateSite.Request(form.SiteName, form.SiteAddress, form.Languages, form.TimeZone), http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/sites/{outcome.Value.Id}/widget") : Page.ShowProblems<NewSitePage>(new { Form = form, outcome.Problems });
    }

    private static async Task<IResult> ShowAsync(HttpContext http, ChangeSite change, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site ? Page.Show<SitePage>(new { Site = site, Form = SiteForm.Of(site) }) : TypedResults.NotFound();

    private static async Task<IResult> ChangeAsync(HttpContext http, ChangeSite change, long id, [FromForm] SiteForm form, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        if (IsOld(site, form.Version))
            return Page.ShowProblems<SitePage>(new { Site = site, Form = form, Problems = ChangedMeanwhile });
        var outcome = await change.SetGeneralAsync(site, form, http.Staff(), cancellation);
        return outcome.Succeeded ? Saved(id, "") : Page.ShowProblems<SitePage>(new { Site = site, Form = form, outcome.Problems });
    }

    private static async Task<IResult> SetLogoAsync(HttpContext http, ChangeSite change, SiteLogo logo, long id, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var upload = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancellation)).Files["Logo"] : null;
        return Answer(site, await logo.SetAsync(site, upload, http.Staff(), cancellation));
    }

    private static async Task<IResult> RemoveLogoAsync(HttpContext http, ChangeSite change, SiteLogo logo, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site ? Answer(site, await logo.RemoveAsync(site, http.Staff(), cancellation)) : TypedResults.NotFound();

    private static async Task<IResult> ArchiveAsync(HttpContext http, ChangeSite change, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site ? Answer(site, await change.ArchiveAsync(site, http.Staff(), cancellation)) : TypedResults.NotFound();

    private static async Task<IResult> RestoreAsync(HttpContext http, ChangeSite change, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site ? Answer(site, await change.RestoreAsync(site, http.Staff(), cancellation)) : TypedResults.NotFound();

    private static async Task<IResult> ShowHoursAsync(HttpContext http, ChangeSite change, TimeProvider time, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site
            ? Page.Show<SiteHoursPage>(new { Site = site, Form = HoursForm.Of(site.Hours), Now = time.Now() })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeHoursAsync(HttpContext http, ChangeSite change, TimeProvider time, long id, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var fields = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
        var form = HoursForm.Of(fields);
        if (IsOld(site, int.TryParse(fields[nameof(Site.Version)], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null))
            return Page.ShowProblems<SiteHoursPage>(new { Site = site, Form = form, Problems = ChangedMeanwhile, Now = time.Now() });
        var hours = form.Read();
        if (!hours.Succeeded)
            return Page.ShowProblems<SiteHoursPage>(new { Site = site, Form = form, hours.Problems, Now = time.Now() });
        var outcome = await change.SetHoursAsync(site, hours.Value, http.Staff(), cancellation);
        return outcome.Succeeded ? Saved(id, "/hours") : Page.ShowProblems<SiteHoursPage>(new { Site = site, Form = form, outcome.Problems, Now = time.Now() });
    }

    private static async Task<IResult> ShowWidgetAsync(HttpContext http, ChangeSite change, PublicAddress address, long id, CancellationToken cancellation) =>
        await change.FindAsync(id, http.Staff(), cancellation) is { } site
            ? Page.Show<SiteWidgetPage>(new { Site = site, Form = WidgetForm.Of(site), Desk = address.Of(http) })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeWidgetAsync(
        HttpContext http, ChangeSite change, PublicAddress address, long id, [FromForm] WidgetForm form, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        if (IsOld(site, form.Version))
            return Page.ShowProblems<SiteWidgetPage>(new { Site = site, Form = form, Desk = address.Of(http), Problems = ChangedMeanwhile });
        var outcome = await change.SetWidgetAsync(site, form, http.Staff(), cancellation);
        return outcome.Succeeded ? Saved(id, "/widget") : Page.ShowProblems<SiteWidgetPage>(new { Site = site, Form = form, Desk = address.Of(http), outcome.Problems });
    }

    private static async Task<IResult> ShowPrivacyAsync(HttpContext http, ChangeSite change, ChangePrivacy privacy, long id, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        var versions = await privacy.VersionsAsync(id, cancellation);
        var form = new PrivacyForm
        {
            TracksPages = site.Privacy.TracksPages,
            RequiresConsent = site.Privacy.RequiresConsent,
            PolicyAddress = site.Privacy.PolicyAddress ?? "",
            PageVisitDays = site.Privacy.PageVisitDays,
            TicketMonths = site.Privacy.TicketMonths,
            MailMonths = site.Privacy.MailMonths,
            Wordings = [.. site.Languages.Select(language => versions.FirstOrDefault()?.Texts.GetValueOrDefault(language) ?? "")],
        };
        return Page.Show<SitePrivacyPage>(new { Site = site, Form = form, Versions = versions });
    }

    private static async Task<IResult> ChangePrivacyAsync(
        HttpContext http, ChangeSite change, ChangePrivacy privacy, long id, [FromForm] PrivacyForm form, CancellationToken cancellation)
    {
        if (await change.FindAsync(id, http.Staff(), cancellation) is not { } site)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        if (IsOld(site, form.Version))
            return Page.ShowProblems<SitePrivacyPage>(new { Site = site, Form = form, Versions = await privacy.VersionsAsync(id, cancellation), Problems = ChangedMeanwhile });
        var outcome = await privacy.RunAsync(site, form, http.Staff(), cancellation);
        return outcome.Succeeded
            ? Saved(id, "/privacy")
            : Page.ShowProblems<SitePrivacyPage>(new { Site = site, Form = form, Versions = await privacy.VersionsAsync(id, cancellation), outcome.Problems });
    }

    private static async Task<IResult> GiveLogoAsync(HttpContext http, SiteDirectory sites, SiteLogo logo, FileStore files, string siteKey, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { Logo: { } token } || await logo.FindAsync(token, cancellation) is not { } file)
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return TypedResults.Stream(files.Open(file), file.ContentType, lastModified: new DateTimeOffset(file.CreatedAt), entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{file.Token}\""));
    }

    /// <summary>Whether somebody else has saved since the form was shown. What was typed stays; sent again, it takes the place of the other's.</summary>
    internal static bool IsOld(Site site, int? version) => version is { } seen && seen != site.Version;

    internal static readonly IReadOnlyList<Problem> ChangedMeanwhile = [new Problem("", "site.changed-meanwhile")];

    private static IResult Answer(Site site, Outcome<Site> outcome) =>
        outcome.Succeeded ? Saved(site.Id, "") : Page.ShowProblems<SitePage>(new { Site = site, Form = SiteForm.Of(site), outcome.Problems });

    private static RedirectSeeOther Saved(long id, string room) => Page.GoTo($"/agent/sites/{id}{room}?done=saved");
}

/// <summary>The fields of a new site.</summary>
public sealed class NewSiteForm
{
    public string SiteName { get; set => field = value ?? ""; } = "";

    public string SiteAddress { get; set => field = value ?? ""; } = "";

    public List<string> Languages { get; set => field = value ?? []; } = [];

    public string TimeZone { get; set => field = value ?? ""; } = "";
}
