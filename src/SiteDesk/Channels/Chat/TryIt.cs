using System.Net;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// A plain page with the widget in it, as on the site itself. On the machine where SiteDesk is tried out it stands under
/// the other name of the loopback address (localhost, 127.0.0.1), which for a browser is another origin. Behind a public address
/// there is no second name: the page is sandboxed, which gives it an origin of its own (HTML standard, sandboxing). Such a page may
/// keep nothing, so a conversation ends with a reload there; with <c>own=1</c> it stands on the desk's own origin, where it stays.
/// </summary>
public static class TryIt
{
    public static async Task<IResult> ShowAsync(HttpContext http, string siteKey, SiteDirectory sites, PublicAddress address, TryPass passes, CancellationToken cancellation)
    {
        if (await sites.FindAsync(siteKey, cancellation) is not { } site)
            return TypedResults.NotFound();
        http.SetReader(WidgetVisit.LanguageFor(site, [http.Request.Query["language"].ToString(), .. http.Request.Headers.AcceptLanguage.ToString().Split(',', ';').Take(10)]));
        var page = http.Request.Query["page"].ToString();
        if (OtherOrigin(http) is not { } other)
        {
            if (http.Request.Query["own"] == "1")
                return Show(http, site, page, address.Of(http));

            // A sandboxed page is refused by browsers when it also wants its opener kept away (HTML standard, cross-origin opener policies).
            http.Response.Headers["Cross-Origin-Opener-Policy"] = "unsafe-none";
            return Show(http, site, page, address.Of(http), await passes.KeyWithPassAsync(site.Key, cancellation));
        }

        // The stage is the other origin; the widget comes from the one that the reader's address bar showed first.
        if (http.Request.Query["desk"].ToString() is not { Length: > 0 } desk)
            return TypedResults.Redirect($"{other.GetLeftPart(UriPartial.Authority)}{http.Request.Path}?desk={Uri.EscapeDataString(http.Request.Host.Value!)}&language={http.Texts().Language}");
        return desk == other.Authority ? Show(http, site, page, other.GetLeftPart(UriPartial.Authority)) : TypedResults.NotFound();
    }

    /// <summary>Whether the origin is the stage on which this program shows its own widget.</summary>
    public static bool IsStage(HttpContext http, Uri origin) => OtherOrigin(http) is { } other && other.Authority == origin.Authority && other.Scheme == origin.Scheme;

    /// <summary>The same program under the loopback's other name; null when it is not reached by the loopback.</summary>
    private static Uri? OtherOrigin(HttpContext http)
    {
        var isLocal = http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
        var name = http.Request.Host.Host switch { "localhost" => "127.0.0.1", "127.0.0.1" => "localhost", _ => null };
        return isLocal && name is not null && http.Request.Host.Port is { } port ? new Uri($"{http.Request.Scheme}://{name}:{port}/") : null;
    }

    /// <param name="pass">The site's key with its pass, for a page with an origin of its own; null for any other.</param>
    private static IResult Show(HttpContext http, Site site, string page, string desk, string? pass = null)
    {
        var sandbox = pass is null ? "" : "; sandbox allow-scripts allow-forms allow-popups allow-downloads";
        // This page plays a site of the world outside: it may run the widget and nothing else.
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src {desk}; connect-src {desk}; img-src {desk} data:; style-src 'self' {desk}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'{sandbox}";
        return Page.Show<TryPage>(new { Site = site, Desk = desk, Number = page == "2" ? 2 : 1, Key = pass ?? site.Key, IsSandboxed = pass is not null });
    }
}
