using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Makes one ticket of two. The messages stay where they were said; the merged ticket is closed, points to the other and
/// leaves it a note, so that nothing is lost and the customer's link still leads on.
/// </summary>
public sealed class MergeTickets(Database database, MessageComposer composer, TimeProvider time)
{
    public async Task<Outcome<Ticket>> RunAsync(long fromId, long intoId, string clientId, Staff staff, CancellationToken cancellation)
    {
        if (fromId == intoId)
            return new Problem("into", "merge.same");
        var tickets = await database.Set<Ticket>().VisibleTo(staff).Where(ticket => ticket.Id == fromId || ticket.Id == intoId).ToListAsync(cancellation);
        var (from, into) = (tickets.Find(ticket => ticket.Id == fromId), tickets.Find(ticket => ticket.Id == intoId));
        if (from is null || into is null)
            return new Problem("into", "ticket.not-found");
        if (into.MergedIntoId is not null || from.MergedIntoId is not null)
            return new Problem("into", "merge.already");
        if (from.SiteId != into.SiteId)
            return new Problem("into", "merge.other-site");

        var now = time.Now();
        var said = await database.Set<Message>().AsNoTracking().Where(message => message.TicketId == fromId && message.Kind == MessageKind.Public)
            .OrderByDescending(message => message.Id).Take(1).Select(message => message.AuthorName + ": " + message.Text).FirstOrDefaultAsync(cancellation);
        var text = $"#{from.Id} {from.Subject}\n{said}";
        var note = await composer.ComposeAsync(into, new MessageComposer.Request(
            MessageKind.Note, staff.AsActor(), clientId, text.Length > Message.LongestText ? text[..Message.LongestText] : text, "workspace"), now, cancellation);
        if (!note.Succeeded)
            return note.Problems.ToList();
        var status = from.Status;
        from.MergeInto(into.Id, staff.AsActor(), now);
        into.Record("merged", null, from.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), staff.AsActor(), now, null);
        into.Received(note.Value);
        database.Add(note.Value);
        database.Publish(() => new TicketStatusChanged(from.Id, status, from.Status));
        database.Signal(() => TicketSignals.Moved(from, "changed"));
        database.Signal(() => TicketSignals.Moved(into, "note"));
        await database.SaveChangesAsync(cancellation);
        return into;
    }
}
