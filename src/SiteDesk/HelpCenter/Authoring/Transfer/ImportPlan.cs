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

/// <param name="Remarks">Why it is refused, or what of it was left out.</param>
public sealed record ImportRow(string Path, string Language, string Title, ImportStep Step, IReadOnlyList<Platform.Problem> Remarks);

/// <summary>One article of an import, in one language.</summary>
/// <param name="Key">What its languages have in common: the path without language and ending.</param>
/// <param name="Sections">Names from the top down.</param>
/// <param name="Body">Canonical, with links and pictures as they stand in the file.</param>
/// <param name="IsChanges">Whether it is what authors have written since the published text, which is a file of its own.</param>
/// <param name="LeftOut">Addresses of pictures that are not among the files: those of other sites, and of the one the text comes from.</param>
internal sealed record ImportedText(
    string Path, string Key, string Language, string Title, string Summary, string Slug, IReadOnlyList<string> Sections, string Body,
    IReadOnlyList<string> Questions, IReadOnlyList<string> Related, ImportedMatter Matter, bool IsPublished, bool IsChanges, int Position, string SourceLanguage,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>Addresses of pictures in the body while their files are not stored yet.</summary>
    public const string PendingFiles = ArticleLink.Files + "pending/";
}

/// <summary>What a file says of its article beside the text. Null is what it does not speak of: that stays as it is.</summary>
/// <param name="Segment">The condition as it stands in the file; one that is not understood lets nobody in.</param>
/// <param name="Owner">E-mail address; empty for none.</param>
/// <param name="Redirects">Addresses it had before in this language.</param>
/// <param name="PublishAt">When it is to be published.</param>
internal sealed record ImportedMatter(
    Audience? Audience, string? Segment, DateOnly? ReviewBy, string Owner, IReadOnlyList<string> Redirects, DateTime? FirstPublishedAt, DateTime? PublishedAt, DateTime? PublishAt);

/// <param name="Html">The body with the addresses that its pictures and links have here.</param>
/// <param name="LostLinks">What it links to without there being such an article among the files.</param>
internal sealed record AddressedBody(string Html, IReadOnlyList<string> LostLinks);
