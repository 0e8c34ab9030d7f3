using Microsoft.AspNetCore.Mvc;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>The page on which an article is written, and what its script asks for.</summary>
internal static class ArticleRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/agent/help").Needs(HelpCenterPermissions.Write);
        help.MapGet("/articles/{id:long}", ShowAsync);
        help.MapPost("/articles/{id:long}/{language}/draft", SaveAsync).WithMetadata(Limit());
        help.MapPost("/articles/{id:long}/{language}/presence", TellAsync);
        help.MapPost("/articles/{id:long}/files", AddFileAsync).WithMetadata(Limit());
        help.MapPost("/pastes", Paste).WithMetadata(Limit());
    }

    /// <summary>Bytes that may be sent at once: what is too long for an article is told so, and not cut off on its way.</summary>
    internal static RequestSizeLimitAttribute Limit() => new(32 * 1024 * 1024);

    private static async Task<IResult> ShowAsync(HttpContext http, ArticleDesk desk, ArticlePresence presence, TimeProvider time, long id, string? language, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is { } work)
            return await PageAsync(http, desk, presence, time, work, null, [], cancellation);
        // Not in this language yet: the source, with the offer to translate.
        return language is not null && await desk.FindAsync(id, null, http.Staff(), cancellation) is not null ? Page.GoTo($"/agent/help/articles/{id}") : TypedResults.NotFound();
    }

    /// <param name="sent">What the author sent and could not be stored; null for the draft.</param>
    /// <param name="details">The same for what is said beside the text; null for what is stored.</param>
    internal static async Task<IResult> PageAsync(
        HttpContext http, ArticleDesk desk, ArticlePresence presence, TimeProvider time, ArticleInWork work, DraftForm? sent, IReadOnlyList<Problem> problems, CancellationToken cancellation,
        ArticleDetailsForm? details = null)
    {
        var parameters = new
        {
            Work = work,
            Sections = await desk.SectionsAsync(work.Site.Id, cancellation),
            Names = await desk.NamesAsync(cancellation),
            Others = presence.Others(work.Text.Id, http.Staff().Id),
            Details = details ?? ArticleDetailsForm.Of(work, await desk.RelatedAddressesAsync(work, cancellation)),
            SourceChange = await desk.SourceChangeAsync(work, cancellation),
            Sent = sent,
            Problems = problems,
            Now = time.Now(),
        };
        return problems.Count > 0 ? Page.ShowProblems<ArticlePage>(parameters) : Page.Show<ArticlePage>(parameters);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext http, ArticleDesk desk, KeepArticleDraft keep, ArticlePresence presence, TimeProvider time, long id, string language, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var (form, outcome) = await SaveFormAsync(http, keep, work, cancellation);
        var isScript = http.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.Ordinal);
        var texts = http.Texts();
        if (!outcome.Succeeded)
            return isScript
                ? TypedResults.Json(new { problems = outcome.Problems.Select(texts.Of) }, statusCode: StatusCodes.Status422UnprocessableEntity)
                : await PageAsync(http, desk, presence, time, work, form, outcome.Problems, cancellation);
        if (outcome.Value.Conflict is { } conflict)
            return await ConflictAsync(http, desk, work, form, conflict, outcome.Value.Version, isScript, cancellation);
        return isScript
            ? TypedResults.Json(new { version = outcome.Value.Version, saved = texts["help-desk.saved-at", ("time", texts.Time(time.Now()))], state = work.State.ToString() })
            : Page.GoTo($"/agent/help/articles/{id}?language={language}&done=saved");
    }

    /// <summary>Stores the form that every button of the page sends.</summary>
    internal static async Task<(DraftForm Form, Outcome<KeptDraft> Outcome)> SaveFormAsync(HttpContext http, KeepArticleDraft keep, ArticleInWork work, CancellationToken cancellation)
    {
        var form = DraftForm.Of(await SectionRoutes.FormAsync(http, cancellation));
        var body = form.Read();
        return body.Succeeded
            ? (form, await keep.RunAsync(work.Text.Id, new KeepArticleDraft.Request(form.Title, form.Summary, body.Value, form.Version, form.Replaces), http.Staff(), cancellation))
            : (form, body.Problems.ToList());
    }

    internal static async Task<IResult> ConflictAsync(
        HttpContext http, ArticleDesk desk, ArticleInWork work, DraftForm form, DraftConflict conflict, int version, bool isScript, CancellationToken cancellation)
    {
        var texts = http.Texts();
        var name = (await desk.NamesAsync(cancellation)).GetValueOrDefault(conflict.ChangedById, "–");
        if (isScript)
        {
            return TypedResults.Json(
                new { version, by = name, message = texts["help-desk.conflict", ("name", name), ("time", texts.Time(conflict.ChangedAt)), ("number", conflict.AsideNumber)], title = conflict.TitleDifference, summary = conflict.SummaryDifference, body = conflict.BodyDifference },
                statusCode: StatusCodes.Status409Conflict);
        }

        return Page.Show<ConflictPage>(new { Work = work, Form = form, Conflict = conflict, Name = name, Version = version }, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> TellAsync(HttpContext http, ArticleDesk desk, Database database, ArticlePresence presence, SiteDesk.Tickets.StaffNotices notices, long id, string language, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var form = await SectionRoutes.FormAsync(http, cancellation);
        await ArticlePresence.TellAsync(database, work.Text.Id, http.Staff(), form["State"] != "gone", cancellation);
        await notices.ReadAsync(NotifyAuthors.AddressOf(id, work.Text.Language), http.Staff().Id, kind: null, cancellation);
        var others = presence.Others(work.Text.Id, http.Staff().Id);
        return TypedResults.Json(new { others = others.Select(name => http.Texts()["help-desk.also-here", ("name", name)]), version = work.Draft.Version });
    }

    private static async Task<IResult> AddFileAsync(HttpContext http, ArticleDesk desk, Database database, ArticlePictures pictures, long id, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, null, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        if ((await SectionRoutes.FormAsync(http, cancellation)).Files["file"] is not { } file)
            return Refused(http, [new Problem("file", "help-desk.picture-needed", ("name", ""))]);
        await using var content = file.OpenReadStream();
        var outcome = await pictures.KeepAsync(work.Article, content, file.FileName, file.ContentType, cancellation);
        if (!outcome.Succeeded)
            return Refused(http, outcome.Problems);
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Json(new { src = outcome.Value.Source, width = outcome.Value.Width, height = outcome.Value.Height });
    }

    // What was pasted, cleaned by the one cleaner there is. Stores nothing.
    private static async Task<IResult> Paste(HttpContext http, CancellationToken cancellation)
    {
        var form = await SectionRoutes.FormAsync(http, cancellation);
        var html = form.Files["html"] is { } file ? await TextOfAsync(file, cancellation) : form["html"].ToString();
        var outcome = ArticleBody.Pasted(html);
        if (!outcome.Succeeded)
            return Refused(http, outcome.Problems);
        var leftOut = ArticleBody.PicturesLeftOut(html);
        return TypedResults.Json(new { html = outcome.Value, remark = leftOut == 0 ? "" : http.Texts()["help-desk.pictures-left-out", ("count", leftOut)] });
    }

    private static async Task<string> TextOfAsync(IFormFile file, CancellationToken cancellation)
    {
        // One character more than is read at all: the rest of a huge paste need not be held in memory.
        using var reader = new StreamReader(file.OpenReadStream());
        var text = new char[(int)Math.Min(file.Length + 1, ArticleBody.LongestSource + 1)];
        var length = await reader.ReadBlockAsync(text, cancellation);
        return new string(text, 0, length);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<object> Refused(HttpContext http, IReadOnlyList<Problem> problems) =>
        TypedResults.Json<object>(new { problems = problems.Select(http.Texts().Of) }, statusCode: StatusCodes.Status422UnprocessableEntity);
}

/// <summary>The text of an article as its page sends it.</summary>
public sealed record DraftForm(string Title, string Summary, string? Body, string Markdown, int Version, bool Replaces, string PublishAt, string Remark)
{
    internal static DraftForm Of(IFormCollection form) => new(
        form["Title"].ToString(), form["Summary"].ToString(), form.ContainsKey("Body") ? form["Body"].ToString() : null, form["Markdown"].ToString(),
        int.TryParse(form["Version"], out var version) ? version : -1, form["Replaces"] == "true", form["PublishAt"].ToString(), form["Remark"].ToString());

    /// <summary>The body: of the editor, or of the plain field where no script runs.</summary>
    internal Outcome<string> Read() => Body is not null ? ArticleBody.Check(Body) : ArticleMarkdown.Read(Markdown);
}
