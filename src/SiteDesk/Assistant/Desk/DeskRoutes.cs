using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.Desk;

/// <summary>The panel beside a ticket and what is done in it.</summary>
internal static class DeskRoutes
{
    public static async Task<IResult> ShowPanelAsync(HttpContext http, Database database, SiteDirectory sites, SummaryReader summaries, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var siteId = await database.Set<Ticket>().VisibleTo(staff).Where(ticket => ticket.Id == id).Select(ticket => (long?)ticket.SiteId).FirstOrDefaultAsync(cancellation);
        if (siteId is null)
            return TypedResults.NotFound();
        var suggests = staff.May(AssistantPermissions.Suggestions) && (await sites.FindAsync(siteId.Value, cancellation))?.Assistant.SuggestsToAgents == true;
        return Page.Show<AssistantPanel>(new { TicketId = id, Summary = await summaries.ReadAsync(id, staff, http.Texts(), cancellation), Suggests = suggests });
    }

    public static async Task<IResult> RefreshSummaryAsync(HttpContext http, SummaryReader summaries, long id, CancellationToken cancellation) =>
        TurboStream.Show<SummaryStream>(new { TicketId = id, Summary = await summaries.ReadAsync(id, http.Staff(), http.Texts(), cancellation) });

    public static async Task<IResult> ShowSuggestionsAsync(HttpContext http, SuggestionReader reader, PublicAddress address, long id, CancellationToken cancellation)
    {
        var found = await reader.ReadAsync(id, http.Staff(), http.Texts(), address.Of(http), cancellation);
        return TurboStream.IsWanted(http)
            ? TurboStream.Show<SuggestionsStream>(new { TicketId = id, Found = found })
            : Page.Show<SuggestionsFrame>(new { TicketId = id, Found = found });
    }

    public static Task<IResult> TakeAsync(HttpContext http, DecideSuggestion decide, SuggestionReader reader, PublicAddress address, long id, [FromForm] string? kind, [FromForm] string? value, CancellationToken cancellation) =>
        DecideAsync(http, decide, reader, address, id, kind, value, isTaken: true, cancellation);

    public static Task<IResult> DismissAsync(HttpContext http, DecideSuggestion decide, SuggestionReader reader, PublicAddress address, long id, [FromForm] string? kind, [FromForm] string? value, CancellationToken cancellation) =>
        DecideAsync(http, decide, reader, address, id, kind, value, isTaken: false, cancellation);

    public static async Task<IResult> RecallAsync(HttpContext http, DecideSuggestion decide, SuggestionReader reader, PublicAddress address, long id, long decision, CancellationToken cancellation) =>
        await decide.RecallAsync(id, decision, http.Staff(), cancellation)
            ? await AnswerAsync(http, reader, address, id, null, null, cancellation)
            : TypedResults.NotFound();

    private static async Task<IResult> DecideAsync(
        HttpContext http, DecideSuggestion decide, SuggestionReader reader, PublicAddress address, long id, string? kind, string? value, bool isTaken, CancellationToken cancellation)
    {
        if (!Enum.TryParse<SuggestionKind>(kind, out var known) || !Enum.IsDefined(known))
            return TypedResults.BadRequest();
        var outcome = await decide.RunAsync(new DecideSuggestion.Request(id, known, value ?? "", isTaken), http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return ActionRoutes.Refuse(http, outcome.Problems, FormattableString.Invariant($"/agent/tickets/{id}"));
        var texts = http.Texts();
        var (toast, undo) = outcome.Value switch
        {
            { Batch: { } batch } => (texts["toast.changed", ("count", 1)], $"/agent/undo/{batch}"),
            _ when isTaken => (null, null), // the words stand in the reply: Ctrl+Z there takes them back
            var dismissed => (texts["assistant-desk.dismissed"], AssistantDesk.AddressOf(id, FormattableString.Invariant($"suggestions/recall/{dismissed.DecisionId}"))),
        };
        return await AnswerAsync(http, reader, address, id, toast, undo, cancellation);
    }

    /// <summary>The ticket itself follows by the live signal of its change.</summary>
    private static async Task<IResult> AnswerAsync(HttpContext http, SuggestionReader reader, PublicAddress address, long id, string? toast, string? undo, CancellationToken cancellation) =>
        TurboStream.IsWanted(http)
            ? TurboStream.Show<SuggestionsStream>(new { TicketId = id, Found = await reader.ReadAsync(id, http.Staff(), http.Texts(), address.Of(http), cancellation), Toast = toast, Undo = undo })
            : Page.GoTo(FormattableString.Invariant($"/agent/tickets/{id}"));
}
