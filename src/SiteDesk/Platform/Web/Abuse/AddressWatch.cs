using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Platform.Web.Abuse;

/// <summary>
/// Counts what comes from a network address, for a site, or with one text. Kept in memory on each node: it guards this
/// node's work, and a restart forgives.
/// </summary>
public sealed class AddressWatch(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string What, string Who), Bucket> _buckets = new();
    private readonly Lock _sweeping = new();
    private long _sweptAt;
    private const int MostBuckets = 200_000;

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
            return true;
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
