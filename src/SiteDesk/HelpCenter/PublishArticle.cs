using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter;

/// <summary>Shows readers what the draft says, now or later, and takes it away again.</summary>
public sealed class PublishArticle(Database database, HelpStamp stamp, AuditLog audit, TimeProvider time)
{
    /// <summary>Makes a version of the draft and publishes it. Saves, together with what the caller changed before.</summary>
    /// <param name="article">With its texts; may be new.</param>
    /// <param name="text">One of them, with its draft.</param>
    /// <param name="at">When readers see it; null, or a time that is past, means now.</param>
    /// <param name="remark">What was changed, in the author's words.</param>
    public async Task<ArticleVersion> RunAsync(Article article, ArticleText text, Actor by, DateTime? at, string remark, CancellationToken cancellation) =>
        await database.InTransactionAsync(async () =>
        {
            await database.SaveChangesAsync(cancellation); // the text has its key from here on
            var version = await FreezeAsync(text, by, remark, cancellation);
            if (text.Review is { } review)
                database.Publish(() => new ReviewEnded(text.Id, review.ById, by.Id, by.Name, at > time.Now() ? Authoring.NotifyAuthors.Scheduled : Authoring.NotifyAuthors.Published));
            if (at > time.Now())
                text.Schedule(version.Id, at.Value);
            else
            {
                text.Publish(version.Id, time.Now());
                await TellReadersAsync(article, text, version.Id, cancellation);
            }

            audit.Write(by, at > time.Now() ? "article.scheduled" : "article.published", SubjectOf(article), ("title", version.Title), ("language", text.Language));
            await database.SaveChangesAsync(cancellation);
            return version;
        }, cancellation);

    /// <summary>Makes a version of the draft without publishing it. Saves.</summary>
    public async Task<ArticleVersion> FreezeAsync(ArticleText text, Actor by, string remark, CancellationToken cancellation)
    {
        var draft = text.Draft ?? throw new InvalidOperationException("A text is published from its draft; load it.");
        var version = new ArticleVersion
        {
            ArticleTextId = text.Id, Number = text.TakeNumber(), Title = draft.Title, Summary = draft.Summary, Body = draft.Body,
            AuthorId = by.Id ?? draft.ChangedById, CreatedAt = time.Now(), Remark = remark,
        };
        database.Add(version);
        await database.SaveChangesAsync(cancellation);
        draft.BasedOnVersionId = version.Id;
        return version;
    }

    /// <summary>Publishes what was scheduled, if its time has come. Saved by the caller.</summary>
    public async Task<bool> ShowDueAsync(Article article, ArticleText text, CancellationToken cancellation)
    {
        if (text.ScheduledVersionId is not { } versionId || !text.PublishWhenDue(time.Now()))
            return false;
        await TellReadersAsync(article, text, versionId, cancellation);
        return true;
    }

    /// <summary>Takes one language away from readers. Saved by the caller.</summary>
    public async Task HideAsync(Article article, ArticleText text, Actor by, CancellationToken cancellation)
    {
        text.Unpublish();
        await stamp.MoveAsync(article.SiteId, cancellation);
        database.Publish(() => new ArticleRemoved(article.SiteId, article.Id, text.Language));
        audit.Write(by, "article.unpublished", SubjectOf(article), ("language", text.Language));
    }

    /// <summary>Takes the whole article away; it can be brought back. Saved by the caller.</summary>
    public async Task RemoveAsync(Article article, Actor by, CancellationToken cancellation)
    {
        article.Remove(time.Now());
        await stamp.MoveAsync(article.SiteId, cancellation);
        database.Publish(() => new ArticleRemoved(article.SiteId, article.Id, Language: null));
        audit.Write(by, "article.removed", SubjectOf(article));
    }

    /// <summary>Brings a removed article back as it was. Saved by the caller.</summary>
    public async Task RestoreAsync(Article article, Actor by, CancellationToken cancellation)
    {
        article.Restore();
        await stamp.MoveAsync(article.SiteId, cancellation);
        audit.Write(by, "article.restored", SubjectOf(article));
    }

    private async Task TellReadersAsync(Article article, ArticleText text, long versionId, CancellationToken cancellation)
    {
        await stamp.MoveAsync(article.SiteId, cancellation);
        database.Publish(() => new ArticlePublished(article.SiteId, article.Id, text.Language, versionId));
    }

    private static string SubjectOf(Article article) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"article:{article.Id}");
}
