using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Live;

namespace SiteDesk.Platform.Data;

/// <summary>
/// The one unit of work. Features map their own tables (<see cref="IMapTables"/>), publish events and live signals
/// through it, and call <c>SaveChangesAsync</c> once: rows and events become durable together, signals go out only
/// after the commit.
/// </summary>
/// <remarks>The two engines have a subclass each, because EF Core keeps one migration history per context type.</remarks>
public abstract class Database(DbContextOptions options, DatabaseCompanions companions) : DbContext(options)
{
    private readonly List<Func<IEnumerable<EventDelivery>>> _events = [];
    private readonly List<Func<LiveSignal>> _signals = [];
    private bool _wakesDispatcher;
    private WriteGate.Turn _immediateWrite;

    /// <summary>Which engine is behind this context.</summary>
    public abstract DatabaseEngine Engine { get; }

    /// <summary>
    /// Stores an event for every handler that subscribed to it, in the same transaction as the rows of this unit of work.
    /// </summary>
    /// <param name="domainEvent">
    /// What happened; asked after the rows were written, so that it may carry the keys the database gave them.
    /// Serialised as JSON; keep it small and free of secrets.
    /// </param>
    /// <param name="notBefore">UTC moment before which handlers are not called; null means at once.</param>
    public void Publish<TEvent>(Func<TEvent> domainEvent, DateTime? notBefore = null) where TEvent : class, IEvent
    {
        if (companions.Events.HasHandlers<TEvent>())
            _events.Add(() => companions.Events.DeliveriesOf(domainEvent(), companions.Time.Now(), notBefore));
    }

    /// <summary>Tells open streams, on this node and the others, after the commit and only if there is one.</summary>
    /// <param name="signal">Asked after the rows were written, for their keys.</param>
    public void Signal(Func<LiveSignal> signal) => _signals.Add(signal);

    /// <summary>
    /// Runs several saves as one transaction. On SQLite writers of this process queue fairly in memory instead of
    /// polling the file lock; read what you can before entering. Within another one it is part of that: what it publishes leaves
    /// with the outer commit.
    /// </summary>
    public async Task<TResult> InTransactionAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellation)
    {
        if (Database.CurrentTransaction is not null)
            return await work();
        try
        {
            var (result, signals) = Engine == DatabaseEngine.Sqlite ? await CommitToLogAsync(work, cancellation) : await CommitAsync(work, cancellation);
            Announce(signals);
            return result;
        }
        finally
        {
            ForgetAnnouncements();
        }
    }

    /// <summary>
    /// Does the work again from the beginning when somebody else changed the same rows, or stored the same, at the same moment. Within
    /// a transaction the conflict is for whoever began it: the beginning is theirs, with all that was loaded and published since.
    /// </summary>
    /// <param name="tries">How often at most, the first time included; the last conflict is the caller's.</param>
    /// <param name="work">Reads and saves; what it had loaded is forgotten before it is called again.</param>
    public async Task<TResult> AgainOnConflictAsync<TResult>(int tries, Func<Task<TResult>> work, CancellationToken cancellation)
    {
        if (Database.CurrentTransaction is not null)
            return await work();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (DbUpdateException problem) when (attempt < tries && problem.IsConflict() && !cancellation.IsCancellationRequested)
            {
                ChangeTracker.Clear();
            }
        }
    }

    /// <inheritdoc />
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        IncrementVersions();
        if (Database.CurrentTransaction is not null)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (_events.Count > 0 || _signals.Count > 0)
            return await InTransactionAsync(() => SaveWholeAsync(acceptAllChangesOnSuccess, cancellationToken), cancellationToken);
        using (await companions.Gate.EnterAsync(Engine, cancellationToken))
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>
    /// Saves as <c>SaveChangesAsync</c> does, and quicker where all that is to be saved is new: with statements made once, on PostgreSQL
    /// with two messages instead of five. EF Core's interceptors of saves are not asked then; use it where many rows come in and none of them is remembered elsewhere.
    /// </summary>
    /// <exception cref="DbUpdateException">The database refused; nothing is stored.</exception>
    public async Task SaveNewAsync(CancellationToken cancellation)
    {
        if (Database.CurrentTransaction is not null || NewRows.Of(this) is not { } rows)
        {
            await SaveChangesAsync(cancellation);
            return;
        }

        try
        {
            var signals = Engine == DatabaseEngine.Sqlite ? await WriteAsync(rows, cancellation) : await SendAsync(rows, cancellation);
            ChangeTracker.AcceptAllChanges();
            Announce(signals);
        }
        catch (DbException problem)
        {
            throw new DbUpdateException("The new rows could not be stored.", problem);
        }
        finally
        {
            ForgetAnnouncements();
        }
    }

    /// <summary>Everything here is asynchronous: a synchronous save would skip the write queue.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync.");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Unset is written in the model, too, and the converter takes nothing but UTC.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcDateTimeConverter>().HaveSentinel(DateTime.SpecifyKind(default, DateTimeKind.Utc));
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var tables in TableMappings.All)
            tables.Map(modelBuilder, Engine);
    }

    /// <summary>Waits for the turn of an update or delete that goes to the database at once; inside a transaction the turn is there already.</summary>
    internal async ValueTask EnterImmediateWriteAsync(CancellationToken cancellation)
    {
        if (Database.CurrentTransaction is null)
            _immediateWrite = await companions.Gate.EnterAsync(Engine, cancellation);
    }

    /// <summary>Passes that turn on; does nothing when there was none to wait for.</summary>
    internal void LeaveImmediateWrite()
    {
        _immediateWrite.Dispose();
        _immediateWrite = default;
    }

    /// <summary>A save that is the whole transaction: if it fails all is rolled back, so it needs no savepoint to go back to.</summary>
    private async Task<int> SaveWholeAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellation)
    {
        Database.AutoSavepointsEnabled = false;
        ChangeTracker.AutoDetectChangesEnabled = false; // they were, before the turn to write
        try
        {
            if (Engine == DatabaseEngine.Postgres)
                await KeysAhead.TakeAsync(this, cancellation);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellation);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
            Database.AutoSavepointsEnabled = true;
        }
    }

    private void IncrementVersions()
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State == EntityState.Modified)
                entry.Property(nameof(IVersioned.Version)).CurrentValue = entry.Entity.Version + 1;
        }
    }

    /// <summary>The turn ends with the commit; the disk is waited for afterwards, together with others.</summary>
    private async Task<(TResult Result, List<LiveSignal> Signals)> CommitToLogAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            (TResult, List<LiveSignal>) committed;
            bool isFlushedTogether;
            using (await companions.Gate.EnterAsync(Engine, cancellation))
            using (var commit = companions.Log.Begin((SqliteConnection)Database.GetDbConnection()))
            {
                committed = await CommitAsync(work, cancellation);
                isFlushedTogether = commit.IsFlushedTogether;
            }

            if (isFlushedTogether)
                await companions.Log.FlushAsync();
            return committed;
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    private async Task<(TResult Result, List<LiveSignal> Signals)> CommitAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellation)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellation);
        var result = await work();
        await StoreEventsAsync(cancellation);
        var signals = _signals.ConvertAll(signal => signal());
        if (Engine == DatabaseEngine.Postgres)
            await companions.Cluster.NotifyAsync(this, signals, _wakesDispatcher, cancellation);
        await transaction.CommitAsync(cancellation);
        return (result, signals);
    }

    private async Task<List<LiveSignal>> WriteAsync(NewRows rows, CancellationToken cancellation)
    {
        var (_, signals) = await CommitToLogAsync(
            () =>
            {
                rows.Write((SqliteConnection)Database.GetDbConnection(), (SqliteTransaction)Database.CurrentTransaction!.GetDbTransaction(), companions.Statements);
                ChangeTracker.AcceptAllChanges(); // what the events add is saved by itself
                return Task.FromResult(true);
            },
            cancellation);
        return signals;
    }

    /// <summary>Asks for the keys, then sends rows, events and notices as one message. PostgreSQL stores all of a message or nothing: it needs no transaction around it.</summary>
    private async Task<List<LiveSignal>> SendAsync(NewRows rows, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            var connection = (NpgsqlConnection)Database.GetDbConnection();
            await rows.TakeKeysAsync(connection, companions.Sequences, cancellation);
            var deliveries = _events.SelectMany(deliveries => deliveries()).ToList();
            _wakesDispatcher = deliveries.Count > 0;
            var signals = _signals.ConvertAll(signal => signal());
            await using var message = new NpgsqlBatch(connection);
            rows.AddTo(message, deliveries.Select(delivery => (EntityEntry)Entry(delivery)));
            if (companions.Cluster.NoticeOf(signals, _wakesDispatcher) is { } notice)
                message.BatchCommands.Add(notice);
            await message.ExecuteNonQueryAsync(cancellation);
            return signals;
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    private async Task StoreEventsAsync(CancellationToken cancellation)
    {
        if (_events.Count == 0)
            return;
        var deliveries = _events.SelectMany(deliveries => deliveries()).ToList();
        if (deliveries.Count == 0)
            return;
        AddRange(deliveries);
        await base.SaveChangesAsync(acceptAllChangesOnSuccess: true, cancellation);
        _wakesDispatcher = true;
    }

    private void Announce(List<LiveSignal> signals)
    {
        foreach (var signal in signals)
            companions.Hub.Publish(signal);
        if (_wakesDispatcher)
            companions.Dispatch.Wake();
    }

    private void ForgetAnnouncements()
    {
        _events.Clear();
        _signals.Clear();
        _wakesDispatcher = false;
    }
}

/// <summary>The singletons a <see cref="Database"/> works with, gathered so that its constructor stays readable.</summary>
public sealed record DatabaseCompanions(
    TimeProvider Time, EventCatalog Events, WakeSignal<EventDispatcher> Dispatch, LiveHub Hub, ClusterNotifications Cluster, WriteGate Gate, CommitLog Log,
    PreparedStatements Statements, KeySequences Sequences);

/// <summary>The database engines SiteDesk runs on.</summary>
public enum DatabaseEngine
{
    /// <summary>One file, one process: the default.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or newer: several nodes.</summary>
    Postgres,
}

/// <summary>An aggregate whose <see cref="Version"/> grows by one with every stored change and guards against lost updates.</summary>
public interface IVersioned
{
    /// <summary>Starts at 0; incremented by <see cref="Database"/> on save, checked by the engine.</summary>
    int Version { get; set; }
}
