using System.Diagnostics;
using System.Globalization;

namespace SiteDesk.Mail.Tests.Fuzz;

/// <summary>
/// How long this thread had a processor for itself. A busy machine keeps a thread waiting, for longer than it works; what waits is not
/// slow. Linux tells it (the first figure of schedstat, in nanoseconds); elsewhere it is the time on the clock.
/// </summary>
internal static class ThreadTime
{
    private const string Statistics = "/proc/thread-self/schedstat";

    private static readonly bool IsTold = File.Exists(Statistics);

    public static TimeSpan Now => IsTold
        ? TimeSpan.FromTicks(long.Parse(File.ReadAllText(Statistics).Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick)
        : Stopwatch.GetElapsedTime(0);
}
