using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// Tells an open widget, and an open tracking page, that the conversation stands elsewhere now: taken up, solved, closed, with a person
/// instead of the assistant.
/// </summary>
public sealed class StateOfConversation(Database database, VisitorConversations conversations, SiteDirectory sites)
    : IHandle<TicketStatusChanged>, IHandle<TicketHandedOver>, IHandle<TicketTakenOver>
{
    public async Task HandleAsync(TicketStatusChanged domainEvent, EventContext context, CancellationToken cancellation)
    {
        // Of a ticket that was merged the visitor sees where the conversation goes on, not that this part of it was closed.
        var whole = await WholeConversation.OfAsync(database, [domainEvent.TicketId], cancellation);
        var isChat = await database.Set<ChatConversation>().AnyAsync(conversation => whole.Contains(conversation.TicketId), cancellation);
        if (isChat)
            await TellAsync(whole[0], cancellation);
    }

    public Task HandleAsync(TicketHandedOver domainEvent, EventContext context, CancellationToken cancellation) => TellAsync(domainEvent.TicketId, cancellation);

    public Task HandleAsync(TicketTakenOver domainEvent, EventContext context, CancellationToken cancellation) => TellAsync(domainEvent.TicketId, cancellation);

    private async Task TellAsync(long ticketId, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(ticket => ticket.Id == ticketId, cancellation);
        if (ticket is null || await sites.FindAsync(ticket.SiteId, cancellation) is not { } site)
            return;
        var view = await conversations.ViewAsync([ticket.Id], ticket.Language ?? site.DefaultLanguage, cancellation);
        database.Signal(() => new LiveSignal(TicketSignals.Conversation(ticket.Id), "state", JsonSerializer.Serialize(view, DatabaseJson.Options)));
        await database.SaveChangesAsync(cancellation);
    }
}
