using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Writes a help centre as files that <see cref="ImportArticles"/> reads: a folder a language, Markdown with front matter, pictures beside it.</summary>
public sealed class ExportArticles(Database database, FileStore store)
{
    private const int MostArticles = 10_000;

    public async Task<TransferFiles> RunAsync(Site site, CancellationToken cancellation)
    {
        var files = new TransferFiles();
        var sections = await database.Set<Section>().AsNoTracking().Include(section => section.Names).Where(section => section.SiteId == site.Id).ToDictionaryAsync(section => section.Id, cancellation);
        var articles = await database.Set<Article>().AsNoTracking().AsSplitQuery().Where(article => article.SiteId == site.Id && article.RemovedAt == null)
            .Include(article => article.Related).Include(article => article.Texts).ThenInclude(text => text.Draft).Include(article => article.Texts).ThenInclude(text => text.Questions)
            .OrderBy(article => article.SectionId).ThenBy(article => article.Position).ThenBy(article => article.Id).Take(MostArticles).ToListAsync(cancellation);
        var versions = await PublishedAsync(site.Id, cancellation);
        var slugs = articles.SelectMany(article => article.Texts.Select(text => (article.Id, text.Language, text.Slug))).ToList();
        foreach (var article in articles)
        {
            foreach (var text in article.Texts)
            {
                // What readers see; where they see nothing, the draft.
                var (title, summary, body) = text.PublishedVersionId is { } version && versions.TryGetValue(version, out var shown) ? (shown.Title, shown.Summary, shown.Body) : (text.Draft!.Title, text.Draft.Summary, text.Draft.Body);
                var path = PathOf(text.Language, text.Slug);
                var (readdressed, pictures) = await TakePicturesAsync(article.Id, body, cancellation);
                foreach (var (name, content) in pictures)
                    files.Set(name, content);
                var linked = ArticleBody.Readdress(readdressed, link => Relative(site, link, slugs), picture => picture);
                files.Set(path, MatterOf(article, text, title, summary, sections, slugs).Write() + ArticleMarkdown.WriteLinked(linked, RelativeFile));
            }
        }

        return files;
    }

    private Task<Dictionary<long, ArticleVersion>> PublishedAsync(long siteId, CancellationToken cancellation) =>
        database.Set<ArticleText>().Where(text => text.SiteId == siteId && text.PublishedVersionId != null)
            .Join(database.Set<ArticleVersion>().AsNoTracking(), text => text.PublishedVersionId, version => version.Id, (_, version) => version).ToDictionaryAsync(version => version.Id, cancellation);

    private static FrontMatter MatterOf(Article article, ArticleText text, string title, string summary, Dictionary<long, Section> sections, List<(long Id, string Language, string Slug)> slugs)
    {
        var matter = new FrontMatter();
        matter.Set("title", title);
        matter.Set("summary", summary);
        matter.Set("id", (article.Source ?? text).Slug);
        matter.Set("slug", text.Slug);
        matter.Set("language", text.Language);
        matter.Set("source", article.SourceLanguage);
        matter.Set("section", string.Join(" / ", SectionPath(article.SectionId, text.Language, sections)));
        matter.Set("position", article.Position.ToString(CultureInfo.InvariantCulture));
        if (article.Audience != Audience.Everybody)
            matter.Set("audience", article.Audience.ToString());
        if (article.SegmentCondition is { } segment)
            matter.Set("segment", segment);
        if (article.ReviewBy is { } day)
            matter.Set("review-by", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (!text.IsPublished)
            matter.Set("state", "draft");
        matter.Set("questions", text.Questions.OrderBy(question => question.Position).Select(question => question.Text));
        matter.Set("related", article.Related.OrderBy(related => related.Position).Select(related => slugs.Where(slug => slug.Id == related.RelatedId).OrderBy(slug => slug.Language != text.Language).Select(slug => slug.Slug).FirstOrDefault()).OfType<string>());
        return matter;
    }

    private static List<string> SectionPath(long id, string language, Dictionary<long, Section> sections)
    {
        var path = new List<string>();
        for (var section = sections.GetValueOrDefault(id); section is not null; section = section.ParentId is { } parent ? sections.GetValueOrDefault(parent) : null)
            path.Insert(0, ArticleDesk.NameOf(section, language).Replace(" / ", "/", StringComparison.Ordinal));
        return path;
    }

    private async Task<(string Body, List<(string Path, byte[] Content)> Pictures)> TakePicturesAsync(long articleId, string body, CancellationToken cancellation)
    {
        var pictures = new List<(string, byte[])>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in ArticleBody.Pictures(body))
        {
            var parts = source[ArticleLink.Files.Length..].Split('/');
            var name = Uri.UnescapeDataString(parts[1]);
            if (await database.Set<ArticleFile>().Where(row => row.ArticleId == articleId).Join(database.Set<StoredFile>().AsNoTracking(), row => row.FileId, file => file.Id, (_, file) => file).FirstOrDefaultAsync(file => file.Sha256 == parts[0], cancellation) is not { } file)
                continue;
            await using var content = store.Open(file);
            using var memory = new MemoryStream();
            await content.CopyToAsync(memory, cancellation);
            // The digest's beginning keeps pictures of one name apart; the name itself comes back on import.
            pictures.Add(($"pictures/{parts[0][..12]}/{name}", memory.ToArray()));
            names[source] = ArticleLink.Files + parts[0][..12] + "/" + parts[1];
        }

        // Sizes are the file's own and come back with it.
        return (ArticleBody.Readdress(body, link => link, picture => names.TryGetValue(picture.Source, out var address) ? picture with { Source = address, Width = null, Height = null } : null), pictures);
    }

    private static string RelativeFile(string address)
    {
        if (address.StartsWith(ArticleLink.Files, StringComparison.Ordinal))
            return "../pictures/" + address[ArticleLink.Files.Length..];
        return address.StartsWith(ImportMarkup.PendingLinks, StringComparison.Ordinal) ? address[ImportMarkup.PendingLinks.Length..] : address;
    }

    // A link to an article of this help centre becomes a link to its file.
    private static string Relative(Site site, string link, List<(long Id, string Language, string Slug)> slugs)
    {
        var parts = Uri.UnescapeDataString(link).Split('#');
        var path = parts[0].Split('?')[0].TrimEnd('/');
        foreach (var (_, language, slug) in slugs)
        {
            if (path == HelpAddress.Stored(site.Key).Article(language, slug))
                return ArticleLink.Clean(ImportMarkup.PendingLinks + "../" + PathOf(language, slug) + (parts.Length > 1 ? "#" + parts[1] : ""))!;
        }

        return link;
    }

    private static string PathOf(string language, string slug) => $"{language}/{slug}.md";
}
