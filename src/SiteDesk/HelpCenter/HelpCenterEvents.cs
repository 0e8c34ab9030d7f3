using SiteDesk.Platform.Events;

namespace SiteDesk.HelpCenter;

/// <summary>Readers see a version they did not see before.</summary>
public sealed record ArticlePublished(long SiteId, long ArticleId, string Language, long VersionId) : IEvent;

/// <summary>Readers do not see an article any more.</summary>
/// <param name="Language">The language it was unpublished in; null when the whole article was removed.</param>
public sealed record ArticleRemoved(long SiteId, long ArticleId, string? Language) : IEvent;
