namespace SiteDesk.Bench;

/// <summary>Collects times and tells their percentiles.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public void Add(Latencies others) => _milliseconds.AddRange(others._milliseconds);

    /// <summary>The time, in milliseconds, that the given share of all was no slower than (nearest rank).</summary>
    /// <param name="share">0 to 1: 0.99 is the 99th percentile.</param>
    public double Percentile(double share)
    {
        if (_milliseconds.Count == 0)
            return 0;
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
