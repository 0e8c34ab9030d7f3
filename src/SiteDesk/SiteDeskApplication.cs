using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Assistant;
using SiteDesk.Channels.Chat;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Form;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Customers;
using SiteDesk.Demo;
using SiteDesk.HelpCenter;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Setup;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk;

/// <summary>Puts the features together. Tests start the whole program through here, too.</summary>
public static class SiteDeskApplication
{
    /// <param name="arguments">The command line, without a command's name.</param>
    /// <param name="replace">Lets a test put its clock or its outside world in place.</param>
    /// <exception cref="ConfigurationException">A setting is wrong; the message is for the administrator.</exception>
    public static WebApplication Build(string[] arguments, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [],
            ApplicationName = typeof(SiteDeskApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var options = SiteDeskConfiguration.Read(builder.Configuration, arguments);
        builder.WebHost.UseSetting("urls", options.Urls);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, options));

        // What goes wrong while it starts is told by the command in a sentence; the host would print the whole stack before it.
        // After a failed start the host also takes the cancelled background services for crashed ones, and these tell of what they
        // were interrupted in.
        var start = new StartState();
        builder.Services.AddSingleton(start);
        builder.Logging.AddFilter("Microsoft", level => !start.HasFailed && level >= LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", level => !start.HasFailed && level >= LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", level => !start.HasFailed && level >= LogLevel.Error); // the keys lie in the database, as private as the rest of it
        builder.Logging.AddFilter("SiteDesk", level => !start.HasFailed && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => !start.HasFailed && level >= (start.IsDone ? LogLevel.Warning : LogLevel.Critical));

        builder.Services.AddPlatform(options);
#if !WITHOUT_GENERATED_MODELS
        builder.Services.AddSingleton<IGeneratedModels, CompiledModels.GeneratedModels>();
#endif
        builder.Services.AddAccounts();
        builder.Services.AddSites();
        builder.Services.AddCustomers();
        builder.Services.AddTickets();
        builder.Services.AddUnseenAnswers();
        builder.Services.AddChat();
        builder.Services.AddForm();
        builder.Services.AddEmail();
        builder.Services.AddHelpCenter();
        builder.Services.AddAssistant();
        builder.Services.AddApi();
        builder.Services.AddSetup();
        builder.Services.AddDemo();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UsePlatform();
        app.UseHelpHosts();
        app.UseRouting();
        app.UseMiddleware<StaffAuthenticationMiddleware>();
        app.UseHelpHostDoors();
        app.UseApi();
        app.UseRules();

        // As a group: running from a build, the framework adds a route of its own for files that are missing.
        app.MapGroup("").IsPublic("Scripts and styles hold no secrets.").MapStaticAssets();
        var routes = app.MapGroup("").DisableAntiforgery(); // our own middleware checks every unsafe request
        routes.AnswerHead();
        routes.MapHealth();
        routes.MapSettings();
        routes.MapDeadLetters();
        routes.MapAccounts();
        routes.MapSites();
        routes.MapCustomers();
        routes.MapConditions();
        routes.MapTickets();
        routes.MapChat();
        routes.MapForm();
        routes.MapEmail();
        routes.MapHelpCenter();
        routes.MapAssistant();
        routes.MapApi();
        routes.MapSetup();
        return app;
    }

    /// <summary>Brings the database up to date and starts listening; returns when requests are answered.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
        if (app.Services.GetRequiredService<SiteDeskOptions>().Demo)
            await app.Services.FillDemoAsync(cancellation);
        var start = app.Services.GetRequiredService<StartState>();
        try
        {
            await app.StartAsync(cancellation);
            start.IsDone = true;
        }
        catch
        {
            start.HasFailed = true;
            await EndAsync(app);
            throw;
        }
    }

    /// <summary>Ends the background services that a failed start has left running, before what they use is disposed.</summary>
    private static async Task EndAsync(WebApplication app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await app.StopAsync(limit.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or AggregateException)
        {
            // What kept the program from starting is what the administrator has to hear of; a service that does not end cleanly follows from it.
            app.Logger.LogDebug(problem, "A background service did not end cleanly after the failed start.");
        }
    }

    // How far the start has come, for what the host may say meanwhile.
    private sealed class StartState
    {
        public volatile bool IsDone;
        public volatile bool HasFailed;
    }
}
