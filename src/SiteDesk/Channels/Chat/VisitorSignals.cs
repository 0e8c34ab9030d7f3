using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Channels.Chat;

/// <summary>The small things a visitor's widget tells: that they are writing, what they have seen.</summary>
public sealed class VisitorSignals(Database database, VisitorConversations conversations, WaitingAnswers waiting)
{
    /// <summary>Tells the workspaces that the customer is writing. Nothing is stored.</summary>
    /// <returns>False when the visitor is not known.</returns>
    public async Task<bool> TypingAsync(WidgetVisit visit, bool on, CancellationToken cancellation)
    {
        if (await TicketAsync(visit, cancellation) is not { } ticket)
            return false;
        if (on)
            await TicketPresence.TellCustomerAsync(database, ticket, ticket.Customer!.Name, cancellation);
        return true;
    }

    /// <summary>Everything up to this message was on the visitor's screen.</summary>
    /// <returns>False when the message is not one of the visitor's.</returns>
    public async Task<bool> SeenAsync(WidgetVisit visit, long messageId, CancellationToken cancellation)
    {
        if (await visit.FindVisitorAsync(database, cancellation) is not { } visitor)
            return false;
        var tickets = await conversations.TicketsOfAsync(visitor, cancellation);
        var ticketId = await database.Set<Message>()
            .Where(message => message.Id == messageId && tickets.Contains(message.TicketId) && message.Kind == MessageKind.Public)
            .Select(message => (long?)(message.Ticket!.MergedIntoId ?? message.TicketId)).FirstOrDefaultAsync(cancellation);
        if (ticketId is null)
            return false;

        await SeenMarks.SetAsync(database, waiting, ticketId.Value, messageId, cancellation);
        return true;
    }

    private async Task<Ticket?> TicketAsync(WidgetVisit visit, CancellationToken cancellation)
    {
        if (await visit.FindVisitorAsync(database, cancellation) is not { } visitor)
            return null;
        var tickets = await conversations.TicketsOfAsync(visitor, cancellation);
        if (tickets.Count == 0)
            return null;
        var newest = tickets[0];
        return await database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Customer).FirstOrDefaultAsync(ticket => ticket.Id == newest, cancellation);
    }
}
