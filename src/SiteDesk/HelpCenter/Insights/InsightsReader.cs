using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Insights;

/// <summary>What was searched, together with how it went.</summary>
public sealed record SearchLine(string Words, string Language, int Times, int Empty, int Opened);

/// <summary>An article by what its readers said.</summary>
/// <param name="Reasons">Why it did not help, most frequent first.</param>
/// <param name="Remarks">What readers added, newest first.</param>
public sealed record VoteLine(ArticleName Article, int Yes, int No, IReadOnlyList<(VoteReason Reason, int Times)> Reasons, IReadOnlyList<string> Remarks);

/// <summary>An article by the tickets it saved.</summary>
/// <param name="Opened">Visits to the form or widget in which it was opened.</param>
/// <param name="Saved">Of these, the ones that sent no ticket.</param>
/// <param name="Answered">Of these, the ones whose visitor said that it answered the question.</param>
public sealed record SavedLine(ArticleName Article, int Opened, int Saved, int Answered);

/// <summary>How an article is called and where it is read; the address is null when readers do not see it any more.</summary>
public sealed record ArticleName(long Id, string Title, string? Address);

/// <summary>The figures on top.</summary>
public sealed record InsightsTotals(long Readings, long Searches, long EmptySearches, int Yes, int No, int Saved);

/// <summary>Reads what the readers did, bounded: the first of each kind are what somebody can act upon.</summary>
public sealed class InsightsReader(Database database, TimeProvider time)
{
    /// <summary>Lines of a table on the page.</summary>
    public const int MostShown = 25;

    /// <summary>Lines of a table in an export.</summary>
    public const int MostExported = 5_000;

    private const int MostRemarks = 5;

    public async Task<InsightsTotals> TotalsAsync(Staff staff, InsightsFilter filter, CancellationToken cancellation)
    {
        var searches = await Searches(staff, filter).GroupBy(_ => 1).Select(all => new { Times = all.Sum(row => (long)row.Times), Empty = all.Sum(row => (long)row.Empty) }).SingleOrDefaultAsync(cancellation);
        var readings = await Readings(staff, filter).SumAsync(row => (long)row.Times, cancellation);
        var votes = await Votes(staff, filter).GroupBy(vote => vote.Helped).Select(group => new { Helped = group.Key, Times = group.Count() }).ToListAsync(cancellation);
        var saved = await Saved(Deflections(staff, filter)).CountAsync(cancellation);
        return new InsightsTotals(readings, searches?.Times ?? 0, searches?.Empty ?? 0, votes.Find(vote => vote.Helped)?.Times ?? 0, votes.Find(vote => !vote.Helped)?.Times ?? 0, saved);
    }

    public async Task<List<SearchLine>> SearchedAsync(Staff staff, InsightsFilter filter, int most, CancellationToken cancellation) =>
        [.. (await Grouped(Searches(staff, filter)).OrderByDescending(line => line.Times).ThenBy(line => line.Words).Take(most).ToListAsync(cancellation)).Select(line => line.ToLine())];

    public async Task<List<SearchLine>> MissedAsync(Staff staff, InsightsFilter filter, int most, CancellationToken cancellation) =>
        [.. (await Grouped(Searches(staff, filter).Where(row => row.Empty > 0)).OrderByDescending(line => line.Empty).ThenBy(line => line.Words).Take(most).ToListAsync(cancellation)).Select(line => line.ToLine())];

    /// <summary>Articles that at least one reader said did not help, the most such readers first.</summary>
    public async Task<List<VoteLine>> UnhelpfulAsync(Staff staff, InsightsFilter filter, int most, CancellationToken cancellation)
    {
        var votes = Votes(staff, filter);
        var counted = await votes.GroupBy(vote => vote.ArticleId)
            .Select(group => new { ArticleId = group.Key, Yes = group.Count(vote => vote.Helped), No = group.Count(vote => !vote.Helped) })
            .Where(line => line.No > 0).OrderByDescending(line => line.No).ThenBy(line => line.ArticleId).Take(most).ToListAsync(cancellation);
        var ids = counted.ConvertAll(line => line.ArticleId);
        var names = await NamesAsync(ids, filter, cancellation);
        var reasons = (await votes.Where(vote => ids.Contains(vote.ArticleId) && vote.Reason != null).GroupBy(vote => new { vote.ArticleId, vote.Reason })
            .Select(group => new { group.Key.ArticleId, group.Key.Reason, Times = group.Count() }).ToListAsync(cancellation)).ToLookup(line => line.ArticleId);
        var remarks = (await votes.Where(vote => ids.Contains(vote.ArticleId) && vote.Text != "").OrderByDescending(vote => vote.Id).Select(vote => new { vote.ArticleId, vote.Text })
            .Take(most * MostRemarks).ToListAsync(cancellation)).ToLookup(line => line.ArticleId, line => line.Text);
        return counted.ConvertAll(line => new VoteLine(
            names[line.ArticleId], line.Yes, line.No,
            [.. reasons[line.ArticleId].OrderByDescending(reason => reason.Times).Select(reason => (reason.Reason!.Value, reason.Times))],
            [.. remarks[line.ArticleId].Take(MostRemarks)]));
    }

    public async Task<List<SavedLine>> SavedAsync(Staff staff, InsightsFilter filter, int most, CancellationToken cancellation)
    {
        var counted = await Settled(Deflections(staff, filter)).GroupBy(row => row.ArticleId)
            .Select(group => new
            {
                ArticleId = group.Key, Opened = group.Count(), Saved = group.Count(row => row.TicketAt == null), Answered = group.Count(row => row.TicketAt == null && row.AnsweredAt != null),
            })
            .OrderByDescending(line => line.Saved).ThenBy(line => line.ArticleId).Take(most).ToListAsync(cancellation);
        var names = await NamesAsync(counted.ConvertAll(line => line.ArticleId), filter, cancellation);
        return counted.ConvertAll(line => new SavedLine(names[line.ArticleId], line.Opened, line.Saved, line.Answered));
    }

    private IQueryable<HelpSearch> Searches(Staff staff, InsightsFilter filter)
    {
        var rows = database.Set<HelpSearch>().AsNoTracking().Where(row => row.Day >= filter.From && row.Day <= filter.To);
        if (filter.SitesFor(staff) is { } sites)
            rows = rows.Where(row => sites.Contains(row.SiteId));
        return filter.Language is { } language ? rows.Where(row => row.Language == language) : rows;
    }

    private IQueryable<ArticleReading> Readings(Staff staff, InsightsFilter filter)
    {
        var rows = database.Set<ArticleReading>().AsNoTracking().Where(row => row.Day >= filter.From && row.Day <= filter.To);
        if (filter.SitesFor(staff) is { } sites)
            rows = rows.Where(row => database.Set<Article>().Any(article => article.Id == row.ArticleId && sites.Contains(article.SiteId)));
        return filter.Language is { } language ? rows.Where(row => row.Language == language) : rows;
    }

    private IQueryable<ArticleVote> Votes(Staff staff, InsightsFilter filter)
    {
        var (from, until) = filter.Moments;
        var rows = database.Set<ArticleVote>().AsNoTracking().Where(row => row.CreatedAt >= from && row.CreatedAt < until);
        if (filter.SitesFor(staff) is { } sites)
            rows = rows.Where(row => database.Set<Article>().Any(article => article.Id == row.ArticleId && sites.Contains(article.SiteId)));
        return filter.Language is { } language ? rows.Where(row => row.Language == language) : rows;
    }

    private IQueryable<Deflection> Deflections(Staff staff, InsightsFilter filter)
    {
        var (from, until) = filter.Moments;
        var rows = database.Set<Deflection>().AsNoTracking().Where(row => row.OpenedAt >= from && row.OpenedAt < until);
        if (filter.SitesFor(staff) is { } sites)
            rows = rows.Where(row => sites.Contains(row.SiteId));
        return filter.Language is { } language ? rows.Where(row => row.Language == language) : rows;
    }

    /// <summary>Visits of which it is known how they ended: a ticket, an answer, or an hour in which nothing came.</summary>
    private IQueryable<Deflection> Settled(IQueryable<Deflection> rows)
    {
        var before = time.Now() - Deflection.Patience;
        return rows.Where(row => row.TicketAt != null || row.AnsweredAt != null || row.OpenedAt < before);
    }

    /// <summary>Visits that sent no ticket: each is one, however many articles were opened in it.</summary>
    private IQueryable<string> Saved(IQueryable<Deflection> rows) => Settled(rows).Where(row => row.TicketAt == null).Select(row => row.Visit).Distinct();

    private static IQueryable<CountedWords> Grouped(IQueryable<HelpSearch> rows) => rows.GroupBy(row => new { row.Words, row.Language }).Select(group => new CountedWords
    {
        Words = group.Key.Words, Language = group.Key.Language, Times = group.Sum(row => row.Times), Empty = group.Sum(row => row.Empty), Opened = group.Sum(row => row.Opened),
    });

    /// <summary>Titles in the language asked for, else in the one the article is written in.</summary>
    private async Task<Dictionary<long, ArticleName>> NamesAsync(List<long> ids, InsightsFilter filter, CancellationToken cancellation)
    {
        var texts = await (from text in database.Set<ArticleText>()
                           join article in database.Set<Article>() on text.ArticleId equals article.Id
                           join site in database.Set<Sites.Site>() on text.SiteId equals site.Id
                           join version in database.Set<ArticleVersion>() on text.PublishedVersionId equals version.Id
                           where ids.Contains(article.Id) && article.RemovedAt == null
                           select new { ArticleId = article.Id, article.SourceLanguage, SiteKey = site.Key, text.Language, text.Slug, version.Title }).AsNoTracking().ToListAsync(cancellation);
        var byArticle = texts.ToLookup(text => text.ArticleId);
        return ids.ToDictionary(id => id, id =>
        {
            var text = byArticle[id].OrderByDescending(text => text.Language == filter.Language).ThenByDescending(text => text.Language == text.SourceLanguage).FirstOrDefault();
            return text is null ? new ArticleName(id, $"#{id}", Address: null) : new ArticleName(id, text.Title, HelpAddress.Stored(text.SiteKey).Article(text.Language, text.Slug));
        });
    }

    private sealed class CountedWords
    {
        public required string Words { get; init; }

        public required string Language { get; init; }

        public required int Times { get; init; }

        public required int Empty { get; init; }

        public required int Opened { get; init; }

        public SearchLine ToLine() => new(Words, Language, Times, Empty, Opened);
    }
}
