namespace SiteDesk.Channels.Chat;

/// <summary>
/// That a visitor's browser takes part in a ticket. It is the browser that has the right to read and write there, not
/// everybody who later becomes the same customer.
/// </summary>
public sealed class ChatConversation
{
    public long Id { get; init; }

    public required long VisitorId { get; init; }

    public required long TicketId { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>The page it was begun on, without its query.</summary>
    public string? PageAddress { get; init; }
}
