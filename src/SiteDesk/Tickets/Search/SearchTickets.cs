using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// Finds tickets by number, words, address and filters. Newest message first: what a member of staff looks for is mostly
/// recent, the order is the same on both databases, and neither has to rank what nobody will read.
/// </summary>
public sealed class SearchTickets(Database database, DeskNamesCache names)
{
    /// <summary>Tickets in one answer.</summary>
    public const int MostResults = 50;

    // One ticket may match with many messages; this many newest matches are looked at for one page of tickets.
    private const int MostMatches = 600;

    // A filter may take most of the matches away again.
    private const int MostLookedAt = 10_000;

    private const int LookedAtFirst = 5_000;

    // People whose address begins so; who typed less than a name will type on.
    private const int MostSenders = 200;

    /// <param name="text">As it was typed; own fields are known by their keys.</param>
    /// <param name="zone">Of the reader, for days.</param>
    /// <returns>Keys of the tickets, best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<long>> RunAsync(string text, TimeZoneInfo zone, Staff staff, CancellationToken cancellation) =>
        await RunAsync(TicketSearchQuery.Parse(text, zone, (await names.ReadAsync(cancellation)).Fields), staff, cancellation);

    /// <returns>Keys of the tickets, best first; at most <see cref="MostResults"/>.</returns>
    public async Task<IReadOnlyList<long>> RunAsync(TicketSearchQuery query, Staff staff, CancellationToken cancellation)
    {
        if (query.IsEmpty)
            return [];
        var tickets = Filter(database.Set<Ticket>().AsNoTracking().VisibleTo(staff), query);
        if (query.From is { } from)
        {
            var senders = await SendersAsync(from, cancellation);
            tickets = tickets.Where(ticket => senders.Contains(ticket.CustomerId));
        }

        var found = new List<long>();
        if (query.Number is { } number && await tickets.AnyAsync(ticket => ticket.Id == number, cancellation))
            found.Add(number);
        if (query.Words.Length > 0)
            found.AddRange(await ByWordsAsync(tickets, query.Words, cancellation));
        else if (query.Number is null)
            found.AddRange(await tickets.OrderByDescending(ticket => ticket.UpdatedAt).Select(ticket => ticket.Id).Take(MostResults).ToListAsync(cancellation));
        return found.Distinct().Take(MostResults).ToList();
    }

    private async Task<IEnumerable<long>> ByWordsAsync(IQueryable<Ticket> tickets, string words, CancellationToken cancellation)
    {
        var text = SearchText.ForQuery(words);
        if (text.IsEmpty)
            return [];
        return database.Engine == DatabaseEngine.Sqlite ? await OnSqliteAsync(tickets, text, cancellation) : await OnPostgresAsync(tickets, text, cancellation);
    }

    /// <summary>FTS5 is always asked first, and what it finds is joined.</summary>
    private async Task<IEnumerable<long>> OnSqliteAsync(IQueryable<Ticket> tickets, SearchQuery text, CancellationToken cancellation)
    {
        var found = database.Set<MessageTokens>().FromSql(
            $"""SELECT "MessageId", "Tokens" FROM tickets_message_tokens WHERE "MessageId" IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH {text.ToFts5()})""");
        var matches =
            from tokens in found
            join message in database.Set<Message>() on tokens.MessageId equals message.Id
            join ticket in tickets on message.TicketId equals ticket.Id
            orderby message.Id descending
            select ticket.Id;
        return (await matches.Take(MostMatches).ToListAsync(cancellation)).Distinct();
    }

    /// <summary>
    /// The newest messages first: a word that is everywhere has filled the page from them. A rarer one is asked of the whole
    /// index, which costs as much as it finds.
    /// </summary>
    private async Task<IEnumerable<long>> OnPostgresAsync(IQueryable<Ticket> tickets, SearchQuery text, CancellationToken cancellation)
    {
        var newest = await database.Set<MessageTokens>().OrderByDescending(tokens => tokens.MessageId).Select(tokens => tokens.MessageId).FirstOrDefaultAsync(cancellation);
        var found = await TicketsOfAsync(tickets, await MatchesAsync(text, newest - LookedAtFirst, cancellation), cancellation);
        return found.Count >= MostResults ? found : await TicketsOfAsync(tickets, await MatchesAsync(text, 0, cancellation), cancellation);
    }

    /// <summary>Keys of the messages with these words, the newest first.</summary>
    /// <param name="after">Only messages after this one.</param>
    private Task<List<long>> MatchesAsync(SearchQuery text, long after, CancellationToken cancellation) =>
        // OFFSET 0 keeps PostgreSQL from walking along all keys in the hope of soon meeting enough that fit: it cannot know
        // how rare a word is, the index does.
        database.Database.SqlQuery<long>($"""SELECT "MessageId" AS "Value" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {text.ToTsQuery()}) AND "MessageId" > {after} OFFSET 0""")
            .OrderByDescending(id => id).Take(MostLookedAt).ToListAsync(cancellation);

    private async Task<List<long>> TicketsOfAsync(IQueryable<Ticket> tickets, List<long> messages, CancellationToken cancellation)
    {
        if (messages.Count == 0)
            return [];
        var matches =
            from message in database.Set<Message>()
            join ticket in tickets on message.TicketId equals ticket.Id
            where messages.Contains(message.Id)
            orderby message.Id descending
            select ticket.Id;
        return [.. (await matches.Take(MostMatches).ToListAsync(cancellation)).Distinct()];
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

    private IQueryable<Ticket> Filter(IQueryable<Ticket> tickets, TicketSearchQuery query)
    {
        if (query.Statuses.Count > 0)
            tickets = tickets.Where(ticket => query.Statuses.Contains(ticket.Status));
        if (query.Priority is { } priority)
            tickets = tickets.Where(ticket => ticket.Priority == priority);
        if (query.Channel is { } channel)
            tickets = tickets.Where(ticket => ticket.Channel == channel);
        foreach (var tag in query.Tags)
            tickets = tickets.Where(ticket => ticket.Tags.Any(known => known.Name == tag));
        if (query.Before is { } before)
            tickets = tickets.Where(ticket => ticket.CreatedAt < before);
        if (query.After is { } after)
            tickets = tickets.Where(ticket => ticket.CreatedAt >= after);
        tickets = query.OwnFields.Aggregate(tickets, (found, filter) => filter.Confine(found, database.Set<TicketFieldValue>()));
        return tickets;
    }
}
