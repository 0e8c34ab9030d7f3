using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>What is done with an article: review, publishing, versions, languages, removal.</summary>
internal static class ArticleActionRoutes
{
    private const int LongestRemark = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var write = routes.MapGroup("/agent/help/articles/{id:long}").Needs(HelpCenterPermissions.Write);
        write.MapPost("/{language}/details", ChangeDetailsAsync);
        write.MapPost("/{language}/review", AskForReviewAsync).WithMetadata(ArticleRoutes.Limit());
        write.MapPost("/{language}/review/withdrawal", WithdrawReviewAsync);
        write.MapPost("/languages", TranslateAsync);
        write.MapGet("/{language}/versions", ShowVersionsAsync);
        write.MapPost("/{language}/versions/{number:int}/restoration", RestoreVersionAsync);

        var publish = routes.MapGroup("/agent/help/articles/{id:long}").Needs(HelpCenterPermissions.Publish);
        publish.MapPost("/{language}/publication", PublishAsync).WithMetadata(ArticleRoutes.Limit());
        publish.MapPost("/{language}/publication/removal", UnpublishAsync);
        publish.MapPost("/{language}/schedule/removal", CallOffAsync);
        publish.MapPost("/removal", RemoveAsync);
        publish.MapPost("/restoration", RestoreAsync);
    }

    private static async Task<IResult> ChangeDetailsAsync(
        HttpContext http, ArticleDesk desk, ChangeArticle change, ArticlePresence presence, TimeProvider time, long id, string language, [FromForm] ArticleDetailsForm form, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var outcome = await change.RunAsync(work, form ?? new(), http.Staff(), cancellation);
        return outcome.Succeeded ? Back(work, "saved") : await ArticleRoutes.PageAsync(http, desk, presence, time, work, null, outcome.Problems, cancellation, form);
    }

    private static Task<IResult> AskForReviewAsync(HttpContext http, ArticleDesk desk, KeepArticleDraft keep, ArticlePresence presence, Database database, AuditLog audit, TimeProvider time, long id, string language, CancellationToken cancellation) =>
        WithSavedAsync(http, desk, keep, presence, time, id, language, async (work, _) =>
        {
            work.Text.AskForReview(http.Staff().Id, time.Now());
            var (textId, staff) = (work.Text.Id, http.Staff());
            database.Publish(() => new ReviewAsked(textId, staff.Id, staff.Name));
            audit.Write(http.Staff().AsActor(), "article.review-asked", work.Subject, ("title", work.Draft.Title), ("language", language));
            await database.SaveChangesAsync(cancellation);
            return Back(work, "review-asked");
        }, cancellation);

    private static Task<IResult> PublishAsync(HttpContext http, ArticleDesk desk, KeepArticleDraft keep, ArticlePresence presence, ChangeArticle change, PublishArticle publish, TimeProvider time, long id, string language, CancellationToken cancellation) =>
        WithSavedAsync(http, desk, keep, presence, time, id, language, async (work, form) =>
        {
            var at = ReadTime(form.PublishAt, http.Texts());
            if (at is null && form.PublishAt.Length > 0)
                return await ArticleRoutes.PageAsync(http, desk, presence, time, work, form, [new Problem("PublishAt", "help-desk.time-needed")], cancellation);
            // A translation that is published says that it follows what the source says now.
            if (work.Source is { PublishedVersionId: { } source })
                work.Text.SourceVersionId = source;
            await change.TakeOwnAddressAsync(work, cancellation);
            var remark = form.Remark.Trim();
            await publish.RunAsync(work.Article, work.Text, http.Staff().AsActor(), at, remark.UpTo(LongestRemark), cancellation);
            return Back(work, at > time.Now() ? "scheduled" : "published");
        }, cancellation);

    // Stores what the page sent, then does what its button says; differences with another author come first.
    private static async Task<IResult> WithSavedAsync(
        HttpContext http, ArticleDesk desk, KeepArticleDraft keep, ArticlePresence presence, TimeProvider time, long id, string language, Func<ArticleInWork, DraftForm, Task<IResult>> act, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var (form, outcome) = await ArticleRoutes.SaveFormAsync(http, keep, work, cancellation);
        if (!outcome.Succeeded)
            return await ArticleRoutes.PageAsync(http, desk, presence, time, work, form, outcome.Problems, cancellation);
        if (outcome.Value.Conflict is { } conflict)
            return await ArticleRoutes.ConflictAsync(http, desk, work, form, conflict, outcome.Value.Version, isScript: false, cancellation);
        // Storing may have begun anew: what is acted on is what was stored.
        return await desk.FindAsync(id, language, http.Staff(), cancellation) is { } stored ? await act(stored, form) : TypedResults.NotFound();
    }

    private static Task<IResult> WithdrawReviewAsync(HttpContext http, ArticleDesk desk, Database database, AuditLog audit, long id, string language, CancellationToken cancellation) =>
        WithAsync(http, desk, database, id, language, work =>
        {
            if (work.Text.Review is { } review)
            {
                var (textId, staff) = (work.Text.Id, http.Staff());
                database.Publish(() => new ReviewEnded(textId, review.ById, staff.Id, staff.Name, NotifyAuthors.Returned));
            }

            work.Text.EndReview();
            audit.Write(http.Staff().AsActor(), "article.review-ended", work.Subject, ("language", language));
            return Task.FromResult<IResult>(Back(work, "review-ended"));
        }, cancellation);

    private static Task<IResult> UnpublishAsync(HttpContext http, ArticleDesk desk, Database database, PublishArticle publish, long id, string language, CancellationToken cancellation) =>
        WithAsync(http, desk, database, id, language, async work =>
        {
            await publish.HideAsync(work.Article, work.Text, http.Staff().AsActor(), cancellation);
            return Back(work, "unpublished");
        }, cancellation);

    private static Task<IResult> CallOffAsync(HttpContext http, ArticleDesk desk, Database database, AuditLog audit, long id, string language, CancellationToken cancellation) =>
        WithAsync(http, desk, database, id, language, work =>
        {
            work.Text.CallOff();
            audit.Write(http.Staff().AsActor(), "article.schedule-called-off", work.Subject, ("language", language));
            return Task.FromResult<IResult>(Back(work, "saved"));
        }, cancellation);

    private static Task<IResult> RemoveAsync(HttpContext http, ArticleDesk desk, Database database, PublishArticle publish, long id, CancellationToken cancellation) =>
        WithAsync(http, desk, database, id, null, async work =>
        {
            await publish.RemoveAsync(work.Article, http.Staff().AsActor(), cancellation);
            return Page.GoTo($"/agent/help/{work.Site.Id}?section={work.Article.SectionId}&done=article-removed&removed={id}");
        }, cancellation);

    private static Task<IResult> RestoreAsync(HttpContext http, ArticleDesk desk, Database database, PublishArticle publish, long id, CancellationToken cancellation) =>
        WithAsync(http, desk, database, id, null, async work =>
        {
            await publish.RestoreAsync(work.Article, http.Staff().AsActor(), cancellation);
            return Page.GoTo($"/agent/help/{work.Site.Id}?section={work.Article.SectionId}&done=article-restored");
        }, cancellation);

    private static async Task<IResult> TranslateAsync(HttpContext http, ArticleDesk desk, Database database, StartArticle start, AuditLog audit, long id, CancellationToken cancellation)
    {
        var language = (await SectionRoutes.FormAsync(http, cancellation))["Language"].ToString();
        if (await desk.FindAsync(id, null, http.Staff(), cancellation) is not { } work || !work.Site.Languages.Contains(language))
            return TypedResults.NotFound();
        if (!work.Article.Texts.Exists(text => text.Language == language))
        {
            // Empty beside the source: what is not translated yet must not look as if it were.
            var outcome = await start.TranslateAsync(work.Article, language, new StartArticle.Words(work.Draft.Title, "", "", [], work.Text.Slug), http.Staff().Id, cancellation);
            if (!outcome.Succeeded)
                return TypedResults.NotFound();
            audit.Write(http.Staff().AsActor(), "article.translation-begun", work.Subject, ("language", language));
            await database.SaveChangesAsync(cancellation);
        }

        return Page.GoTo($"/agent/help/articles/{id}?language={language}");
    }

    private static async Task<IResult> ShowVersionsAsync(HttpContext http, ArticleDesk desk, long id, string language, int? from, int? to, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var versions = await desk.VersionsAsync(work.Text.Id, cancellation);
        var before = versions.FirstOrDefault(version => version.Number == from);
        // 0 names the draft.
        var after = to is null or 0
            ? new ArticleVersion { ArticleTextId = work.Text.Id, Number = 0, Title = work.Draft.Title, Summary = work.Draft.Summary, Body = work.Draft.Body, AuthorId = work.Draft.ChangedById, CreatedAt = work.Draft.ChangedAt }
            : versions.FirstOrDefault(version => version.Number == to);
        return Page.Show<VersionsPage>(new { Work = work, Versions = versions, Names = await desk.NamesAsync(cancellation), Before = before, After = before is null ? null : after });
    }

    private static async Task<IResult> RestoreVersionAsync(
        HttpContext http, ArticleDesk desk, Database database, KeepArticleDraft keep, AuditLog audit, long id, string language, int number, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work
            || await database.Set<ArticleVersion>().AsNoTracking().FirstOrDefaultAsync(row => row.ArticleTextId == work.Text.Id && row.Number == number, cancellation) is not { } version)
            return TypedResults.NotFound();
        // The draft that gives way stays as a version.
        await keep.RunAsync(work.Text.Id, new KeepArticleDraft.Request(version.Title, version.Summary, version.Body, work.Draft.Version, ReplacesOthers: true), http.Staff(), cancellation);
        audit.Write(http.Staff().AsActor(), "article.version-restored", work.Subject, ("number", number.ToString(CultureInfo.InvariantCulture)), ("language", language));
        await database.SaveChangesAsync(cancellation);
        return Back(work, "version-restored");
    }

    private static async Task<IResult> WithAsync(HttpContext http, ArticleDesk desk, Database database, long id, string? language, Func<ArticleInWork, Task<IResult>> act, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var answer = await act(work);
        await database.SaveChangesAsync(cancellation);
        return answer;
    }

    private static DateTime? ReadTime(string text, Texts texts) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && !texts.TimeZone.IsInvalidTime(local)
            ? TimeZoneInfo.ConvertTimeToUtc(local, texts.TimeZone)
            : null;

    private static RedirectSeeOther Back(ArticleInWork work, string done) => Page.GoTo($"/agent/help/articles/{work.Article.Id}?language={work.Text.Language}&done={done}");
}
