using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>The websites that are served.</summary>
public static class SitesModule
{
    public static IServiceCollection AddSites(this IServiceCollection services)
    {
        services.AddScoped<CreateSite>();
        services.AddScoped<SiteDirectory>();
        services.AddScoped<AddSite>();
        services.AddScoped<ChangeSite>();
        services.AddScoped<ChangePrivacy>();
        services.AddScoped<ChangeHelpHost>();
        services.AddScoped<SiteLogo>();
        services.AddSettingsEntry(SettingsGroup.Sites, "site.title", "/agent/sites", "globe", SitePermissions.Manage);
        return services;
    }

    public static void MapSites(this IEndpointRouteBuilder routes)
    {
        SiteRoutes.Map(routes);
        SiteHelpRoutes.Map(routes);
    }
}

public static class SitePermissions
{
    /// <summary>Names, domains, looks, hours, privacy of sites.</summary>
    public static readonly Permission Manage = Permission.Of("sites.manage", Role.Owner, Role.Administrator);
}
