namespace SiteDesk.Tests.Testing;

/// <summary>A clock that a test sets forward. Timers run by the real clock: background work is not what such a test looks at.</summary>
public sealed class ManualClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => base.GetTimestamp() + (long)((Int128)Interlocked.Read(ref _aheadTicks) * TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);
}
