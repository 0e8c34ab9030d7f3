using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>Workspaces that show a ticket of a merged or split customer look again: its pane tells of another record now.</summary>
internal sealed class TellOfMerges(Database database) : IHandle<CustomersMerged>, IHandle<CustomersSplit>
{
    // What is open somewhere is among the newest; older tickets are read anew when they are opened.
    private const int Most = 50;

    public Task HandleAsync(CustomersMerged domainEvent, EventContext context, CancellationToken cancellation) => TellAsync([domainEvent.IntoId], cancellation);

    public Task HandleAsync(CustomersSplit domainEvent, EventContext context, CancellationToken cancellation) => TellAsync([domainEvent.IntoId, domainEvent.FromId], cancellation);

    private async Task TellAsync(long[] customers, CancellationToken cancellation)
    {
        var tickets = await database.Set<Ticket>().AsNoTracking().Where(ticket => customers.Contains(ticket.CustomerId)).OrderByDescending(ticket => ticket.CreatedAt).Take(Most).ToListAsync(cancellation);
        foreach (var ticket in tickets)
            database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        await database.SaveChangesAsync(cancellation);
    }
}
