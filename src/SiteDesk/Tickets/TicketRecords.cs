using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>That a ticket is junk: who said so, when, why.</summary>
public sealed class JunkMark
{
    /// <summary>Key of the reason: <c>manual</c>, <c>blocked</c>, <c>links</c>, <c>repeated</c>, <c>honeypot</c>.</summary>
    public required string Reason { get; init; }

    public required DateTime At { get; init; }

    /// <summary>The member of staff; null when a rule did it.</summary>
    public long? ById { get; init; }
}

public sealed class TicketTag
{
    public long TicketId { get; init; }

    public required string Name { get; init; }
}

public sealed class TicketFollower
{
    public long TicketId { get; init; }

    public required long StaffId { get; init; }
}

/// <summary>One line of a ticket's history.</summary>
public sealed class TicketChange
{
    public long Id { get; init; }

    public long TicketId { get; init; }

    public required DateTime At { get; init; }

    public required ActorKind ActorKind { get; init; }

    public long? ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary><c>status</c>, <c>priority</c>, <c>assignee</c>, <c>team</c>, <c>tag</c>, <c>subject</c>, <c>field:7</c>, <c>junk</c>, <c>merge</c> …</summary>
    public required string Field { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>Common to the changes of one action, so that it can be undone as one.</summary>
    public string? Batch { get; init; }
}
