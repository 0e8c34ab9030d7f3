using System.Collections.Concurrent;
using System.Text.Json;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// Who looks at a ticket now, and who types. Kept in the memory of every node and told by signals: it is true for seconds
/// only, so it is not worth a row.
/// </summary>
public sealed class TicketPresence(LiveHub hub, TimeProvider time, ILogger<TicketPresence> log) : LiveBoard<TicketPresence.Told>(Board, hub, log)
{
    /// <summary>How long somebody counts as present without saying so again.</summary>
    public static TimeSpan Remembered { get; } = TimeSpan.FromSeconds(45);

    /// <summary>How long "is typing" is shown after the last word of it.</summary>
    public static TimeSpan TypingShown { get; } = TimeSpan.FromSeconds(7);

    private const string Board = "presence-board";
    private const int MostTickets = 10_000;

    // Keys of staff begin at 1.
    private const long TheCustomer = 0;

    private readonly ConcurrentDictionary<(long Ticket, long Staff), Seen> _seen = new();

    /// <summary>Says what a person does; told to every node and to every workspace that may see the ticket.</summary>
    public static async Task TellAsync(Database database, Ticket ticket, Staff staff, PresenceState state, CancellationToken cancellation)
    {
        Tell(database, ticket, new Told(ticket.Id, staff.Id, staff.Name, state));
        if (state == PresenceState.Typing)
            database.Signal(() => TicketSignals.Typing(ticket.Id, staff.Name));
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>The customer is writing, in the widget or on the tracking page.</summary>
    /// <param name="name">Their name, never an address: it may have to be masked. Empty when unknown.</param>
    public static async Task TellCustomerAsync(Database database, Ticket ticket, string name, CancellationToken cancellation)
    {
        Tell(database, ticket, new Told(ticket.Id, TheCustomer, name, PresenceState.Typing));
        await database.SaveChangesAsync(cancellation);
    }

    private static void Tell(Database database, Ticket ticket, Told told)
    {
        Tell(database, Board, told);
        database.Signal(() => new LiveSignal(
            TicketSignals.Desk, "presence", JsonSerializer.Serialize(new { ticket = ticket.Id }, DatabaseJson.Options), SiteId: ticket.SiteId, TeamId: ticket.TeamId, AssigneeId: ticket.AssigneeId));
    }

    /// <summary>The others at a ticket, those who type first.</summary>
    public IReadOnlyList<(string Name, bool IsTyping)> Others(long ticketId, long exceptStaffId)
    {
        var now = time.GetTimestamp();
        return _seen.Where(entry => entry.Key.Ticket == ticketId && entry.Key.Staff != exceptStaffId && time.GetElapsedTime(entry.Value.At, now) < Remembered)
            .Select(entry => (entry.Key.Staff, entry.Value.Name, IsTyping: entry.Value.TypedAt is { } typed && time.GetElapsedTime(typed, now) < TypingShown))
            // The customer reads elsewhere: only that they write is worth showing.
            .Where(other => other.Staff != TheCustomer || other.IsTyping)
            .Select(other => (other.Name, other.IsTyping))
            .OrderByDescending(other => other.IsTyping).ThenBy(other => other.Name, StringComparer.CurrentCulture).ToList();
    }

    /// <summary>Whether a member of staff looks at any ticket now, on whichever node.</summary>
    public bool IsAnywhere(long staffId) => _seen.Any(entry => entry.Key.Staff == staffId && time.GetElapsedTime(entry.Value.At) < Remembered);

    protected override void Note(Told told)
    {
        var key = (told.Ticket, told.Staff);
        if (told.State == PresenceState.Gone)
        {
            _seen.TryRemove(key, out _);
            return;
        }

        if (_seen.Count >= MostTickets)
            Forget();
        var now = time.GetTimestamp();
        _seen.AddOrUpdate(
            key,
            _ => new Seen(told.Name, now, IsTyping(told) ? now : null),
            (_, before) => before with { At = now, TypedAt = IsTyping(told) ? now : before.TypedAt });
    }

    private static bool IsTyping(Told told) => told.State is PresenceState.Typing or PresenceState.Noting;

    protected override void Forget()
    {
        foreach (var (key, seen) in _seen)
        {
            if (time.GetElapsedTime(seen.At) > Remembered)
                _seen.TryRemove(key, out _);
        }
    }

    private sealed record Seen(string Name, long At, long? TypedAt);

    public sealed record Told(long Ticket, long Staff, string Name, PresenceState State);
}

public enum PresenceState
{
    Looking,

    /// <summary>Types an answer; the customer may know.</summary>
    Typing,

    /// <summary>Types an internal note: only colleagues know.</summary>
    Noting,
    Gone,
}
