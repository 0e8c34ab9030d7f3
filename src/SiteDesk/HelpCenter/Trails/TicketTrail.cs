namespace SiteDesk.HelpCenter.Trails;

/// <summary>What somebody did to help themselves before they wrote: it goes with the ticket, and goes when the ticket goes.</summary>
public sealed class TicketTrail
{
    /// <summary>Steps a ticket keeps, the last ones.</summary>
    public const int MostSteps = 12;

    public required long TicketId { get; init; }

    /// <summary>In the order they were made.</summary>
    public required IReadOnlyList<TrailEntry> Steps { get; init; }
}

/// <summary>One step of a trail.</summary>
/// <param name="Words">What was searched or begun to be written, without addresses and numbers; empty for an article that was found otherwise.</param>
/// <param name="ArticleId">The article read; null for words alone.</param>
/// <param name="Language">In which it was searched or read.</param>
/// <param name="FoundNothing">Whether the search had no result.</param>
/// <param name="Answered">Whether the reader said that the article answered.</param>
/// <param name="NotHelped">Whether the reader said that it did not help.</param>
public sealed record TrailEntry(string Words, long? ArticleId, string Language, bool FoundNothing = false, bool Answered = false, bool NotHelped = false);

/// <summary>
/// A step that belongs to nobody yet: a page of the help centre that was reached from the widget. It lies under the visit's unguessable
/// name, becomes part of a ticket's trail when that browser writes, and is removed when it does not.
/// </summary>
public sealed class TrailStep
{
    /// <summary>After this time nothing comes of a visit any more.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromHours(24);

    public long Id { get; init; }

    public required long SiteId { get; init; }

    /// <summary>The visit's name, as of <see cref="Deflection.Visit"/>.</summary>
    public required string Visit { get; init; }

    public required string Language { get; init; }

    /// <summary>Normalised like <see cref="HelpSearch.Words"/>.</summary>
    public string Words { get; init; } = "";

    public long? ArticleId { get; init; }

    public bool FoundNothing { get; init; }

    public required DateTime At { get; init; }
}
