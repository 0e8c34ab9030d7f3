using SiteDesk.HelpCenter.Authoring;

namespace SiteDesk.HelpCenter;

/// <summary>Articles that answer before somebody has to ask.</summary>
public static class HelpCenterModule
{
    public static IServiceCollection AddHelpCenter(this IServiceCollection services)
    {
        services.AddScoped<HelpStamp>();
        services.AddScoped<KeepSection>();
        services.AddScoped<StartArticle>();
        services.AddScoped<PublishArticle>();
        services.AddAuthoring();
        return services;
    }

    public static void MapHelpCenter(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthoring();
    }
}
