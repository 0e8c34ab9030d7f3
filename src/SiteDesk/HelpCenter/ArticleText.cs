using SiteDesk.Platform.Data;

namespace SiteDesk.HelpCenter;

/// <summary>How far the text of an article is in one language.</summary>
public enum ArticleState
{
    /// <summary>Readers do not see it.</summary>
    Draft,

    /// <summary>Somebody asked for a review.</summary>
    InReview,

    /// <summary>A version waits for its time; an earlier one may be published meanwhile.</summary>
    Scheduled,

    Published,

    /// <summary>Published, but what it translates has moved since.</summary>
    Outdated,
}

/// <summary>An article in one language: its address, and which of its versions readers see.</summary>
public sealed class ArticleText : IVersioned
{
    /// <summary>Example questions of an article in one language.</summary>
    public const int MostQuestions = 50;

    public long Id { get; init; }

    public long ArticleId { get; init; }

    /// <summary>The article's site: addresses are unique within it.</summary>
    public required long SiteId { get; init; }

    public required string Language { get; init; }

    /// <summary>Last part of its address, readable in its own script; unique in a site and language. See <see cref="Slugs"/>.</summary>
    public required string Slug { get; set; }

    /// <summary>Number of the newest version; 0 before the first.</summary>
    public int LastNumber { get; private set; }

    /// <summary>The version readers see.</summary>
    public long? PublishedVersionId { get; private set; }

    /// <summary>When that version was published.</summary>
    public DateTime? PublishedAt { get; private set; }

    /// <summary>When it was published for the first time.</summary>
    public DateTime? FirstPublishedAt { get; private set; }

    /// <summary>The version that waits for <see cref="PublishAt"/>.</summary>
    public long? ScheduledVersionId { get; private set; }

    public DateTime? PublishAt { get; private set; }

    /// <summary>Which version of the source language the text in work translates; null for the source itself.</summary>
    public long? SourceVersionId { get; set; }

    /// <summary>Which version of the source language the published version translates.</summary>
    public long? PublishedSourceVersionId { get; private set; }

    /// <summary>Who asked for a review, and when; null when nobody did or it is done.</summary>
    public ReviewRequest? Review { get; private set; }

    public List<ArticleQuestion> Questions { get; init; } = [];

    /// <summary>What authors work on. Null also when it was not loaded.</summary>
    public ArticleDraft? Draft { get; set; }

    public int Version { get; set; }

    public bool IsPublished => PublishedVersionId is not null;

    /// <param name="source">The text this one translates; null, or this text itself, for the source.</param>
    public ArticleState StateBeside(ArticleText? source)
    {
        if (Review is not null)
            return ArticleState.InReview;
        if (PublishAt is not null)
            return ArticleState.Scheduled;
        if (!IsPublished)
            return ArticleState.Draft;
        return IsOutdatedBeside(source) ? ArticleState.Outdated : ArticleState.Published;
    }

    /// <summary>Whether readers see a translation of something that has moved since.</summary>
    public bool IsOutdatedBeside(ArticleText? source) =>
        IsPublished && source is { PublishedVersionId: { } current } && source.Language != Language && PublishedSourceVersionId != current;

    /// <summary>Takes the number of the next version.</summary>
    public int TakeNumber() => ++LastNumber;

    public void AskForReview(long byId, DateTime at) => Review = new ReviewRequest { ById = byId, At = at };

    /// <summary>The review is done, or withdrawn.</summary>
    public void EndReview() => Review = null;

    /// <summary>Shows a version to readers. What was scheduled is called off: it was older.</summary>
    public void Publish(long versionId, DateTime at)
    {
        Show(versionId, at);
        EndReview();
    }

    /// <summary>It was published elsewhere before it came here: its readers keep its dates.</summary>
    public void KeepDates(DateTime first, DateTime last)
    {
        if (IsPublished)
            (FirstPublishedAt, PublishedAt) = (first < last ? first : last, last);
    }

    /// <summary>A version is to be shown at a time; until then readers see what they see.</summary>
    public void Schedule(long versionId, DateTime at)
    {
        (ScheduledVersionId, PublishAt) = (versionId, at);
        EndReview();
    }

    /// <summary>Nothing is scheduled any more.</summary>
    public void CallOff() => (ScheduledVersionId, PublishAt) = (null, null);

    /// <returns>Whether the time of a scheduled version has come; then it is the published one.</returns>
    public bool PublishWhenDue(DateTime now)
    {
        if (ScheduledVersionId is not { } versionId || PublishAt > now)
            return false;
        Show(versionId, now); // a review asked for since is of what was written since
        return true;
    }

    /// <summary>Readers do not see it any more.</summary>
    public void Unpublish()
    {
        (PublishedVersionId, PublishedAt, PublishedSourceVersionId) = (null, null, null);
        CallOff();
    }

    private void Show(long versionId, DateTime at)
    {
        (PublishedVersionId, PublishedAt, FirstPublishedAt) = (versionId, at, FirstPublishedAt ?? at);
        PublishedSourceVersionId = SourceVersionId;
        CallOff();
    }
}

/// <summary>Somebody asked for a review of a draft.</summary>
public sealed class ReviewRequest
{
    public required long ById { get; init; }

    public required DateTime At { get; init; }
}

/// <summary>One text as it was at a moment. Never changed: publishing, comparing and restoring name it by its key.</summary>
public sealed class ArticleVersion
{
    /// <summary>Characters of a title.</summary>
    public const int LongestTitle = 200;

    /// <summary>Characters of a summary.</summary>
    public const int LongestSummary = 500;

    /// <summary>Characters of a body.</summary>
    public const int LongestBody = 500_000;

    public long Id { get; init; }

    public required long ArticleTextId { get; init; }

    /// <summary>1, 2, 3 … in its text.</summary>
    public required int Number { get; init; }

    public required string Title { get; init; }

    /// <summary>One or two sentences; shown in lists, to search engines and in previews. May be empty.</summary>
    public required string Summary { get; init; }

    /// <summary>Canonical HTML of the closed set.</summary>
    public required string Body { get; init; }

    public required long AuthorId { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>What was changed, in the author's words.</summary>
    public string Remark { get; init; } = "";
}

/// <summary>What authors work on; one for each text. Its version tells two of them apart.</summary>
public sealed class ArticleDraft : IVersioned
{
    public long ArticleTextId { get; init; }

    public required string Title { get; set; }

    public string Summary { get; set; } = "";

    /// <summary>Canonical HTML of the closed set.</summary>
    public string Body { get; set; } = "";

    /// <summary>The version the work began with; null for a new text.</summary>
    public long? BasedOnVersionId { get; set; }

    public required long ChangedById { get; set; }

    public required DateTime ChangedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>A question the article answers, as readers would type it. Nothing improves search more.</summary>
public sealed class ArticleQuestion
{
    /// <summary>Characters of a question.</summary>
    public const int LongestText = 300;

    public long Id { get; init; }

    public long ArticleTextId { get; init; }

    public required string Text { get; init; }

    public required int Position { get; init; }
}
