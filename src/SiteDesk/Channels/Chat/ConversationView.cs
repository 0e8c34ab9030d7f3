using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>Where a conversation stands, as its visitor sees it.</summary>
/// <param name="SeenByStaff">The newest message of the visitor that somebody of the staff has had on the screen.</param>
/// <param name="SeenByVisitor">The newest message the visitor has had on the screen.</param>
/// <param name="IsWithAssistant">The assistant answers; a person can be asked for.</param>
public sealed record ConversationView(
    StandardStatus State, string StateText, string Number, string TrackingUrl, long SeenByStaff, long SeenByVisitor, bool HasContact, bool IsWithAssistant);

/// <summary>Reads what belongs to a visitor. Everything here begins with the visitor's own conversations.</summary>
public sealed class VisitorConversations(Database database, CustomerWording wording)
{
    /// <summary>Messages given at once; who has more reads the older ones on the tracking page.</summary>
    public const int MostMessages = 300;

    private const int MostTickets = 20;

    /// <summary>
    /// Keys of the visitor's tickets, newest first; where one was merged, the ticket in which it goes on stands in its place
    /// and everything that belongs to that conversation is among them.
    /// </summary>
    public async Task<List<long>> TicketsOfAsync(Visitor visitor, CancellationToken cancellation)
    {
        var own = await database.Set<ChatConversation>().Where(conversation => conversation.VisitorId == visitor.Id)
            .OrderByDescending(conversation => conversation.TicketId).Select(conversation => conversation.TicketId).Take(MostTickets).ToListAsync(cancellation);
        return own.Count == 0 ? own : await WholeConversation.OfAsync(database, own, cancellation);
    }

    /// <summary>Replies that were taken back: whoever has them on the screen takes them off.</summary>
    public Task<List<Message>> WithdrawnAsync(IReadOnlyCollection<long> ticketIds, CancellationToken cancellation) =>
        database.Set<Message>().IgnoreQueryFilters().AsNoTracking().Where(message => ticketIds.Contains(message.TicketId) && message.WithdrawnAt != null)
            .OrderByDescending(message => message.WithdrawnAt).Take(MostTickets).ToListAsync(cancellation);

    /// <summary>The messages after a position, oldest first; the newest ones when there are too many.</summary>
    public async Task<List<Message>> MessagesAsync(IReadOnlyCollection<long> ticketIds, long after, CancellationToken cancellation)
    {
        var messages = await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => ticketIds.Contains(message.TicketId) && message.Kind == MessageKind.Public && message.Id > after)
            .OrderByDescending(message => message.Id).Take(MostMessages).ToListAsync(cancellation);
        messages.Reverse();
        return messages;
    }

    /// <returns>Null when the visitor has no ticket.</returns>
    public async Task<ConversationView?> ViewAsync(IReadOnlyList<long> ticketIds, string language, CancellationToken cancellation)
    {
        if (ticketIds.Count == 0)
            return null;
        var newest = ticketIds[0];
        var ticket = await database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Customer).ThenInclude(customer => customer!.Contacts)
            .FirstAsync(ticket => ticket.Id == newest, cancellation);
        var seenByStaff = await SeenByStaffAsync(newest, cancellation);
        return new ConversationView(
            ticket.Status, await wording.OfAsync(ticket, language, cancellation), ticket.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            $"/t/{ticket.Token}", seenByStaff, ticket.SeenByCustomerId, ticket.Customer!.Contacts.Count > 0, ticket.IsWithAssistant);
    }

    /// <summary>Who answers has read what came before.</summary>
    private async Task<long> SeenByStaffAsync(long ticketId, CancellationToken cancellation) =>
        await database.Set<Message>()
            .Where(message => message.TicketId == ticketId && message.AuthorKind != Platform.Security.ActorKind.Customer && message.AuthorKind != Platform.Security.ActorKind.System)
            .MaxAsync(message => (long?)message.Id, cancellation) ?? 0;
}
