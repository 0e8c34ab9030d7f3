using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.Talk;

/// <summary>One thing the customer said and what the assistant made of it: the rows that are taught from and counted.</summary>
internal sealed class AssistantTurn : IVersioned
{
    public long Id { get; init; }

    public required long TicketId { get; init; }

    public required long SiteId { get; init; }

    /// <summary>The customer's message; its words are read there.</summary>
    public required long QuestionId { get; init; }

    /// <summary>The assistant's message; null when it said nothing.</summary>
    public long? ReplyId { get; set; }

    public required DateTime At { get; init; }

    public required TurnKind Kind { get; init; }

    public required string Language { get; init; }

    /// <summary>The candidate that was answered, or the likeliest one.</summary>
    public string? Candidate { get; init; }

    /// <summary>The article that was shown; null for none.</summary>
    public long? ArticleId { get; init; }

    /// <summary>The probability that answering <see cref="Candidate"/> is right, 0 to 1.</summary>
    public double Probability { get; init; }

    /// <summary>Which state of what was taught decided.</summary>
    public required int KnowledgeNumber { get; init; }

    /// <summary>From the message stored to the answer stored, milliseconds.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Whether the customer said that it helped; null while they said neither.</summary>
    public bool? Helped { get; set; }

    /// <summary>Whether it stands at the teaching desk: not answered, not helped, or judged wrong, and nobody has dealt with it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What somebody of the staff said about the answer.</summary>
    public TurnCorrection? Correction { get; set; }

    public int Version { get; set; }
}

internal enum TurnKind
{
    /// <summary>Answered, with its source or in the owner's words.</summary>
    Answer,

    /// <summary>Asked which of a few is meant.</summary>
    Ask,

    /// <summary>Asked for other words.</summary>
    Rephrase,

    /// <summary>Asked for facts.</summary>
    Collect,

    /// <summary>A greeting, thanks or goodbye was returned.</summary>
    Courtesy,

    /// <summary>Ran an action, or asked to confirm one.</summary>
    Action,

    /// <summary>Gave it to a person.</summary>
    HandOver,
}

/// <summary>What a member of staff said about an answer.</summary>
/// <param name="Candidate">What would have been right; null when nothing here answers it.</param>
internal sealed record TurnCorrection(string? Candidate, long ById, string ByName, DateTime At);
