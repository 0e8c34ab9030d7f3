using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>What changes of which messages and neighbours a ticket consists: a reply taken back, a part split off, a link.</summary>
public static class ShapeRoutes
{
    public static void MapTicketShapes(this IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/agent/tickets/{id:long}");
        tickets.MapPost("/messages/{message:long}/withdrawal", WithdrawAsync).Needs(TicketPermissions.Reply);
        tickets.MapPost("/parts", SplitAsync).Needs(TicketPermissions.Change);
        tickets.MapPost("/reunion", ReuniteAsync).Needs(TicketPermissions.Change);
        tickets.MapPost("/links", LinkAsync).Needs(TicketPermissions.Change);
        tickets.MapPost("/links/{other:long}", LinkAgainAsync).Needs(TicketPermissions.Change);
        tickets.MapPost("/links/{other:long}/removal", UnlinkAsync).Needs(TicketPermissions.Change);
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, WithdrawReply withdraw, DeskReader desk, long id, long message, CancellationToken cancellation)
    {
        var outcome = await withdraw.RunAsync(id, message, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return ActionRoutes.Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
        return TurboStream.IsWanted(http)
            ? await desk.ShowTicketStreamsAsync(http, id, http.Texts()["toast.withdrawn"], null, false, cancellation, returned: outcome.Value)
            : Page.GoTo($"/agent/tickets/{id}");
    }

    /// <summary>Leads to the new ticket: that is where the work goes on.</summary>
    private static async Task<IResult> SplitAsync(HttpContext http, SplitTicket split, long id, [FromForm] long message, [FromForm] string? only, CancellationToken cancellation)
    {
        var outcome = await split.RunAsync(new SplitTicket.Request(id, message, OnlyThis: only == "true"), http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/tickets/{outcome.Value.Id}") : ActionRoutes.Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
    }

    /// <summary>Leads back to the ticket that the other was split off.</summary>
    private static async Task<IResult> ReuniteAsync(HttpContext http, UndoSplit undo, long id, CancellationToken cancellation)
    {
        var outcome = await undo.RunAsync(id, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/tickets/{outcome.Value.Id}") : ActionRoutes.Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
    }

    private static async Task<IResult> LinkAsync(HttpContext http, LinkTickets links, DeskReader desk, long id, [FromForm] string? number, CancellationToken cancellation)
    {
        var other = long.TryParse((number ?? "").Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var outcome = await links.RunAsync(id, other, http.Staff(), cancellation);
        if (outcome.Succeeded)
            return await AnswerAsync(http, desk, id, http.Texts()["toast.linked", ("number", other.ToString(CultureInfo.InvariantCulture))], $"/agent/tickets/{id}/links/{other}/removal", cancellation);
        // The dialog is open over the page: what is wrong is said in it.
        return TurboStream.IsWanted(http)
            ? TurboStream.Show<LinkProblemStream>(new { Text = string.Join(" ", outcome.Problems.Select(http.Texts().Of)) }, StatusCodes.Status422UnprocessableEntity)
            : Page.GoTo($"/agent/tickets/{id}");
    }

    private static async Task<IResult> LinkAgainAsync(HttpContext http, LinkTickets links, DeskReader desk, long id, long other, CancellationToken cancellation)
    {
        var outcome = await links.RunAsync(id, other, http.Staff(), cancellation);
        return outcome.Succeeded
            ? await AnswerAsync(http, desk, id, http.Texts()["toast.linked", ("number", other.ToString(CultureInfo.InvariantCulture))], null, cancellation)
            : ActionRoutes.Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
    }

    private static async Task<IResult> UnlinkAsync(HttpContext http, LinkTickets links, DeskReader desk, long id, long other, CancellationToken cancellation)
    {
        var outcome = await links.RemoveAsync(id, other, http.Staff(), cancellation);
        return outcome.Succeeded
            ? await AnswerAsync(http, desk, id, http.Texts()["toast.unlinked", ("number", other.ToString(CultureInfo.InvariantCulture))], $"/agent/tickets/{id}/links/{other}", cancellation)
            : ActionRoutes.Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, DeskReader desk, long id, string toast, string? undo, CancellationToken cancellation) =>
        TurboStream.IsWanted(http) ? await desk.ShowTicketStreamsAsync(http, id, toast, undo, false, cancellation) : Page.GoTo($"/agent/tickets/{id}");
}
