using System.Text.Json;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Live;

/// <summary>
/// What the nodes tell each other and each keeps in its memory: true for seconds only, so not worth a row. What a listener that fell
/// behind has missed is said again within seconds, and is not asked for.
/// </summary>
/// <param name="board">The topic, one for each kind of board.</param>
/// <typeparam name="TTold">What is said in one signal, as JSON.</typeparam>
public abstract class LiveBoard<TTold>(string board, LiveHub hub, ILogger log) : BackgroundService
    where TTold : class
{
    /// <summary>Something was said, on this node or another.</summary>
    protected abstract void Note(TTold told);

    /// <summary>A moment to let go of what is no longer true.</summary>
    protected abstract void Forget();

    /// <summary>Says it on every node once the unit of work is stored.</summary>
    protected static void Tell(Database database, string board, TTold told)
    {
        var data = JsonSerializer.Serialize(told, DatabaseJson.Options);
        database.Signal(() => new LiveSignal(board, "presence", data));
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var signal in hub.FollowAsync(board, stoppingToken))
            {
                if (signal.Topic == board)
                    Hear(signal);
                else
                    Forget();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private void Hear(LiveSignal signal)
    {
        try
        {
            Note(JsonSerializer.Deserialize<TTold>(signal.Data, DatabaseJson.Options)!);
        }
        catch (JsonException problem)
        {
            log.LogError(problem, "A signal of {Board} could not be read.", board);
        }
    }
}
