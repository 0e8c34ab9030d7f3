using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>
/// Tells authors what is theirs: those who may publish that a review is asked for, who asked what came of it, the owner that
/// the day has come to look at an article again.
/// </summary>
public sealed class NotifyAuthors(Database database, StaffNotices notices, TimeProvider time) : IHandle<ReviewAsked>, IHandle<ReviewEnded>, IRecurringJob
{
    public const string Asked = "article-review-asked";
    public const string Published = "article-review-published";
    public const string Scheduled = "article-review-scheduled";
    public const string Returned = "article-review-returned";
    public const string Due = "article-review-due";

    private const int MostAtOnce = 500;

    /// <summary>What lies deeper than this is history; notices about tickets go with their tickets.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    public string Name => "help.review-due";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    /// <summary>Where a text is worked on: what is told of it leads there.</summary>
    public static string AddressOf(long articleId, string language) => FormattableString.Invariant($"/agent/help/articles/{articleId}?language={language}");

    public async Task HandleAsync(ReviewAsked domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (await TextAsync(domainEvent.ArticleTextId, cancellation) is not { Review: not null } text)
            return; // withdrawn, or done
        var reviewers = (await MembersAsync(text.SiteId, cancellation)).Where(member => member.Id != domainEvent.ById && member.AsStaff().May(HelpCenterPermissions.Publish)).ToList();
        await TellAsync(reviewers, Asked, domainEvent.ByName, text, $"{context.DeliveryId}", cancellation);
        await database.SaveChangesAsync(cancellation);
    }

    public async Task HandleAsync(ReviewEnded domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (await TextAsync(domainEvent.ArticleTextId, cancellation) is not { } text)
            return;
        // For all others there is nothing left to review.
        await notices.ReadAsync(AddressOf(text.ArticleId, text.Language), staffId: null, Asked, cancellation);
        if (domainEvent.AskedById == domainEvent.ById)
            return;
        var author = (await MembersAsync(text.SiteId, cancellation)).Where(member => member.Id == domainEvent.AskedById).ToList();
        await TellAsync(author, domainEvent.Outcome, domainEvent.ByName, text, $"{context.DeliveryId}", cancellation);
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>Tells owners of articles whose day has come; once for each day that was set.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.Now());
        var before = time.Now() - Kept;
        await database.Set<StaffNotice>().Where(notice => notice.CreatedAt < before).ExecuteDeleteAsync(cancellation);
        // The newest days first: whoever leaves hundreds undone keeps nobody else from being told.
        var due = await database.Set<Article>().AsNoTracking().Where(article => article.RemovedAt == null && article.OwnerId != null && article.ReviewBy <= today)
            .OrderByDescending(article => article.ReviewBy).ThenBy(article => article.Id).Take(MostAtOnce).ToListAsync(cancellation);
        foreach (var site in due.GroupBy(article => article.SiteId))
        {
            var members = await MembersAsync(site.Key, cancellation);
            foreach (var article in site)
            {
                if (members.Find(member => member.Id == article.OwnerId) is not { } owner
                    || await database.Set<ArticleText>().AsNoTracking().Include(row => row.Draft).FirstOrDefaultAsync(row => row.ArticleId == article.Id && row.Language == article.SourceLanguage, cancellation) is not { } text)
                    continue;
                await TellAsync([owner], Due, "", text, FormattableString.Invariant($"{article.Id}:{article.ReviewBy:yyyy-MM-dd}"), cancellation);
            }
        }

        await database.SaveChangesAsync(cancellation);
    }

    private Task TellAsync(List<StaffMember> members, string kind, string by, ArticleText text, string key, CancellationToken cancellation) =>
        notices.TellAsync(members, new StaffNotices.Matter(kind, by, text.Draft!.Title, text.Language, AddressOf(text.ArticleId, text.Language), $"{kind}:{key}"), cancellation);

    private Task<ArticleText?> TextAsync(long id, CancellationToken cancellation) =>
        database.Set<ArticleText>().AsNoTracking().Include(text => text.Draft).FirstOrDefaultAsync(text => text.Id == id, cancellation);

    /// <summary>Who works on a site's articles.</summary>
    private async Task<List<StaffMember>> MembersAsync(long siteId, CancellationToken cancellation)
    {
        var members = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).AsSplitQuery()
            .Where(member => member.DeactivatedAt == null).OrderBy(member => member.Id).Take(StaffReader.Most).ToListAsync(cancellation);
        return [.. members.Where(member => member.AsStaff() is var staff && staff.SeesSite(siteId) && staff.May(HelpCenterPermissions.Write))];
    }
}
