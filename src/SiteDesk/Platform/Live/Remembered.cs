namespace SiteDesk.Platform.Live;

/// <summary>Something read from rows and kept until a signal says that they changed: for what is asked far more often than it changes.</summary>
/// <param name="changes">Ticks with every change, on this node or another.</param>
public sealed class Remembered<T>(LiveHub.TopicClock changes, TimeProvider time)
{
    private volatile Reading? _reading;

    /// <summary>Another node's change arrives as a signal, too; this is for the moment in which its connection is down.</summary>
    public static TimeSpan LongestAge { get; } = TimeSpan.FromSeconds(5);

    /// <param name="read">Reads the rows; several callers may read at once.</param>
    public async ValueTask<T> ReadAsync(Func<Task<T>> read)
    {
        // Looked at before the rows: what changes in between makes the value old, never wrong for long.
        var seen = changes.Now;
        if (_reading is { } known && known.Changes == seen && time.GetElapsedTime(known.At) < LongestAge)
            return known.Value;
        var at = time.GetTimestamp();
        var value = await read();
        _reading = new Reading(value, seen, at);
        return value;
    }

    private sealed record Reading(T Value, long Changes, long At);
}
