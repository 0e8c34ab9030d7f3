using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.Desk;

/// <summary>Takes a suggestion or dismisses it, once for the ticket. What is taken and changes the ticket is changed as by the agent's own hand, with undo.</summary>
internal sealed class DecideSuggestion(Database database, ChangeTickets changes, DeskNamesCache namesCache, TimeProvider time)
{
    public sealed record Request(long TicketId, SuggestionKind Kind, string Value, bool IsTaken);

    /// <param name="DecisionId">By which it is taken back.</param>
    /// <param name="Batch">Names the change for undoing it; null when the ticket was not changed.</param>
    public sealed record Result(long DecisionId, string? Batch);

    public async Task<Outcome<Result>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        if (request.Value.Length is 0 or > SuggestionDecision.LongestValue)
            return new Problem("", "assistant-desk.gone");
        var siteId = await database.Set<Ticket>().VisibleTo(staff).Where(ticket => ticket.Id == request.TicketId).Select(ticket => (long?)ticket.SiteId).FirstOrDefaultAsync(cancellation);
        if (siteId is null)
            return new Problem("", "ticket.not-found");

        string? batch = null;
        if (request is { IsTaken: true, Kind: not (SuggestionKind.Reply or SuggestionKind.Article) })
        {
            if (!staff.May(TicketPermissions.Change) || ChangesOf(request, await namesCache.ReadAsync(cancellation)) is not { } wanted)
                return new Problem("", "assistant-desk.gone");
            var outcome = await changes.RunAsync([request.TicketId], wanted, staff, cancellation);
            if (!outcome.Succeeded)
                return outcome.Problems.ToList();
            batch = outcome.Value.Batch;
        }

        const int tries = 3;
        return await database.AgainOnConflictAsync<Outcome<Result>>(tries, async () => new Result(await KeepAsync(request, siteId.Value, staff, cancellation), batch), cancellation);
    }

    /// <summary>Takes a decision back: it is suggested again.</summary>
    public async Task<bool> RecallAsync(long ticketId, long decisionId, Staff staff, CancellationToken cancellation) =>
        await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.Id == ticketId, cancellation)
        && await database.Set<SuggestionDecision>().Where(row => row.Id == decisionId && row.TicketId == ticketId).ExecuteDeleteAsync(cancellation) > 0;

    private async Task<long> KeepAsync(Request request, long siteId, Staff staff, CancellationToken cancellation)
    {
        var now = time.Now();
        var known = await database.Set<SuggestionDecision>().FirstOrDefaultAsync(row => row.TicketId == request.TicketId && row.Kind == request.Kind && row.Value == request.Value, cancellation);
        if (known is null)
        {
            known = new SuggestionDecision { TicketId = request.TicketId, SiteId = siteId, Kind = request.Kind, Value = request.Value, WasTaken = request.IsTaken, StaffId = staff.Id, At = now };
            database.Add(known);
        }
        else
        {
            (known.WasTaken, known.StaffId, known.At) = (request.IsTaken, staff.Id, now);
        }

        await database.SaveChangesAsync(cancellation);
        return known.Id;
    }

    /// <returns>Null when what was suggested is no more, or the request was made by hand.</returns>
    private static ChangeTickets.Changes? ChangesOf(Request request, DeskNames names) => request.Kind switch
    {
        SuggestionKind.Tag => new() { AddTags = [request.Value] },
        SuggestionKind.Priority when Enum.TryParse<TicketPriority>(request.Value, out var priority) && Enum.IsDefined(priority) => new() { Priority = priority },
        SuggestionKind.Team when long.TryParse(request.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var team) && names.Teams.ContainsKey(team) => new() { TeamId = team },
        SuggestionKind.Language when Languages.All.Contains(request.Value, StringComparer.Ordinal) => new() { Language = request.Value },
        _ => null,
    };
}
