namespace SiteDesk.Tickets;

/// <summary>That two tickets have to do with each other. One row serves both directions.</summary>
public sealed class TicketLink
{
    /// <summary>The smaller number of the two.</summary>
    public required long LowId { get; init; }

    public required long HighId { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>The member of staff who linked them; null when the program did.</summary>
    public long? CreatedById { get; init; }

    public static TicketLink Between(long one, long other, long? by, DateTime at) =>
        new() { LowId = Math.Min(one, other), HighId = Math.Max(one, other), CreatedById = by, CreatedAt = at };
}
