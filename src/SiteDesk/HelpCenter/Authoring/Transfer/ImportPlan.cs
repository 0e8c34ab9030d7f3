using SiteDesk.HelpCenter.Bodies;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>What an import does with one file.</summary>
public enum ImportStep
{
    New,
    Changed,
    Same,

    /// <summary>It cannot be taken; the sentence says why.</summary>
    Refused,
}

/// <param name="Problem">Why it is refused, or what of it was left out; null else.</param>
public sealed record ImportRow(string Path, string Language, string Title, ImportStep Step, Platform.Problem? Problem);

/// <summary>One article of an import, in one language.</summary>
/// <param name="Key">What its languages have in common: the path without language and ending.</param>
/// <param name="Sections">Names from the top down.</param>
/// <param name="Segment">The condition as it stands in the file; one that is not understood lets nobody in.</param>
/// <param name="Body">Canonical, with links and pictures as they stand in the file.</param>
/// <param name="LeftOut">Addresses of pictures that are not among the files: those of other sites, and of the one the text comes from.</param>
internal sealed record ImportedText(
    string Path, string Key, string Language, string Title, string Summary, string Slug, IReadOnlyList<string> Sections, string Body,
    IReadOnlyList<string> Questions, IReadOnlyList<string> Related, Audience Audience, string? Segment, DateOnly? ReviewBy, bool IsPublished, int Position, string SourceLanguage,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>Addresses of pictures in the body while their files are not stored yet.</summary>
    public const string PendingFiles = ArticleLink.Files + "pending/";
}
