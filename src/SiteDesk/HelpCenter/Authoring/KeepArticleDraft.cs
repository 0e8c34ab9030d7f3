using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>What became of a text that was sent.</summary>
/// <param name="Version">The draft's version now.</param>
/// <param name="Conflict">Null when it was stored.</param>
public sealed record KeptDraft(int Version, DraftConflict? Conflict);

/// <summary>Somebody else had stored the draft meanwhile. The text that was sent is kept as a version: nothing is lost.</summary>
/// <param name="AsideNumber">Number of that version.</param>
public sealed record DraftConflict(long ChangedById, DateTime ChangedAt, int AsideNumber, string TitleDifference, string SummaryDifference, string BodyDifference);

/// <summary>Stores what an author wrote, unless another was quicker.</summary>
public sealed class KeepArticleDraft(Database database, TimeProvider time)
{
    /// <summary>Of authors who save one text at the same moment one gets through in each round: so many may meet.</summary>
    private const int MostTries = 60;

    /// <param name="Body">HTML of any kind; it is made canonical.</param>
    /// <param name="Version">Of the draft the author began with.</param>
    /// <param name="ReplacesOthers">The author has seen the differences and wants the own text: the other's is kept as a version.</param>
    public sealed record Request(string Title, string Summary, string Body, int Version, bool ReplacesOthers = false);

    /// <summary>Loads the text anew itself, so that a conflict can be told.</summary>
    public async Task<Outcome<KeptDraft>> RunAsync(long textId, Request request, Staff by, CancellationToken cancellation)
    {
        var body = ArticleBody.Check(request.Body);
        if (!body.Succeeded)
            return body.Problems.ToList();
        var (title, summary) = (request.Title.Trim(), request.Summary.Trim());
        var problems = StartArticle.Check(new StartArticle.Words(title, summary, body.Value, []));
        if (problems.Count > 0)
            return problems;
        // Read and written in one transaction: whoever comes a moment later sees what the first one stored.
        return await database.AgainOnConflictAsync(
            MostTries, () => database.InTransactionAsync(() => StoreAsync(textId, title, summary, body.Value, request, by, cancellation), cancellation), cancellation);
    }

    // A version without touching the draft.
    private async Task<ArticleVersion> SetAsideAsync(ArticleText text, string title, string summary, string body, long authorId, string remark, CancellationToken cancellation)
    {
        // The same text again (a script that tries again) needs no second version.
        var last = await database.Set<ArticleVersion>().Where(version => version.ArticleTextId == text.Id).OrderByDescending(version => version.Number).FirstOrDefaultAsync(cancellation);
        if (last is not null && last.AuthorId == authorId && last.Title == title && last.Summary == summary && last.Body == body)
            return last;
        var version = new ArticleVersion
        {
            ArticleTextId = text.Id, Number = text.TakeNumber(), Title = title, Summary = summary, Body = body, AuthorId = authorId, CreatedAt = time.Now(), Remark = remark,
        };
        database.Add(version);
        return version;
    }

    private async Task<Outcome<KeptDraft>> StoreAsync(long textId, string title, string summary, string body, Request request, Staff by, CancellationToken cancellation)
    {
        var text = await database.Set<ArticleText>().Include(row => row.Draft).FirstAsync(row => row.Id == textId, cancellation);
        await database.Entry(text).ReloadAsync(cancellation);
        var draft = text.Draft!;
        await database.Entry(draft).ReloadAsync(cancellation);
        if (draft.Title == title && draft.Summary == summary && draft.Body == body)
            return new KeptDraft(draft.Version, Conflict: null);
        if (draft.Version != request.Version && draft.ChangedById != by.Id && !request.ReplacesOthers)
        {
            var aside = await SetAsideAsync(text, title, summary, body, by.Id, "", cancellation);
            await database.SaveChangesAsync(cancellation);
            return new KeptDraft(draft.Version, new DraftConflict(
                draft.ChangedById, draft.ChangedAt, aside.Number, BodyDifference.Words(draft.Title, title), BodyDifference.Words(draft.Summary, summary), BodyDifference.Html(draft.Body, body)));
        }

        // What is replaced knowingly, and the own text of another window, stays as a version.
        if (draft.Version != request.Version || request.ReplacesOthers)
            await SetAsideAsync(text, draft.Title, draft.Summary, draft.Body, draft.ChangedById, "", cancellation);
        (draft.Title, draft.Summary, draft.Body, draft.ChangedById, draft.ChangedAt) = (title, summary, body, by.Id, time.Now());
        await database.SaveChangesAsync(cancellation);
        return new KeptDraft(draft.Version, Conflict: null);
    }
}
