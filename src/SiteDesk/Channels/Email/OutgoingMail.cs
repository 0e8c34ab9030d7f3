namespace SiteDesk.Channels.Email;

/// <summary>
/// A mail on its way out: a stored delivery with its identity fixed from the beginning, so that however often it is tried it is
/// the same mail to everybody who receives it.
/// </summary>
public sealed class OutgoingMail
{
    public long Id { get; init; }

    /// <summary>What it is, once: <c>answer:42</c>, <c>confirmation:7</c>. A second wish for the same mail finds it made.</summary>
    public required string Key { get; init; }

    public required OutgoingKind Kind { get; init; }

    /// <summary>The mailbox it leaves through; null when the site has none.</summary>
    public long? MailboxId { get; set; }

    /// <summary>Null for what concerns no ticket: a letter about somebody's own account.</summary>
    public long? TicketId { get; init; }

    /// <summary>What it tells a member of staff; null for mail to customers.</summary>
    public long? NotificationId { get; init; }

    /// <summary>The message it carries; for several unseen ones the first. Null when it concerns no ticket.</summary>
    public long? MessageId { get; init; }

    /// <summary>The last message it carries; 0 when it concerns no ticket.</summary>
    public long LastMessageId { get; init; }

    /// <summary>The Message-ID without brackets.</summary>
    public required string MailId { get; init; }

    public required string MailIdHash { get; init; }

    public required string Subject { get; init; }

    public required string Language { get; init; }

    public string? InReplyTo { get; init; }

    public List<string> References { get; init; } = [];

    public List<MailRecipient> Recipients { get; set; } = [];

    public OutgoingState State { get; set; }

    /// <summary>Not tried before; a held answer can be taken back until then.</summary>
    public required DateTime NotBefore { get; set; }

    public required DateTime CreatedAt { get; init; }

    public int Attempts { get; set; }

    /// <summary>Tries whose end is not known: the connection or the program broke after the last byte and before the server's word.</summary>
    public int UnknownEnds { get; set; }

    /// <summary>When the try under way began.</summary>
    public DateTime? ClaimedAt { get; set; }

    public DateTime? SentAt { get; set; }

    /// <summary>
    /// When it came back to one of our mailboxes while it was not known how a try had ended: the server had taken it. Null when it did not, or
    /// when nothing was in doubt.
    /// </summary>
    public DateTime? ReturnedAt { get; set; }

    /// <summary>The server's last words, or why there were none.</summary>
    public string? LastAnswer { get; set; }

    /// <summary>A last answer of ours: nobody knows how the try ended.</summary>
    public const string UnknownEnd = "unknown-end";

    /// <summary>A last answer of ours: the copy that came back says that the server took it.</summary>
    public const string CopyReturned = "copy-returned";

    /// <summary>Whether the last answer is a word of ours, which has a text (<c>mail.WORD</c>), and not the server's.</summary>
    public bool HasOwnAnswer => LastAnswer is UnknownEnd or CopyReturned;
}

public enum OutgoingKind
{
    /// <summary>A member of staff answers.</summary>
    Answer,

    /// <summary>"We have your request": number and link.</summary>
    Confirmation,

    /// <summary>What a visitor has not seen in the widget or on the tracking page.</summary>
    Unseen,

    /// <summary>To a member of staff: what they were notified of. Nothing of it concerns the customer.</summary>
    Notice,

    /// <summary>A link to an address that a customer calls theirs. Its receiver may be a stranger to the ticket.</summary>
    Proof,

    /// <summary>A link for a new password to a member of staff. It is of no ticket, and nobody else's.</summary>
    Password,

    /// <summary>A link that signs a customer in. It is of no ticket.</summary>
    SignIn,
}

public enum OutgoingState
{
    Queued,
    Sending,

    /// <summary>The server has taken it.</summary>
    Sent,

    /// <summary>Given up; <see cref="OutgoingMail.LastAnswer"/> says why.</summary>
    Failed,

    /// <summary>Sent, and came back.</summary>
    Bounced,

    /// <summary>Taken back before it left.</summary>
    Withdrawn,

    /// <summary>There is no server to send through.</summary>
    NoServer,
}

/// <summary>One receiver of a mail, and what became of it there.</summary>
public sealed record MailRecipient(string Address, string Name, RecipientField Field)
{
    public RecipientState State { get; init; }

    public string? Answer { get; init; }
}

public enum RecipientField
{
    To,
    Cc,
    Bcc,
}

public enum RecipientState
{
    Waiting,
    Accepted,
    Refused,
    Bounced,
}
