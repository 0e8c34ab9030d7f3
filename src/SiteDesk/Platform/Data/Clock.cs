namespace SiteDesk.Platform.Data;

/// <summary>Reading the clock in the precision that is stored.</summary>
public static class Clock
{
    /// <summary>
    /// Now, in UTC, whole milliseconds: both engines keep these exactly, so that a value read back equals the one written.
    /// </summary>
    public static DateTime Now(this TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }
}
