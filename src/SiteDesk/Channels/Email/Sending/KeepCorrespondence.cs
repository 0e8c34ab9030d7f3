using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>A ticket that was split off another is conducted with the same people, until they say otherwise.</summary>
public sealed class KeepCorrespondence(Database database) : IHandle<TicketSplit>
{
    public async Task HandleAsync(TicketSplit domainEvent, EventContext context, CancellationToken cancellation)
    {
        var known = await database.Set<Correspondence>().AsNoTracking().Where(row => row.TicketId == domainEvent.FromId || row.TicketId == domainEvent.IntoId).ToListAsync(cancellation);
        if (known is not [{ } from] || from.TicketId != domainEvent.FromId)
            return; // nothing to keep, or kept by an earlier run
        database.Add(new Correspondence { TicketId = domainEvent.IntoId, MailboxId = from.MailboxId, To = from.To, Cc = [.. from.Cc] });
        await database.SaveChangesAsync(cancellation);
    }
}
