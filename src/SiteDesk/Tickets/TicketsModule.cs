using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.CustomerRecords;
using SiteDesk.Tickets.ReplyTemplates;
using SiteDesk.Tickets.Retention;
using SiteDesk.Tickets.Search;
using SiteDesk.Tickets.Workspace;
using SiteDesk.Tickets.Settings;

namespace SiteDesk.Tickets;

/// <summary>Requests, from their first word to their last.</summary>
public static class TicketsModule
{
    public static IServiceCollection AddTickets(this IServiceCollection services)
    {
        services.AddSingleton<IExtendSchema, TicketSearchSchema>();
        services.AddScoped<SearchTickets>();
        services.AddScoped<CustomerWording>();
        services.AddScoped<MessageComposer>();
        services.AddScoped<JunkRules>();
        services.AddSingleton<BlockedSenders>();
        services.AddScoped<OpenTicket>();
        services.AddScoped<AddCustomerMessage>();
        services.AddScoped<ReplyAsAssistant>();
        services.AddScoped<ReplyToTicket>();
        services.AddScoped<ChangeTickets>();
        services.AddScoped<UndoChanges>();
        services.AddScoped<KeepDraft>();
        services.AddScoped<HoldReply>();
        services.AddScoped<BlockSender>();
        services.AddScoped<MergeTickets>();
        services.AddScoped<SplitTicket>();
        services.AddScoped<UndoSplit>();
        services.AddScoped<LinkTickets>();
        services.AddScoped<WithdrawReply>();
        services.AddScoped<StaffNotices>();
        services.AddScoped<Platform.Files.IKeepUnattachedFiles, DraftFiles>();
        services.AddHandler<TicketAssigned, NotifyStaff>();
        services.AddHandler<StaffMentioned, NotifyStaff>();
        services.AddHandler<ReplyHeld, NotifyStaff>();
        services.AddHandler<MessageAdded, NotifyStaff>(message => message is { ByCustomer: true, IsOpening: false, IsWithAssistant: false });
        services.AddConditions(new ConditionSubject("tickets", TicketPermissions.Read, async (provider, cancellation) => TicketConditions.For(
            await provider.GetRequiredService<DeskNamesCache>().ReadAsync(cancellation), provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.Staff())));
        services.AddScoped<TicketWordIndex>();
        services.AddScoped<SaveView>();
        services.AddScoped<RemoveView>();
        services.AddWorkspace();
        services.AddCustomerRecords();
        services.AddRetention();
        services.AddTicketSettings();
        services.AddReplyTemplates();
        return services;
    }

    public static void MapTickets(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", ["GET", "HEAD"], () => Page.GoTo("/agent/tickets")).Needs(TicketPermissions.Read);
        routes.MapGet("/agent/live", DeskStream.Open).Needs(TicketPermissions.Read);
        routes.MapWorkspace();
        routes.MapActions();
        routes.MapTicketShapes();
        routes.MapDeskPages();
        routes.MapViews();
        routes.MapCustomerPages();
        routes.MapRetention();
        routes.MapTicketSettings();
        routes.MapReplyTemplates();
    }
}
