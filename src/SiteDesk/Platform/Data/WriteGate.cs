namespace SiteDesk.Platform.Data;

/// <summary>
/// Lets one writer at a time into a SQLite file. SQLite itself makes a second writer poll with sleeps; a queue in memory
/// is fair and wakes at once. PostgreSQL needs none of it.
/// </summary>
public sealed class WriteGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; dispose the result to pass it on.</summary>
    public async ValueTask<Turn> EnterAsync(DatabaseEngine engine, CancellationToken cancellation)
    {
        if (engine != DatabaseEngine.Sqlite)
            return default;
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The right to write until disposed.</summary>
    public readonly struct Turn(SemaphoreSlim? turn) : IDisposable, IEquatable<Turn>
    {
        private readonly SemaphoreSlim? _turn = turn;

        public void Dispose() => _turn?.Release();

        public bool Equals(Turn other) => ReferenceEquals(_turn, other._turn);

        public override bool Equals(object? obj) => obj is Turn other && Equals(other);

        public override int GetHashCode() => _turn?.GetHashCode() ?? 0;
    }
}
