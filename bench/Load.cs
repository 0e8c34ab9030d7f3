using System.Diagnostics;

namespace SiteDesk.Bench;

/// <summary>What a number of clients got done, each beginning anew as soon as it is answered.</summary>
internal sealed record Load(int Done, TimeSpan Time, Latencies Latencies)
{
    public double Rate => Done / Time.TotalSeconds;

    public double P50 => Latencies.Percentile(0.5);

    public double P99 => Latencies.Percentile(0.99);

    /// <summary>Several turns as one.</summary>
    public static Load Of(IReadOnlyCollection<Load> turns)
    {
        var latencies = new Latencies();
        foreach (var turn in turns)
            latencies.Add(turn.Latencies);
        return new Load(turns.Sum(turn => turn.Done), TimeSpan.FromTicks(turns.Sum(turn => turn.Time.Ticks)), latencies);
    }

    /// <summary>Lets clients work side by side.</summary>
    /// <param name="work">One piece of work; gets a running number from 0, false means there is no more to do.</param>
    public static async Task<Load> RunAsync(int clients, TimeSpan time, Func<int, Task<bool>> work)
    {
        var next = -1;
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var times = new List<TimeSpan>();
            while (watch.Elapsed < time)
            {
                var begin = Stopwatch.GetTimestamp();
                if (!await work(Interlocked.Increment(ref next)))
                    break;
                times.Add(Stopwatch.GetElapsedTime(begin));
            }

            return times;
        })));
        var elapsed = watch.Elapsed;
        var latencies = new Latencies();
        foreach (var one in all.SelectMany(times => times))
            latencies.Add(one);
        return new Load(all.Sum(times => times.Count), elapsed, latencies);
    }
}
