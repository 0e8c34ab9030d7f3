using System.Data.Common;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Bench.Desk;

/// <summary>
/// The bare engine's part of the bench of tickets: reads what each call to the API has written and inserts just that into a database of
/// its own, a transaction a ticket.
/// </summary>
internal sealed class BareSide : IAsyncDisposable
{
    private const int MostAtOnce = 20_000;

    private readonly DbConnection _source;
    private readonly EventCatalog _events;
    private readonly List<BareInserts> _connections = [];
    private readonly System.Threading.Channels.Channel<BareInserts> _free = System.Threading.Channels.Channel.CreateUnbounded<BareInserts>();
    private readonly HashSet<long> _customers = [];
    private List<List<StoredRow>> _tickets = [];
    private long _next;

    private BareSide(DbConnection source, EventCatalog events, long first) => (_source, _events, _next) = (source, events, first);

    /// <param name="source">The database the API writes to.</param>
    /// <param name="first">Key of the first ticket to replay; the customers of those before it are there from the start.</param>
    /// <param name="writers">SQLite has one writer at a time, as many clients wait in a queue for it; PostgreSQL takes all at once.</param>
    public static async Task<BareSide> StartAsync(DbConnection source, EventCatalog events, Func<Task<DbConnection>> connect, long first, int writers)
    {
        var side = new BareSide(source, events, first);
        await using (var preparation = new BareInserts(await connect()))
            await preparation.InsertAsync(await side.BeforeAsync());
        for (var writer = 0; writer < writers; writer++)
        {
            var connection = new BareInserts(await connect());
            side._connections.Add(connection);
            side._free.Writer.TryWrite(connection);
        }

        await side.ReadAsync();
        return side;
    }

    /// <summary>Reads what was written since the last time.</summary>
    public async Task ReadAsync()
    {
        var tickets = await StoredRow.ReadAsync(_source, "tickets_tickets", $"\"Id\" >= {_next} ORDER BY \"Id\" LIMIT {MostAtOnce}");
        if (tickets.Count == MostAtOnce)
            throw new InvalidOperationException("More tickets than are replayed at once: let the rounds be shorter.");
        var ofTickets = $"\"TicketId\" >= {_next}";
        var customers = (await StoredRow.ReadAsync(_source, "customers_customers", "true")).ToDictionary(row => row.Number("Id"));
        var contacts = (await StoredRow.ReadAsync(_source, "customers_contacts", "true")).ToLookup(row => row.Number("CustomerId"));
        var messages = (await StoredRow.ReadAsync(_source, "tickets_messages", ofTickets)).ToLookup(row => row.Number("TicketId"));
        var tokens = (await StoredRow.ReadAsync(_source, "tickets_message_tokens", "true", without: "search")).ToLookup(row => row.Number("MessageId"));
        var tags = (await StoredRow.ReadAsync(_source, "tickets_tags", ofTickets)).ToLookup(row => row.Number("TicketId"));
        var changes = (await StoredRow.ReadAsync(_source, "tickets_changes", ofTickets)).ToLookup(row => row.Number("TicketId"));
        _tickets.AddRange(tickets.Select<StoredRow, List<StoredRow>>(ticket =>
        {
            var (id, customer) = (ticket.Number("Id"), ticket.Number("CustomerId"));
            var message = messages[id].Single();
            List<StoredRow> rows = _customers.Add(customer) ? [customers[customer], .. contacts[customer]] : [];
            return [.. rows, ticket, .. tags[id], .. changes[id], message, .. tokens[message.Number("Id")], .. DeliveriesOf(id, message.Number("Id"))];
        }));
        if (tickets.Count > 0)
            _next = tickets[^1].Number("Id") + 1;
    }

    /// <summary>Inserts what was read, until all of it is there or the time is over; what is left comes with the next replay.</summary>
    public async Task<Load> ReplayAsync(int clients, TimeSpan time)
    {
        var tickets = _tickets;
        var load = await Load.RunAsync(clients, time, async number =>
        {
            if (number >= tickets.Count)
                return false;
            var connection = await _free.Reader.ReadAsync();
            await connection.InsertAsync(tickets[number]);
            _free.Writer.TryWrite(connection);
            return true;
        });
        _tickets = tickets[load.Done..];
        return load;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private async Task<List<StoredRow>> BeforeAsync()
    {
        foreach (var ticket in await StoredRow.ReadAsync(_source, "tickets_tickets", $"\"Id\" < {_next}"))
            _customers.Add(ticket.Number("CustomerId"));
        var contacts = (await StoredRow.ReadAsync(_source, "customers_contacts", "true")).ToLookup(row => row.Number("CustomerId"));
        var rows = await StoredRow.ReadAsync(_source, "sites_sites", "true");
        foreach (var customer in (await StoredRow.ReadAsync(_source, "customers_customers", "true")).Where(row => _customers.Contains(row.Number("Id"))))
            rows.AddRange([customer, .. contacts[customer.Number("Id")]]);
        return rows;
    }

    /// <summary>The rows that carry the events to their handlers, for those who want them; the dispatcher has removed those of the calls.</summary>
    private IEnumerable<StoredRow> DeliveriesOf(long ticket, long message)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return _events.DeliveriesOf(new TicketOpened(ticket, 1, "api", false), now, null)
            .Concat(_events.DeliveriesOf(new MessageAdded(ticket, message, 1, IsNote: false, ByCustomer: true, StaffId: null, IsOpening: true), now, null))
            .Select(delivery => new StoredRow(
                "platform_event_deliveries", ["Event", "Handler", "Payload", "OccurredAt", "DueAt", "Attempts"],
                [delivery.Event, delivery.Handler, delivery.Payload, delivery.OccurredAt, delivery.DueAt!, delivery.Attempts]));
    }
}
