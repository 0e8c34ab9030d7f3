using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.Search;

/// <summary>A message in which the words of a search were found.</summary>
/// <param name="Tokens">The beginning of its analysed words, as they are indexed.</param>
internal sealed record TicketMatch(long MessageId, long TicketId, string Subject, DateTime WrittenAt, string Tokens);

/// <summary>
/// The newest messages with certain words whose tickets fit: at most <see cref="MostFound"/> among the newest
/// <see cref="MostLookedAt"/> that have the words. Both databases give the same ones; they only come to them in different ways.
/// </summary>
internal sealed class TicketMatches(Database database)
{
    /// <summary>Enough to fill a page of tickets after several matches of one ticket, and few enough to weigh each.</summary>
    public const int MostFound = 300;

    /// <summary>A filter may take most of the matches away again.</summary>
    public const int MostLookedAt = 10_000;

    /// <summary>Of a very long message only the beginning is weighed, in characters.</summary>
    private const int LongestWeighed = 4_000;

    // Keys a page of which is compared with the filters at once: first a few, since most searches have no filter.
    private const int FirstCompared = 600;

    // On PostgreSQL the newest keys are looked at first: a word that is everywhere is found often enough among them, and a rarer one
    // among more; the whole index is asked only for words of which there is little.
    private static readonly long[] Windows = [5_000, 60_000];

    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<TicketMatch>> FindAsync(IQueryable<Ticket> tickets, SearchQuery text, CancellationToken cancellation)
    {
        var found = new List<TicketMatch>();
        await foreach (var keys in KeysAsync(text, cancellation))
        {
            found.AddRange(await FittingAsync(tickets, keys, MostFound - found.Count, cancellation));
            if (found.Count >= MostFound)
                break;
        }

        return found;
    }

    /// <summary>Messages with these words among certain messages; for a filter that leaves few.</summary>
    /// <param name="among">Keys of messages, at most a few thousand.</param>
    public async Task<IReadOnlyList<TicketMatch>> FindAmongAsync(IQueryable<Ticket> tickets, SearchQuery text, List<long> among, CancellationToken cancellation)
    {
        var keys = database.Engine == DatabaseEngine.Sqlite
            ? database.Database.SqlQuery<long>($"""SELECT rowid AS "Value" FROM tickets_search WHERE tickets_search MATCH {text.ToFts5()} AND rowid >= {among[^1]} AND rowid <= {among[0]}""")
            : database.Database.SqlQuery<long>($"""SELECT "MessageId" AS "Value" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {text.ToTsQuery()}) AND "MessageId" = ANY({among}) OFFSET 0""");
        var wanted = among.ToHashSet();
        var found = (await keys.ToListAsync(cancellation)).Where(wanted.Contains).OrderDescending().ToList();
        return await FittingAsync(tickets, found, MostFound, cancellation);
    }

    /// <summary>Keys of messages with the words, the newest first, a page at a time.</summary>
    private IAsyncEnumerable<List<long>> KeysAsync(SearchQuery text, CancellationToken cancellation) =>
        database.Engine == DatabaseEngine.Sqlite ? OnSqliteAsync(text, cancellation) : OnPostgresAsync(text, cancellation);

    /// <summary>FTS5 gives its rows along their keys in either direction, and stops when it has given enough.</summary>
    private async IAsyncEnumerable<List<long>> OnSqliteAsync(SearchQuery text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (before, left, page) = (long.MaxValue, MostLookedAt, FirstCompared);
        while (left > 0)
        {
            var keys = await database.Database.SqlQuery<long>(
                $"""SELECT rowid AS "Value" FROM tickets_search WHERE tickets_search MATCH {text.ToFts5()} AND rowid < {before} ORDER BY rowid DESC LIMIT {page}""").ToListAsync(cancellation);
            if (keys.Count > 0)
                yield return keys;
            if (keys.Count < page)
                yield break;
            (before, left) = (keys[^1], left - page);
            page = left;
        }
    }

    private async IAsyncEnumerable<List<long>> OnPostgresAsync(SearchQuery text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var newest = await database.Set<MessageTokens>().OrderByDescending(tokens => tokens.MessageId).Select(tokens => tokens.MessageId).FirstOrDefaultAsync(cancellation);
        var (before, left) = (newest + 1, MostLookedAt);
        foreach (var after in Windows.Select(window => newest - window).Where(after => after > 0).Append(0))
        {
            // OFFSET 0 keeps PostgreSQL from walking along all keys in the hope of soon meeting enough that fit: it cannot know
            // how rare a word is, the index does.
            var keys = await database.Database.SqlQuery<long>(
                $"""SELECT "MessageId" AS "Value" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {text.ToTsQuery()}) AND "MessageId" > {after} AND "MessageId" < {before} OFFSET 0""")
                .OrderByDescending(key => key).Take(left).ToListAsync(cancellation);
            foreach (var page in keys.Chunk(FirstCompared))
                yield return [.. page];
            (before, left) = (after + 1, left - keys.Count);
            if (left == 0)
                yield break;
        }
    }

    private async Task<List<TicketMatch>> FittingAsync(IQueryable<Ticket> tickets, List<long> keys, int most, CancellationToken cancellation)
    {
        if (keys.Count == 0)
            return [];
        var matches =
            from message in database.Set<Message>().AsNoTracking()
            join ticket in tickets on message.TicketId equals ticket.Id
            where keys.Contains(message.Id)
            orderby message.Id descending
            select new TicketMatch(message.Id, ticket.Id, ticket.Subject, message.CreatedAt, message.Tokens!.Tokens.Substring(0, LongestWeighed));
        return await matches.Take(most).ToListAsync(cancellation);
    }
}
