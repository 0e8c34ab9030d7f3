using System.Globalization;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets;

/// <summary>An own status: a finer word for a standard one, with the wording customers see.</summary>
public sealed class CustomStatus
{
    public long Id { get; init; }

    public required StandardStatus Standard { get; set; }

    /// <summary>Per language, for the staff.</summary>
    public Dictionary<string, string> Names { get; set; } = [];

    /// <summary>Per language, for customers; empty means the standard's wording.</summary>
    public Dictionary<string, string> CustomerNames { get; set; } = [];

    public int Position { get; set; }

    public DateTime? RetiredAt { get; set; }
}

/// <summary>An own field of tickets.</summary>
public sealed class TicketField
{
    public long Id { get; init; }

    /// <summary>Stable name for interfaces and conditions: lower-case letters, digits, underscores.</summary>
    public required string Key { get; init; }

    public Dictionary<string, string> Names { get; set; } = [];

    public required TicketFieldType Type { get; init; }

    public List<string> Choices { get; set; } = [];

    /// <summary>The site it is for; null for all.</summary>
    public long? SiteId { get; set; }

    public int Position { get; set; }

    public DateTime? RetiredAt { get; set; }

    /// <summary>Longest value, in characters.</summary>
    public const int LongestValue = 1000;

    /// <summary>Whether a value suits the type; an empty one clears the field.</summary>
    public bool Takes(string value) => value.Length == 0 || value.Length <= LongestValue && Type switch
    {
        TicketFieldType.Number => TicketFieldValue.NumberIn(value) is not null,
        TicketFieldType.Date => TicketFieldValue.DayIn(value) is not null,
        TicketFieldType.Checkbox => value == "true",
        _ => !value.Any(char.IsControl),
    };
}

public enum TicketFieldType
{
    Text,
    Number,
    Choice,
    Date,
    Checkbox,
}

public sealed class TicketFieldValue
{
    public long TicketId { get; init; }

    public required long FieldId { get; init; }

    /// <summary>In the invariant form: numbers with a point, dates as yyyy-MM-dd, checkboxes as true.</summary>
    public required string Value
    {
        get;
        set => (field, Number, Day) = (value, NumberIn(value), DayIn(value));
    }

    /// <summary>The value as a number, for comparing, whatever the field's type; null when it is none. Kept in step with <see cref="Value"/>.</summary>
    public double? Number { get; private set; }

    /// <summary>The value as a day (its midnight, written as UTC); null when it is none. Kept in step with <see cref="Value"/>.</summary>
    public DateTime? Day { get; private set; }

    // By way of decimal, as the values of conditions come: both sides of a comparison are rounded in the same way.
    internal static double? NumberIn(string value) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (double)number : null;

    internal static DateTime? DayIn(string value) =>
        DateTime.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? day : null;
}

/// <summary>A saved view: a name, a condition, an order.</summary>
public sealed class TicketView : IVersioned
{
    public long Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The owner; null for a view of everybody.</summary>
    public long? StaffId { get; init; }

    /// <summary>JSON of the condition language.</summary>
    public required string Condition { get; set; }

    /// <summary><c>updated</c>, <c>created</c>, <c>priority</c>; a leading minus reverses.</summary>
    public string Order { get; set; } = "-updated";

    public int Position { get; set; }

    public int Version { get; set; }
}

/// <summary>What somebody is writing; one per person, ticket and kind.</summary>
public sealed class Draft
{
    public required long StaffId { get; init; }

    public required long TicketId { get; init; }

    public required MessageKind Kind { get; init; }

    public required string Text { get; set; }

    public List<string> FileTokens { get; set; } = [];

    /// <summary>What of it was an answer by mail that is held (<see cref="HoldReply"/>); null when nothing is.</summary>
    public HeldWords? Held { get; set; }

    /// <summary>Grows with every change, and is another one for every draft: a page that knows an older one has not seen all of this.</summary>
    public long Revision { get; private set; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>It says something else now.</summary>
    public void Change(string text, List<string> fileTokens, DateTime now)
    {
        (Text, FileTokens, UpdatedAt) = (text, fileTokens, now);
        Revision = Math.Max(Revision + 1, new DateTimeOffset(now, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }
}

/// <summary>The part of a draft that came by mail.</summary>
public sealed record HeldWords(string Text, IReadOnlyList<string> FileTokens);

/// <summary>A sender whose requests go to junk.</summary>
public sealed class BlockedSender
{
    public long Id { get; init; }

    /// <summary>E-mail address, phone number, <c>@domain</c>, network address or range (CIDR).</summary>
    public required string Pattern { get; init; }

    public string Reason { get; init; } = "";

    public required DateTime CreatedAt { get; init; }

    public long? CreatedById { get; init; }
}

/// <summary>Something a member of staff should know: assigned, mentioned, answered.</summary>
public sealed class StaffNotification
{
    public long Id { get; init; }

    public required long StaffId { get; init; }

    /// <summary><c>assigned</c>, <c>mentioned</c>, <c>customer-replied</c>, <c>followed</c>, <see cref="ReplyHeld"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Their own answer waits for them: told in any case and at once.</summary>
    public const string ReplyHeld = "reply-held";

    public bool IsHeldReply => Kind == ReplyHeld;

    public required long TicketId { get; init; }

    public long? MessageId { get; init; }

    public string ActorName { get; init; } = "";

    public required DateTime CreatedAt { get; init; }

    public DateTime? ReadAt { get; set; }

    /// <summary>Made from the event's delivery, so that a repeated handler writes it once.</summary>
    public required string Key { get; init; }
}

/// <summary>Something a member of staff should know that is about no ticket: it says itself what and where. Features above tell it.</summary>
public sealed class StaffNotice
{
    /// <summary>Characters of a subject and of an address.</summary>
    public const int Longest = 300;

    public long Id { get; init; }

    public required long StaffId { get; init; }

    /// <summary>Its text is <c>notification.{kind}</c>, with who did it as <c>name</c>.</summary>
    public required string Kind { get; init; }

    public string ActorName { get; init; } = "";

    public required string Subject { get; init; }

    /// <summary>Of the subject.</summary>
    public required string Language { get; init; }

    /// <summary>Where it is seen to: a path of the workspace.</summary>
    public required string Address { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? ReadAt { get; set; }

    /// <summary>Unique: the same thing is told once, however often its handler runs.</summary>
    public required string Key { get; init; }
}

/// <summary>Analysed words of a message, for search; both engines index them.</summary>
public sealed class MessageTokens
{
    /// <summary>Key of the message.</summary>
    public long MessageId { get; init; }

    public required string Tokens { get; set; }
}
