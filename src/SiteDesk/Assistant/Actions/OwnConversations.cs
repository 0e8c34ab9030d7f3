using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Chat;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Actions;

/// <param name="Subject">As the customer's page shows it.</param>
/// <param name="State">Where it stands, in words for the customer.</param>
/// <param name="Address">The customer's page.</param>
internal sealed record OwnConversation(long Number, string Subject, string State, string Address);

/// <summary>
/// The conversations that may be spoken of in a conversation: those in which the same browser takes part, and all of its customer's at the site
/// once an address or number of theirs is proven. Whoever only claims an address has their browser's alone. By mail and on a tracking page there
/// is no browser that shows who reads, and letters have copies: there it is this conversation and no other.
/// </summary>
internal sealed class OwnConversations(Database database, CustomerWording wording)
{
    /// <summary>Read for a list; those that were merged into another of the list fall out of it.</summary>
    private const int MostRead = 100;

    /// <summary>The newest first; without the conversation itself.</summary>
    public async Task<List<OwnConversation>> BesidesAsync(Ticket ticket, int most, string language, CancellationToken cancellation)
    {
        var read = await (await OfAsync(ticket, cancellation)).Where(own => own.Id != ticket.Id && own.MergedIntoId != ticket.Id)
            .OrderByDescending(own => own.Id).Take(MostRead).ToListAsync(cancellation);
        var numbers = read.Select(own => own.Id).ToHashSet();
        var listed = new List<OwnConversation>();
        foreach (var own in read.Where(own => own.MergedIntoId is not { } survivor || !numbers.Contains(survivor)).Take(most))
            listed.Add(await ShownAsync(own, language, cancellation));
        return listed;
    }

    /// <returns>Null when there is none with the number, or when it is somebody else's: nobody learns which.</returns>
    public async Task<Ticket?> FindAsync(Ticket ticket, long number, CancellationToken cancellation) =>
        await (await OfAsync(ticket, cancellation)).FirstOrDefaultAsync(own => own.Id == number, cancellation);

    public async Task<OwnConversation> ShownAsync(Ticket own, string language, CancellationToken cancellation)
    {
        // The conversation goes on in the ticket it was merged into; its own link leads there.
        var standing = own.MergedIntoId is { } survivor ? await database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == survivor, cancellation) : own;
        return new OwnConversation(own.Id, own.Subject, await wording.OfAsync(standing, language, cancellation), $"/t/{own.Token}");
    }

    private async Task<IQueryable<Ticket>> OfAsync(Ticket ticket, CancellationToken cancellation)
    {
        var tickets = database.Set<Ticket>().AsNoTracking();
        var browsers = await (
            from conversation in database.Set<ChatConversation>()
            join visitor in database.Set<Visitor>() on conversation.VisitorId equals visitor.Id
            where conversation.TicketId == ticket.Id
            select new { visitor.Id, visitor.CustomerId }).Distinct().ToListAsync(cancellation);

        // Where another person's browser takes part as well (the staff merged the tickets of two), what is said is read by both.
        if (browsers.Count == 0 || browsers.Exists(browser => browser.CustomerId != ticket.CustomerId))
            return tickets.Where(own => own.Id == ticket.Id);
        var ids = browsers.ConvertAll(browser => browser.Id);
        var isProven = await database.Set<CustomerContact>().AnyAsync(contact => contact.CustomerId == ticket.CustomerId && contact.ProvenAt != null, cancellation);
        return tickets.Where(own => own.SiteId == ticket.SiteId
            && (database.Set<ChatConversation>().Any(conversation => conversation.TicketId == own.Id && ids.Contains(conversation.VisitorId)) || isProven && own.CustomerId == ticket.CustomerId));
    }
}
