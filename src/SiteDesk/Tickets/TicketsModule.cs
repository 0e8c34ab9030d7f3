using SiteDesk.Platform.Html;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Settings;

namespace SiteDesk.Tickets;

/// <summary>Requests, from their first word to their last.</summary>
public static class TicketsModule
{
    public static IServiceCollection AddTickets(this IServiceCollection services)
    {
        services.AddScoped<MessageComposer>();
        services.AddScoped<JunkRules>();
        services.AddScoped<OpenTicket>();
        services.AddScoped<AddCustomerMessage>();
        services.AddScoped<ReplyToTicket>();
        services.AddScoped<ChangeTickets>();
        services.AddTicketSettings();
        return services;
    }

    public static void MapTickets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Page.GoTo("/agent/tickets")).Needs(TicketPermissions.Read);
        routes.MapGet("/agent/tickets", () => Page.Show<InboxPage>()).Needs(TicketPermissions.Read);
        routes.MapGet("/agent/live", DeskStream.WriteAsync).Needs(TicketPermissions.Read);
        routes.MapTicketSettings();
    }
}
