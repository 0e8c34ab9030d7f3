using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Platform.Web.Abuse;

/// <summary>
/// Counts what comes from a network address, for a site, or with one text. Kept in memory, so that counting needs no row
/// and a restart forgives; on a cluster the nodes tell each other what they took (<see cref="SharedLimits"/>).
/// </summary>
public sealed class AddressWatch(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string What, string Who), Bucket> _buckets = new();
    private readonly Lock _sweeping = new();
    private long _sweptAt;
    private const int MostBuckets = 200_000;

    // What was taken here and not told to other nodes yet; null on a single node.
    private volatile ConcurrentDictionary<(string What, string Who), TakenUnits>? _untold;

    /// <summary>
    /// Puts one unit into a bucket that runs empty within the period: a burst up to the limit passes, a steady stream above it does not.
    /// </summary>
    /// <param name="what">Names the bucket: <c>message</c>, <c>file</c>.</param>
    /// <param name="who">An address (<see cref="Network"/>) or a site.</param>
    /// <param name="limit">How much within the period.</param>
    /// <param name="period">A minute unless said otherwise; at most a day.</param>
    /// <returns>False when the bucket is full; nothing was taken then.</returns>
    public bool TryTake(string what, string who, int limit, TimeSpan? period = null)
    {
        var now = time.GetTimestamp();
        Sweep(now);
        var bucket = _buckets.GetOrAdd((what, who), _ => new Bucket { At = now, Period = period ?? TimeSpan.FromMinutes(1) });
        lock (bucket)
        {
            bucket.Filled = Math.Max(0, bucket.Filled - time.GetElapsedTime(bucket.At, now) / bucket.Period * limit);
            bucket.At = now;
            if (bucket.Filled + 1 > limit)
                return false;
            bucket.Filled++;
        }

        _untold?.AddOrUpdate((what, who), _ => new TakenUnits(what, who, 1, limit, bucket.Period.TotalSeconds), (_, told) => told with { Count = told.Count + 1, Limit = limit });
        return true;
    }

    /// <summary>From now on what is taken is gathered for other nodes.</summary>
    internal void Share() => _untold ??= new();

    /// <summary>What was taken since the last call, most first.</summary>
    internal List<TakenUnits> TakeUntold()
    {
        var untold = _untold;
        if (untold is null || untold.IsEmpty)
            return [];
        _untold = new(); // who is just counting into the old one may be lost to the others: a unit in a thousand does not matter
        return [.. untold.Values.OrderByDescending(units => units.Count)];
    }

    /// <summary>Another node took units: they count here, too, up to a full bucket.</summary>
    internal void AddOf(TakenUnits units)
    {
        if (units.Count <= 0 || units.Limit <= 0 || units.PeriodSeconds is not (> 0 and <= 86_400))
            return;
        var now = time.GetTimestamp();
        Sweep(now);
        var bucket = _buckets.GetOrAdd((units.What, units.Who), _ => new Bucket { At = now, Period = TimeSpan.FromSeconds(units.PeriodSeconds) });
        lock (bucket)
        {
            bucket.Filled = Math.Max(0, bucket.Filled - time.GetElapsedTime(bucket.At, now) / bucket.Period * units.Limit);
            bucket.At = now;
            bucket.Filled = Math.Min(units.Limit, bucket.Filled + units.Count);
        }
    }

    /// <summary>
    /// Who an address stands for: itself, or its /64 network under IPv6, of which a single household has many addresses.
    /// </summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private void Sweep(long now)
    {
        if (time.GetElapsedTime(_sweptAt, now) < TimeSpan.FromMinutes(1) && _buckets.Count < MostBuckets)
            return;
        lock (_sweeping)
        {
            if (time.GetElapsedTime(_sweptAt, now) < TimeSpan.FromSeconds(5))
                return;
            _sweptAt = now;
            // After its period a bucket has run empty.
            foreach (var (key, bucket) in _buckets)
            {
                if (time.GetElapsedTime(bucket.At, now) > bucket.Period)
                    _buckets.TryRemove(key, out _);
            }
        }
    }

    private sealed class Bucket
    {
        public double Filled { get; set; }

        public long At { get; set; }

        public required TimeSpan Period { get; init; }
    }
}

/// <summary>Units that one node took from a bucket.</summary>
internal sealed record TakenUnits(string What, string Who, int Count, int Limit, double PeriodSeconds);
