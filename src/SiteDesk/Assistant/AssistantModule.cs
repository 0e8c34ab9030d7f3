using SiteDesk.Assistant.Knowledge;

namespace SiteDesk.Assistant;

/// <summary>Answers with its source, asks when it is not sure, and hands over with the whole story.</summary>
public static class AssistantModule
{
    public static IServiceCollection AddAssistant(this IServiceCollection services)
    {
        services.AddSingleton<LiveKnowledge>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveKnowledge>());
        services.AddAssistantPages();
        return services;
    }

    public static void MapAssistant(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapAssistantPages();
    }
}
