using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>A ticket as its page shows it.</summary>
/// <param name="Entries">Messages and changes in the order they happened.</param>
/// <param name="Earlier">Key of the message before which there are more; null at the beginning.</param>
/// <param name="NewestMessageId">What an answer is written in view of.</param>
public sealed record TicketOnPage(
    Ticket Ticket, Customer Customer, IReadOnlyList<TalkEntry> Entries, long? Earlier, long NewestMessageId,
    IReadOnlyList<InboxRow> OtherTickets, IReadOnlyList<PageVisit> Visits, IReadOnlyList<Draft> Drafts, IReadOnlyList<StoredFile> DraftFiles, IReadOnlyList<InboxRow> Linked)
{
    /// <summary>The files of a draft that are still kept, in their order.</summary>
    public IEnumerable<StoredFile> DraftFilesOf(Draft draft) => draft.FileTokens.Select(token => DraftFiles.FirstOrDefault(file => file.Token == token)).OfType<StoredFile>();
}

/// <summary>A message, or what somebody changed in one go.</summary>
/// <param name="Additions">What channels show below the message.</param>
public sealed record TalkEntry(DateTime At, Message? Message, IReadOnlyList<TicketChange> Changes, IReadOnlyList<MessageAddition>? Additions = null);

/// <summary>Reads a ticket with what its page shows: a bounded number of rows by key, however long its history is.</summary>
public sealed class TicketReader(Database database, InboxReader inbox, IEnumerable<IAddToMessages> adders)
{
    /// <summary>Messages shown at once.</summary>
    public const int MessagesShown = 40;

    private const int ChangesShown = 200;
    private const int OtherTicketsShown = 5;
    private const int VisitsShown = 8;

    /// <returns>Null when there is no such ticket, or none this person may see.</returns>
    public async Task<TicketOnPage?> ReadAsync(Staff staff, long id, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().VisibleTo(staff)
            .Include(row => row.Tags).Include(row => row.Followers).Include(row => row.Fields).AsSingleQuery()
            .FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (ticket is null)
            return null;
        var customer = await database.Set<Customer>().AsNoTracking().Include(row => row.Contacts).AsSingleQuery().FirstAsync(row => row.Id == ticket.CustomerId, cancellation);
        var (entries, earlier) = await ReadTalkAsync(ticket, null, cancellation);
        var others = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff)
            .Where(row => row.CustomerId == ticket.CustomerId && row.Id != ticket.Id)
            .OrderByDescending(row => row.CreatedAt).Take(OtherTicketsShown)).ToListAsync(cancellation);
        var visits = await database.Set<PageVisit>().AsNoTracking().Where(visit => visit.CustomerId == ticket.CustomerId)
            .OrderByDescending(visit => visit.At).Take(VisitsShown).ToListAsync(cancellation);
        var drafts = await database.Set<Draft>().AsNoTracking().Where(draft => draft.StaffId == staff.Id && draft.TicketId == ticket.Id).ToListAsync(cancellation);
        var tokens = drafts.SelectMany(draft => draft.FileTokens).ToList();
        var files = tokens.Count == 0 ? [] : await database.Set<StoredFile>().AsNoTracking().Where(file => tokens.Contains(file.Token) && file.AttachedAt == null).ToListAsync(cancellation);
        var linked = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff)
            .Where(row => database.Set<TicketLink>().Where(link => link.LowId == ticket.Id).Select(link => link.HighId)
                .Union(database.Set<TicketLink>().Where(link => link.HighId == ticket.Id).Select(link => link.LowId)).Contains(row.Id))
            .OrderByDescending(row => row.Id).Take(LinkTickets.Most)).ToListAsync(cancellation);
        var newest = entries.LastOrDefault(entry => entry.Message is not null)?.Message?.Id ?? 0;
        return new(ticket, customer, entries, earlier, newest, others, visits, drafts, files, linked);
    }

    /// <summary>The newest messages before a key, of the ticket and of all merged into it, with the changes between them.</summary>
    /// <param name="before">Key of a message; null for the end of the talk.</param>
    public async Task<(IReadOnlyList<TalkEntry> Entries, long? Earlier)> ReadTalkAsync(Ticket ticket, long? before, CancellationToken cancellation)
    {
        var ticketId = ticket.Id;
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        var said = database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).AsSingleQuery();
        said = whole.Count == 1 ? said.Where(message => message.TicketId == ticketId) : said.Where(message => whole.Contains(message.TicketId));
        var messages = await said.Where(message => before == null || message.Id < before)
            .OrderByDescending(message => message.Id).Take(MessagesShown + 1).ToListAsync(cancellation);
        var hasEarlier = messages.Count > MessagesShown;
        if (hasEarlier)
            messages.RemoveAt(MessagesShown);
        messages.Reverse();
        var changes = await ReadChangesAsync(ticketId, before, hasEarlier ? messages[0].CreatedAt : null, cancellation);
        var additions = await AdditionsAsync(ticketId, messages, cancellation);
        var entries = messages.Select(message => new TalkEntry(message.CreatedAt, message, [], [.. additions[message.Id]]))
            .Concat(changes.GroupBy(change => (change.At, change.ActorName)).Select(together => new TalkEntry(together.Key.At, null, LastOfEach(together))))
            .OrderBy(entry => entry.At).ThenBy(entry => entry.Message is null).ToList();
        return (entries, hasEarlier ? messages[0].Id : null);
    }

    private async Task<ILookup<long, MessageAddition>> AdditionsAsync(long ticketId, List<Message> messages, CancellationToken cancellation)
    {
        var all = new List<KeyValuePair<long, MessageAddition>>();
        foreach (var adder in adders)
            all.AddRange(await adder.ReadAsync(ticketId, messages, cancellation));
        return all.ToLookup(pair => pair.Key, pair => pair.Value);
    }

    /// <summary>A field that moved twice in one go (taken up, then pending) is told by where it ended; tags are told each.</summary>
    private static List<TicketChange> LastOfEach(IEnumerable<TicketChange> changes) =>
        [.. changes.GroupBy(change => change.Field == "tag" ? $"tag:{change.To ?? change.From}" : change.Field).Select(field => field.MaxBy(change => change.Id)!).OrderBy(change => change.Id)];

    private async Task<List<TicketChange>> ReadChangesAsync(long ticketId, long? before, DateTime? from, CancellationToken cancellation)
    {
        var changes = database.Set<TicketChange>().AsNoTracking().Where(change => change.TicketId == ticketId);
        if (from is not null)
            changes = changes.Where(change => change.At >= from);
        if (before is not null)
        {
            var until = await database.Set<Message>().Where(message => message.Id == before).Select(message => message.CreatedAt).FirstOrDefaultAsync(cancellation);
            changes = changes.Where(change => change.At < until);
        }

        return await changes.OrderByDescending(change => change.Id).Take(ChangesShown).ToListAsync(cancellation);
    }
}
