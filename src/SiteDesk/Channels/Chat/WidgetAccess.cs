using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// Stands before every route of the widget: finds the site, lets only its domains in, and says so in the headers browsers
/// ask for (Fetch standard, CORS). Authority comes from the visitor's secret alone, never from a cookie.
/// </summary>
public sealed class WidgetAccess(SiteDirectory sites, TryPass passes) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (key, isStage) = await passes.ReadAsync((string?)http.GetRouteValue("siteKey") ?? "", http.RequestAborted);
        if (await sites.FindAsync(key, http.RequestAborted) is not { } site)
            return WidgetProblem.Of(http, StatusCodes.Status404NotFound, "chat.site-unknown");

        var wishes = http.Request.Query["language"].ToString() is { Length: > 0 } asked ? asked : http.Request.Headers.AcceptLanguage.ToString();
        var language = WidgetVisit.LanguageFor(site, wishes.Split(',', StringSplitOptions.TrimEntries).Take(10));
        http.SetReader(language);
        if (!Admits(http, site, isStage))
            return WidgetProblem.Of(http, StatusCodes.Status403Forbidden, "chat.origin-refused");
        AllowOrigin(http);
        if (HttpMethods.IsOptions(http.Request.Method))
            return TypedResults.NoContent();

        new WidgetVisit(site, language, WidgetVisit.HashOfToken(http.Request)).SetOn(http);
        return await next(context);
    }

    /// <summary>Whether a page of this origin may talk for the site.</summary>
    /// <param name="isStage">The page to try the widget on showed its pass.</param>
    private static bool Admits(HttpContext http, Site site, bool isStage)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (isStage && origin == "null")
            return true;
        if (origin.Length == 0)
        {
            // No origin is sent for a picture or download, and by pages of this very program.
            var isSafe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
            return isSafe && (http.GetEndpoint()?.Metadata.GetMetadata<OpenToLinks>() is not null || http.Request.Headers["Sec-Fetch-Site"] == "same-origin");
        }

        return Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            && (site.Allows(page.Authority) || page.Authority == http.Request.Host.Value || TryIt.IsStage(http, page));
    }

    private static void AllowOrigin(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        // Written last of all, so that an error answer has them too and the widget can read what is wrong.
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.Vary = "Origin";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            if (origin.Length == 0)
                return Task.CompletedTask;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = "Retry-After";
            if (HttpMethods.IsOptions(http.Request.Method))
            {
                headers.AccessControlAllowMethods = "GET, POST";
                headers.AccessControlAllowHeaders = "Accept-Language, Authorization, Content-Type, Last-Event-ID, X-Challenge";
                headers.AccessControlMaxAge = "7200";
            }

            return Task.CompletedTask;
        });
    }
}

/// <summary>Marks a route whose address alone is the permission: it is followed by links and pictures, which send no origin.</summary>
public sealed record OpenToLinks;
