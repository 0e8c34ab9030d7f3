using SiteDesk.HelpCenter.Authoring;
using SiteDesk.HelpCenter.Hosts;
using SiteDesk.HelpCenter.Insertions;
using SiteDesk.HelpCenter.Insights;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.HelpCenter;

/// <summary>Articles that answer before somebody has to ask.</summary>
public static class HelpCenterModule
{
    /// <summary>Bytes of what a reader may send: a vote with its reason, a note of a visit.</summary>
    private const long MostBytes = 16 * 1024;

    public static IServiceCollection AddHelpCenter(this IServiceCollection services)
    {
        services.AddScoped<HelpStamp>();
        services.AddSingleton<Customers.SignIn.ISignInPage, SignInPage>();
        services.AddScoped<KeepSection>();
        services.AddScoped<StartArticle>();
        services.AddScoped<PublishArticle>();
        services.AddAuthoring();
        services.AddScoped<SnapshotReader>();
        services.AddSingleton<HelpHosts>();
        services.AddSingleton<HelpSnapshots>();
        services.AddHostedService(provider => provider.GetRequiredService<HelpSnapshots>());
        services.AddSingleton<ArticleBodies>();
        services.AddSingleton<RenderedPages>();
        services.AddScoped<HelpVisits>();
        services.AddSingleton<ReaderCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<ReaderCounts>());
        services.AddScoped<CastVote>();
        services.AddScoped<AskForSignIn>();
        services.AddScoped<SuggestArticles>();
        services.AddScoped<RecordTrailStep>();
        services.AddScoped<TakeTrail>();
        services.AddScoped<ToldTrail>();
        services.AddScoped<InsightsReader>();
        services.AddScoped<IRecurringJob, ReaderRecordRetention>();
        services.AddSingleton(new ComposerSource("help.insert", "book", InsertionRoutes.AddressFor, TicketPermissions.Reply));
        services.AddSettingsEntry(SettingsGroup.Sites, "help.insights.entry", "/agent/help/insights", "activity", HelpCenterPermissions.Insights, 5);
        services.AddHandler<TicketOpened, RecordDeflection>(opened => opened.Channel == "form"); // the widget tells by itself
        return services;
    }

    public static void MapHelpCenter(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthoring();
        var open = routes.MapGroup("").IsPublic("The help centre is for everybody; each article keeps to its audience.");
        open.MapMethods("/help/{siteKey}", Reads, HelpPages.ChooseLanguageAsync);
        open.MapMethods("/help/{siteKey}/sitemap.xml", Reads, HelpFeeds.GiveIndexAsync);
        open.MapMethods("/robots.txt", Reads, HelpFeeds.GiveRobotsAsync);
        open.MapMethods("/help-files/{sha256}/{name}", Reads, HelpFiles.GiveAsync);

        var site = open.MapGroup("/help/{siteKey}/{language}");
        site.MapMethods("", Reads, HelpPages.ShowHomeAsync);
        site.MapMethods("/sections/{slug}", Reads, HelpPages.ShowSectionAsync);
        site.MapMethods("/articles/{slug}", Reads, HelpPages.ShowArticleAsync);
        site.MapMethods("/search", Reads, HelpPages.ShowSearchAsync);
        site.MapGet("/suggestions", HelpSuggestions.GiveAsync);
        site.MapMethods("/sitemap.xml", Reads, HelpFeeds.GiveMapAsync);
        site.MapMethods("/feed.atom", Reads, HelpFeeds.GiveFeedAsync);
        site.MapGet("/articles/{slug}/votes/{token}", VotePages.ShowAsync);
        site.MapMethods("/sign-in", Reads, SignInPages.ShowAsync);
        site.MapGet("/sign-in/{token}", SignInPages.OpenAsync);
        var doors = site.MapGroup("").WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes));
        doors.MapPost("/sign-in", SignInPages.AskAsync);
        doors.MapPost("/sign-in/{token}", SignInPages.UseAsync);

        var notes = site.MapGroup("").WithoutAntiforgery("No cookie gives rights here: a reader's vote is anonymous, limited by network, and its page is kept for everybody alike.")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes));
        notes.MapPost("/articles/{slug}/votes", VotePages.CastAsync);
        notes.MapPost("/articles/{slug}/votes/{token}", VotePages.ExplainAsync);
        notes.MapPost("/deflections", DeflectionRoutes.NoteAsync);
        notes.MapPost("/trail", TrailRoutes.NoteAsync);
        InsightsRoutes.Map(routes);
        InsertionRoutes.Map(routes);
    }

    /// <summary>Before routing: a help centre's own host leads to its pages.</summary>
    public static void UseHelpHosts(this IApplicationBuilder app) => app.UseMiddleware<HelpHostMiddleware>();

    /// <summary>Once it is known who asks for which route: nothing but the help centre answers under its own host.</summary>
    public static void UseHelpHostDoors(this IApplicationBuilder app) => app.UseMiddleware<HelpHostDoors>();

    // Search engines and link checkers ask with HEAD.
    private static readonly string[] Reads = ["GET", "HEAD"];
}
