namespace SiteDesk.HelpCenter;

/// <summary>
/// How often the same words were searched on a day. The words are normalised, and numbers, codes and addresses are taken out
/// before anything is stored: nobody can be recognised by them.
/// </summary>
public sealed class HelpSearch
{
    /// <summary>Characters of the words kept.</summary>
    public const int LongestWords = 120;

    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required string Language { get; init; }

    public required DateOnly Day { get; init; }

    public required string Words { get; init; }

    public int Times { get; set; }

    /// <summary>How often nothing was found.</summary>
    public int Empty { get; set; }

    /// <summary>How often a result was opened.</summary>
    public int Opened { get; set; }
}

/// <summary>A reader said whether an article helped.</summary>
public sealed class ArticleVote
{
    /// <summary>Characters of what the reader adds.</summary>
    public const int LongestText = 1_000;

    public long Id { get; init; }

    public required long ArticleId { get; init; }

    public required string Language { get; init; }

    /// <summary>The version that was read.</summary>
    public required long VersionId { get; init; }

    public required bool Helped { get; set; }

    /// <summary>Why not.</summary>
    public VoteReason? Reason { get; set; }

    /// <summary>What the reader added.</summary>
    public string Text { get; set; } = "";

    /// <summary>What was searched before the article was opened, normalised like <see cref="HelpSearch.Words"/>; empty when it was found otherwise.</summary>
    public string Words { get; init; } = "";

    public required DateTime CreatedAt { get; init; }

    /// <summary>Unguessable: who holds it may add a reason to this vote, or change their mind.</summary>
    public required string Token { get; init; }
}

/// <summary>Why an article did not help.</summary>
public enum VoteReason
{
    NotMyQuestion,
    Unclear,
    Wrong,
    DidNotWork,
    Other,
}

/// <summary>How often an article was read on a day.</summary>
public sealed class ArticleReading
{
    public required long ArticleId { get; init; }

    public required string Language { get; init; }

    public required DateOnly Day { get; init; }

    public int Times { get; set; }

    /// <summary>How often it was opened from a search.</summary>
    public int FromSearch { get; set; }
}

/// <summary>
/// An article was opened where somebody was about to write to us. Once for each article and visit, whatever is done in it; the visit is
/// an unguessable name made for it, so it says nothing about who it was.
/// </summary>
public sealed class Deflection
{
    /// <summary>After this time a visit that sent no ticket will send none.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromHours(1);

    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required long ArticleId { get; init; }

    public required string Language { get; init; }

    /// <summary><c>form</c> or <c>widget</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Hash of the visit's name.</summary>
    public required string Visit { get; init; }

    public required DateTime OpenedAt { get; init; }

    /// <summary>When the visitor said that it answered the question.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>When a ticket was sent all the same.</summary>
    public DateTime? TicketAt { get; private set; }

    public void Answer(DateTime at) => AnsweredAt ??= at;

    public void SendTicket(DateTime at) => TicketAt ??= at;
}
