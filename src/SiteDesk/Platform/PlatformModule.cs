using System.Net;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.HttpOverrides;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Telemetry;
using SiteDesk.Platform.Web;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Platform;

/// <summary>The ground floor: what every feature stands on.</summary>
public static class PlatformModule
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, SiteDeskOptions options)
    {
        var folder = new DataFolder(options.Data);
        services.AddSingleton(options);
        services.AddSingleton(folder);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PublicAddress>();
        services.AddHttpContextAccessor();

        services.AddDatabase(DatabaseAddress.Parse(options.Database, folder.Root));
        services.AddSharedDataProtection();
        services.AddSingleton<EventCatalog>();
        services.AddSingleton(typeof(WakeSignal<>));
        services.AddSingleton<EventDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<EventDispatcher>());
        services.AddSingleton<LiveHub>();
        services.AddSingleton<ClusterNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterNotifications>());
        services.AddSingleton<Leases>();
        services.AddHostedService<RecurringJobs>();

        services.AddSingleton<FileLimits>();
        services.AddVirusScan(options.VirusScanner);
        services.AddScoped<FileStore>();
        services.AddScoped<AuditLog>();
        services.AddScoped<IRecurringJob, FileRetention>();
        services.AddScoped<DeadLetters>();
        services.AddSettingsEntry(SettingsGroup.System, "event.title", "/agent/events", "refresh", EventPermissions.Manage, 2);

        services.AddSingleton(provider => provider.GetRequiredService<IConfiguration>().GetSection("Abuse").Get<AbuseLimits>() ?? new AbuseLimits());
        services.AddSingleton<AddressWatch>();
        services.AddSingleton<SharedLimits>();
        services.AddHostedService(provider => provider.GetRequiredService<SharedLimits>());
        services.AddSingleton<SharedKeys>();
        services.AddSingleton<Challenge>();
        services.AddSingleton<OutwardCalls>();

        services.AddTelemetry(options.Otlp);
        services.AddLocalisation();
        services.AddSingleton<Assets>();
        services.AddSingleton<Icons>();
        services.AddSingleton<ShownOnce>();
        services.AddRazorComponents();
        services.AddScoped<AntiforgeryStateProvider, RequestAntiforgery>();

        // Pages and answers only: files are compressed already, and an event stream must leave at once. Antiforgery tokens
        // differ in every page, so compressing beside them tells nothing (BREACH).
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html", "text/vnd.turbo-stream.html", "application/json", "application/problem+json"];
        });

        // Cyrillic and Chinese stay letters: as character references pages would be several times as large.
        services.AddSingleton(System.Text.Encodings.Web.HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "sitedesk.antiforgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.HeaderName = "X-Antiforgery-Token";
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<ForwardedHeadersOptions>(forwarded => TrustNamedProxies(forwarded, options));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            // Words only: of a number that stands for nothing, the converter would make a value that is none.
            json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });
        return services;
    }

    /// <summary>What every request passes before its route, in this order.</summary>
    public static void UsePlatform(this WebApplication app)
    {
        app.UseMiddleware<LiveStreamMiddleware>();
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseResponseCompression();
        app.UseMiddleware<FriendlyErrorsMiddleware>();
    }

    /// <summary>What follows once it is known who asks.</summary>
    public static void UseRules(this WebApplication app)
    {
        app.UseMiddleware<RoutePermissionMiddleware>();
        app.UseMiddleware<AntiforgeryMiddleware>();
    }

    private static void TrustNamedProxies(ForwardedHeadersOptions forwarded, SiteDeskOptions options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.None;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Proxies())
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        // Each named proxy adds one entry; the chain is followed only as long as every hop is a named one.
        forwarded.ForwardLimit = null;
    }
}
