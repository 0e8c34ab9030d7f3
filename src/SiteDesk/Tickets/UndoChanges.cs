using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tickets;

/// <summary>Takes one action back: every change of its batch whose value still stands. What somebody changed since stays as it is.</summary>
public sealed class UndoChanges(Database database, TicketWordIndex words, TimeProvider time)
{
    /// <summary>How long an action can be taken back.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    public Task<Outcome<IReadOnlyList<Ticket>>> RunAsync(string batch, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        // One of them moved in the same moment: what was changed since stays, the others are taken back all the same.
        return database.AgainOnConflictAsync(tries, () => TryAsync(batch, staff, cancellation), cancellation);
    }

    private async Task<Outcome<IReadOnlyList<Ticket>>> TryAsync(string batch, Staff staff, CancellationToken cancellation)
    {
        var now = time.Now();
        var since = now - Longest;
        var changes = await database.Set<TicketChange>().AsNoTracking()
            .Where(change => change.Batch == batch && change.ActorId == staff.Id && change.At >= since).OrderByDescending(change => change.Id).ToListAsync(cancellation);
        var ids = changes.Select(change => change.TicketId).Distinct().ToList();
        var tickets = await database.Set<Ticket>().VisibleTo(staff).Include(ticket => ticket.Tags).Include(ticket => ticket.Fields)
            .Where(ticket => ids.Contains(ticket.Id)).ToListAsync(cancellation);
        if (tickets.Count == 0)
            return new Problem("", "undo.too-late");

        foreach (var ticket in tickets)
        {
            var (status, assignee) = (ticket.Status, ticket.AssigneeId);
            foreach (var change in changes.Where(change => change.TicketId == ticket.Id))
                ticket.Revert(change, staff.AsActor(), now);
            if (ticket.Status != status)
                database.Publish(() => new TicketStatusChanged(ticket.Id, status, ticket.Status));
            if (ticket.AssigneeId != assignee)
                database.Publish(() => new TicketAssigned(ticket.Id, ticket.AssigneeId, staff.Id, staff.Name));
            if (ticket.UpdatedAt == now)
                database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        }

        // Taken back before, or everything was changed again since.
        var moved = tickets.FindAll(ticket => ticket.UpdatedAt == now);
        if (moved.Count == 0)
            return new Problem("", "undo.too-late");
        if (changes.Exists(change => change.Field == "subject" || change.Field.StartsWith("field:", StringComparison.Ordinal)))
            await words.RefreshAsync(tickets, cancellation);
        await database.SaveChangesAsync(cancellation);
        return moved;
    }
}
