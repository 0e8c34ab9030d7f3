using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets;

/// <summary>
/// The tickets of which a conversation consists: the one that goes on, and those that were merged into it. One place says so
/// for the workspace, the tracking page and the widget, so that all show the same.
/// </summary>
public static class WholeConversation
{
    /// <summary>Merged tickets that are read along; more than people ever merge, and a bound for every query.</summary>
    public const int MostMerged = 100;

    /// <returns>The ticket's own number first; it alone when nothing was merged into it.</returns>
    public static async Task<List<long>> OfAsync(Database database, Ticket ticket, CancellationToken cancellation) =>
        ticket.MergedCount == 0 ? [ticket.Id] : [ticket.Id, .. await MergedIntoAsync(database, [ticket.Id], cancellation)];

    /// <summary>The conversations that the given tickets are part of, each with all its tickets.</summary>
    /// <returns>In the order given: the surviving ticket where one was merged, then what belongs to it.</returns>
    public static async Task<List<long>> OfAsync(Database database, IReadOnlyCollection<long> ticketIds, CancellationToken cancellation)
    {
        var known = await database.Set<Ticket>().Where(ticket => ticketIds.Contains(ticket.Id))
            .Select(ticket => new { ticket.Id, Survivor = ticket.MergedIntoId ?? ticket.Id, ticket.MergedCount }).ToDictionaryAsync(ticket => ticket.Id, cancellation);
        var first = ticketIds.Where(known.ContainsKey).Select(id => known[id].Survivor).Distinct().ToList();
        if (known.Values.All(ticket => ticket.Survivor == ticket.Id && ticket.MergedCount == 0))
            return first;
        return [.. first.Concat(ticketIds.Where(known.ContainsKey)).Concat(await MergedIntoAsync(database, first, cancellation)).Distinct()];
    }

    private static Task<List<long>> MergedIntoAsync(Database database, List<long> survivors, CancellationToken cancellation) =>
        database.Set<Ticket>().Where(ticket => ticket.MergedIntoId != null && survivors.Contains(ticket.MergedIntoId.Value))
            .OrderByDescending(ticket => ticket.Id).Select(ticket => ticket.Id).Take(MostMerged).ToListAsync(cancellation);
}
