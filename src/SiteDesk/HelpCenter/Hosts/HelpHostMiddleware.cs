using SiteDesk.Platform.Localisation;

namespace SiteDesk.HelpCenter.Hosts;

/// <summary>
/// Before routing: under a help centre's own host <c>/en/articles/refund</c> means <c>/help/KEY/en/articles/refund</c>. Forwarded hosts were
/// judged before, so the host is what the browser or a trusted proxy said.
/// </summary>
internal sealed class HelpHostMiddleware(RequestDelegate next, HelpHosts hosts)
{
    /// <summary>Paths of the help centre as a whole; the others begin with a language.</summary>
    private static readonly string[] OfTheWhole = ["/", "/sitemap.xml"];

    public async Task InvokeAsync(HttpContext http)
    {
        if (await hosts.FindAsync(http.Request.Host.Host, http.RequestAborted) is { } host)
        {
            var path = http.Request.Path.Value is { Length: > 0 } asked ? asked : "/";
            var isShort = IsShort(path);
            http.Features.Set(host with { CameShort = isShort });
            if (isShort)
                http.Request.Path = $"/help/{host.SiteKey}{(path == "/" ? "" : path)}";
        }

        await next(http);
    }

    private static bool IsShort(string path) => OfTheWhole.Contains(path, StringComparer.Ordinal) || Languages.Match(path.Split('/', 3)[1]) is not null;
}
