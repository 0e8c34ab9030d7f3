using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// Finds tickets by number, words, address and filters. Of the words the newest matches are taken and put in order
/// (<see cref="TicketRanking"/>): what a member of staff looks for is mostly recent, the order is the same on both databases, and
/// neither has to rank what nobody will read.
/// </summary>
public sealed class SearchTickets(Database database, DeskNamesCache names, TimeProvider time)
{
    /// <summary>Tickets in one answer.</summary>
    public const int MostResults = 50;

    // People whose address begins so; who typed less than a name will type on.
    private const int MostSenders = 200;

    // Tickets of these people in which words are looked for, the newest.
    private const int MostTicketsOfSenders = 1_000;

    /// <param name="text">As it was typed; own fields are known by their keys.</param>
    /// <param name="zone">Of the reader, for days.</param>
    /// <param name="isTyping">Whether the last word may be the beginning of one.</param>
    /// <returns>Best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<FoundTicket>> FindAsync(string text, TimeZoneInfo zone, Staff staff, bool isTyping, CancellationToken cancellation) =>
        await FindAsync(TicketSearchQuery.Parse(text, zone, await names.ReadAsync(cancellation), staff.Id), staff, isTyping, cancellation);

    /// <returns>Keys of the tickets, best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<long>> RunAsync(string text, TimeZoneInfo zone, Staff staff, CancellationToken cancellation) =>
        [.. (await FindAsync(text, zone, staff, isTyping: false, cancellation)).Select(found => found.TicketId)];

    /// <returns>Keys of the tickets, best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<long>> RunAsync(TicketSearchQuery query, Staff staff, CancellationToken cancellation) =>
        [.. (await FindAsync(query, staff, isTyping: false, cancellation)).Select(found => found.TicketId)];

    /// <param name="isTyping">Whether the last word may be the beginning of one. A finished search takes it so only when nothing else is found.</param>
    /// <returns>Best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<FoundTicket>> FindAsync(TicketSearchQuery query, Staff staff, bool isTyping, CancellationToken cancellation)
    {
        if (query.IsEmpty)
            return [];
        var senders = query.From is { } from ? await SendersAsync(from, cancellation) : null;
        var others = query.Except?.From is { } notFrom ? await SendersAsync(notFrom, cancellation) : null;
        var tickets = Confine(database.Set<Ticket>().AsNoTracking());

        var found = new List<FoundTicket>();
        if (query.Number is { } number && await tickets.AnyAsync(ticket => ticket.Id == number, cancellation))
            found.Add(new(number, null));
        if (query.Words.Length > 0)
            found.AddRange(await ByWordsAsync(Confine, senders is null ? null : tickets, query.Words, isTyping, cancellation));
        else if (query.Number is null)
            found.AddRange(await tickets.OrderByDescending(ticket => ticket.UpdatedAt).Select(ticket => new FoundTicket(ticket.Id, null)).Take(MostResults).ToListAsync(cancellation));
        return [.. found.DistinctBy(ticket => ticket.TicketId).Take(MostResults)];

        IQueryable<Ticket> Confine(IQueryable<Ticket> all)
        {
            var fitting = new TicketSearchCondition(database).Confine(all.VisibleTo(staff), query);
            if (senders is not null)
                fitting = fitting.Where(ticket => senders.Contains(ticket.CustomerId));
            return others is null ? fitting : fitting.Where(ticket => !others.Contains(ticket.CustomerId));
        }
    }

    private async Task<IEnumerable<FoundTicket>> ByWordsAsync(Func<IQueryable<Ticket>, IQueryable<Ticket>> confine, IQueryable<Ticket>? ofSenders, string words, bool isTyping, CancellationToken cancellation)
    {
        // A space behind the last word says that it is whole.
        var text = SearchText.ForQuery(isTyping ? words : words + ' ');
        if (text.IsEmpty)
            return [];
        var matches = await MatchesAsync(confine, ofSenders, text, cancellation);
        if (matches.Count == 0 && !isTyping && SearchText.ForQuery(words) is var asBeginning && asBeginning.ToTsQuery() != text.ToTsQuery())
            matches = await MatchesAsync(confine, ofSenders, text = asBeginning, cancellation);
        return TicketRanking.Order(matches, text, time.Now());
    }

    private async Task<IReadOnlyList<TicketMatch>> MatchesAsync(Func<IQueryable<Ticket>, IQueryable<Ticket>> confine, IQueryable<Ticket>? ofSenders, SearchQuery text, CancellationToken cancellation)
    {
        var matches = new TicketMatches(database);
        if (ofSenders is null)
            return await matches.FindAsync(confine, text, cancellation);
        var theirs = await ofSenders.OrderByDescending(ticket => ticket.Id).Select(ticket => ticket.Id).Take(MostTicketsOfSenders).ToListAsync(cancellation);
        var messages = await database.Set<Message>().Where(message => theirs.Contains(message.TicketId)).Select(message => message.Id).ToListAsync(cancellation);
        var among = messages.OrderDescending().Take(TicketMatches.MostLookedAt).ToList();
        return among.Count == 0 ? [] : await matches.FindAmongAsync(confine, text, among, cancellation);
    }

    /// <summary>
    /// Whose address or number begins so; looked for first, because addresses have an index and a walk through all tickets
    /// would end only when enough of them fit.
    /// </summary>
    private async Task<List<long>> SendersAsync(string from, CancellationToken cancellation)
    {
        var senders = new List<long>();
        foreach (var kind in Enum.GetValues<ContactKind>())
        {
            var contacts = database.Set<CustomerContact>().Where(contact => contact.Kind == kind);
            // SQLite compares bytes and its LIKE enters no index; PostgreSQL's collation may not, and its LIKE has an index.
            var beginning = database.Engine == DatabaseEngine.Sqlite
                ? contacts.Where(contact => string.Compare(contact.Value, from) >= 0 && string.Compare(contact.Value, from + '\uffff') < 0)
                : contacts.Where(contact => contact.Value.StartsWith(from));
            senders.AddRange(await beginning.OrderBy(contact => contact.Value).Select(contact => contact.CustomerId).Take(MostSenders).ToListAsync(cancellation));
        }

        return senders;
    }
}
