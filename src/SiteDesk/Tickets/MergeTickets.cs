using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Makes one conversation of two tickets. The messages stay where they were said, and the surviving ticket is read together
/// with all that was merged into it (<see cref="WholeConversation"/>); the other is closed and points to it. Customers go
/// on writing where they were: what they say lands in the survivor.
/// </summary>
public sealed class MergeTickets(Database database, TimeProvider time)
{
    public async Task<Outcome<Ticket>> RunAsync(long fromId, long intoId, Staff staff, CancellationToken cancellation)
    {
        if (fromId == intoId)
            return new Problem("into", "merge.same");
        const int tries = 3;
        return await database.AgainOnConflictAsync(tries, () => TryAsync(fromId, intoId, staff, cancellation), cancellation);
    }

    private async Task<Outcome<Ticket>> TryAsync(long fromId, long intoId, Staff staff, CancellationToken cancellation)
    {
        var tickets = await database.Set<Ticket>().VisibleTo(staff).Where(ticket => ticket.Id == fromId || ticket.Id == intoId).ToListAsync(cancellation);
        var (from, into) = (tickets.Find(ticket => ticket.Id == fromId), tickets.Find(ticket => ticket.Id == intoId));
        if (from is null || into is null)
            return new Problem("into", "ticket.not-found");
        if (into.MergedIntoId is not null || from.MergedIntoId is not null)
            return new Problem("into", "merge.already");
        if (from.SiteId != into.SiteId)
            return new Problem("into", "merge.other-site");

        var now = time.Now();
        var (fromStatus, intoStatus) = (from.Status, into.Status);

        // Nobody has to follow a chain: what was merged into the one that goes now belongs to the survivor.
        if (from.MergedCount > 0)
        {
            foreach (var earlier in await database.Set<Ticket>().Where(ticket => ticket.MergedIntoId == fromId).ToListAsync(cancellation))
                earlier.Follow(into);
        }

        into.Absorb(from, staff.AsActor(), now);
        database.Publish(() => new TicketStatusChanged(from.Id, fromStatus, from.Status));
        if (into.Status != intoStatus)
            database.Publish(() => new TicketStatusChanged(into.Id, intoStatus, into.Status));
        database.Signal(() => TicketSignals.Moved(from, "changed"));
        database.Signal(() => TicketSignals.Moved(into, "message"));
        database.Signal(() => TicketSignals.Rearranged(from.Id));
        database.Signal(() => TicketSignals.Rearranged(into.Id));
        await database.SaveChangesAsync(cancellation);
        return into;
    }
}
