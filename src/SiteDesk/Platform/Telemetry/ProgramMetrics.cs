using System.Diagnostics.Metrics;
using SiteDesk.Platform.Live;

namespace SiteDesk.Platform.Telemetry;

/// <summary>The program's own metrics; what the framework measures already (requests, connections, memory) is not repeated. They cost next to nothing while nobody listens.</summary>
public static class ProgramMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "SiteDesk";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Tickets = Meter.CreateCounter<long>("sitedesk.tickets.opened", "{ticket}", "Tickets opened, by channel.");
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("sitedesk.messages.added", "{message}", "Messages added, by kind of author.");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("sitedesk.events.handled", "{event}", "Events handled, by handler and result: done, failed (tried again) or dead.");
    private static readonly Histogram<double> EventTime = Meter.CreateHistogram<double>("sitedesk.events.duration", "s", "From the moment an event happened until it was handled.");

    public static void TicketOpened(string channel) => Tickets.Add(1, Tag("channel", channel));

    public static void MessageAdded(string author) => Messages.Add(1, Tag("author", author));

    public static void EventHandled(string handler, TimeSpan sinceItHappened)
    {
        Events.Add(1, Tag("handler", handler), Tag("result", "done"));
        EventTime.Record(sinceItHappened.TotalSeconds, Tag("handler", handler));
    }

    /// <param name="isDead">It was the last try.</param>
    public static void EventFailed(string handler, bool isDead) => Events.Add(1, Tag("handler", handler), Tag("result", isDead ? "dead" : "failed"));

    /// <summary>The number of open streams is asked for when metrics are sent, and only then.</summary>
    internal static void Observe(LiveHub hub) =>
        Meter.CreateObservableGauge("sitedesk.streams.open", () => hub.Open, "{stream}", "Live streams open on this node.");

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
