namespace SiteDesk.Platform.Jobs;

/// <summary>
/// Wakes a background loop of this node before its next look; any number of calls until then count as one. Each loop has a signal
/// of its own, asked for by the loop's type.
/// </summary>
/// <typeparam name="TLoop">Whom it wakes.</typeparam>
public sealed class WakeSignal<TLoop> : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private int _pending;

    /// <summary>The loop looks now, or once more when it is looking already. From any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
            _woken.Release();
    }

    /// <summary>Returns when woken, or after the time limit at the latest. For the loop alone, which looks after it and not before.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (await _woken.WaitAsync(limit, cancellation))
            Interlocked.Exchange(ref _pending, 0);
    }

    public void Dispose() => _woken.Dispose();
}
