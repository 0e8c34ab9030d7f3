using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>What the list shows.</summary>
/// <param name="State">One of <see cref="ArticleLists.States"/>; empty for all that are not removed.</param>
/// <param name="Query">Words of the title.</param>
public sealed record ArticleListRequest(long? SectionId, string State, string Query, int Page);

/// <param name="HasMore">Whether there is another page.</param>
public sealed record ArticleListPage(IReadOnlyList<Article> Articles, bool HasMore);

/// <summary>Articles by section, state and words.</summary>
public sealed class ArticleLists(Database database, TimeProvider time)
{
    public const int PageLength = 50;

    private const int MostTitles = 100_000;

    /// <summary>What one may filter by; the text of one is <c>help-desk.state.draft</c>.</summary>
    public static readonly IReadOnlyList<string> States = ["draft", "review", "scheduled", "published", "outdated", "due", "mine", "removed"];

    public async Task<ArticleListPage> ReadAsync(long siteId, ArticleListRequest request, Staff staff, CancellationToken cancellation)
    {
        var articles = Filtered(database.Set<Article>().AsNoTracking().Where(article => article.SiteId == siteId), request, staff);
        var skipped = Math.Clamp(request.Page - 1, 0, 10_000) * PageLength;
        var ordered = articles.OrderBy(article => article.SectionId).ThenBy(article => article.Position).ThenBy(article => article.Id);
        var ids = request.Query.Trim() is { Length: > 0 } query
            ? await FindTitlesAsync(ordered, query, skipped, cancellation)
            : await ordered.Skip(skipped).Take(PageLength + 1).Select(article => article.Id).ToListAsync(cancellation);
        // By their keys: an order over articles with their texts would have the engine read and sort all of them.
        var shown = ids.Take(PageLength).ToList();
        var page = await database.Set<Article>().AsNoTracking().Include(article => article.Texts).ThenInclude(text => text.Draft)
            .Where(article => shown.Contains(article.Id)).ToListAsync(cancellation);
        return new ArticleListPage([.. page.OrderBy(article => shown.IndexOf(article.Id))], ids.Count > PageLength);
    }

    /// <summary>How many articles each section holds that are not removed.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountsAsync(long siteId, CancellationToken cancellation) =>
        await database.Set<Article>().Where(article => article.SiteId == siteId && article.RemovedAt == null).GroupBy(article => article.SectionId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellation);

    /// <summary>Articles of a language whose titles hold the words, for the link dialog and for related ones.</summary>
    public async Task<IReadOnlyList<(long Id, string Title, string Slug)>> SuggestAsync(long siteId, string language, string query, CancellationToken cancellation)
    {
        var rows = await TitlesAsync(siteId, language, cancellation);
        var words = Words(query);
        return [.. rows.Where(row => words.All(word => Fold(row.Title).Contains(word, StringComparison.Ordinal))).OrderBy(row => row.Title.Length).Take(12).Select(row => (row.Id, row.Title, row.Slug))];
    }

    private IQueryable<Article> Filtered(IQueryable<Article> articles, ArticleListRequest request, Staff staff)
    {
        articles = request.State == "removed" ? articles.Where(article => article.RemovedAt != null) : articles.Where(article => article.RemovedAt == null);
        if (request.SectionId is { } section)
            articles = articles.Where(article => article.SectionId == section);
        var today = DateOnly.FromDateTime(time.Now());
        return request.State switch
        {
            "draft" => articles.Where(article => article.Texts.Any(text => text.PublishedVersionId == null && text.PublishAt == null && text.Review == null)),
            "review" => articles.Where(article => article.Texts.Any(text => text.Review != null)),
            "scheduled" => articles.Where(article => article.Texts.Any(text => text.PublishAt != null)),
            "published" => articles.Where(article => article.Texts.Any(text => text.PublishedVersionId != null)),
            "outdated" => articles.Where(article => article.Texts.Any(text => text.PublishedVersionId != null && text.Language != article.SourceLanguage
                && article.Texts.Any(source => source.Language == article.SourceLanguage && source.PublishedVersionId != null && source.PublishedVersionId != text.PublishedSourceVersionId))),
            "due" => articles.Where(article => article.ReviewBy != null && article.ReviewBy <= today),
            "mine" => articles.Where(article => article.OwnerId == staff.Id),
            _ => articles,
        };
    }

    // Titles are compared here: the engines' own comparison knows upper and lower case of Latin letters only. They come in the order of
    // the list and one by one, and none is read behind the page that is asked for.
    private static async Task<List<long>> FindTitlesAsync(IOrderedQueryable<Article> ordered, string query, int skipped, CancellationToken cancellation)
    {
        var words = Words(query);
        var found = new List<long>();
        var titles = ordered.SelectMany(article => article.Texts, (article, text) => new { article.Id, text.Draft!.Title });
        await foreach (var row in titles.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if ((found.Count == 0 || found[^1] != row.Id) && Array.TrueForAll(words, word => Fold(row.Title).Contains(word, StringComparison.Ordinal)))
                found.Add(row.Id);
            if (found.Count > skipped + PageLength)
                break;
        }

        return [.. found.Skip(skipped)];
    }

    private async Task<List<(long Id, string Title, string Slug)>> TitlesAsync(long siteId, string? language, CancellationToken cancellation)
    {
        var rows = await database.Set<ArticleText>().AsNoTracking().Where(text => text.SiteId == siteId && (language == null || text.Language == language))
            .Join(database.Set<Article>().Where(article => article.RemovedAt == null || language == null), text => text.ArticleId, article => article.Id, (text, article) => new { text.ArticleId, text.Draft!.Title, text.Slug })
            .Take(MostTitles).ToListAsync(cancellation);
        return rows.ConvertAll(row => (row.ArticleId, row.Title, row.Slug));
    }

    private static string[] Words(string query) => [.. Fold(query.UpTo(200)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(12)];

    private static string Fold(string text) => text.ToLowerInvariant().Replace('ё', 'е');
}
