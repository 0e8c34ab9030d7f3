namespace SiteDesk.Language;

/// <summary>A question and what it is about.</summary>
/// <param name="Text">The question as somebody wrote it.</param>
/// <param name="Intent">
/// The name of its intent, or <see cref="OutOfScope"/> for a question that none of the intents covers.
/// </param>
public sealed record IntentExample(string Text, string Intent)
{
    /// <summary>The intent of questions that the assistant is not made for.</summary>
    public const string OutOfScope = "oos";
}
