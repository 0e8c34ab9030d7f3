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
        var matches =
            from tokens in Matching(text)
            join message in database.Set<Message>() on tokens.MessageId equals message.Id
            join ticket in tickets on message.TicketId equals ticket.Id
            orderby message.Id descending
            select ticket.Id;
        return (await matches.Take(MostMatches).ToListAsync(cancellation)).Distinct();
    }

    private IQueryable<MessageTokens> Matching(SearchQuery text) =>
        database.Engine == DatabaseEngine.Sqlite
            ? database.Set<MessageTokens>().FromSql(
                $"""SELECT "MessageId", "Tokens" FROM tickets_message_tokens WHERE "MessageId" IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH {text.ToFts5()})""")
            : database.Set<MessageTokens>().FromSql(
                $"""SELECT "MessageId", "Tokens" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {text.ToTsQuery()})""");

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
        tickets = query.OwnFields.Aggregate(tickets, (found, filter) => filter.Confine(found));
        if (query.From is { } from)
            tickets = tickets.Where(ticket => database.Set<CustomerContact>().Any(contact => contact.CustomerId == ticket.CustomerId && contact.Value.StartsWith(from)));
        return tickets;
    }
}
