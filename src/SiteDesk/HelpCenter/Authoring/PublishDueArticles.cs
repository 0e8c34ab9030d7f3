using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Shows readers what was scheduled, when its time has come.</summary>
public sealed class PublishDueArticles(Database database, PublishArticle publish, TimeProvider time) : IRecurringJob
{
    private const int MostAtOnce = 200;

    public string Name => "help.publish-due";

    public TimeSpan Interval => TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        var due = await database.Set<ArticleText>().AsNoTracking().Where(text => text.PublishAt != null && text.PublishAt <= now).OrderBy(text => text.PublishAt).Select(text => text.Id).Take(MostAtOnce).ToListAsync(cancellation);
        foreach (var id in due)
        {
            // One by one: an author who works on one of them holds up no other.
            await database.AgainOnConflictAsync(3, async () =>
            {
                var text = await database.Set<ArticleText>().FirstAsync(row => row.Id == id, cancellation);
                var article = await database.Set<Article>().FirstAsync(row => row.Id == text.ArticleId, cancellation);
                var isShown = await publish.ShowDueAsync(article, text, cancellation);
                await database.SaveChangesAsync(cancellation);
                return isShown;
            }, cancellation);
        }
    }
}
