using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>An article as an author works on it.</summary>
/// <param name="Text">The language in work.</param>
public sealed record ArticleInWork(Site Site, Article Article, ArticleText Text)
{
    public ArticleDraft Draft => Text.Draft!;

    /// <summary>The text that is translated; null when the language in work is the source.</summary>
    public ArticleText? Source => Text.Language == Article.SourceLanguage ? null : Article.Source;

    public ArticleState State => Text.StateBeside(Article.Source);

    public string Subject => string.Create(CultureInfo.InvariantCulture, $"article:{Article.Id}");
}

/// <summary>Finds articles for authors, within the sites they may see.</summary>
public sealed class ArticleDesk(Database database, SiteDirectory sites)
{
    /// <returns>The site, or null when there is none this person may see.</returns>
    public async Task<Site?> SiteAsync(long siteId, Staff staff, CancellationToken cancellation) =>
        staff.SeesSite(siteId) ? await sites.FindAsync(siteId, cancellation) : null;

    /// <param name="language">Null for the source language.</param>
    /// <returns>The article with all its texts and drafts, tracked; null when there is none, or not in this language.</returns>
    public async Task<ArticleInWork?> FindAsync(long articleId, string? language, Staff staff, CancellationToken cancellation)
    {
        var article = await database.Set<Article>().AsSplitQuery().Include(row => row.Related).Include(row => row.Texts).ThenInclude(text => text.Draft)
            .Include(row => row.Texts).ThenInclude(text => text.Questions).FirstOrDefaultAsync(row => row.Id == articleId, cancellation);
        if (article is null || await SiteAsync(article.SiteId, staff, cancellation) is not { } site)
            return null;
        var text = article.Texts.Find(row => row.Language == (language ?? article.SourceLanguage));
        return text?.Draft is null ? null : new ArticleInWork(site, article, text);
    }

    public async Task<IReadOnlyList<Section>> SectionsAsync(long siteId, CancellationToken cancellation) =>
        await database.Set<Section>().AsNoTracking().Include(section => section.Names).Where(section => section.SiteId == siteId)
            .OrderBy(section => section.Position).ThenBy(section => section.Id).Take(Section.MostPerSite).ToListAsync(cancellation);

    /// <summary>Names of colleagues by key.</summary>
    public async Task<IReadOnlyDictionary<long, string>> NamesAsync(CancellationToken cancellation) =>
        await database.Set<StaffMember>().AsNoTracking().OrderBy(member => member.Id).Take(StaffReader.Most).ToDictionaryAsync(member => member.Id, member => member.DisplayName, cancellation);

    public async Task<IReadOnlyList<ArticleVersion>> VersionsAsync(long textId, CancellationToken cancellation) =>
        await database.Set<ArticleVersion>().AsNoTracking().Where(version => version.ArticleTextId == textId).OrderByDescending(version => version.Number).Take(500).ToListAsync(cancellation);

    /// <returns>The numbers of the source's versions that a translation follows and that readers see; null when there is nothing between them.</returns>
    public async Task<(int Before, int After)?> SourceChangeAsync(ArticleInWork work, CancellationToken cancellation)
    {
        if (work.State != ArticleState.Outdated || work.Text.PublishedSourceVersionId is not { } before || work.Source?.PublishedVersionId is not { } after)
            return null;
        var numbers = await database.Set<ArticleVersion>().Where(version => version.Id == before || version.Id == after).Select(version => new { version.Id, version.Number }).ToListAsync(cancellation);
        return numbers.Count == 2 ? (numbers.Single(row => row.Id == before).Number, numbers.Single(row => row.Id == after).Number) : null;
    }

    /// <summary>The last parts of the addresses of related articles, in order.</summary>
    public async Task<IReadOnlyList<string>> RelatedAddressesAsync(ArticleInWork work, CancellationToken cancellation)
    {
        var ids = work.Article.Related.ConvertAll(related => related.RelatedId);
        var texts = await database.Set<ArticleText>().AsNoTracking().Where(text => ids.Contains(text.ArticleId)).OrderBy(text => text.Id).Select(text => new { text.ArticleId, text.Language, text.Slug }).ToListAsync(cancellation);
        return [.. work.Article.Related.OrderBy(related => related.Position)
            .Select(related => texts.Where(text => text.ArticleId == related.RelatedId).OrderBy(text => text.Language != work.Text.Language).FirstOrDefault()?.Slug).OfType<string>()];
    }

    /// <summary>What a section is called in the reader's language, or in any.</summary>
    public static string NameOf(Section section, string language) =>
        (section.Names.Find(name => name.Language == language) ?? section.Names.FirstOrDefault())?.Name ?? "–";

    /// <summary>Sections in the order in which they are shown, with their depth from 0.</summary>
    public static IEnumerable<(Section Section, int Depth)> Tree(IReadOnlyList<Section> sections, long? parentId = null, int depth = 0) =>
        depth > Section.Deepest ? [] : sections.Where(section => section.ParentId == parentId).SelectMany(section => Tree(sections, section.Id, depth + 1).Prepend((section, depth)));
}
