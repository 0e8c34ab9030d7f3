using System.Collections.Concurrent;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// The counts of the standard views, kept for each person until a ticket moves. Every page of the workspace shows them,
/// and far more pages are read than tickets move.
/// </summary>
public sealed class StandardViewCounts(LiveHub hub, TimeProvider time)
{
    /// <summary>Another node's change arrives as a signal too; this is for the moment in which its connection is down.</summary>
    public static TimeSpan LongestAge { get; } = TimeSpan.FromSeconds(5);

    private const int MostKept = 2_000;

    private readonly LiveHub.TopicClock _moves = hub.ClockOf(TicketSignals.Desk);
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <returns>By view; counted to <see cref="InboxReader.MostCounted"/>.</returns>
    public async ValueTask<IReadOnlyDictionary<string, int>> ReadAsync(Staff staff, InboxReader inbox, CancellationToken cancellation)
    {
        var key = KeyOf(staff);
        // Read before the rows: what moves in between makes the counts old, never wrong for long.
        var moves = _moves.Now;
        if (_kept.TryGetValue(key, out var kept) && kept.Moves == moves && time.GetElapsedTime(kept.At) < LongestAge)
            return kept.Counts;
        var at = time.GetTimestamp();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var view in StandardViews.Counted)
            counts[view] = await inbox.CountAsync(staff, view, cancellation) ?? 0;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[key] = new Kept(counts, moves, at);
        return counts;
    }

    /// <summary>Whoever is given other rights has other counts at once.</summary>
    private static string KeyOf(Staff staff) => $"{staff.Id}|{ListOf(staff.SiteIds)}|{ListOf(staff.TeamIds)}";

    private static string ListOf(IEnumerable<long>? ids) => ids is null ? "all" : string.Join(',', ids.Order());

    private sealed record Kept(IReadOnlyDictionary<string, int> Counts, long Moves, long At);
}
