using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>Tells an open widget that its conversation stands elsewhere now: taken up, solved, closed.</summary>
public sealed class StateOfConversation(Database database, VisitorConversations conversations, SiteDirectory sites) : IHandle<TicketStatusChanged>
{
    public async Task HandleAsync(TicketStatusChanged domainEvent, EventContext context, CancellationToken cancellation)
    {
        // Of a ticket that was merged the visitor sees where the conversation goes on, not that this part of it was closed.
        var whole = await WholeConversation.OfAsync(database, [domainEvent.TicketId], cancellation);
        var isChat = await database.Set<ChatConversation>().AnyAsync(conversation => whole.Contains(conversation.TicketId), cancellation);
        if (!isChat)
            return;
        var goesOn = whole[0];
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == goesOn, cancellation);
        if (await sites.FindAsync(ticket.SiteId, cancellation) is not { } site)
            return;
        var view = await conversations.ViewAsync([ticket.Id], ticket.Language ?? site.DefaultLanguage, cancellation);
        database.Signal(() => new LiveSignal(TicketSignals.Conversation(ticket.Id), "state", JsonSerializer.Serialize(view, DatabaseJson.Options)));
        await database.SaveChangesAsync(cancellation);
    }
}
