namespace SiteDesk.Channels.UnseenAnswers;

/// <summary>
/// An answer the customer has not seen within the time an open widget would have shown it. It waits for a channel that
/// reaches the customer elsewhere (mail, SMS); until there is one, it waits in the widget and on the tracking page.
/// </summary>
public sealed class WaitingAnswer
{
    public long Id { get; init; }

    public required long TicketId { get; init; }

    /// <summary>The oldest unseen answer: what a channel sends begins here.</summary>
    public required long MessageId { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was seen or sent; null while it waits.</summary>
    public DateTime? SettledAt { get; set; }

    /// <summary><c>seen</c>, or the channel that delivered it.</summary>
    public string? SettledBy { get; set; }
}
