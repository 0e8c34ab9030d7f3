using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Takes files into a help centre. An article is known again by its address in a language; nothing is ever removed.</summary>
public sealed class ImportArticles(Database database, KeepSection keepSection, StartArticle start, PublishArticle publish, ChangeArticle change, ArticlePictures pictures, HelpStamp stamp, AuditLog audit, TimeProvider time)
{
    private const int MostSectionDepth = Section.Deepest;

    /// <summary>What would happen, without doing it.</summary>
    public async Task<IReadOnlyList<ImportRow>> PreviewAsync(Site site, TransferFiles files, CancellationToken cancellation)
    {
        var (texts, rows) = ImportReader.Read(files, site);
        foreach (var imported in texts)
        {
            var known = await FindAsync(site.Id, imported, cancellation);
            var body = await AddressAsync(site, imported, texts, files, article: null, cancellation);
            var problem = body.Succeeded ? StartArticle.Check(WordsOf(imported, body.Value)).FirstOrDefault() : body.Problems[0];
            rows.Add(new ImportRow(imported.Path, imported.Language, imported.Title, problem is not null ? ImportStep.Refused : known is null ? ImportStep.New : IsSame(known.Value.Text, imported, body.Value) ? ImportStep.Same : ImportStep.Changed, problem ?? LeftOut(imported)));
            database.ChangeTracker.Clear();
        }

        return [.. rows.OrderBy(row => row.Step == ImportStep.Refused ? 0 : 1).ThenBy(row => row.Path, StringComparer.Ordinal)];
    }

    /// <summary>Does it, article by article, each in one piece.</summary>
    /// <returns>What was done with each file.</returns>
    public async Task<IReadOnlyList<ImportRow>> RunAsync(Site site, TransferFiles files, Actor by, long authorId, CancellationToken cancellation)
    {
        var (texts, rows) = ImportReader.Read(files, site);
        // Sources before translations; articles in the order in which they are to stand.
        foreach (var imported in texts.OrderBy(text => text.Language != text.SourceLanguage).ThenBy(text => string.Join('/', text.Sections), StringComparer.Ordinal)
            .ThenBy(text => text.Position < 0 ? int.MaxValue : text.Position).ThenBy(text => text.Key, StringComparer.Ordinal))
        {
            rows.Add(await TakeAsync(site, imported, texts, files, by, authorId, cancellation));
            database.ChangeTracker.Clear();
        }

        await RelateAsync(site.Id, texts, cancellation);
        audit.Write(by, "help.imported", FormattableString.Invariant($"site:{site.Id}"), ("count", rows.Count(row => row.Step is ImportStep.New or ImportStep.Changed).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await stamp.MoveAsync(site.Id, cancellation);
        await database.SaveChangesAsync(cancellation);
        return [.. rows.OrderBy(row => row.Step == ImportStep.Refused ? 0 : 1).ThenBy(row => row.Path, StringComparer.Ordinal)];
    }

    private async Task<ImportRow> TakeAsync(Site site, ImportedText imported, List<ImportedText> all, TransferFiles files, Actor by, long authorId, CancellationToken cancellation)
    {
        var known = await FindAsync(site.Id, imported, cancellation);
        var article = known?.Article ?? await SiblingAsync(site.Id, imported, all, cancellation);
        if (known is { } same && (await AddressAsync(site, imported, all, files, null, cancellation)) is { Succeeded: true } current && IsSame(same.Text, imported, current.Value))
            return new ImportRow(imported.Path, imported.Language, imported.Title, ImportStep.Same, LeftOut(imported));
        var place = article is not null && imported.Language != article.SourceLanguage ? await NameSectionAsync(site, article, imported, cancellation) : await SectionAsync(site, imported, cancellation);
        if (!place.Succeeded)
            return Refused(imported, place.Problems[0]);
        var section = place.Value;
        var text = known?.Text;
        if (text is null)
        {
            // Begun with an empty body: pictures need the article they belong to.
            var words = WordsOf(imported, "");
            if (article is null)
            {
                var begun = await start.RunAsync(site, section, imported.Language, words, authorId, cancellation);
                if (!begun.Succeeded)
                    return Refused(imported, begun.Problems[0]);
                article = begun.Value;
                text = article.Texts[0];
            }
            else
            {
                var begun = await start.TranslateAsync(article, imported.Language, words, authorId, cancellation);
                if (!begun.Succeeded)
                    return Refused(imported, begun.Problems[0]);
                text = begun.Value;
            }

            await database.SaveChangesAsync(cancellation);
        }

        var body = await AddressAsync(site, imported, all, files, article, cancellation);
        if (!body.Succeeded)
            return Refused(imported, body.Problems[0]);
        var checkedWords = StartArticle.Check(WordsOf(imported, body.Value));
        if (checkedWords.Count > 0)
            return Refused(imported, checkedWords[0]);
        (text.Draft!.Title, text.Draft.Summary, text.Draft.Body, text.Draft.ChangedById, text.Draft.ChangedAt) = (imported.Title.Trim(), imported.Summary.Trim(), body.Value, authorId, time.Now());
        change.Ask(text, [.. imported.Questions.Select(question => question.Trim())]);
        (article!.Audience, article.SegmentCondition, article.ReviewBy) = (imported.Audience, imported.Segment, imported.ReviewBy);
        article.Move(section.Id, imported.Position < 0 ? article.Position : imported.Position);
        if (article.Source is { PublishedVersionId: { } source } && imported.Language != article.SourceLanguage)
            text.SourceVersionId = source;
        if (imported.IsPublished)
            await publish.RunAsync(article, text, by, at: null, "", cancellation);
        else
            await database.SaveChangesAsync(cancellation);
        return new ImportRow(imported.Path, imported.Language, imported.Title, known is null ? ImportStep.New : ImportStep.Changed, LeftOut(imported));
    }

    private static StartArticle.Words WordsOf(ImportedText imported, string body) => new(imported.Title, imported.Summary, body, imported.Questions, imported.Slug);

    private static ImportRow Refused(ImportedText imported, Problem problem) => new(imported.Path, imported.Language, imported.Title, ImportStep.Refused, problem);

    private static Problem? LeftOut(ImportedText imported) =>
        imported.LeftOut is [var first, ..] ? new Problem("", "help-transfer.pictures-left-out", ("count", imported.LeftOut.Count), ("path", first.UpTo(80))) : null;

    private static bool IsSame(ArticleText text, ImportedText imported, string body) =>
        text.Draft is { } draft && draft.Title == imported.Title.Trim() && draft.Summary == imported.Summary.Trim() && draft.Body == body && text.IsPublished == imported.IsPublished
        && text.Questions.OrderBy(question => question.Position).Select(question => question.Text).SequenceEqual(imported.Questions.Select(question => question.Trim()), StringComparer.Ordinal);

    private async Task<(Article Article, ArticleText Text)?> FindAsync(long siteId, ImportedText imported, CancellationToken cancellation)
    {
        var id = await database.Set<ArticleText>().Where(text => text.SiteId == siteId && text.Language == imported.Language && text.Slug == imported.Slug).Select(text => (long?)text.ArticleId).FirstOrDefaultAsync(cancellation);
        return id is null || await LoadAsync(id.Value, cancellation) is not { } article ? null : (article, article.Texts.First(text => text.Language == imported.Language));
    }

    /// <summary>The same article in a language that is there already.</summary>
    private async Task<Article?> SiblingAsync(long siteId, ImportedText imported, List<ImportedText> all, CancellationToken cancellation)
    {
        foreach (var other in all.Where(text => text.Key == imported.Key && text.Language != imported.Language))
        {
            if (await FindAsync(siteId, other, cancellation) is { } found && !found.Article.Texts.Exists(text => text.Language == imported.Language))
                return found.Article;
        }

        return null;
    }

    private Task<Article?> LoadAsync(long id, CancellationToken cancellation) =>
        database.Set<Article>().AsSplitQuery().Include(row => row.Related).Include(row => row.Texts).ThenInclude(text => text.Draft).Include(row => row.Texts).ThenInclude(text => text.Questions).FirstOrDefaultAsync(row => row.Id == id, cancellation);

    /// <summary>Finds or makes the sections of a file, by their names in its language.</summary>
    private async Task<Outcome<Section>> SectionAsync(Site site, ImportedText imported, CancellationToken cancellation)
    {
        Section? parent = null;
        foreach (var name in imported.Sections.DefaultIfEmpty(site.Name).Take(MostSectionDepth))
        {
            var parentId = parent?.Id;
            var all = await database.Set<Section>().Include(section => section.Names).Where(section => section.SiteId == site.Id && section.ParentId == parentId).ToListAsync(cancellation);
            var found = all.Find(section => section.Names.Exists(words => words.Language == imported.Language && (string.Equals(words.Name, name, StringComparison.OrdinalIgnoreCase) || words.Slug == Slugs.Of(name, "section"))));
            if (found is null)
            {
                var made = await keepSection.RunAsync(site, null, new KeepSection.Request(parentId, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { [imported.Language] = new(name) }), cancellation);
                if (!made.Succeeded)
                    return made;
                found = made.Value;
            }

            parent = found;
        }

        return parent!;
    }

    /// <summary>A translation stands where its source stands, and names those sections in its own language where nobody has.</summary>
    private async Task<Outcome<Section>> NameSectionAsync(Site site, Article article, ImportedText imported, CancellationToken cancellation)
    {
        var path = new List<Section>();
        for (long? id = article.SectionId; id is not null; id = path[0].ParentId)
            path.Insert(0, await database.Set<Section>().Include(section => section.Names).FirstAsync(section => section.Id == id, cancellation));
        foreach (var (section, name) in path.Zip(imported.Sections).Where(pair => path.Count == imported.Sections.Count && !pair.First.Names.Exists(words => words.Language == imported.Language)))
        {
            var named = await keepSection.RunAsync(site, section, new KeepSection.Request(section.ParentId, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { [imported.Language] = new(name) }), cancellation);
            if (!named.Succeeded)
                return named;
        }

        return path[^1];
    }

    /// <summary>The body with the addresses that its pictures and links have here.</summary>
    /// <param name="article">Keeps the pictures; null to find out only, then a picture has the address it would have.</param>
    private async Task<Outcome<string>> AddressAsync(Site site, ImportedText imported, List<ImportedText> all, TransferFiles files, Article? article, CancellationToken cancellation)
    {
        var kept = new Dictionary<string, Picture>(StringComparer.Ordinal);
        foreach (var source in ArticleBody.Pictures(imported.Body).Where(source => source.StartsWith(ImportedText.PendingFiles, StringComparison.Ordinal)))
        {
            var relative = Uri.UnescapeDataString(source[ImportedText.PendingFiles.Length..]);
            var path = ImportMarkup.Resolve(imported.Path, relative);
            if (path is null || files.Find(path) is not { } content)
                return new Problem("", "help-transfer.picture-missing", ("path", relative.UpTo(80)));
            var picture = await KeepAsync(article, path, content, cancellation);
            if (!picture.Succeeded)
                return picture.Problems.ToList();
            kept[source] = picture.Value;
        }

        return ArticleBody.Readdress(
            imported.Body,
            link => link.StartsWith(ImportMarkup.PendingLinks, StringComparison.Ordinal) ? LinkTo(site, imported, all, Uri.UnescapeDataString(link[ImportMarkup.PendingLinks.Length..])) : link,
            picture => kept.TryGetValue(picture.Source, out var stored) ? stored with { Alt = picture.Alt, Link = picture.Link } : picture.Source.StartsWith(ImportedText.PendingFiles, StringComparison.Ordinal) ? null : picture);
    }

    private async Task<Outcome<Picture>> KeepAsync(Article? article, string path, byte[] content, CancellationToken cancellation)
    {
        var name = Platform.Files.SafeFileName.Of(path.Split('/')[^1]);
        using var stream = new MemoryStream(content);
        if (article is not null)
            return await pictures.KeepAsync(article, stream, name, "", cancellation);
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        var (width, height) = await Platform.Files.PictureSize.ReadAsync(stream, cancellation);
        return new Picture(ArticleLink.Source(HelpAddress.File(sha256, name))!, "", width, height, Link: null);
    }

    private static string? LinkTo(Site site, ImportedText from, List<ImportedText> all, string relative)
    {
        var path = ImportMarkup.Resolve(from.Path, relative);
        return all.Find(text => text.Path == path) is { } target
            ? ArticleLink.Clean(HelpAddress.Stored(site.Key).Article(target.Language, target.Slug) + (relative.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? relative[at..] : ""))
            : null;
    }

    // When all are there: an article may name one that comes after it.
    private async Task RelateAsync(long siteId, List<ImportedText> texts, CancellationToken cancellation)
    {
        foreach (var imported in texts.Where(text => text.Related.Count > 0))
        {
            if (await FindAsync(siteId, imported, cancellation) is not { } found)
                continue;
            var ids = await database.Set<ArticleText>().Where(text => text.SiteId == siteId && imported.Related.Contains(text.Slug) && text.ArticleId != found.Article.Id).Select(text => new { text.Slug, text.ArticleId }).ToListAsync(cancellation);
            var wanted = imported.Related.Select(slug => ids.Find(row => row.Slug == slug)?.ArticleId).OfType<long>().Distinct().Take(Article.MostRelated).ToList();
            if (found.Article.Related.OrderBy(related => related.Position).Select(related => related.RelatedId).SequenceEqual(wanted))
                continue;
            found.Article.Related.Clear();
            found.Article.Related.AddRange(wanted.Select((id, index) => new RelatedArticle { ArticleId = found.Article.Id, RelatedId = id, Position = index }));
            await database.SaveChangesAsync(cancellation);
        }
    }
}
