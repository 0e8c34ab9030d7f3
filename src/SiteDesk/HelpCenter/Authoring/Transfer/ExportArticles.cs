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
        var versions = await VersionsAsync(site.Id, cancellation);
        var owners = await database.Set<SiteDesk.Accounts.StaffMember>().AsNoTracking().ToDictionaryAsync(member => member.Id, member => member.Email ?? "", cancellation);
        var former = (await database.Set<ArticleAddress>().AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Slug).ToListAsync(cancellation)).ToLookup(row => (row.ArticleId, row.Language), row => row.Slug);
        var slugs = articles.SelectMany(article => article.Texts.Select(text => (article.Id, text.Language, text.Slug))).ToList();
        foreach (var article in articles)
        {
            foreach (var text in article.Texts)
            {
                var draft = new Words(text.Draft!.Title, text.Draft.Summary, text.Draft.Body);
                var scheduled = text.ScheduledVersionId is { } waiting ? versions.GetValueOrDefault(waiting) : null;
                var published = text.PublishedVersionId is { } version ? versions.GetValueOrDefault(version) : null;
                // What readers see; where they see nothing, what they will see, or the draft.
                var words = published ?? scheduled ?? draft;
                var matter = MatterOf(article, text, words, sections, slugs);
                matter.Set("owner", article.OwnerId is { } owner ? owners.GetValueOrDefault(owner, "") : "");
                matter.Set("redirects", former[(article.Id, text.Language)]);
                await WriteAsync(files, site, article.Id, PathOf(text.Language, text.Slug), matter, words.Body, slugs, cancellation);
                // What was written since, which readers do not see yet, is a file of its own.
                var changes = scheduled ?? draft;
                if (published is null || changes == published)
                    continue;
                var remark = new FrontMatter();
                remark.Set("title", changes.Title);
                remark.Set("summary", changes.Summary);
                foreach (var name in new[] { "id", "slug", "language", "source", "section", "publish-at" })
                    remark.Set(name, matter[name]);
                remark.Set("state", "changes");
                await WriteAsync(files, site, article.Id, $"{text.Language}/{text.Slug}.changes.md", remark, changes.Body, slugs, cancellation);
            }
        }

        files.Set(HelpShelves.FileName, (await HelpShelves.OfAsync(database, site, sections.Values, cancellation)).Write());
        return files;
    }

    private async Task WriteAsync(TransferFiles files, Site site, long articleId, string path, FrontMatter matter, string body, List<(long Id, string Language, string Slug)> slugs, CancellationToken cancellation)
    {
        var (readdressed, pictures) = await TakePicturesAsync(articleId, body, cancellation);
        foreach (var (name, content) in pictures)
            files.Set(name, content);
        var linked = ArticleBody.Readdress(readdressed, link => Relative(site, link, slugs), picture => picture);
        files.Set(path, matter.Write() + ArticleMarkdown.WriteLinked(linked, RelativeFile));
    }

    /// <summary>What is published or waits for its time, by key of the version.</summary>
    private Task<Dictionary<long, Words>> VersionsAsync(long siteId, CancellationToken cancellation) =>
        database.Set<ArticleVersion>().Where(version => database.Set<ArticleText>().Any(text => text.Id == version.ArticleTextId && text.SiteId == siteId && (text.PublishedVersionId == version.Id || text.ScheduledVersionId == version.Id)))
            .Select(version => new { version.Id, version.Title, version.Summary, version.Body }).ToDictionaryAsync(version => version.Id, version => new Words(version.Title, version.Summary, version.Body), cancellation);

    private sealed record Words(string Title, string Summary, string Body);

    private static FrontMatter MatterOf(Article article, ArticleText text, Words words, Dictionary<long, Section> sections, List<(long Id, string Language, string Slug)> slugs)
    {
        var matter = new FrontMatter();
        matter.Set("title", words.Title);
        matter.Set("summary", words.Summary);
        matter.Set("id", (article.Source ?? text).Slug);
        matter.Set("slug", text.Slug);
        matter.Set("language", text.Language);
        matter.Set("source", article.SourceLanguage);
        matter.Set("section", string.Join(" / ", SectionPath(article.SectionId, text.Language, sections)));
        matter.Set("position", article.Position.ToString(CultureInfo.InvariantCulture));
        // Said in any case: what is not said stays as it is.
        matter.Set("audience", article.Audience.ToString());
        if (article.SegmentCondition is { } segment)
            matter.Set("segment", segment);
        if (article.ReviewBy is { } day)
            matter.Set("review-by", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (!text.IsPublished)
            matter.Set("state", text.PublishAt is null ? "draft" : "scheduled");
        matter.Set("date", MomentOf(text.IsPublished ? text.FirstPublishedAt : null));
        matter.Set("updated", MomentOf(text.PublishedAt));
        matter.Set("publish-at", MomentOf(text.PublishAt));
        matter.Set("questions", text.Questions.OrderBy(question => question.Position).Select(question => question.Text));
        matter.Set("related", article.Related.OrderBy(related => related.Position).Select(related => slugs.Where(slug => slug.Id == related.RelatedId).OrderBy(slug => slug.Language != text.Language).Select(slug => slug.Slug).FirstOrDefault()).OfType<string>());
        return matter;
    }

    private static string MomentOf(DateTime? utc) => utc?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "";

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
