using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SiteDesk.Language;
using Database = SiteDesk.Platform.Data.Database;

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
    public const int MostFound = 200;

    /// <summary>A filter may take most of the matches away again.</summary>
    public const int MostLookedAt = 10_000;

    /// <summary>Of a very long message only the beginning is weighed, in characters.</summary>
    private const int LongestWeighed = 4_000;

    // Keys are compared with rights and filters a page at a time: first just enough, since most searches have no filter.
    private const int FirstCompared = MostFound, NextCompared = 2_000;

    // On PostgreSQL fewer matches than this are fetched by the index of words, more are met by walking along the newest keys. Among a
    // million messages a step of the walk takes 0.7 microseconds and a match of the index 4, and words that stand together are three
    // times as many as the engine expects, which counts each by itself.
    private const double FewMatches = 3_000;

    // So many of the newest keys are walked along before the index of words is asked after all: the estimate was wrong.
    private const long LongestWalk = 40_000;

    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<TicketMatch>> FindAsync(Func<IQueryable<Ticket>, IQueryable<Ticket>> confine, SearchQuery text, CancellationToken cancellation)
    {
        var found = new List<TicketMatch>();
        await foreach (var keys in KeysAsync(text, cancellation))
        {
            found.AddRange(await FittingAsync(confine, keys, MostFound - found.Count, cancellation));
            if (found.Count >= MostFound)
                break;
        }

        return found;
    }

    /// <summary>Messages with these words among certain messages; for a filter that leaves few.</summary>
    /// <param name="among">Keys of messages, at most a few thousand.</param>
    public async Task<IReadOnlyList<TicketMatch>> FindAmongAsync(Func<IQueryable<Ticket>, IQueryable<Ticket>> confine, SearchQuery text, List<long> among, CancellationToken cancellation)
    {
        var keys = database.Engine == Platform.Data.DatabaseEngine.Sqlite
            ? database.Database.SqlQuery<long>($"""SELECT rowid AS "Value" FROM tickets_search WHERE tickets_search MATCH {text.ToFts5()} AND rowid >= {among[^1]} AND rowid <= {among[0]}""")
            : database.Database.SqlQuery<long>($"""SELECT "MessageId" AS "Value" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {text.ToTsQuery()}) AND "MessageId" = ANY({among}) OFFSET 0""");
        var wanted = among.ToHashSet();
        var found = (await keys.ToListAsync(cancellation)).Where(wanted.Contains).OrderDescending().ToList();
        return await FittingAsync(confine, found, MostFound, cancellation);
    }

    /// <summary>Keys of messages with the words, the newest first, a page at a time.</summary>
    private IAsyncEnumerable<List<long>> KeysAsync(SearchQuery text, CancellationToken cancellation) =>
        database.Engine == Platform.Data.DatabaseEngine.Sqlite ? OnSqliteAsync(text, cancellation) : OnPostgresAsync(text, cancellation);

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
            page = Math.Min(left, NextCompared);
        }
    }

    /// <summary>
    /// PostgreSQL's index of words gives all matches in no order: good for words of which there is little. Common words are met soon by
    /// walking back from the newest message. Which of the two it is, the engine's own statistics tell; left to itself it may walk along
    /// all keys in the hope of soon meeting enough, so either way has its end.
    /// </summary>
    private async IAsyncEnumerable<List<long>> OnPostgresAsync(SearchQuery text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var words = text.ToTsQuery();
        var (before, left) = (long.MaxValue, MostLookedAt);
        if (await EstimateAsync(words, cancellation) > FewMatches)
        {
            var newest = await database.Set<MessageTokens>().OrderByDescending(tokens => tokens.MessageId).Select(tokens => tokens.MessageId).FirstOrDefaultAsync(cancellation);
            var last = newest - LongestWalk;
            for (var page = FirstCompared; left > 0; page = Math.Min(left, NextCompared))
            {
                // OFFSET 0 keeps the order of the inner query: rows are looked at from the newest on until there are enough.
                var keys = await database.Database.SqlQuery<long>(
                    $"""SELECT "MessageId" AS "Value" FROM (SELECT "MessageId", search FROM tickets_message_tokens WHERE "MessageId" > {last} AND "MessageId" < {before} ORDER BY "MessageId" DESC OFFSET 0) AS newest WHERE search @@ to_tsquery('simple', {words}) LIMIT {page}""")
                    .ToListAsync(cancellation);
                if (keys.Count > 0)
                    yield return keys;
                left -= keys.Count;
                if (keys.Count < page)
                    break;
                before = keys[^1];
            }

            if (left <= 0 || last <= 0)
                yield break;
            before = last + 1;
        }

        var all = await database.Database.SqlQuery<long>(
            $"""SELECT "MessageId" AS "Value" FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', {words}) AND "MessageId" < {before} OFFSET 0""")
            .OrderByDescending(key => key).Take(left).ToListAsync(cancellation);
        if (all.Count > 0)
            yield return all[..Math.Min(all.Count, FirstCompared)];
        foreach (var page in all.Skip(FirstCompared).Chunk(NextCompared))
            yield return [.. page];
    }

    /// <summary>How many messages PostgreSQL expects to have these words; a look at its statistics, not at the messages.</summary>
    private async Task<double> EstimateAsync(string words, CancellationToken cancellation)
    {
        await database.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = "EXPLAIN (FORMAT JSON) SELECT FROM tickets_message_tokens WHERE search @@ to_tsquery('simple', @words)";
            command.Transaction = database.Database.CurrentTransaction?.GetDbTransaction();
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("words", words);
            command.Parameters.Add(parameter);
            using var plan = System.Text.Json.JsonDocument.Parse((string)(await command.ExecuteScalarAsync(cancellation))!);
            return plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        }
        finally
        {
            await database.Database.CloseConnectionAsync();
        }
    }

    /// <summary>
    /// From keys to tickets to words, a step at a time: asked at once, an engine may begin with the tickets of a site and look through the
    /// keys for each.
    /// </summary>
    private async Task<List<TicketMatch>> FittingAsync(Func<IQueryable<Ticket>, IQueryable<Ticket>> confine, List<long> keys, int most, CancellationToken cancellation)
    {
        if (keys.Count == 0)
            return [];
        var messages = await database.Set<Message>().AsNoTracking().Where(message => keys.Contains(message.Id))
            .Select(message => new { message.Id, message.TicketId, message.CreatedAt }).ToListAsync(cancellation);
        var subjects = await confine(WithIds([.. messages.Select(message => message.TicketId).Distinct()])).Select(ticket => new { ticket.Id, ticket.Subject }).ToDictionaryAsync(ticket => ticket.Id, ticket => ticket.Subject, cancellation);
        var fitting = messages.Where(message => subjects.ContainsKey(message.TicketId)).OrderByDescending(message => message.Id).Take(most).ToList();
        if (fitting.Count == 0)
            return [];
        var chosen = fitting.ConvertAll(message => message.Id);
        var words = await database.Set<MessageTokens>().AsNoTracking().Where(tokens => chosen.Contains(tokens.MessageId))
            .Select(tokens => new { tokens.MessageId, Words = tokens.Tokens.Substring(0, LongestWeighed) }).ToDictionaryAsync(tokens => tokens.MessageId, tokens => tokens.Words, cancellation);
        return fitting.ConvertAll(message => new TicketMatch(message.Id, message.TicketId, subjects[message.TicketId], message.CreatedAt, words.GetValueOrDefault(message.Id, "")));
    }

    /// <summary>Tickets by their keys. SQLite is told to begin with the keys (CROSS JOIN keeps the order): it knows nothing of how many a site has.</summary>
    private IQueryable<Ticket> WithIds(List<long> ids)
    {
        if (database.Engine != Platform.Data.DatabaseEngine.Sqlite)
            return database.Set<Ticket>().AsNoTracking().Where(ticket => ids.Contains(ticket.Id));
        var keys = System.Text.Json.JsonSerializer.Serialize(ids);
        return database.Set<Ticket>().FromSql($"SELECT t.* FROM json_each({keys}) AS k CROSS JOIN tickets_tickets AS t WHERE t.\"Id\" = k.value").AsNoTracking();
    }
}
