using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Assistant.Desk;

/// <summary>A solved ticket that resembles another.</summary>
/// <param name="Likeness">0 to 1: the cosine of their words, rare words weighing more.</param>
internal sealed record LikeTicket(long TicketId, double Likeness, IReadOnlyList<string> Tags, TicketPriority Priority, long? TeamId);

/// <summary>
/// Finds solved tickets that resemble a question, through the ticket search's own index: at most two bounded searches for any of its words
/// (the second for those that turned out to be rare), whose matches are then compared as a whole. Only tickets that the reader may see.
/// </summary>
internal sealed class LikeTickets(Database database)
{
    /// <summary>What is less alike says nothing.</summary>
    private const double LeastLikeness = 0.3;

    private const int MostLike = 12;

    /// <summary>Words of a question that are looked for, the longest ones: short ones are mostly common.</summary>
    private const int MostWords = 12;

    private const int MostRareWords = 3;

    /// <summary>A word that more of the matches have than this is common.</summary>
    private const double RareShare = 0.2;

    /// <summary>Tokens of a text that are compared.</summary>
    private const int MostTokens = 400;

    /// <returns>The most alike first.</returns>
    public async Task<IReadOnlyList<LikeTicket>> FindAsync(string question, Ticket ticket, Staff staff, CancellationToken cancellation)
    {
        var asked = TokensOf(SearchText.ForIndex(question, MostTokens));
        var words = ContentWords(question).OrderByDescending(token => token.Length).ThenBy(token => token, StringComparer.Ordinal).Take(MostWords).ToList();
        if (words.Count == 0)
            return [];
        var matches = new TicketMatches(database);
        var found = (await matches.FindAsync(Confine, AnyOf(words), cancellation)).ToDictionary(match => match.MessageId);
        var held = found.Values.Select(match => TokensOf(match.Tokens)).ToList();
        var rare = words.Where(word => held.Count(tokens => tokens.ContainsKey(word)) <= RareShare * held.Count).Take(MostRareWords).ToList();
        if (found.Count >= TicketMatches.MostFound && rare.Count > 0)
        {
            // Common words fill the first search with what is merely new; rare ones find what is meant.
            foreach (var match in await matches.FindAsync(Confine, AnyOf(rare), cancellation))
                found.TryAdd(match.MessageId, match);
        }

        var likeness = Compare(asked, [.. found.Values]);
        if (likeness.Count == 0)
            return [];
        var ids = likeness.Keys.ToList();
        var rows = await database.Set<Ticket>().AsNoTracking().Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Priority, row.TeamId }).ToListAsync(cancellation);
        var tags = (await database.Set<TicketTag>().AsNoTracking().Where(tag => ids.Contains(tag.TicketId)).ToListAsync(cancellation)).ToLookup(tag => tag.TicketId, tag => tag.Name);
        return [.. rows.Select(row => new LikeTicket(row.Id, likeness[row.Id], [.. tags[row.Id]], row.Priority, row.TeamId)).OrderByDescending(like => like.Likeness).ThenByDescending(like => like.TicketId)];

        IQueryable<Ticket> Confine(IQueryable<Ticket> all) =>
            all.VisibleTo(staff).Where(row => row.SiteId == ticket.SiteId && row.Stage == TicketStage.Done && row.Id != ticket.Id && row.MergedIntoId == null);
    }

    /// <summary>By ticket: how alike its most alike message is.</summary>
    private static Dictionary<long, double> Compare(Dictionary<string, int> asked, List<TicketMatch> matches)
    {
        var texts = matches.ConvertAll(match => TokensOf(match.Tokens));
        var holders = texts.SelectMany(text => text.Keys).CountBy(token => token, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var length = LengthOf(asked);
        return matches.Zip(texts, (match, text) => (match.TicketId, Likeness: Cosine(text)))
            .GroupBy(pair => pair.TicketId, (ticket, pairs) => (Ticket: ticket, Likeness: pairs.Max(pair => pair.Likeness)))
            .Where(pair => pair.Likeness >= LeastLikeness).OrderByDescending(pair => pair.Likeness).ThenByDescending(pair => pair.Ticket).Take(MostLike)
            .ToDictionary(pair => pair.Ticket, pair => pair.Likeness);

        double Cosine(Dictionary<string, int> text)
        {
            var common = text.Sum(token => asked.TryGetValue(token.Key, out var times) ? Weight(token.Key, token.Value) * Weight(token.Key, times) : 0);
            return common == 0 ? 0 : common / (length * LengthOf(text));
        }

        double LengthOf(Dictionary<string, int> text) => Math.Sqrt(text.Sum(token => Math.Pow(Weight(token.Key, token.Value), 2)));

        double Weight(string token, int times) => (1 + Math.Log(times)) * Math.Log(1 + (matches.Count + 1.0) / (1 + holders.GetValueOrDefault(token)));
    }

    private static Dictionary<string, int> TokensOf(string tokens) => tokens.Split(' ', MostTokens + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostTokens)
        .CountBy(token => token, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>The words of a text that say something, in the form in which they are indexed; small words only where there is nothing else.</summary>
    internal static IEnumerable<string> ContentWords(string text) =>
        SearchText.ForQuery(text + ' ').Clauses.SelectMany(clause => clause.Alternatives).Where(phrase => !phrase.IsPrefix).SelectMany(phrase => phrase.Tokens).Distinct(StringComparer.Ordinal);

    private static SearchQuery AnyOf(IEnumerable<string> words) => new([new SearchClause([.. words.Select(word => new SearchPhrase([word]))])]);
}
