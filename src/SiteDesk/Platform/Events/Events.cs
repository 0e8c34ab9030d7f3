using System.Text.Json;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Events;

/// <summary>Something that happened in a feature and that others may want to know. A record with a stable JSON form.</summary>
public interface IEvent;

/// <summary>
/// Reacts to an event after it was committed. May run twice (a node can die between the work and its acknowledgement), so
/// it must not show it: check what is already there, or use the delivery's id as an idempotency key.
/// </summary>
public interface IHandle<in TEvent> where TEvent : IEvent
{
    Task HandleAsync(TEvent domainEvent, EventContext context, CancellationToken cancellation);
}

/// <summary>What a handler may know about the delivery it serves.</summary>
/// <param name="DeliveryId">The same on every try: an idempotency key.</param>
/// <param name="Attempt">1 for the first try.</param>
/// <param name="OccurredAt">When the event was published, UTC.</param>
public sealed record EventContext(long DeliveryId, int Attempt, DateTime OccurredAt);

/// <summary>One event on its way to one handler; the row is removed when the handler has returned.</summary>
public sealed class EventDelivery
{
    public long Id { get; init; }

    /// <summary>Name of the event's type, without namespace.</summary>
    public required string Event { get; init; }

    /// <summary>Name of the handler's type, without namespace.</summary>
    public required string Handler { get; init; }

    /// <summary>The event as JSON.</summary>
    public required string Payload { get; init; }

    public required DateTime OccurredAt { get; init; }

    /// <summary>When the next try is due; null once it is a dead letter.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Type and message of the last failure, shortened.</summary>
    public string? LastError { get; set; }

    /// <summary>Tries before a delivery is given up and shown to an administrator.</summary>
    public const int MostAttempts = 12;

    /// <summary>Notes a failed try: the next one follows after 2 s, 4 s, 8 s … at most an hour; after the last it is a dead letter.</summary>
    public void Fail(Exception problem, DateTime now)
    {
        Attempts++;
        LastError = $"{problem.GetType().Name}: {problem.Message}".UpTo(1000);
        DueAt = Attempts >= MostAttempts ? null : now + TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, Attempts)));
    }

    /// <summary>Puts a dead letter back into the queue.</summary>
    public void RunAgain(DateTime now)
    {
        Attempts = 0;
        DueAt = now;
    }
}

/// <summary>Who listens to what; filled at start from the registrations.</summary>
public sealed class EventCatalog
{
    private readonly Dictionary<string, Subscription> _byHandler = new(StringComparer.Ordinal);
    private readonly ILookup<Type, Subscription> _byEvent;

    public EventCatalog(IEnumerable<Subscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            if (!_byHandler.TryAdd(subscription.Name, subscription))
                throw new InvalidOperationException($"Two subscriptions are called {subscription.Name}.");
        }

        _byEvent = _byHandler.Values.ToLookup(subscription => subscription.EventType);
    }

    public bool HasHandlers<TEvent>() where TEvent : class, IEvent => _byEvent.Contains(typeof(TEvent));

    /// <summary>One row per handler that subscribed to the event; none when nobody listens.</summary>
    public IEnumerable<EventDelivery> DeliveriesOf<TEvent>(TEvent domainEvent, DateTime now, DateTime? notBefore) where TEvent : class, IEvent
    {
        var type = domainEvent.GetType();
        string? payload = null;
        foreach (var subscription in _byEvent[type])
        {
            if (!subscription.Wants(domainEvent))
                continue;
            payload ??= JsonSerializer.Serialize(domainEvent, type, DatabaseJson.Options);
            yield return new EventDelivery
            {
                Event = type.Name,
                Handler = subscription.Name,
                Payload = payload,
                OccurredAt = now,
                DueAt = notBefore ?? now,
            };
        }
    }

    /// <returns>The subscription, or null when a newer or older program knew it and this one does not.</returns>
    public Subscription? Find(string handler) => _byHandler.GetValueOrDefault(handler);
}

/// <summary>A handler's wish to hear of an event type.</summary>
/// <param name="Name">Unique: handler type and event type.</param>
/// <param name="Wants">Whether this event concerns the handler: what does not is not stored for it.</param>
public sealed record Subscription(
    string Name, Type EventType, Func<IEvent, bool> Wants, Func<IServiceProvider, string, EventContext, CancellationToken, Task> RunAsync)
{
    public static Subscription Of<TEvent, THandler>(Func<TEvent, bool>? wants = null) where TEvent : class, IEvent where THandler : class, IHandle<TEvent> =>
        new(
            $"{typeof(THandler).Name}.{typeof(TEvent).Name}", typeof(TEvent),
            domainEvent => wants?.Invoke((TEvent)domainEvent) ?? true,
            (services, payload, context, cancellation) =>
            {
                var domainEvent = JsonSerializer.Deserialize<TEvent>(payload, DatabaseJson.Options)!;
                return services.GetRequiredService<THandler>().HandleAsync(domainEvent, context, cancellation);
            });
}

public static class EventRegistration
{
    /// <summary>Registers a handler for an event type; call once per event type it handles.</summary>
    /// <param name="wants">Decides from the event alone whether it concerns the handler; null means always. Saves the rows of those that do not.</param>
    public static IServiceCollection AddHandler<TEvent, THandler>(this IServiceCollection services, Func<TEvent, bool>? wants = null)
        where TEvent : class, IEvent where THandler : class, IHandle<TEvent>
    {
        services.AddSingleton(Subscription.Of<TEvent, THandler>(wants));
        if (services.All(service => service.ServiceType != typeof(THandler)))
            services.AddScoped<THandler>();
        return services;
    }
}
