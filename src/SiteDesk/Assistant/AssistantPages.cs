using SiteDesk.Assistant.Figures;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Settings;
using SiteDesk.Assistant.Teaching;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant;

/// <summary>The owner's and the lead's pages of the assistant: its figures, what it is taught, its settings.</summary>
internal static class AssistantPages
{
    public static IServiceCollection AddAssistantPages(this IServiceCollection services)
    {
        services.AddScoped<ChangeAssistant>();
        services.AddScoped<KnowledgeDraft>();
        services.AddScoped<IntentReader>();
        services.AddScoped<KnowledgeWords>();
        services.AddScoped<Trials>();
        services.AddScoped<QuestionTexts>();
        services.AddScoped<TeachingReader>();
        services.AddScoped<TeachGroup>();
        services.AddScoped<CorrectTurn>();
        services.AddScoped<FiguresReader>();
        services.AddSingleton<TrialRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<TrialRunner>());
        services.AddSingleton(new RailEntry("assist.title", "/agent/assistant", "spark", AssistantPermissions.Read, Position: 320));
        services.AddSettingsEntry(SettingsGroup.Sites, "assist.title", "/agent/assistant/settings", "spark", AssistantPermissions.Settings, 4);
        return services;
    }

    public static void MapAssistantPages(this IEndpointRouteBuilder routes)
    {
        FiguresRoutes.Map(routes);
        AssistantSettingsRoutes.Map(routes);
        IntentRoutes.Map(routes);
        DraftRoutes.Map(routes);
        TeachingRoutes.Map(routes);
        CorrectionRoutes.Map(routes);
    }
}
