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
    private const int MostKept = 2_000;

    private readonly LiveHub.TopicClock _moves = hub.ClockOf(TicketSignals.Desk);
    private readonly ConcurrentDictionary<string, Remembered<IReadOnlyDictionary<string, int>>> _kept = new(StringComparer.Ordinal);

    /// <returns>By view; counted to <see cref="InboxReader.MostCounted"/>.</returns>
    public ValueTask<IReadOnlyDictionary<string, int>> ReadAsync(Staff staff, InboxReader inbox, CancellationToken cancellation)
    {
        var key = KeyOf(staff);
        if (_kept.Count >= MostKept && !_kept.ContainsKey(key))
            _kept.Clear();
        return _kept.GetOrAdd(key, _ => new(_moves, time)).ReadAsync(() => CountAsync(staff, inbox, cancellation));
    }

    private static async Task<IReadOnlyDictionary<string, int>> CountAsync(Staff staff, InboxReader inbox, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var view in StandardViews.Counted)
            counts[view] = await inbox.CountAsync(staff, view, cancellation) ?? 0;
        return counts;
    }

    /// <summary>Whoever is given other rights has other counts at once.</summary>
    private static string KeyOf(Staff staff) => $"{staff.Id}|{ListOf(staff.SiteIds)}|{ListOf(staff.TeamIds)}";

    private static string ListOf(IEnumerable<long>? ids) => ids is null ? "all" : string.Join(',', ids.Order());
}
