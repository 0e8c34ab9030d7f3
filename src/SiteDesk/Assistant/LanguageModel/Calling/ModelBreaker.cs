namespace SiteDesk.Assistant.LanguageModel.Calling;

/// <summary>
/// Leaves a model alone that failed several times in a row, so that a dead one costs nobody any waiting: for a minute, then twice as long
/// after every trial that fails, up to a quarter of an hour. One request at a time is the trial. Each node judges by itself.
/// </summary>
internal sealed class ModelBreaker(TimeProvider time)
{
    /// <summary>Failures in a row after which it rests.</summary>
    public const int Patience = 3;

    public static readonly TimeSpan FirstRest = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private int _connection;
    private int _failures;
    private TimeSpan _rest;
    private DateTimeOffset _until;
    private bool _isTried;

    /// <summary>Whether the model may be asked now. Who gets true tells how it went.</summary>
    /// <param name="connection">Version of the connection: a changed one begins anew.</param>
    public bool MayAsk(int connection)
    {
        lock (_lock)
        {
            if (connection != _connection)
                (_connection, _failures, _rest, _isTried) = (connection, 0, TimeSpan.Zero, false);
            if (_failures < Patience)
                return true;
            if (_isTried || time.GetUtcNow() < _until)
                return false;
            _isTried = true;
            return true;
        }
    }

    public void Succeeded(int connection)
    {
        lock (_lock)
        {
            if (connection == _connection)
                (_failures, _rest, _isTried) = (0, TimeSpan.Zero, false);
        }
    }

    public void Failed(int connection)
    {
        lock (_lock)
        {
            // Begun before the rest and failed within it: that is known already.
            if (connection != _connection || _failures >= Patience && !_isTried)
                return;
            _failures++;
            _isTried = false;
            if (_failures < Patience)
                return;
            _rest = _rest == TimeSpan.Zero ? FirstRest : TimeSpan.FromTicks(Math.Min(_rest.Ticks * 2, LongestRest.Ticks));
            _until = time.GetUtcNow() + _rest;
        }
    }

    /// <summary>The request was given up by whoever asked: it says nothing of the model, and the next may try.</summary>
    public void GaveUp(int connection)
    {
        lock (_lock)
        {
            if (connection == _connection)
                _isTried = false;
        }
    }
}
