using SiteDesk.Platform.Data;

namespace SiteDesk.HelpCenter;

/// <summary>Who may read an article.</summary>
public enum Audience
{
    Everybody,

    /// <summary>Customers who are signed in.</summary>
    SignedIn,

    /// <summary>The staff alone.</summary>
    Staff,
}

/// <summary>An article of a site's help centre: what its languages have in common.</summary>
public sealed class Article : IVersioned
{
    /// <summary>Articles that may be named as related.</summary>
    public const int MostRelated = 10;

    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required long SectionId { get; set; }

    /// <summary>Order within the section, from 0; equal ones by key.</summary>
    public int Position { get; set; }

    public Audience Audience { get; set; } = Audience.Everybody;

    /// <summary>A condition in JSON that narrows the audience to a segment of the signed-in customers; null for none.</summary>
    public string? SegmentCondition { get; set; }

    /// <summary>The member of staff who answers for it.</summary>
    public long? OwnerId { get; set; }

    /// <summary>Day by which somebody has to look whether it is still true.</summary>
    public DateOnly? ReviewBy { get; set; }

    /// <summary>The language that is written first; the others translate it.</summary>
    public required string SourceLanguage { get; set; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was taken away; readers do not find it, and it can be brought back.</summary>
    public DateTime? RemovedAt { get; private set; }

    public List<ArticleText> Texts { get; init; } = [];

    public List<RelatedArticle> Related { get; init; } = [];

    public int Version { get; set; }

    /// <summary>The text of the language it is written in first; null before there is one.</summary>
    public ArticleText? Source => Texts.Find(text => text.Language == SourceLanguage);

    public void Remove(DateTime at) => RemovedAt ??= at;

    public void Restore() => RemovedAt = null;

    /// <summary>Puts it into a section, at a place.</summary>
    public void Move(long sectionId, int position) => (SectionId, Position) = (sectionId, position);

    /// <summary>Whether the day to look at it has come.</summary>
    public bool IsDueForReview(DateOnly today) => ReviewBy is { } day && day <= today;
}

/// <summary>Another article worth reading after this one.</summary>
public sealed class RelatedArticle
{
    public required long ArticleId { get; init; }

    public required long RelatedId { get; init; }

    public int Position { get; set; }
}

/// <summary>A picture or file of an article: as long as this row is there, the file is kept and given out under <c>/help-files/{sha256}/{name}</c>.</summary>
public sealed class ArticleFile
{
    public required long ArticleId { get; init; }

    public required long FileId { get; init; }
}

/// <summary>An address an article had before: its readers are led on to where it is now.</summary>
public sealed class ArticleAddress
{
    public required long SiteId { get; init; }

    public required string Language { get; init; }

    public required string Slug { get; init; }

    public required long ArticleId { get; set; }
}

/// <summary>Words that mean the same in a site's language: they widen a search.</summary>
public sealed class Synonyms
{
    /// <summary>Groups a site may have in one language.</summary>
    public const int MostGroups = 1_000;

    /// <summary>Words or phrases of one group.</summary>
    public const int MostWords = 20;

    public long Id { get; init; }

    public required long SiteId { get; init; }

    public required string Language { get; init; }

    /// <summary>At least two.</summary>
    public List<string> Words { get; set; } = [];
}
