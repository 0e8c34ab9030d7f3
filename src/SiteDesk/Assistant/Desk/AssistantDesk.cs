using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.Desk;

/// <summary>The agent's side of the assistant: what it did in a ticket, and what it suggests beside one.</summary>
internal static class AssistantDesk
{
    /// <summary>Name of the panel beside a ticket.</summary>
    public const string Panel = "assistant";

    public static void AddAssistantDesk(this IServiceCollection services)
    {
        services.AddSingleton(new TicketPanel(Panel, "assistant-desk.panel", AddressOfPanel, TicketPermissions.Read, Position: -10));
        services.AddScoped<IAddToMessages, AnswerNotes>();
        services.AddSingleton<KnowledgeAtHand>();
        services.AddScoped<SummaryReader>();
        services.AddScoped<LikeTickets>();
        services.AddScoped<ReplyProposal>();
        services.AddScoped<SuggestionReader>();
        services.AddScoped<DecideSuggestion>();
    }

    public static void MapAssistantDesk(this IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/agent/assistant/tickets/{id:long}");
        tickets.MapGet("/panel", DeskRoutes.ShowPanelAsync).Needs(TicketPermissions.Read);
        tickets.MapGet("/summary", DeskRoutes.RefreshSummaryAsync).Needs(TicketPermissions.Read);
        tickets.MapGet("/suggestions", DeskRoutes.ShowSuggestionsAsync).Needs(AssistantPermissions.Suggestions);
        tickets.MapPost("/suggestions/taking", DeskRoutes.TakeAsync).Needs(AssistantPermissions.Suggestions);
        tickets.MapPost("/suggestions/dismissal", DeskRoutes.DismissAsync).Needs(AssistantPermissions.Suggestions);
        tickets.MapPost("/suggestions/recall/{decision:long}", DeskRoutes.RecallAsync).Needs(AssistantPermissions.Suggestions);
    }

    /// <summary>Where an agent says that an answer was wrong: a page of the teaching side.</summary>
    public static string CorrectionOf(long turnId) => FormattableString.Invariant($"/agent/assistant/turns/{turnId}/correction");

    public static string AddressOf(long ticketId, string what) => FormattableString.Invariant($"/agent/assistant/tickets/{ticketId}/{what}");

    private static string AddressOfPanel(long ticketId) => AddressOf(ticketId, "panel");
}
