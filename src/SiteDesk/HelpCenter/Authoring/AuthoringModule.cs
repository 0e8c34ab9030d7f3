using SiteDesk.HelpCenter.Authoring.Transfer;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>The authors' side of the help centre.</summary>
public static class AuthoringModule
{
    public static IServiceCollection AddAuthoring(this IServiceCollection services)
    {
        services.AddScoped<ArticleDesk>();
        services.AddScoped<ArticleLists>();
        services.AddScoped<KeepArticleDraft>();
        services.AddScoped<ChangeArticle>();
        services.AddScoped<NarrowReaders>();
        services.AddScoped<ArticlePictures>();
        services.AddScoped<OrderHelp>();
        services.AddScoped<KeepSynonyms>();
        services.AddScoped<FindBrokenLinks>();
        services.AddScoped<ImportArticles>();
        services.AddScoped<ImportShelves>();
        services.AddScoped<ExportArticles>();
        services.AddScoped<ArticleFromMessage>();
        services.AddSingleton(new MessageAction("help-desk.from-message", "book", ticket => FormattableString.Invariant($"/agent/help/tickets/{ticket}/articles"), HelpCenterPermissions.Write));
        services.AddSingleton<ArticlePresence>();
        services.AddHostedService(provider => provider.GetRequiredService<ArticlePresence>());
        services.AddScoped<IRecurringJob, PublishDueArticles>();
        services.AddScoped<IRecurringJob, CheckOutsideLinks>();
        services.AddScoped<IRecurringJob, NotifyAuthors>();
        services.AddHandler<ReviewAsked, NotifyAuthors>();
        services.AddHandler<ReviewEnded, NotifyAuthors>();
        services.AddSingleton(new RailEntry("help-desk.title", "/agent/help", "book", HelpCenterPermissions.Write, Position: 300));
        return services;
    }

    public static void MapAuthoring(this IEndpointRouteBuilder routes)
    {
        ListRoutes.Map(routes);
        ArticleRoutes.Map(routes);
        ArticleActionRoutes.Map(routes);
        ReaderRoutes.Map(routes);
        SectionRoutes.Map(routes);
        ToolRoutes.Map(routes);
        TransferRoutes.Map(routes);
    }
}
