using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>The websites that are served.</summary>
public static class SitesModule
{
    public static IServiceCollection AddSites(this IServiceCollection services)
    {
        services.AddScoped<CreateSite>();
        services.AddScoped<SiteDirectory>();
        return services;
    }

    public static void MapSites(this IEndpointRouteBuilder routes)
    {
    }
}

public static class SitePermissions
{
    /// <summary>Names, domains, looks, hours, privacy of sites.</summary>
    public static readonly Permission Manage = Permission.Of("sites.manage", Role.Owner, Role.Administrator);
}
