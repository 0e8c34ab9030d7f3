using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Workspace;

/// <summary>Who receives the next answer, and by which way it goes; seen and changed above the answer's field.</summary>
internal static class RecipientRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var recipients = routes.MapGroup("/agent/tickets/{id:long}/mail-recipients").Needs(TicketPermissions.Reply);
        recipients.MapGet("", ShowAsync);
        recipients.MapPost("", ChangeAsync);
    }

    private static Task<IResult> ShowAsync(HttpContext http, Database database, QueueMail queue, long id, [FromQuery] int? edit, CancellationToken cancellation) =>
        FrameAsync(http, database, queue, id, edit == 1, null, [], cancellation);

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Database database, QueueMail queue, ChooseRecipients choose, long id, [FromForm] string? cc, [FromForm] string? bcc, [FromForm] string? way, CancellationToken cancellation)
    {
        var outcome = await choose.RunAsync(new ChooseRecipients.Request(id, cc ?? "", bcc ?? "", way ?? ""), http.Staff(), cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"/agent/tickets/{id}/mail-recipients");
        return outcome.Problems.Any(problem => problem.Text == "ticket.not-found")
            ? TypedResults.NotFound()
            : await FrameAsync(http, database, queue, id, true, new Typed(cc ?? "", bcc ?? "", way ?? ""), outcome.Problems, cancellation);
    }

    private static async Task<IResult> FrameAsync(HttpContext http, Database database, QueueMail queue, long id, bool isEdited, Typed? typed, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var correspondence = await database.Set<Correspondence>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == id, cancellation);
        var to = correspondence?.To?.Address ?? await ChooseRecipients.AddressOfAsync(database, ticket, cancellation);
        var key = to is null ? null : ContactAddress.ParseEmail(to)?.Value;
        var unreachable = key is null ? null : await database.Set<UnreachableAddress>().AsNoTracking().FirstOrDefaultAsync(row => row.Address == key, cancellation);
        var parameters = new
        {
            TicketId = id,
            Staff = staff,
            To = to,
            Cc = typed?.Cc ?? string.Join(", ", correspondence?.Cc ?? []),
            Bcc = typed?.Bcc ?? string.Join(", ", correspondence?.NextBcc ?? []),
            Way = typed?.Way ?? ChooseRecipients.WayOf(correspondence?.ByMail),
            TicketChannel = ticket.Channel,
            IsByMail = correspondence?.ByMail ?? (ticket.Channel is EmailModule.Channel or "workspace" || correspondence?.To is not null),
            HasServer = await queue.HasServerAsync(ticket, correspondence, cancellation),
            Edit = isEdited && !staff.MasksContacts,
            Unreachable = unreachable,
            Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<RecipientsFrame>(parameters) : Page.Show<RecipientsFrame>(parameters);
    }

    private sealed record Typed(string Cc, string Bcc, string Way);
}
