using Microsoft.AspNetCore.Authorization;

namespace SiteDesk.Platform.Security;

/// <summary>
/// A route's rule. Every route has exactly one of <see cref="RoutePermissions.Needs"/>, <see cref="RoutePermissions.NeedsSignIn"/>
/// and <see cref="RoutePermissions.IsPublic"/>; one without is refused at start.
/// </summary>
/// <param name="Permission">Null when being signed in is enough, or when the route is public.</param>
/// <param name="PublicBecause">Why everybody may call it; null when not public.</param>
public sealed record RouteRule(Permission? Permission, string? PublicBecause) : IAuthorizationRequirement;

/// <summary>The route is called with a bearer token or a signed link, not with the browser's cookie, so it needs no antiforgery token.</summary>
public sealed record NoAntiforgery(string Because);

public static class RoutePermissions
{
    /// <summary>Only staff whose role has the permission.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteRule(permission, null));

    /// <summary>Any member of staff who is signed in (their own profile, signing out).</summary>
    public static TBuilder NeedsSignIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteRule(null, null));

    /// <summary>Everybody; says why.</summary>
    public static TBuilder IsPublic<TBuilder>(this TBuilder builder, string because) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RouteRule(null, because));

    /// <summary>Lifts the antiforgery check where no cookie gives rights; says why.</summary>
    public static TBuilder WithoutAntiforgery<TBuilder>(this TBuilder builder, string because) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NoAntiforgery(because));
}

/// <summary>Holds every request to the rule of its route: the innermost metadata wins over its group's.</summary>
public sealed class RoutePermissionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        // What is no route of ours is routing's own answer to a wrong method or content type (405, 415): it shows nothing.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        var rule = endpoint.Metadata.GetMetadata<RouteRule>()
            ?? throw new InvalidOperationException($"Route {endpoint.DisplayName} has no rule: say Needs, NeedsSignIn or IsPublic.");
        if (rule.PublicBecause is not null)
        {
            await next(http);
            return;
        }

        if (http.FindStaff() is not { } staff)
        {
            await AskToSignInAsync(http);
            return;
        }

        if (rule.Permission is not null && !staff.May(rule.Permission))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await next(http);
    }

    private static Task AskToSignInAsync(HttpContext http)
    {
        // Monitors accept anything and ask for no content: they shall find the page that asks to sign in, too.
        var wantsPage = HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (wantsPage && !http.Request.Headers.ContainsKey("Turbo-Frame"))
            http.Response.Redirect($"/sign-in?return={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
        else
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
