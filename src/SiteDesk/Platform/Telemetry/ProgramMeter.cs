using System.Diagnostics.Metrics;
using SiteDesk.Platform.Live;

namespace SiteDesk.Platform.Telemetry;

/// <summary>The program's own metrics; what the framework measures already (requests, connections, memory) is not repeated.</summary>
public sealed class ProgramMeter : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "SiteDesk";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _tickets;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _deliveryTime;

    public ProgramMeter(LiveHub hub)
    {
        _tickets = _meter.CreateCounter<long>("sitedesk.tickets.opened", "{ticket}", "Tickets opened, by channel.");
        _messages = _meter.CreateCounter<long>("sitedesk.messages.added", "{message}", "Messages and notes added, by kind of author.");
        _deliveries = _meter.CreateCounter<long>("sitedesk.events.handled", "{event}", "Events handled, by handler and result.");
        _deliveryTime = _meter.CreateHistogram<double>("sitedesk.events.duration", "s", "Time from the moment an event happened until it was handled.");
        _meter.CreateObservableGauge("sitedesk.streams.open", () => hub.Open, "{stream}", "Live streams open on this node.");
    }

    public void TicketOpened(string channel) => _tickets.Add(1, new KeyValuePair<string, object?>("channel", channel));

    public void MessageAdded(string author) => _messages.Add(1, new KeyValuePair<string, object?>("author", author));

    /// <param name="result"><c>done</c>, <c>failed</c> (it will be tried again) or <c>dead</c>.</param>
    public void EventHandled(string handler, string result, TimeSpan sinceItHappened)
    {
        _deliveries.Add(1, new KeyValuePair<string, object?>("handler", handler), new KeyValuePair<string, object?>("result", result));
        if (result == "done")
            _deliveryTime.Record(sinceItHappened.TotalSeconds, new KeyValuePair<string, object?>("handler", handler));
    }

    public void Dispose() => _meter.Dispose();
}
