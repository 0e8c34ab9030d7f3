using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring;

/// <param name="Status">HTTP status of an address outside; 0 when it cannot be reached; null for an article that is not there.</param>
public sealed record BrokenLink(long ArticleId, string Language, string Title, string Address, int? Status);

/// <summary>Links of published articles that lead nowhere.</summary>
public sealed class FindBrokenLinks(Database database)
{
    private const int MostTexts = 20_000;
    private const int MostShown = 500;

    public async Task<IReadOnlyList<BrokenLink>> RunAsync(Site site, CancellationToken cancellation)
    {
        var known = await AddressesAsync(site, cancellation);
        var failed = await database.Set<LinkCheck>().AsNoTracking().Where(check => check.Failures >= 2).OrderBy(check => check.Address).Take(10_000).ToDictionaryAsync(check => check.Address, check => check.Status, StringComparer.Ordinal, cancellation);
        var broken = new List<BrokenLink>();
        await foreach (var text in Published(database, site.Id).WithCancellation(cancellation))
        {
            foreach (var link in ArticleBody.Links(text.Body))
            {
                var inside = link.StartsWith($"/help/{site.Key}/", StringComparison.Ordinal);
                if (inside && !known.Contains(Plain(link)))
                    broken.Add(new BrokenLink(text.ArticleId, text.Language, text.Title, link, Status: null));
                else if (failed.TryGetValue(link, out var status))
                    broken.Add(new BrokenLink(text.ArticleId, text.Language, text.Title, link, status));
                if (broken.Count >= MostShown)
                    return broken;
            }
        }

        return broken;
    }

    /// <summary>What readers see, text by text.</summary>
    internal static IAsyncEnumerable<PublishedText> Published(Database database, long? siteId) =>
        (from text in database.Set<ArticleText>().AsNoTracking()
         join article in database.Set<Article>() on text.ArticleId equals article.Id
         join version in database.Set<ArticleVersion>() on text.PublishedVersionId equals version.Id
         where (siteId == null || text.SiteId == siteId) && article.RemovedAt == null
         orderby text.ArticleId
         select new PublishedText(text.ArticleId, text.Language, version.Title, version.Body)).Take(MostTexts).AsAsyncEnumerable();

    internal sealed record PublishedText(long ArticleId, string Language, string Title, string Body);

    // Every address of the site's help centre that leads somewhere: articles readers see, old addresses of them, sections.
    private async Task<HashSet<string>> AddressesAsync(Site site, CancellationToken cancellation)
    {
        var stored = HelpAddress.Stored(site.Key);
        var known = site.Languages.Select(language => stored.Home(language)).ToHashSet(StringComparer.Ordinal);
        var shown = await database.Set<ArticleText>().AsNoTracking().Where(text => text.SiteId == site.Id && text.PublishedVersionId != null)
            .Join(database.Set<Article>().Where(article => article.RemovedAt == null), text => text.ArticleId, article => article.Id, (text, _) => new { text.ArticleId, text.Language, text.Slug }).ToListAsync(cancellation);
        known.UnionWith(shown.Select(text => stored.Article(text.Language, text.Slug)));
        var visible = shown.Select(text => (text.ArticleId, text.Language)).ToHashSet();
        var former = await database.Set<ArticleAddress>().AsNoTracking().Where(address => address.SiteId == site.Id).ToListAsync(cancellation);
        known.UnionWith(former.Where(address => visible.Contains((address.ArticleId, address.Language))).Select(address => stored.Article(address.Language, address.Slug)));
        var sections = await database.Set<SectionName>().AsNoTracking().Where(name => name.SiteId == site.Id).Select(name => new { name.Language, name.Slug }).ToListAsync(cancellation);
        known.UnionWith(sections.Select(section => stored.Section(section.Language, section.Slug)));
        return known;
    }

    private static string Plain(string link) => Uri.UnescapeDataString(link.Split('?', '#')[0].TrimEnd('/'));
}

/// <summary>Asks addresses outside whether they are still there: few at a time, each once a week, only public networks.</summary>
public sealed class CheckOutsideLinks(Database database, OutwardCalls calls, TimeProvider time) : IRecurringJob
{
    private const int MostAtOnce = 60;
    private const int MostLinks = 20_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(7);
    private static readonly TimeSpan TryAgain = TimeSpan.FromDays(1);

    public string Name => "help.check-links";

    public TimeSpan Interval => TimeSpan.FromMinutes(20);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var links = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var text in FindBrokenLinks.Published(database, siteId: null).WithCancellation(cancellation))
        {
            links.UnionWith(ArticleBody.Links(text.Body).Where(link => link.StartsWith("http", StringComparison.Ordinal) && link.Length <= LinkCheck.LongestAddress));
            if (links.Count >= MostLinks)
                break;
        }

        var now = time.Now();
        var known = await database.Set<LinkCheck>().ToDictionaryAsync(check => check.Address, StringComparer.Ordinal, cancellation);
        database.RemoveRange(known.Values.Where(check => !links.Contains(check.Address)));
        var due = links.Where(link => known.GetValueOrDefault(link) is not { } check || now - check.CheckedAt > (check.Failures > 0 ? TryAgain : Fresh))
            .OrderBy(link => known.GetValueOrDefault(link)?.CheckedAt ?? DateTime.MinValue).Take(MostAtOnce).ToList();
        // One request to one host at a time.
        foreach (var host in due.GroupBy(link => AddressOf(link)?.Host ?? "", StringComparer.Ordinal))
        {
            foreach (var link in host)
            {
                var status = AddressOf(link) is { } address ? await calls.ProbeAsync(address, cancellation) : null;
                Note(known.GetValueOrDefault(link), link, status ?? 0, now);
            }
        }

        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>An author may have typed what is no address at all: that leads nowhere, and must not keep the others from being checked.</summary>
    private static Uri? AddressOf(string link) => Uri.TryCreate(link, UriKind.Absolute, out var address) ? address : null;

    private void Note(LinkCheck? check, string link, int status, DateTime now)
    {
        if (check is null)
            database.Add(check = new LinkCheck { Address = link, CheckedAt = now, Status = status });
        // Some servers answer programs with "forbidden" or "slow down": only what is gone, failing or unreachable counts.
        var isBad = status is 0 or 404 or 410 or >= 500;
        (check.CheckedAt, check.Status, check.Failures) = (now, status, isBad ? Math.Min(check.Failures + 1, 100) : 0);
    }
}
