namespace SiteDesk.Platform.Jobs;

/// <summary>What a background service does again and again on every node, as long as the program runs.</summary>
public static class Rounds
{
    /// <summary>Goes round until the program stops. A round that fails is logged as an error, and the next follows after a pause.</summary>
    /// <param name="round">Looks, works and waits for the next look.</param>
    /// <param name="pause">After a failure.</param>
    /// <param name="failure">What did not work and what happens now, for the log.</param>
    /// <param name="stopping">The service's own; its end is the end of the rounds and no failure, also during a pause.</param>
    public static async Task RepeatAsync(
        Func<CancellationToken, Task> round, TimeSpan pause, string failure, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await round(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException gone) when (gone.ObjectName == nameof(IServiceProvider))
            {
                return; // a start that failed: the program's services are gone before this is told to stop
            }
            catch (Exception problem)
            {
                log.LogError(problem, "{Failure}", failure);
                await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
