namespace SiteDesk.Language;

/// <summary>An article as the ranking index reads it, in one language. Plain text: no markup.</summary>
/// <param name="Id">Names the article in results; unique within an index.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">Its text without headings.</param>
public sealed record SearchDocument(long Id, string Title, string Body)
{
    /// <summary>Questions that the article answers, as readers would type them. Nothing improves search more.</summary>
    public IReadOnlyList<string> Questions { get; init; } = [];

    /// <summary>Its headings.</summary>
    public IReadOnlyList<string> Headings { get; init; } = [];
}
