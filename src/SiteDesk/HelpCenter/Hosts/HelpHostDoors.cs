using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticAssets;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Hosts;

/// <summary>
/// After routing: what answers under a help centre's own host, and nothing else does; and where a help centre has such a host, the long
/// addresses of its pages lead there for good.
/// </summary>
internal sealed class HelpHostDoors(RequestDelegate next)
{
    /// <summary>Every route that answers under a help centre's own host, besides scripts, styles and pictures of the program.</summary>
    internal static readonly FrozenSet<string> Open = new[]
    {
        // The help centre itself.
        "/help/{siteKey}", "/help/{siteKey}/sitemap.xml", "/robots.txt", "/help-files/{sha256}/{name}", "/site-logo/{siteKey}",
        "/help/{siteKey}/{language}", "/help/{siteKey}/{language}/sections/{slug}", "/help/{siteKey}/{language}/articles/{slug}", "/help/{siteKey}/{language}/search",
        "/help/{siteKey}/{language}/suggestions", "/help/{siteKey}/{language}/sitemap.xml", "/help/{siteKey}/{language}/feed.atom",
        "/help/{siteKey}/{language}/articles/{slug}/votes", "/help/{siteKey}/{language}/articles/{slug}/votes/{token}", "/help/{siteKey}/{language}/deflections", "/help/{siteKey}/{language}/trail",
        "/help/{siteKey}/{language}/sign-in", "/help/{siteKey}/{language}/sign-in/{token}", "/customer/sign-out",

        // Who did not find it asks here, and reads the answer where they asked.
        "/contact/{siteKey}", "/t/{token}", "/t/{token}/messages", "/t/{token}/seen", "/t/{token}/stream", "/t/{token}/files/{fileToken}",

        // For the proxy in front.
        "/health/live", "/health/ready",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Pages that have one address. What scripts ask and send answers under both: a widget or a page may have been loaded before.</summary>
    internal static readonly FrozenSet<string> Pages = new[]
    {
        "/help/{siteKey}", "/help/{siteKey}/sitemap.xml", "/help/{siteKey}/{language}", "/help/{siteKey}/{language}/sections/{slug}", "/help/{siteKey}/{language}/articles/{slug}",
        "/help/{siteKey}/{language}/search", "/help/{siteKey}/{language}/sitemap.xml", "/help/{siteKey}/{language}/feed.atom", "/help/{siteKey}/{language}/sign-in",
    }.ToFrozenSet(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } written } endpoint)
            return next(http);
        var pattern = NameOf(written);
        var key = http.GetRouteValue("siteKey") as string;
        if (http.Features.Get<HelpHost>() is { } host)
        {
            if (!(Open.Contains(pattern) || endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) || key is not null && key != host.SiteKey)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            // A link as articles keep it. A short path became a long one before routing, and is where it should be.
            return !host.CameShort && key is not null && MayMove(http, pattern) ? GoTo(http, host.Origin, key) : next(http);
        }

        return key is not null && MayMove(http, pattern) ? MoveAsync(http, key) : next(http);
    }

    /// <summary>A route as the lists name it: the first of a group is written with a slash at its end.</summary>
    internal static string NameOf(string pattern) => pattern.Length > 1 ? pattern.TrimEnd('/') : pattern;

    private async Task MoveAsync(HttpContext http, string key)
    {
        // The staff are signed in here and nowhere else: what only they may read, they read here.
        var site = await http.RequestServices.GetRequiredService<SiteDirectory>().FindAsync(key, http.RequestAborted);
        if (site?.HelpOrigin is { } origin && http.FindStaff()?.SeesSite(site.Id) != true)
            await GoTo(http, origin, key);
        else
            await next(http);
    }

    private static bool MayMove(HttpContext http, string pattern) => (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && Pages.Contains(pattern);

    private static Task GoTo(HttpContext http, string origin, string key)
    {
        var path = http.Request.Path.Value!["/help/".Length..][key.Length..];
        http.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        http.Response.Headers.Location = origin + (path.Length == 0 ? "/" : new PathString(path).ToUriComponent()) + http.Request.QueryString.ToUriComponent();
        // Asked again each time: staff are not led away, and a host may be given up again.
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Cookie";
        return Task.CompletedTask;
    }
}
