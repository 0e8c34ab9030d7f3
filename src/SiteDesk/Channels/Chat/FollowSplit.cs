using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>A part of a visitor's conversation is a ticket of its own now: the visitor takes part in that one, too, and sees no difference.</summary>
public sealed class FollowSplit(Database database) : IHandle<TicketSplit>
{
    public async Task HandleAsync(TicketSplit domainEvent, EventContext context, CancellationToken cancellation)
    {
        var conversations = await database.Set<ChatConversation>().AsNoTracking().Where(row => row.TicketId == domainEvent.FromId).ToListAsync(cancellation);
        var known = await database.Set<ChatConversation>().Where(row => row.TicketId == domainEvent.IntoId).Select(row => row.VisitorId).ToListAsync(cancellation);
        var missing = conversations.Where(row => !known.Contains(row.VisitorId)).ToList();
        if (missing.Count == 0)
            return;
        foreach (var conversation in missing)
        {
            database.Add(new ChatConversation
            {
                VisitorId = conversation.VisitorId,
                TicketId = domainEvent.IntoId,
                StartedAt = conversation.StartedAt,
                PageAddress = conversation.PageAddress,
            });
        }

        // An open widget listens to the new ticket, too.
        database.Signal(() => TicketSignals.Rearranged(domainEvent.FromId));
        await database.SaveChangesAsync(cancellation);
    }
}
