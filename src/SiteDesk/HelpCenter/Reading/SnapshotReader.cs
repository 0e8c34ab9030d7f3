using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Reads a site's rows into a snapshot. Bodies go through it one by one and are not kept.</summary>
public sealed class SnapshotReader(Database database)
{
    /// <summary>The site's stamp; 0 when nothing was ever published.</summary>
    public async Task<long> StampAsync(long siteId, CancellationToken cancellation) =>
        (await database.Set<HelpVersion>().AsNoTracking().Where(row => row.SiteId == siteId).Select(row => (DateTime?)row.ChangedAt).FirstOrDefaultAsync(cancellation))?.Ticks ?? 0;

    /// <summary>The stamps of many sites in one question.</summary>
    public async Task<Dictionary<long, long>> StampsAsync(IReadOnlyCollection<long> siteIds, CancellationToken cancellation) =>
        (await database.Set<HelpVersion>().AsNoTracking().Where(row => siteIds.Contains(row.SiteId)).Select(row => new { row.SiteId, row.ChangedAt }).ToListAsync(cancellation))
            .ToDictionary(row => row.SiteId, row => row.ChangedAt.Ticks);

    public async Task<HelpSnapshot> ReadAsync(long siteId, CancellationToken cancellation)
    {
        // The stamp first: what changes while the rows are read makes the snapshot old, never wrong for good.
        var stamp = await StampAsync(siteId, cancellation);
        var sections = await database.Set<Section>().AsNoTracking().Include(section => section.Names).Where(section => section.SiteId == siteId)
            .OrderBy(section => section.Position).ThenBy(section => section.Id).ToListAsync(cancellation);
        var questions = await QuestionsAsync(siteId, cancellation);
        var related = await RelatedAsync(siteId, cancellation);
        var synonyms = (await database.Set<Synonyms>().AsNoTracking().Where(row => row.SiteId == siteId).OrderBy(row => row.Id).ToListAsync(cancellation)).ToLookup(row => row.Language, row => row.Words);
        var shelves = new Dictionary<string, HelpShelf>(StringComparer.Ordinal);
        var segments = new SnapshotSegments();
        foreach (var language in Languages.All)
        {
            var articles = new List<ArticleHead>();
            var documents = new List<SearchDocument>();
            await foreach (var row in PublishedAsync(siteId, language).WithCancellation(cancellation))
            {
                articles.Add(row.ToHead(related, segments));
                documents.Add(DocumentOf(row, questions));
            }

            var words = new SynonymSet([.. SupportSynonyms.For(language), .. synonyms[language]]);
            // On a thread of its own, see HelpSnapshots: PostgreSQL's rows arrive on threads of the pool.
            var index = await Task.Factory.StartNew(() => SearchIndex.Build(documents, words, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            shelves[language] = ShelfOf(language, sections, articles, index);
        }

        return new HelpSnapshot { SiteId = siteId, Stamp = stamp, Shelves = shelves.ToFrozenDictionary(StringComparer.Ordinal), Segments = segments.Tests, FormerAddresses = await FormerAddressesAsync(siteId, cancellation) };
    }

    /// <summary>What a site's articles for everybody say, in one language.</summary>
    /// <param name="most">Articles at most.</param>
    public async Task<List<SearchDocument>> DocumentsAsync(long siteId, string language, int most, CancellationToken cancellation)
    {
        var questions = await QuestionsAsync(siteId, cancellation);
        var documents = new List<SearchDocument>();
        await foreach (var row in PublishedAsync(siteId, language).WithCancellation(cancellation))
        {
            if (row.Audience == Audience.Everybody && row.SegmentCondition is null)
                documents.Add(DocumentOf(row, questions));
            if (documents.Count >= most)
                break;
        }
        return documents;
    }

    private IAsyncEnumerable<Row> PublishedAsync(long siteId, string language) =>
        (from text in database.Set<ArticleText>()
         join article in database.Set<Article>() on text.ArticleId equals article.Id
         join version in database.Set<ArticleVersion>() on text.PublishedVersionId equals version.Id
         where text.SiteId == siteId && text.Language == language && article.RemovedAt == null
         orderby article.Position, article.Id
         select new Row(
             article.Id, text.Id, version.Id, article.SectionId, article.Position, article.Audience, article.SegmentCondition, text.Slug,
             version.Title, version.Summary, version.Body, text.PublishedAt!.Value, text.FirstPublishedAt!.Value)).AsNoTracking().AsAsyncEnumerable();

    private static SearchDocument DocumentOf(Row row, ILookup<long, string> questions)
    {
        var text = BodyText.Of(row.Body);
        return new SearchDocument(row.Id, row.Title, row.Summary.Length > 0 ? row.Summary + "\n" + text.Plain : text.Plain)
        {
            Questions = [.. questions[row.TextId]],
            Headings = [.. text.Headings.Select(heading => heading.Text)],
        };
    }

    private async Task<ILookup<long, string>> QuestionsAsync(long siteId, CancellationToken cancellation) =>
        (await (from question in database.Set<ArticleQuestion>()
                join text in database.Set<ArticleText>() on question.ArticleTextId equals text.Id
                where text.SiteId == siteId && text.PublishedVersionId != null
                orderby question.Position, question.Id
                select new { question.ArticleTextId, question.Text }).ToListAsync(cancellation)).ToLookup(row => row.ArticleTextId, row => row.Text);

    private async Task<ILookup<long, long>> RelatedAsync(long siteId, CancellationToken cancellation) =>
        (await (from related in database.Set<RelatedArticle>()
                join article in database.Set<Article>() on related.ArticleId equals article.Id
                where article.SiteId == siteId
                orderby related.Position
                select new { related.ArticleId, related.RelatedId }).ToListAsync(cancellation)).ToLookup(row => row.ArticleId, row => row.RelatedId);

    private async Task<FrozenDictionary<(string, string), long>> FormerAddressesAsync(long siteId, CancellationToken cancellation) =>
        (await database.Set<ArticleAddress>().AsNoTracking().Where(row => row.SiteId == siteId).ToListAsync(cancellation)).ToFrozenDictionary(row => (row.Language, row.Slug), row => row.ArticleId);

    private static HelpShelf ShelfOf(string language, List<Section> sections, List<ArticleHead> articles, SearchIndex index)
    {
        var articlesOf = articles.ToLookup(article => article.SectionId);
        var childrenOf = sections.ToLookup(section => section.ParentId);
        var byId = new Dictionary<long, SectionHead>();
        var top = childrenOf[null].Select(section => HeadOf(section, depth: 1)).ToList();
        return new HelpShelf
        {
            Language = language,
            Sections = top,
            SectionsById = byId.ToFrozenDictionary(),
            SectionsBySlug = byId.Values.DistinctBy(section => section.Slug).ToFrozenDictionary(section => section.Slug, StringComparer.Ordinal),
            ArticlesById = articles.ToFrozenDictionary(article => article.Id),
            ArticlesBySlug = articles.ToFrozenDictionary(article => article.Slug, StringComparer.Ordinal),
            Index = index,
            HasForCustomers = articles.Exists(article => article.Audience == Audience.SignedIn),
            IsOpen = articles.TrueForAll(article => article.IsFor(ReaderLevel.Everybody)),
        };

        SectionHead HeadOf(Section section, int depth)
        {
            // A section that nobody named in this language yet shows the name it has: its articles must be found all the same.
            var words = section.Names.Find(name => name.Language == language) ?? section.Names.MinBy(name => name.Language != Languages.English);
            var head = new SectionHead(section.Id, section.ParentId, words?.Slug ?? $"section-{section.Id}", words?.Name ?? "", words?.Description ?? "")
            {
                Articles = [.. articlesOf[section.Id]],
                Children = depth < HelpCenter.Section.Deepest ? [.. childrenOf[section.Id].Select(child => HeadOf(child, depth + 1))] : [],
            };
            byId[section.Id] = head;
            return head;
        }
    }

    private sealed record Row(
        long Id, long TextId, long VersionId, long SectionId, int Position, Audience Audience, string? SegmentCondition, string Slug, string Title, string Summary, string Body,
        DateTime PublishedAt, DateTime FirstPublishedAt)
    {
        public ArticleHead ToHead(ILookup<long, long> related, SnapshotSegments segments) =>
            new(Id, VersionId, SectionId, Position, Audience, segments.NumberOf(SegmentCondition), Slug, Title, Summary, PublishedAt, FirstPublishedAt) { RelatedIds = [.. related[Id]] };
    }
}
