using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Api;

/// <summary>Lets programs in by "Authorization: Bearer …" (RFC 6750), on routes marked <see cref="BearerOnly"/>.</summary>
public sealed class BearerAuthenticationMiddleware(RequestDelegate next, AddressWatch watch)
{
    private static readonly object CallerKey = new();
    private const int MostFailures = 30;

    public async Task InvokeAsync(HttpContext http, ApiTokens tokens)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<BearerOnly>() is not { } rule)
        {
            await next(http);
            return;
        }

        if (SecretOf(http.Request) is not { } secret || await tokens.FindAsync(secret, http.RequestAborted) is not { } caller)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            var isPatient = watch.TryTake("api-failure", AddressWatch.Network(http.Connection.RemoteIpAddress), MostFailures);
            await ApiProblem.Of(http, isPatient ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests, "api.token-invalid").ExecuteAsync(http);
            return;
        }

        if (rule.Scope is not null && !caller.Scopes.Contains(rule.Scope))
        {
            http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{rule.Scope}\"";
            await ApiProblem.Of(http, StatusCodes.Status403Forbidden, "api.scope-missing", ("scope", rule.Scope)).ExecuteAsync(http);
            return;
        }

        http.SetStaff(caller.Staff);
        http.SetReader(caller.Staff.Language, caller.Staff.TimeZone);
        http.Items[CallerKey] = caller;
        await next(http);
    }

    /// <summary>The caller of this request.</summary>
    public static ApiTokens.Caller CallerOf(HttpContext http) => (ApiTokens.Caller)http.Items[CallerKey]!;

    private static string? SecretOf(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.Length is > 20 and < 200 ? header[scheme.Length..].Trim() : null;
    }
}
