using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Teaching;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Intents;

/// <summary>A published version in the list.</summary>
/// <param name="Number">0 is what ships.</param>
public sealed record VersionLine(int Number, string ByName, string Note, DateTime? At, bool IsLive);

/// <summary>What is not published: looked at, tried, published, taken back; and the versions that were.</summary>
internal static class DraftRoutes
{
    private const int MostVersions = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/agent/assistant").Needs(AssistantPermissions.Read);
        read.MapGet("/draft", ShowDraftAsync);
        read.MapGet("/versions", ShowVersionsAsync);
        read.MapGet("/versions/{number:int}", ShowVersionAsync);
        var teach = routes.MapGroup("/agent/assistant").Needs(AssistantPermissions.Teach);
        teach.MapPost("/draft/undo", UndoAsync);
        teach.MapPost("/draft/removal", DiscardAsync);
        teach.MapPost("/trials", TryAsync);
        teach.MapPost("/trials/{id:long}/cancellation", CancelAsync);
        teach.MapPost("/versions", PublishAsync);
        teach.MapPost("/versions/{number:int}/return", ReturnAsync);
    }

    private static Task<IResult> ShowDraftAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, KnowledgeWords words, Trials trials, long? site, CancellationToken cancellation) =>
        DraftAsync(http, directory, draft, words, trials, site, "", [], cancellation);

    private static async Task<IResult> DraftAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, KnowledgeWords words, Trials trials, long? site, string note, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var chosen = await ChosenSite.ReadAsync(directory, staff, site, cancellation);
        if (chosen.Site is null)
            return TypedResults.NotFound();
        var work = await draft.ReadAsync(cancellation);
        var lines = await words.OfAsync(work.Changes, work.Live, work.Draft, staff, http.Texts(), cancellation);
        var parameters = new
        {
            chosen.Site, chosen.Sites, Lines = lines, Elsewhere = work.Changes.Count - lines.Count, work.DraftVersion, work.ChangedBy,
            Trial = await trials.FindAsync(chosen.Site, staff, work, http.Texts(), cancellation),
            MayTeach = staff.May(AssistantPermissions.Teach), MayPublish = KnowledgeDraft.MayDecideForAll(staff), Note = note, Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<DraftPage>(parameters) : Page.Show<DraftPage>(parameters);
    }

    private static async Task<IResult> UndoAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, KnowledgeWords words, Trials trials, long? site, CancellationToken cancellation)
    {
        var form = await IntentRoutes.FormAsync(http, cancellation);
        var outcome = await draft.UndoAsync(form["Change"].ToString(), http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/draft?site={site}&done=assist-undone") : await DraftAsync(http, directory, draft, words, trials, site, "", outcome.Problems, cancellation);
    }

    private static async Task<IResult> DiscardAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, TeachGroup teach, KnowledgeWords words, Trials trials, long? site, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var outcome = await draft.DiscardAsync(staff, live => teach.ReopenLostAsync(live, inWork: null, staff, cancellation), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/draft?site={site}&done=assist-discarded") : await DraftAsync(http, directory, draft, words, trials, site, "", outcome.Problems, cancellation);
    }

    private static async Task<IResult> TryAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, KnowledgeWords words, Trials trials, long? site, CancellationToken cancellation)
    {
        if ((await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is not { } chosen)
            return TypedResults.NotFound();
        var outcome = await trials.StartAsync(chosen, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/draft?site={chosen.Id}#trial") : await DraftAsync(http, directory, draft, words, trials, site, "", outcome.Problems, cancellation);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, Trials trials, long id, long? site, CancellationToken cancellation) =>
        await trials.CancelAsync(id, http.Staff(), cancellation) ? Page.GoTo($"/agent/assistant/draft?site={site}#trial") : TypedResults.NotFound();

    private static async Task<IResult> PublishAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, KnowledgeWords words, Trials trials, long? site, CancellationToken cancellation)
    {
        var form = await IntentRoutes.FormAsync(http, cancellation);
        var note = form["Note"].ToString();
        var outcome = await draft.PublishAsync(form["Draft"].ToString(), note, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/versions?site={site}&done=assist-published") : await DraftAsync(http, directory, draft, words, trials, site, note, outcome.Problems, cancellation);
    }

    private static async Task<IResult> ShowVersionsAsync(HttpContext http, SiteDirectory directory, Database database, KnowledgeDraft draft, long? site, CancellationToken cancellation)
    {
        var chosen = await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation);
        var versions = await VersionsAsync(database, cancellation);
        return Page.Show<VersionsPage>(new { chosen.Site, Versions = versions, Changes = (await draft.ReadAsync(cancellation)).Changes.Count });
    }

    private static Task<IResult> ShowVersionAsync(
        HttpContext http, SiteDirectory directory, Database database, KnowledgeDraft draft, KnowledgeWords words, int number, int? than, long? site, CancellationToken cancellation) =>
        VersionAsync(http, directory, database, draft, words, number, than, site, "", [], cancellation);

    private static async Task<IResult> VersionAsync(
        HttpContext http, SiteDirectory directory, Database database, KnowledgeDraft draft, KnowledgeWords words, int number, int? than, long? site, string note, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var versions = await VersionsAsync(database, cancellation);
        if (versions.FirstOrDefault(version => version.Number == number) is not { } shown)
            return TypedResults.NotFound();
        var other = versions.FirstOrDefault(version => version.Number == than) ?? versions.FirstOrDefault(version => version.Number < number) ?? versions[0];
        var documents = await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number > 0 && (version.Number == number || version.Number == other.Number)).ToDictionaryAsync(version => version.Number, version => version.Document, cancellation);
        var (before, after) = (documents.GetValueOrDefault(other.Number) ?? new KnowledgeDocument(), documents.GetValueOrDefault(number) ?? new KnowledgeDocument());
        var parameters = new
        {
            (await ChosenSite.ReadAsync(directory, staff, site, cancellation)).Site, Version = shown, Other = other, Versions = versions,
            Lines = await words.OfAsync(KnowledgeChange.Between(before, after), before, after, staff, http.Texts(), cancellation),
            Changes = (await draft.ReadAsync(cancellation)).Changes.Count, MayPublish = KnowledgeDraft.MayDecideForAll(staff), Note = note, Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<VersionPage>(parameters) : Page.Show<VersionPage>(parameters);
    }

    private static async Task<IResult> ReturnAsync(
        HttpContext http, SiteDirectory directory, Database database, KnowledgeDraft draft, TeachGroup teach, KnowledgeWords words, int number, long? site, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var note = (await IntentRoutes.FormAsync(http, cancellation))["Note"].ToString();
        var outcome = await draft.ReturnToAsync(number, note, staff, (live, inWork) => teach.ReopenLostAsync(live, inWork, staff, cancellation), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/versions?site={site}&done=assist-returned") : await VersionAsync(http, directory, database, draft, words, number, null, site, note, outcome.Problems, cancellation);
    }

    /// <summary>Newest first, what ships at the end.</summary>
    private static async Task<IReadOnlyList<VersionLine>> VersionsAsync(Database database, CancellationToken cancellation)
    {
        var rows = await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number > 0).OrderByDescending(version => version.Number).Take(MostVersions)
            .Select(version => new { version.Number, version.ByName, version.Note, version.CreatedAt, version.IsLive }).ToListAsync(cancellation);
        return [.. rows.Select(row => new VersionLine(row.Number, row.ByName, row.Note, row.CreatedAt, row.IsLive)), new VersionLine(0, "SiteDesk", "", null, !rows.Exists(row => row.IsLive))];
    }
}
