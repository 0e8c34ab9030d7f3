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
        var ask = DeskQueries.For(database);
        if (await ask.Ticket(database, id, cancellation) is not { } ticket || !ticket.IsVisibleTo(staff))
            return null;
        var customer = await ask.Customer(database, ticket.CustomerId, cancellation);
        var (entries, earlier) = await ReadTalkAsync(ticket, null, cancellation);
        var others = await OthersAsync(staff, ticket, cancellation);
        var visits = await VisitsAsync(staff, ticket, cancellation);
        var drafts = await ask.Drafts(database, staff.Id, ticket.Id).ToListAsync(cancellation);
        var tokens = drafts.SelectMany(draft => draft.FileTokens).ToList();
        var files = tokens.Count == 0 ? [] : await database.Set<StoredFile>().AsNoTracking().Where(file => tokens.Contains(file.Token) && file.AttachedAt == null).ToListAsync(cancellation);
        var linked = await LinkedAsync(staff, ticket.Id, cancellation);
        var newest = entries.LastOrDefault(entry => entry.Message is not null)?.Message?.Id ?? 0;
        return new(ticket, customer, entries, earlier, newest, others, visits, drafts, files, linked);
    }

    /// <summary>The pages of the sites that the reader sees: customers belong to no site, their visits do.</summary>
    private async Task<List<PageVisit>> VisitsAsync(Staff staff, Ticket ticket, CancellationToken cancellation)
    {
        if (staff.SiteIds is not { } sites)
            return await DeskQueries.For(database).Visits(database, ticket.CustomerId, VisitsShown).ToListAsync(cancellation);
        return await database.Set<PageVisit>().AsNoTracking()
            .Where(visit => visit.CustomerId == ticket.CustomerId && database.Set<Visitor>().Any(visitor => visitor.Id == visit.VisitorId && sites.Contains(visitor.SiteId)))
            .OrderByDescending(visit => visit.At).Take(VisitsShown).ToListAsync(cancellation);
    }

    private ValueTask<List<InboxRow>> OthersAsync(Staff staff, Ticket ticket, CancellationToken cancellation) =>
        IsConfined(staff)
            ? new(inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff).Where(row => row.CustomerId == ticket.CustomerId && row.Id != ticket.Id)
                .OrderByDescending(row => row.CreatedAt).Take(OtherTicketsShown)).ToListAsync(cancellation))
            : DeskQueries.For(database).Others(database, ticket.CustomerId, ticket.Id, OtherTicketsShown).ToListAsync(cancellation);

    private ValueTask<List<InboxRow>> LinkedAsync(Staff staff, long ticketId, CancellationToken cancellation) =>
        IsConfined(staff)
            ? new(inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff)
                .Where(row => database.Set<TicketLink>().Where(link => link.LowId == ticketId).Select(link => link.HighId)
                    .Union(database.Set<TicketLink>().Where(link => link.HighId == ticketId).Select(link => link.LowId)).Contains(row.Id))
                .OrderByDescending(row => row.Id).Take(LinkTickets.Most)).ToListAsync(cancellation))
            : DeskQueries.For(database).Linked(database, ticketId, LinkTickets.Most).ToListAsync(cancellation);

    private static bool IsConfined(Staff staff) => staff.SiteIds is not null || staff.TeamIds is not null;

    /// <summary>The newest messages before a key, of the ticket and of all merged into it, with the changes between them.</summary>
    /// <param name="before">Key of a message; null for the end of the talk.</param>
    public async Task<(IReadOnlyList<TalkEntry> Entries, long? Earlier)> ReadTalkAsync(Ticket ticket, long? before, CancellationToken cancellation)
    {
        var ticketId = ticket.Id;
        var messages = await ReadMessagesAsync(ticket, before, cancellation);
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

    /// <returns>The newest first; one more than is shown, where there are more.</returns>
    private async Task<List<Message>> ReadMessagesAsync(Ticket ticket, long? before, CancellationToken cancellation)
    {
        var read = ticket.MergedCount == 0 && before is null
            ? await DeskQueries.For(database).Messages(database, ticket.Id, MessagesShown + 1).ToListAsync(cancellation)
            : await EarlierMessagesAsync(ticket, before, cancellation);
        var messages = read.ConvertAll(row => row.Message);
        if (read.Exists(row => row.HasFiles))
        {
            var ids = read.Where(row => row.HasFiles).Select(row => row.Message.Id).ToList();
            var files = await database.Set<MessageFile>().AsNoTracking().Include(file => file.File).AsSingleQuery().Where(file => ids.Contains(file.MessageId)).ToListAsync(cancellation);
            foreach (var of in files.GroupBy(file => file.MessageId))
                messages.First(message => message.Id == of.Key).Files.AddRange(of.OrderBy(file => file.FileId));
        }

        return messages;
    }

    private async Task<List<MessageRead>> EarlierMessagesAsync(Ticket ticket, long? before, CancellationToken cancellation)
    {
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        return await database.Set<Message>().AsNoTracking().Where(message => whole.Contains(message.TicketId) && (before == null || message.Id < before))
            .OrderByDescending(message => message.Id).Take(MessagesShown + 1).Select(message => new MessageRead(message, message.Files.Any())).ToListAsync(cancellation);
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
        var since = from ?? DateTime.UnixEpoch;
        if (before is null)
            return await DeskQueries.For(database).Changes(database, ticketId, since, ChangesShown).ToListAsync(cancellation);
        var until = await database.Set<Message>().Where(message => message.Id == before).Select(message => message.CreatedAt).FirstOrDefaultAsync(cancellation);
        return await database.Set<TicketChange>().AsNoTracking().Where(change => change.TicketId == ticketId && change.At >= since && change.At < until)
            .OrderByDescending(change => change.Id).Take(ChangesShown).ToListAsync(cancellation);
    }
}
