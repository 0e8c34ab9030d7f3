using Microsoft.Data.Sqlite;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Makes commits to a SQLite file durable together. A writer's turn ends when its commit stands in the write-ahead log; while the log
/// goes to the disk the next one writes, and one flush serves all who committed before it began. Nobody is answered, and no signal or
/// event leaves, before the flush that covers their commit.
/// </summary>
/// <remarks>
/// The log is written in order, so a commit that is durable has all before it with it. A checkpoint flushes the log by itself before it
/// moves pages, with synchronous=NORMAL as with FULL (SQLite, "Write-Ahead Logging", section 2.3).
/// </remarks>
public sealed class CommitLog
{
    private readonly Lock _turn = new();
    private readonly string? _file;
    private readonly Action _flush;
    private TaskCompletionSource? _next;
    private bool _isFlushing;

    public CommitLog(DatabaseAddress address)
    {
        _file = address.Engine == DatabaseEngine.Sqlite ? new SqliteConnectionStringBuilder(address.ConnectionString).DataSource + "-wal" : null;
        _flush = FlushFile;
    }

    /// <param name="flush">Returns when everything written to the log before it was called is on the disk.</param>
    internal CommitLog(Action flush) => _flush = flush;

    /// <summary>
    /// Lets the next transaction of a connection commit without waiting for the disk; dispose after it. Where there is no log (a file
    /// system that cannot have one), commits wait as always.
    /// </summary>
    /// <param name="connection">Open, with the turn to write, before the transaction begins.</param>
    internal Commit Begin(SqliteConnection connection) => new(connection, File.Exists(_file));

    /// <summary>Returns when a flush has ended that began after this was called.</summary>
    /// <exception cref="IOException">The disk refused: what was committed stands in the file and may be lost with the power.</exception>
    public Task FlushAsync()
    {
        lock (_turn)
        {
            if (_isFlushing)
                return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            _isFlushing = true;
        }

        try
        {
            _flush();
        }
        finally
        {
            PassOn();
        }

        return Task.CompletedTask;
    }

    /// <summary>Those who came during a flush get the next one, all the same one.</summary>
    private void PassOn()
    {
        TaskCompletionSource? waiting;
        lock (_turn)
        {
            (waiting, _next) = (_next, null);
            _isFlushing = waiting is not null;
        }

        if (waiting is not null)
            ThreadPool.UnsafeQueueUserWorkItem(_ => FlushFor(waiting), null);
    }

    private void FlushFor(TaskCompletionSource waiting)
    {
        try
        {
            _flush();
            waiting.SetResult();
        }
        catch (Exception problem)
        {
            waiting.SetException(problem);
        }
        finally
        {
            PassOn();
        }
    }

    /// <summary>
    /// Opened anew each time: the log is another file once the last connection was closed, and closing a file of ours would not
    /// matter to SQLite, whose locks are on the other two. Who waits has a connection open, so the file is there.
    /// </summary>
    private void FlushFile()
    {
        using var file = File.OpenHandle(_file!, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>One transaction whose commit does not wait for the disk by itself.</summary>
    internal readonly struct Commit : IDisposable
    {
        private readonly SqliteConnection _connection;

        public Commit(SqliteConnection connection, bool isFlushedTogether)
        {
            (_connection, IsFlushedTogether) = (connection, isFlushedTogether);
            if (isFlushedTogether)
                SqliteEngine.WaitForDisk(connection, waits: false);
        }

        /// <summary>Whether <see cref="FlushAsync"/> is to follow.</summary>
        public bool IsFlushedTogether { get; }

        public void Dispose()
        {
            if (!IsFlushedTogether || _connection.State != System.Data.ConnectionState.Open)
                return;
            try
            {
                SqliteEngine.WaitForDisk(_connection, waits: true);
            }
            catch (SqliteException)
            {
                _connection.Close(); // nobody else shall write with it and not wait
                throw;
            }
        }
    }
}
