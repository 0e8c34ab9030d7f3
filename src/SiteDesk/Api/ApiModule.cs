using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;

namespace SiteDesk.Api;

/// <summary>The public interface for programs, over the same use cases as the pages: <c>/api/v1</c>.</summary>
public static class ApiModule
{
    private const string NoCookie = "Callers are known by their bearer token, never by a cookie.";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddScoped<ApiTokens>();
        services.AddScoped<CustomerOfRequest>();
        services.AddSettingsEntry(SettingsGroup.System, "api.title", "/agent/settings/api", "link", ApiTokenRoutes.Use, 3);
        services.AddOpenApi("v1", ApiDocument.Configure);
        return services;
    }

    /// <summary>Finds out which program calls, before the rules of its route are looked at.</summary>
    public static void UseApi(this WebApplication app) => app.UseMiddleware<BearerAuthenticationMiddleware>();

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithoutAntiforgery(NoCookie).WithMetadata(new BearerOnly(null));
        api.MapTicketApi();
        api.MapCustomerApi();
        api.MapDirectoryApi();
        routes.MapOpenApi("/api/{documentName}/openapi.json").IsPublic("The description of the interface holds no data.");
        routes.MapGet("/api", ApiDocument.ShowAsync).IsPublic("The description of the interface holds no data.");
        routes.MapApiTokens();
    }

    /// <summary>
    /// The JSON body, for the description only: routing must not choose by content type, or a wrong one would be answered
    /// before it is known who asks.
    /// </summary>
    internal static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new ApiBody(typeof(TBody)));

    /// <summary>What a token must be good for to call the route.</summary>
    internal static TBuilder Scoped<TBuilder>(this TBuilder builder, string scope) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new BearerOnly(scope));
}

/// <summary>The type of a route's JSON body.</summary>
internal sealed record ApiBody(Type Type);
