namespace SiteDesk.HelpCenter.Reading;

/// <summary>
/// What an article's page takes from the snapshot, as lines: two that are equal make the same page. The body is named by its version,
/// which never changes; the site and the reader are part of the page's name.
/// </summary>
/// <param name="Related">The articles it leads on to.</param>
internal sealed record ShownArticle(ArticleHead Article, string Language, IReadOnlyList<(string Language, ArticleHead Article)> Related, string Lines)
{
    private const char Between = '\n';

    public static ShownArticle Of(HelpVisit visit, string language, ArticleHead article, IReadOnlyList<(string Language, ArticleHead Article)> related) =>
        new(article, language, related, string.Join(Between, (IEnumerable<string>)
        [
            language, .. Words(article), $"{article.FirstPublishedAt.Ticks} {article.PublishedAt.Ticks}", article.Summary,
            .. visit.Shelf.PathTo(article.SectionId).SelectMany(section => new[] { section.Slug, section.Name }),
            .. visit.Snapshot.LanguagesOf(article.Id, visit.Site.Languages).SelectMany(pair => new[] { pair.Language, pair.Article.Slug }),
            .. related.SelectMany(other => Words(other.Article).Prepend(other.Language)),
        ]));

    public bool Equals(ShownArticle? other) => other is not null && Lines == other.Lines;

    public override int GetHashCode() => Lines.GetHashCode(StringComparison.Ordinal);

    private static IEnumerable<string> Words(ArticleHead article) => [$"{article.VersionId} {article.Audience} {article.Segment is null}", article.Slug, article.Title];
}
