namespace SiteDesk.Assistant.LanguageModel;

/// <summary>A translation, or why there is none.</summary>
/// <param name="Text">Plain text; null when it failed.</param>
/// <param name="IsDoubtful">Numbers, dates or addresses in it differ from those of the original: the reader should compare.</param>
public sealed record Translation(string? Text, bool IsDoubtful, TranslationFailure? Failure)
{
    internal static Translation Failed(TranslationFailure failure) => new(null, false, failure);
}

/// <summary>Why there is no translation; the text of one is <c>model.translation.failed.TooSlow</c>.</summary>
public enum TranslationFailure
{
    NotConnected,
    OverBudget,
    TooSlow,
    Unreachable,

    /// <summary>What came is no translation: it lost something, is in another language, or is far longer than the text.</summary>
    Unreadable,

    /// <summary>The text is longer than what is translated in one go.</summary>
    TooLong,
}

/// <summary>
/// Translates for an agent who asks for it. Nothing is stored: what was translated is kept in this node's memory for a while. Personal data
/// is masked before a text leaves and put back into its translation. Never call it within a transaction.
/// </summary>
internal interface ITranslateForStaff
{
    /// <summary>Whether a connection with translation exists and is on.</summary>
    Task<bool> IsOfferedAsync(CancellationToken cancellation);

    /// <param name="to">One of the program's languages.</param>
    /// <param name="names">Names that do not leave.</param>
    /// <exception cref="OperationCanceledException">The caller gave it up; whatever goes wrong otherwise is a result.</exception>
    Task<Translation> TranslateAsync(string text, string to, IReadOnlyList<string> names, CancellationToken cancellation);
}
