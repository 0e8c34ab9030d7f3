using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;

namespace SiteDesk.Api;

/// <summary>The page on which staff make and revoke their tokens.</summary>
internal static class ApiTokenRoutes
{
    public static readonly Permission Use = Permission.Of("api.use", Role.Owner, Role.Administrator, Role.Lead, Role.Engineer);

    public static void MapApiTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/agent/settings/api").Needs(Use);
        tokens.MapGet("", async (HttpContext http, ApiTokens all, ShownOnce shownOnce, CancellationToken cancellation) =>
            Page.Show<ApiTokensPage>(new { Tokens = await all.ListAsync(http.Staff(), cancellation), NewSecret = shownOnce.Take(http) }));
        tokens.MapPost("", CreateAsync);
        tokens.MapPost("/{id:long}/revocation", async (HttpContext http, ApiTokens all, long id, CancellationToken cancellation) =>
            await all.RevokeAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/settings/api") : (IResult)TypedResults.NotFound());
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, ApiTokens tokens, ShownOnce shownOnce, TimeProvider time, [FromForm] string? name, [FromForm] int? days, IFormCollection form, CancellationToken cancellation)
    {
        var scopes = form["scopes"].OfType<string>().ToList();
        DateTime? expiresAt = days is > 0 and <= 3650 ? time.Now().AddDays(days.Value) : null;
        var outcome = await tokens.CreateAsync(name ?? "", scopes, expiresAt, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return Page.ShowProblems<ApiTokensPage>(new { Tokens = await tokens.ListAsync(http.Staff(), cancellation), outcome.Problems, Name = name });
        shownOnce.Keep(http, outcome.Value.Secret);
        return Page.GoTo("/agent/settings/api");
    }
}
