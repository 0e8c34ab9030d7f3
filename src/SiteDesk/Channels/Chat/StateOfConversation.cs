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
        var isChat = await database.Set<ChatConversation>().AnyAsync(conversation => conversation.TicketId == domainEvent.TicketId, cancellation);
        if (!isChat)
            return;
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == domainEvent.TicketId, cancellation);
        if (await sites.FindAsync(ticket.SiteId, cancellation) is not { } site)
            return;
        var view = await conversations.ViewAsync([ticket.Id], ticket.Language ?? site.DefaultLanguage, cancellation);
        database.Signal(() => new LiveSignal(TicketSignals.Conversation(ticket.Id), "state", JsonSerializer.Serialize(view, DatabaseJson.Options)));
        await database.SaveChangesAsync(cancellation);
    }
}
