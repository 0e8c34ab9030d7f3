using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Settings;

/// <summary>Takes tickets back from a team that is gone, so that they stand in "unassigned" and not nowhere.</summary>
public sealed class ReleaseTeamTickets(Database database, TimeProvider time) : IHandle<TeamRemoved>
{
    private const int Batch = 200;

    public async Task HandleAsync(TeamRemoved domainEvent, EventContext context, CancellationToken cancellation)
    {
        while (true)
        {
            var tickets = await database.Set<Ticket>().Where(ticket => ticket.TeamId == domainEvent.TeamId).OrderBy(ticket => ticket.Id).Take(Batch).ToListAsync(cancellation);
            if (tickets.Count == 0)
                return;
            foreach (var ticket in tickets)
            {
                ticket.HandTo(null, Actor.System, time.Now());
                database.Signal(() => TicketSignals.Moved(ticket, "changed"));
            }

            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
        }
    }
}
