using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Takes files into a help centre. An article is known again by its address in a language; nothing is ever removed.</summary>
public sealed class ImportArticles(
    Database database, KeepSection keepSection, StartArticle start, PublishArticle publish, ChangeArticle change, ArticlePictures pictures, ImportShelves shelves, HelpStamp stamp, AuditLog audit, TimeProvider time)
{
    private const int MostSectionDepth = Section.Deepest;

    /// <summary>Former addresses of one article in one language.</summary>
    private const int MostRedirects = 100;

    /// <summary>What would happen, without doing it.</summary>
    public async Task<IReadOnlyList<ImportRow>> PreviewAsync(Site site, TransferFiles files, CancellationToken cancellation)
    {
        var (texts, rows) = ImportReader.Read(files, site);
        if (await shelves.RunAsync(site, files, isPreview: true, cancellation) is { } shelf)
            rows.Add(shelf);
        foreach (var imported in texts)
        {
            var known = await FindAsync(site.Id, imported, cancellation);
            var body = await AddressAsync(site, imported, texts, files, article: null, cancellation);
            var problem = body.Succeeded ? StartArticle.Check(WordsOf(imported, body.Value.Html)).FirstOrDefault() : body.Problems[0];
            if (problem is not null)
                rows.Add(Refused(imported, problem));
            else if (known is { } there)
                rows.Add(await RowAsync(imported, body.Value, await IsSameAsync(site, there.Article, there.Text, imported, body.Value.Html, cancellation) ? ImportStep.Same : ImportStep.Changed, cancellation));
            else
                rows.Add(await RowAsync(imported, body.Value, imported.IsChanges && texts.Exists(text => text != imported && text.Language == imported.Language && text.Slug == imported.Slug) ? ImportStep.Changed : ImportStep.New, cancellation));
            database.ChangeTracker.Clear();
        }

        return InOrder(rows);
    }

    /// <summary>Does it, article by article, each in one piece.</summary>
    /// <returns>What was done with each file.</returns>
    public async Task<IReadOnlyList<ImportRow>> RunAsync(Site site, TransferFiles files, Actor by, long authorId, CancellationToken cancellation)
    {
        var (texts, rows) = ImportReader.Read(files, site);
        if (await shelves.RunAsync(site, files, isPreview: false, cancellation) is { } shelf)
            rows.Add(shelf);
        // Sources before translations, what was changed since after what was published; articles in the order in which they are to stand.
        foreach (var imported in texts.OrderBy(text => text.IsChanges).ThenBy(text => text.Language != text.SourceLanguage).ThenBy(text => string.Join('/', text.Sections), StringComparer.Ordinal)
            .ThenBy(text => text.Position < 0 ? int.MaxValue : text.Position).ThenBy(text => text.Key, StringComparer.Ordinal))
        {
            rows.Add(await TakeAsync(site, imported, texts, files, by, authorId, cancellation));
            database.ChangeTracker.Clear();
        }

        await RelateAsync(site.Id, texts, cancellation);
        audit.Write(by, "help.imported", FormattableString.Invariant($"site:{site.Id}"), ("count", rows.Count(row => row.Step is ImportStep.New or ImportStep.Changed).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await stamp.MoveAsync(site.Id, cancellation);
        await database.SaveChangesAsync(cancellation);
        return InOrder(rows);
    }

    private static IReadOnlyList<ImportRow> InOrder(List<ImportRow> rows) => [.. rows.OrderBy(row => row.Step == ImportStep.Refused ? 0 : row.Remarks.Count > 0 ? 1 : 2).ThenBy(row => row.Path, StringComparer.Ordinal)];

    private async Task<ImportRow> TakeAsync(Site site, ImportedText imported, List<ImportedText> all, TransferFiles files, Actor by, long authorId, CancellationToken cancellation)
    {
        var known = await FindAsync(site.Id, imported, cancellation);
        var article = known?.Article ?? await SiblingAsync(site.Id, imported, all, cancellation);
        if (known is { } same && (await AddressAsync(site, imported, all, files, null, cancellation)) is { Succeeded: true } current && await IsSameAsync(site, same.Article, same.Text, imported, current.Value.Html, cancellation))
            return await RowAsync(imported, current.Value, ImportStep.Same, cancellation);
        // A file that names no section leaves its article where it stands.
        var place = article is not null && (imported.Language != article.SourceLanguage || imported.Sections.Count == 0) ? await NameSectionAsync(site, article, imported, cancellation) : await SectionAsync(site, imported, cancellation);
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
        var checkedWords = StartArticle.Check(WordsOf(imported, body.Value.Html));
        if (checkedWords.Count > 0)
            return Refused(imported, checkedWords[0]);
        article!.Restore();
        if (!imported.IsChanges || known is null)
            await DescribeAsync(article, text, section, imported, cancellation);
        if (known is null || !await HasWordsAsync(text, imported, body.Value.Html, cancellation))
            await WriteAsync(article, text, imported, body.Value.Html, isNew: known is null, by, authorId, cancellation);
        else
            await database.SaveChangesAsync(cancellation);
        return await RowAsync(imported, body.Value, known is null ? ImportStep.New : ImportStep.Changed, cancellation);
    }

    /// <summary>What the file says of the article beside the text.</summary>
    private async Task DescribeAsync(Article article, ArticleText text, Section section, ImportedText imported, CancellationToken cancellation)
    {
        var matter = imported.Matter;
        change.Ask(text, [.. imported.Questions.Select(question => question.Trim())]);
        if (matter.Audience is { } audience)
            (article.Audience, article.SegmentCondition) = (audience, matter.Segment);
        article.ReviewBy = matter.ReviewBy ?? article.ReviewBy;
        article.OwnerId = await OwnerAsync(matter, cancellation) ?? article.OwnerId;
        article.Move(section.Id, imported.Position < 0 ? article.Position : imported.Position);
        foreach (var slug in await MissingRedirectsAsync(article.SiteId, imported, cancellation))
            database.Add(new ArticleAddress { SiteId = article.SiteId, Language = imported.Language, Slug = slug, ArticleId = article.Id });
    }

    private async Task WriteAsync(Article article, ArticleText text, ImportedText imported, string body, bool isNew, Actor by, long authorId, CancellationToken cancellation)
    {
        var matter = imported.Matter;
        (text.Draft!.Title, text.Draft.Summary, text.Draft.Body, text.Draft.ChangedById, text.Draft.ChangedAt) = (imported.Title.Trim(), imported.Summary.Trim(), body, authorId, time.Now());
        if (article.Source is { PublishedVersionId: { } source } && imported.Language != article.SourceLanguage)
            text.SourceVersionId = source;
        if (imported.IsPublished || matter.PublishAt is not null)
            await publish.RunAsync(article, text, by, imported.IsPublished ? null : matter.PublishAt, "", cancellation);
        if (isNew && matter.FirstPublishedAt is { } first && first <= time.Now())
            text.KeepDates(first, matter.PublishedAt is { } last && last <= time.Now() ? last : first);
        await database.SaveChangesAsync(cancellation);
    }

    private static StartArticle.Words WordsOf(ImportedText imported, string body) => new(imported.Title, imported.Summary, body, imported.Questions, imported.Slug);

    private static ImportRow Refused(ImportedText imported, Problem problem) => new(imported.Path, imported.Language, imported.Title, ImportStep.Refused, [problem]);

    private async Task<ImportRow> RowAsync(ImportedText imported, AddressedBody body, ImportStep step, CancellationToken cancellation)
    {
        var remarks = new List<Problem>();
        if (imported.LeftOut is [var picture, ..])
            remarks.Add(new Problem("", "help-transfer.pictures-left-out", ("count", imported.LeftOut.Count), ("path", picture.UpTo(80))));
        if (body.LostLinks is [var link, ..])
            remarks.Add(new Problem("", "help-transfer.links-lost", ("count", body.LostLinks.Count), ("path", link.UpTo(80))));
        if (imported.Matter.Owner.Length > 0 && await OwnerAsync(imported.Matter, cancellation) is null)
            remarks.Add(new Problem("", "help-transfer.owner-unknown", ("owner", imported.Matter.Owner.UpTo(80))));
        return new ImportRow(imported.Path, imported.Language, imported.Title, step, remarks);
    }

    private async Task<bool> IsSameAsync(Site site, Article article, ArticleText text, ImportedText imported, string body, CancellationToken cancellation)
    {
        if (article.RemovedAt is not null || !await HasWordsAsync(text, imported, body, cancellation))
            return false;
        if (imported.IsChanges)
            return true;
        var matter = imported.Matter;
        return text.Questions.OrderBy(question => question.Position).Select(question => question.Text).SequenceEqual(imported.Questions.Select(question => question.Trim()), StringComparer.Ordinal)
            && (matter.Audience is null || (article.Audience, article.SegmentCondition) == (matter.Audience, matter.Segment))
            && (matter.ReviewBy is null || article.ReviewBy == matter.ReviewBy)
            && (imported.Position < 0 || article.Position == imported.Position)
            && (await OwnerAsync(matter, cancellation) is not { } owner || article.OwnerId == owner)
            && (await MissingRedirectsAsync(site.Id, imported, cancellation)).Count == 0
            && (imported.Language != article.SourceLanguage || imported.Sections.Count == 0 || await StandsInAsync(article, imported, cancellation));
    }

    /// <summary>Whether what the file shows is what is shown here: to readers, from some moment on, or to authors.</summary>
    private async Task<bool> HasWordsAsync(ArticleText text, ImportedText imported, string body, CancellationToken cancellation)
    {
        // A file of a text that readers see speaks of that; what authors have begun since stays theirs.
        var version = imported.IsPublished ? text.PublishedVersionId : imported.Matter.PublishAt is { } at && text.PublishAt == at ? text.ScheduledVersionId : null;
        if (version is null && (imported.IsPublished || imported.Matter.PublishAt > time.Now()))
            return false;
        var frozen = version is null ? null : await database.Set<ArticleVersion>().AsNoTracking().FirstAsync(row => row.Id == version, cancellation);
        var words = frozen is null ? (text.Draft!.Title, text.Draft.Summary, text.Draft.Body) : (frozen.Title, frozen.Summary, frozen.Body);
        return words == (imported.Title.Trim(), imported.Summary.Trim(), body);
    }

    private async Task<long?> OwnerAsync(ImportedMatter matter, CancellationToken cancellation)
    {
        var address = matter.Owner.Trim().ToUpperInvariant();
        return address.Length == 0 ? null : await database.Set<SiteDesk.Accounts.StaffMember>().Where(member => member.NormalizedEmail == address && member.DeactivatedAt == null).Select(member => (long?)member.Id).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Former addresses that lead nowhere yet. Where an article stands now, or another was before, they are not taken from it.</summary>
    private async Task<List<string>> MissingRedirectsAsync(long siteId, ImportedText imported, CancellationToken cancellation)
    {
        var wanted = imported.Matter.Redirects.Where(Slugs.IsValid).Distinct(StringComparer.Ordinal).Take(MostRedirects).ToList();
        if (wanted.Count == 0)
            return wanted;
        var taken = await database.Set<ArticleText>().Where(text => text.SiteId == siteId && text.Language == imported.Language && wanted.Contains(text.Slug)).Select(text => text.Slug)
            .Concat(database.Set<ArticleAddress>().Where(row => row.SiteId == siteId && row.Language == imported.Language && wanted.Contains(row.Slug)).Select(row => row.Slug)).ToListAsync(cancellation);
        return [.. wanted.Except(taken, StringComparer.Ordinal)];
    }

    private async Task<bool> StandsInAsync(Article article, ImportedText imported, CancellationToken cancellation)
    {
        var path = new List<Section>();
        for (long? id = article.SectionId; id is not null; id = path[0].ParentId)
            path.Insert(0, await database.Set<Section>().AsNoTracking().Include(section => section.Names).FirstAsync(section => section.Id == id, cancellation));
        var names = imported.Sections.Take(MostSectionDepth).ToList();
        return path.Count == names.Count && path.Zip(names).All(pair => IsCalled(pair.First, imported.Language, pair.Second) || IsCalled(pair.First, null, pair.Second));
    }

    /// <param name="language">Null for any.</param>
    private static bool IsCalled(Section section, string? language, string name) => section.Names.Exists(words =>
        (language is null || words.Language == language) && (string.Equals(words.Name, name, StringComparison.OrdinalIgnoreCase) || words.Slug == Slugs.Of(name, "section")));

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
            // A section that has no name in this language goes by the one it has.
            var found = all.Find(section => IsCalled(section, imported.Language, name)) ?? all.Find(section => !section.Names.Exists(words => words.Language == imported.Language) && IsCalled(section, null, name));
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
    private async Task<Outcome<AddressedBody>> AddressAsync(Site site, ImportedText imported, List<ImportedText> all, TransferFiles files, Article? article, CancellationToken cancellation)
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

        var lost = new List<string>();
        var html = ArticleBody.Readdress(
            imported.Body, Follow,
            picture => kept.TryGetValue(picture.Source, out var stored) ? stored with { Alt = picture.Alt, Link = picture.Link } : picture.Source.StartsWith(ImportedText.PendingFiles, StringComparison.Ordinal) ? null : picture);
        return new AddressedBody(html, lost);

        string? Follow(string link)
        {
            if (!link.StartsWith(ImportMarkup.PendingLinks, StringComparison.Ordinal))
                return link[0] == '/' ? LinkTo(site, imported, all, Uri.UnescapeDataString(link)) ?? link : link;
            var relative = Uri.UnescapeDataString(link[ImportMarkup.PendingLinks.Length..]);
            if (LinkTo(site, imported, all, relative) is { } found)
                return found;
            if (!lost.Contains(relative))
                lost.Add(relative);
            return null;
        }
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

    // Other tools write addresses as they are on their pages: without an ending, with that of a page, from the top.
    private static string? LinkTo(Site site, ImportedText from, List<ImportedText> all, string address)
    {
        if (ImportMarkup.Resolve(from.Path, address) is not { Length: > 0 } path)
            return null;
        var bare = WithoutEnding(path);
        var target = all.Find(text => text.Path == path && !text.IsChanges)
            ?? all.Find(text => WithoutEnding(text.Path) == bare && text.Language == from.Language)
            ?? (address[0] == '/' ? all.Where(text => text.Language == from.Language && IsTail(WithoutEnding(text.Path), bare)).MinBy(text => text.Path.Length) : null);
        return target is null
            ? null
            : ArticleLink.Clean(HelpAddress.Stored(site.Key).Article(target.Language, target.Slug) + (address.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? address[at..] : ""));
    }

    // The top of an address is above or below that of the archive.
    private static bool IsTail(string path, string address) =>
        path.EndsWith("/" + address, StringComparison.Ordinal) || path.Contains('/', StringComparison.Ordinal) && address.EndsWith("/" + path, StringComparison.Ordinal);

    private static string WithoutEnding(string path) => Path.GetExtension(path).ToLowerInvariant() is ".md" or ".markdown" or ".html" or ".htm" ? path[..path.LastIndexOf('.')] : path.TrimEnd('/');

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
