namespace SiteDesk.Assistant.Desk;

/// <summary>What the assistant did in a ticket, for whoever takes over: in the reader's words, quotations in the customer's.</summary>
public sealed record SummaryOfTalk
{
    public required long TicketId { get; init; }

    /// <summary>Why a person has it, or that it goes on, in a sentence.</summary>
    public required string State { get; init; }

    /// <summary>How the customer takes it, as far as that was noticed; null for nothing special.</summary>
    public string? Mood { get; init; }

    /// <summary>Own names of the languages spoken, the first one first.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    public required IReadOnlyList<AskedQuestion> Questions { get; init; }

    /// <summary>What the customer gave, by its label; contacts masked where the reader may not see them.</summary>
    public required IReadOnlyList<CollectedFact> Facts { get; init; }

    /// <summary>Look-ups and actions that did not succeed.</summary>
    public required IReadOnlyList<string> Tried { get; init; }

    /// <summary>What the visitor had looked for and read before writing, in that order.</summary>
    public required IReadOnlyList<EarlierStep> Before { get; init; }
}

/// <param name="Text">The customer's words, their beginning.</param>
/// <param name="About">The intent or article it was taken for; null when it was not understood.</param>
/// <param name="Did">What the assistant did, in words.</param>
/// <param name="Source">Where the answer came from; null for none.</param>
/// <param name="Outcome">Whether it helped, in words; null while the customer said neither.</param>
/// <param name="Helped">The same for the eye.</param>
public sealed record AskedQuestion(long QuestionId, string Text, string Language, string? About, string Did, ReadArticle? Source, IReadOnlyList<string> Offered, string? Outcome, bool? Helped);

/// <param name="Kind">The slot's name.</param>
public sealed record CollectedFact(string Kind, string Label, string Value);

/// <param name="Note">What is known beside it, in words; null for nothing.</param>
public sealed record ReadArticle(string Title, string Address, string? Language, string? Note = null);

/// <summary>One thing that was done before writing: an article read, or else a search, in words.</summary>
public sealed record EarlierStep(ReadArticle? Article, string? Said);
