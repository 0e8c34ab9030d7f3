using SiteDesk.Platform.Events;

namespace SiteDesk.Tickets;

/// <summary>A request was registered.</summary>
public sealed record TicketOpened(long TicketId, long SiteId, string Channel, bool IsJunk) : IEvent;

/// <summary>A message or note was stored; the channel that owns the conversation delivers it.</summary>
/// <param name="IsOpening">It is the ticket's first: nobody is assigned or follows yet.</param>
/// <param name="IsWithAssistant">The assistant has the ticket and answers first (<see cref="Ticket.IsWithAssistant"/>).</param>
public sealed record MessageAdded(
    long TicketId, long MessageId, long SiteId, bool IsNote, bool ByCustomer, long? StaffId, bool IsOpening = false, bool IsWithAssistant = false) : IEvent;

/// <summary>A member of staff answered or took a ticket that was with the assistant.</summary>
public sealed record TicketTakenOver(long TicketId, long SiteId) : IEvent;

/// <summary>The assistant gave a ticket to the staff.</summary>
public sealed record TicketHandedOver(long TicketId, long SiteId) : IEvent;

/// <summary>Somebody got a ticket.</summary>
public sealed record TicketAssigned(long TicketId, long? AssigneeId, long? ById, string ByName) : IEvent;

/// <summary>The state moved.</summary>
public sealed record TicketStatusChanged(long TicketId, StandardStatus From, StandardStatus To) : IEvent;

/// <summary>Staff were named in a note.</summary>
public sealed record StaffMentioned(long TicketId, long MessageId, List<long> StaffIds, string ByName) : IEvent;

/// <summary>An answer written outside of the workspace waits as its author's draft, because something came that they had not seen.</summary>
/// <param name="MessageId">The newest of what came.</param>
/// <param name="ByName">Who wrote that.</param>
public sealed record ReplyHeld(long TicketId, long MessageId, long StaffId, string ByName) : IEvent;

/// <summary>Somebody has a notice in the workspace and may have to be told elsewhere; raised when <see cref="Quiet"/> has passed.</summary>
public sealed record StaffNotified(long NotificationId) : IEvent
{
    /// <summary>Within which the workspace tells it first.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
}

/// <summary>A reply was taken back within <see cref="WithdrawReply.Longest"/>: nothing of it may leave the house any more.</summary>
public sealed record MessageWithdrawn(long TicketId, long MessageId, long SiteId) : IEvent;

/// <summary>Messages of one ticket went into a new one.</summary>
public sealed record TicketSplit(long FromId, long IntoId) : IEvent;
