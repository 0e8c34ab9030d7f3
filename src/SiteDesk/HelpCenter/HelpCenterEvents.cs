using SiteDesk.Platform.Events;

namespace SiteDesk.HelpCenter;

/// <summary>Readers see a version they did not see before.</summary>
public sealed record ArticlePublished(long SiteId, long ArticleId, string Language, long VersionId) : IEvent;

/// <summary>An author asks that somebody reads a draft before readers do.</summary>
public sealed record ReviewAsked(long ArticleTextId, long ById, string ByName) : IEvent;

/// <summary>What came of a review.</summary>
/// <param name="AskedById">Who asked for it.</param>
/// <param name="Outcome">Kind of the notice: one of <see cref="Authoring.NotifyAuthors"/>.</param>
public sealed record ReviewEnded(long ArticleTextId, long AskedById, long? ById, string ByName, string Outcome) : IEvent;

/// <summary>Readers do not see an article any more.</summary>
/// <param name="Language">The language it was unpublished in; null when the whole article was removed.</param>
public sealed record ArticleRemoved(long SiteId, long ArticleId, string? Language) : IEvent;
