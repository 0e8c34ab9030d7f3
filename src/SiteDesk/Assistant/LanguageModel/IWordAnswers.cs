namespace SiteDesk.Assistant.LanguageModel;

/// <summary>A passage the answer may rest on.</summary>
/// <param name="Number">What the answer cites it by: [1]. Unique in a request.</param>
internal sealed record Passage(int Number, string Title, string Text);

/// <summary>What is to be worded.</summary>
/// <param name="Question">In the visitor's words; masked before it leaves.</param>
/// <param name="Language">The language of the answer: one of the program's.</param>
/// <param name="Passages">All that may be said; public text, sent as it is.</param>
/// <param name="Facts">What is known of the case ("order 10024: sent on 12 May"); masked before they leave.</param>
/// <param name="PlainAnswer">What is said without a model. It is not sent; it bounds the length.</param>
internal sealed record WordingRequest(string Question, string Language, IReadOnlyList<Passage> Passages, IReadOnlyList<string> Facts, string PlainAnswer)
{
    /// <summary>Names of the customer, as far as they are known: they do not leave.</summary>
    public IReadOnlyList<string> CustomerNames { get; init; } = [];
}

/// <summary>A worded answer that stood the check, with the passages it cites; or why the plain answer stays.</summary>
/// <param name="Text">Plain text without markup, with its citations in it as [1]; null when it failed.</param>
/// <param name="Cited">Numbers of passages, in the order of their first citation.</param>
internal sealed record WordingResult(string? Text, IReadOnlyList<int> Cited, WordingFailure? Failure)
{
    public static WordingResult Failed(WordingFailure failure) => new(null, [], failure);
}

/// <summary>Why the plain answer stays.</summary>
internal enum WordingFailure
{
    NotConnected,
    OverBudget,
    TooSlow,

    /// <summary>It cannot be reached, it refused, or it is left alone for a while after failures in a row.</summary>
    Unreachable,

    /// <summary>What came is no answer, or has markup, or lost what stands for personal data.</summary>
    Unreadable,
    NoCitation,
    UnknownCitation,
    UnsupportedNumber,

    /// <summary>A date or a time of day.</summary>
    UnsupportedDate,

    /// <summary>Money or a percentage.</summary>
    UnsupportedAmount,

    /// <summary>A web or e-mail address.</summary>
    UnsupportedLink,
    WrongLanguage,
    TooLong,
}

/// <summary>
/// Words an answer better than it was found. It decides nothing: whether there is an answer, and what stands in it, is settled before, and
/// what the model says is dropped unless it stands in the passages and facts. Never call it within a transaction.
/// </summary>
internal interface IWordAnswers
{
    /// <exception cref="OperationCanceledException">The caller gave it up; whatever goes wrong otherwise is a result.</exception>
    Task<WordingResult> WordAsync(WordingRequest request, CancellationToken cancellation);
}
