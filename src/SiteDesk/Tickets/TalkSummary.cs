using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>What a ticket keeps of its public messages for lists and promises, read from the messages when some of them went.</summary>
/// <param name="Newest">The newest public message; null when there is none.</param>
/// <param name="FirstReplyAt">When the staff first answered, UTC.</param>
public sealed record TalkSummary(Message? Newest, DateTime? FirstReplyAt)
{
    /// <param name="without">A message that is about to go; zero for none.</param>
    public static async Task<TalkSummary> ReadAsync(Database database, long ticketId, long without, CancellationToken cancellation)
    {
        var messages = database.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticketId && message.Id != without && message.Kind == MessageKind.Public);
        var newest = await messages.OrderByDescending(message => message.Id).FirstOrDefaultAsync(cancellation);
        var first = await messages.Where(message => message.AuthorKind == ActorKind.Staff).OrderBy(message => message.Id).Select(message => (DateTime?)message.CreatedAt).FirstOrDefaultAsync(cancellation);
        return new(newest, first);
    }
}
