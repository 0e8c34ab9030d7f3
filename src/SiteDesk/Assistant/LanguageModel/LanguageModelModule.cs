using SiteDesk.Assistant.LanguageModel.Calling;
using SiteDesk.Assistant.LanguageModel.Connection;
using SiteDesk.Assistant.LanguageModel.Translating;
using SiteDesk.Assistant.LanguageModel.Wording;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.LanguageModel;

/// <summary>A language model that an owner may connect. It words and translates; it never decides and never acts.</summary>
internal static class LanguageModelModule
{
    public static IServiceCollection AddLanguageModel(this IServiceCollection services)
    {
        services.AddSingleton<ModelSecrets>();
        services.AddSingleton<ModelBudget>();
        services.AddSingleton<ModelNetwork>();
        services.AddSingleton<AskModel>();
        services.AddScoped<KeepModelConnection>();
        services.AddSingleton<TestModelConnection>();
        services.AddSettingsEntry(SettingsGroup.System, "model.title", ModelRoutes.Address, "spark", LanguageModelPermissions.Manage, 40);

        services.AddSingleton<IWordAnswers, WordAnswers>();

        services.AddSingleton<KeptTranslations>();
        services.AddSingleton<ITranslateForStaff, TranslateForStaff>();
        services.AddScoped<IAddToMessages, TranslationAdditions>();
        services.AddSingleton(new ComposerPart(TranslationRoutes.Key, TranslationRoutes.AddressFor, TicketPermissions.Read));
        return services;
    }

    public static void MapLanguageModel(this IEndpointRouteBuilder routes)
    {
        ModelRoutes.Map(routes);
        TranslationRoutes.Map(routes);
    }
}

public static class LanguageModelPermissions
{
    /// <summary>Connect a language model, bound it, test it.</summary>
    public static readonly Permission Manage = Permission.Of("model.manage", Role.Owner, Role.Administrator);
}
