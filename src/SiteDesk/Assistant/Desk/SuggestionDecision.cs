namespace SiteDesk.Assistant.Desk;

/// <summary>What was decided about a suggestion in a ticket: it is not made there again, for nobody, and the figures count it.</summary>
public sealed class SuggestionDecision
{
    /// <summary>Longest <see cref="Value"/>, in characters.</summary>
    public const int LongestValue = 80;

    public long Id { get; init; }

    public required long TicketId { get; init; }

    public required long SiteId { get; init; }

    public required SuggestionKind Kind { get; init; }

    /// <summary>What was suggested, by its key: <c>7</c> for an article, <c>intent:return</c>, <c>ticket:42</c>, a tag, a priority, a team's key, a language. Never the words of a reply.</summary>
    public required string Value { get; init; }

    public required bool WasTaken { get; set; }

    public required long StaffId { get; set; }

    public required DateTime At { get; set; }
}

/// <summary>What can be suggested beside a ticket. Stored by name.</summary>
public enum SuggestionKind
{
    Reply,
    Article,
    Tag,
    Priority,
    Team,
    Language,
}
