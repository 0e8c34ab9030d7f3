using System.Collections.Frozen;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;

namespace SiteDesk.Tickets;

/// <summary>
/// Blocked addresses, domains and network ranges, remembered until one of them changes: every request that comes in is held against them,
/// and they change once a week.
/// </summary>
public sealed class BlockedSenders(LiveHub hub, TimeProvider time)
{
    /// <summary>Ticks when a sender is blocked or let in again.</summary>
    public const string Topic = "blocked-senders";

    /// <summary>Patterns remembered; of more, the database is asked.</summary>
    private const int MostRemembered = 20_000;

    private readonly Remembered<Patterns> _patterns = new(hub.ClockOf(Topic), time);

    /// <param name="patterns">Addresses, numbers and domains of the sender, as <see cref="BlockSender.Normalise"/> writes them.</param>
    /// <param name="address">Where it came from; null when it came over no network of ours.</param>
    public async ValueTask<bool> IsOneAsync(Database database, IReadOnlyList<string> patterns, IPAddress? address, CancellationToken cancellation)
    {
        var known = await _patterns.ReadAsync(() => ReadAsync(database, cancellation));
        if (patterns.Any(known.Exact.Contains) || address is not null && known.Ranges.Any(range => range.Contains(address)))
            return true;
        return !known.IsWhole && await database.Set<BlockedSender>().AnyAsync(blocked => patterns.Contains(blocked.Pattern), cancellation);
    }

    /// <summary>Whether anybody is blocked at all: mostly nobody is, and nothing more has to be read.</summary>
    public async ValueTask<bool> AreThereAnyAsync(Database database, CancellationToken cancellation) =>
        (await _patterns.ReadAsync(() => ReadAsync(database, cancellation))).Exact.Count > 0;

    private static async Task<Patterns> ReadAsync(Database database, CancellationToken cancellation)
    {
        var patterns = await database.Set<BlockedSender>().OrderByDescending(blocked => blocked.Id).Select(blocked => blocked.Pattern).Take(MostRemembered + 1).ToListAsync(cancellation);
        var ranges = patterns.Where(pattern => pattern.Contains('/', StringComparison.Ordinal)).Select(pattern => IPNetwork.TryParse(pattern, out var network) ? network : (IPNetwork?)null);
        return new Patterns(patterns.ToFrozenSet(StringComparer.Ordinal), [.. ranges.OfType<IPNetwork>()], patterns.Count <= MostRemembered);
    }

    private sealed record Patterns(FrozenSet<string> Exact, IReadOnlyList<IPNetwork> Ranges, bool IsWhole);
}
