using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Says that two tickets have to do with each other, or no longer. Each history tells it.</summary>
public sealed class LinkTickets(Database database, TimeProvider time)
{
    /// <summary>Links one ticket may have.</summary>
    public const int Most = 50;

    /// <summary>Linking what is linked already changes nothing and succeeds.</summary>
    public async Task<Outcome<Ticket>> RunAsync(long ticketId, long otherId, Staff staff, CancellationToken cancellation)
    {
        if (ticketId == otherId)
            return new Problem("number", "links.same");
        if (await FindAsync(ticketId, otherId, staff, cancellation) is not var (ticket, other))
            return new Problem("number", "ticket.not-found");
        if (await LinkAsync(ticketId, otherId, cancellation) is not null)
            return ticket;
        if (await database.Set<TicketLink>().CountAsync(link => link.LowId == ticketId || link.HighId == ticketId, cancellation) >= Most)
            return new Problem("number", "links.too-many", ("count", Most));

        var now = time.Now();
        database.Add(TicketLink.Between(ticketId, otherId, staff.Id, now));
        Tell("link", ticket, other, staff, now, isGone: false);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict() && !cancellation.IsCancellationRequested)
        {
            // Somebody linked the two, or moved one of them, in the same moment.
            database.ChangeTracker.Clear();
            if (await LinkAsync(ticketId, otherId, cancellation) is null)
                return new Problem("number", "links.moved");
        }

        return ticket;
    }

    /// <returns>The problem <c>ticket.not-found</c> when there is no such link for this person.</returns>
    public async Task<Outcome<Ticket>> RemoveAsync(long ticketId, long otherId, Staff staff, CancellationToken cancellation)
    {
        if (await FindAsync(ticketId, otherId, staff, cancellation) is not var (ticket, other) || await LinkAsync(ticketId, otherId, cancellation) is not { } link)
            return new Problem("", "ticket.not-found");
        database.Remove(link);
        Tell("link", ticket, other, staff, time.Now(), isGone: true);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            database.ChangeTracker.Clear();
            return new Problem("", "links.moved");
        }

        return ticket;
    }

    /// <summary>Both must be visible: a link neither shows nor reaches a ticket its maker may not see.</summary>
    private async Task<(Ticket Ticket, Ticket Other)?> FindAsync(long ticketId, long otherId, Staff staff, CancellationToken cancellation)
    {
        var tickets = await database.Set<Ticket>().VisibleTo(staff).Where(row => row.Id == ticketId || row.Id == otherId).ToListAsync(cancellation);
        return tickets.Count == 2 ? (tickets.Find(row => row.Id == ticketId)!, tickets.Find(row => row.Id == otherId)!) : null;
    }

    private Task<TicketLink?> LinkAsync(long ticketId, long otherId, CancellationToken cancellation)
    {
        var (low, high) = (Math.Min(ticketId, otherId), Math.Max(ticketId, otherId));
        return database.Set<TicketLink>().FirstOrDefaultAsync(link => link.LowId == low && link.HighId == high, cancellation);
    }

    private void Tell(string field, Ticket ticket, Ticket other, Staff staff, DateTime now, bool isGone)
    {
        foreach (var (one, its) in new[] { (ticket, other), (other, ticket) })
        {
            var number = its.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            one.Record(field, isGone ? number : null, isGone ? null : number, staff.AsActor(), now, null);
            database.Signal(() => TicketSignals.Moved(one, "changed"));
        }
    }
}
