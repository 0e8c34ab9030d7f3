namespace SiteDesk.Channels.Email;

/// <summary>A mail as it came, stored before anything is made of it, and what became of it.</summary>
public sealed class RawMail
{
    public long Id { get; init; }

    public required long MailboxId { get; init; }

    public required long SiteId { get; init; }

    public required DateTime ReceivedAt { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the bytes: fetched again after a crash it is the same row.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Hash of the Message-ID, for finding what an answer refers to; null when the mail has none.</summary>
    public string? MessageIdHash { get; set; }

    /// <summary>
    /// Names the mail within its site however it came; set on the first copy that was read, so that the second finds it taken.
    /// </summary>
    public string? Fingerprint { get; set; }

    /// <summary>The author's address, for comparing; empty when it names nobody.</summary>
    public string Sender { get; set; } = "";

    public string Subject { get; set; } = "";

    public RawMailState State { get; set; }

    /// <summary>What was made of it, or why it was not (<see cref="MailOutcome"/>).</summary>
    public string Outcome { get; set; } = "";

    /// <summary>In words of the fault, for an administrator; null when all went well.</summary>
    public string? Reason { get; set; }

    /// <summary>The step that failed.</summary>
    public string? Step { get; set; }

    public int Attempts { get; set; }

    public DateTime? ReadAt { get; set; }

    public long? TicketId { get; set; }

    public long? MessageId { get; set; }

    public RawMailContent? Content { get; set; }
}

/// <summary>The bytes of a mail, apart from the row that lists read.</summary>
public sealed class RawMailContent
{
    public long RawMailId { get; init; }

    public required byte[] Bytes { get; init; }
}

public enum RawMailState
{
    Waiting,
    Done,

    /// <summary>A step failed; kept with its reason until somebody tries again.</summary>
    Quarantined,
}

/// <summary>What became of a mail; the text of one is <c>mail.outcome.ticket</c>.</summary>
public static class MailOutcome
{
    public const string Ticket = "ticket";
    public const string FollowUp = "follow-up";
    public const string Repeat = "repeat";
    public const string Own = "own";

    /// <summary>The copy of a mail of ours that its mailbox keeps; the log does not list it.</summary>
    public const string Copy = "copy";
    public const string Bounce = "bounce";
    public const string UnknownBounce = "unknown-bounce";
    public const string Loop = "loop";
    public const string Oversize = "oversize";
    public const string Failed = "failed";
    public const string NoSender = "no-sender";

    /// <summary>A member of staff answered from their own mail program.</summary>
    public const string StaffReply = "staff-reply";

    /// <summary>A member of staff answered what is no longer the newest: their answer waits as a draft.</summary>
    public const string StaffHeld = "staff-held";

    /// <summary>It shows a token for staff and is not taken as their answer; the reason is a key of <c>mail.staff-refused</c>.</summary>
    public const string StaffRefused = "staff-refused";

    /// <summary>A machine answered a notice to staff: it is told to nobody.</summary>
    public const string StaffAutomatic = "staff-automatic";

    public static readonly IReadOnlyList<string> All = [Ticket, FollowUp, Repeat, Own, Copy, Bounce, UnknownBounce, Loop, Oversize, Failed, NoSender, StaffReply, StaffHeld, StaffRefused, StaffAutomatic];
}
