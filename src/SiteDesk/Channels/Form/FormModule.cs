using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Channels.Form;

/// <summary>The contact form of a site, and the tracking page on which its answer is read and the conversation goes on.</summary>
public static class FormModule
{
    /// <summary>The channel's name on tickets and messages.</summary>
    public const string Channel = "form";

    /// <summary>Bytes of one submission with all its files.</summary>
    public const long MostBytes = 48 * 1024 * 1024;

    /// <summary>Submissions and further messages that one network may send in five minutes.</summary>
    public const int MostSubmissions = 20;

    public static IServiceCollection AddForm(this IServiceCollection services)
    {
        services.AddScoped<AttachedFiles>();
        services.AddScoped<SubmitForm>();
        services.AddScoped<TrackedConversation>();
        services.AddSingleton<TicketReservation>();
        return services;
    }

    /// <summary>Whether this network has sent more than people do. A page without scripts cannot be given work to prove itself, so it waits.</summary>
    internal static bool IsFlood(HttpContext http) =>
        !http.RequestServices.GetRequiredService<AddressWatch>().TryTake(
            "form", AddressWatch.Network(http.Connection.RemoteIpAddress), MostSubmissions, TimeSpan.FromMinutes(5));

    public static void MapForm(this IEndpointRouteBuilder routes)
    {
        var form = routes.MapGroup("/contact/{siteKey}").IsPublic("Anybody may ask.");
        form.MapGet("", FormPages.ShowAsync);
        form.MapPost("", FormPages.SubmitAsync).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes));

        var tracking = routes.MapGroup("/t/{token}").IsPublic("The unguessable link is the right to read and continue.");
        tracking.MapGet("", TrackingPages.ShowAsync);
        tracking.MapPost("/messages", TrackingPages.ContinueAsync).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes));
        tracking.MapPost("/seen", TrackingPages.SeeAsync);
        tracking.MapGet("/stream", TrackingPages.StreamAsync);
        tracking.MapGet("/files/{fileToken}", TrackingPages.FileAsync);
    }
}
