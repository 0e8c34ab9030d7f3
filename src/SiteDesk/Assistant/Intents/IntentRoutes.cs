using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Settings;

namespace SiteDesk.Assistant.Intents;

/// <summary>The list of intents, and a page for each. All edits go into the document in work.</summary>
internal static class IntentRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/agent/assistant/intents").Needs(AssistantPermissions.Read);
        read.MapGet("", ShowListAsync);
        read.MapGet("/{key}", ShowAsync);
        var teach = routes.MapGroup("/agent/assistant/intents").Needs(AssistantPermissions.Teach);
        teach.MapPost("", AddAsync);
        teach.MapPost("/{key}/phrases/{language}", SetPhrasesAsync);
        teach.MapPost("/{key}/answer", SetAnswerAsync);
        teach.MapPost("/{key}/names", RenameAsync);
        teach.MapPost("/{key}/removal", RemoveAsync);
        var decide = routes.MapGroup("/agent/assistant/intents").Needs(AssistantPermissions.Settings);
        decide.MapPost("/{key}/state", SwitchAsync);
        decide.MapPost("/{key}/hand-over", SetHandOverAsync);
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, SiteDirectory directory, LiveKnowledge knowledge, KnowledgeDraft draft, IntentReader reader, long? site, CancellationToken cancellation) =>
        (await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is { } chosen && await Learning.WaitAsync(http, knowledge, chosen.Id, "intents", cancellation) is { } learning
            ? learning : await ListAsync(http, directory, draft, reader, site, NamesInLanguages.Fill(null), [], cancellation);

    private static async Task<IResult> ListAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, long? site, List<string> names, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var chosen = await ChosenSite.ReadAsync(directory, staff, site, cancellation);
        if (chosen.Site is null)
            return TypedResults.NotFound();
        var work = await draft.ReadAsync(cancellation);
        var parameters = new
        {
            chosen.Site, chosen.Sites, Lines = await reader.ListAsync(work, chosen.Site, staff, http.Texts(), cancellation), Changes = work.Changes.Count,
            MayTeach = staff.May(AssistantPermissions.Teach), Names = names, Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<IntentsPage>(parameters) : Page.Show<IntentsPage>(parameters);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SiteDirectory directory, LiveKnowledge knowledge, KnowledgeDraft draft, IntentReader reader, string key, long? site, CancellationToken cancellation)
    {
        var chosen = await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation);
        var work = await draft.ReadAsync(cancellation);
        if (chosen.Site is not { } one || !IntentCatalog.Has(work.Draft, key))
            return TypedResults.NotFound();
        return await Learning.WaitAsync(http, knowledge, one.Id, "intents", cancellation) ?? await PageAsync(http, reader, work, chosen, one, key, [], cancellation);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, IntentReader reader, KnowledgeInWork work, ChosenSite chosen, Site site, string key, IReadOnlyList<Problem> problems, CancellationToken cancellation, ConditionReading? segment = null)
    {
        var staff = http.Staff();
        var parameters = new
        {
            Site = site, chosen.Sites, Intent = await reader.ReadAsync(key, work, site, http.Texts(), cancellation), Changes = work.Changes.Count,
            MayTeach = staff.May(AssistantPermissions.Teach), MayDecide = staff.May(AssistantPermissions.Settings), Problems = problems,
            Segment = segment?.Condition, ShowsProblems = segment is not null && (!segment.IsEdited || segment.ShowsProblems), segment?.FocusPlace,
        };
        return problems.Count > 0 || segment is not null ? Page.ShowProblems<IntentPage>(parameters) : Page.Show<IntentPage>(parameters);
    }

    private static async Task<IResult> AddAsync(HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, long? site, CancellationToken cancellation)
    {
        var names = NamesInLanguages.Fill([.. (await FormAsync(http, cancellation))["Names"].Select(name => name ?? "")]);
        var key = "";
        var outcome = await draft.ChangeAsync(document =>
        {
            var added = EditIntent.Add(document, NamesInLanguages.ToTexts(names));
            if (!added.Succeeded)
                return added.Problems.ToList();
            key = added.Value.Intent;
            return added.Value.Document;
        }, http.Staff(), NamesInLanguages.For(NamesInLanguages.ToTexts(names), Languages.English), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/intents/{key}?site={site}&done=assist-changed") : await ListAsync(http, directory, draft, reader, site, names, outcome.Problems, cancellation);
    }

    private static async Task<IResult> SetPhrasesAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, string key, string language, long? site, CancellationToken cancellation)
    {
        var form = await FormAsync(http, cancellation);
        var own = EditIntent.LinesOf(form["Own"].ToString());
        // A box that is not ticked is not sent: what is used is named, all others are taken out.
        var used = form["Used"].OfType<string>().ToHashSet(StringComparer.Ordinal);
        return await ChangeAsync(http, directory, draft, reader, key, site, document => EditIntent.SetPhrases(
            document, key, language, own, [.. IntentCatalog.PhrasesOf(key, language).Where(phrase => !used.Contains(phrase))]), cancellation);
    }

    private static async Task<IResult> SetAnswerAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, HelpSnapshots snapshots, string key, long? site, CancellationToken cancellation)
    {
        if ((await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is not { } chosen)
            return TypedResults.NotFound();
        var form = await FormAsync(http, cancellation);
        var snapshot = await snapshots.FreshAsync(chosen.Id, cancellation);
        IReadOnlyList<long>? articles = form["By"].ToString() switch
        {
            "chosen" => [.. form["Articles"].Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => snapshot.Shelves.Values.Any(shelf => shelf.ArticlesById.ContainsKey(id))).Distinct()],
            "none" => [],
            _ => null,
        };
        var words = chosen.Languages.Zip(form["Words"].Select(text => (text ?? "").ReplaceLineEndings("\n").Trim())).Where(pair => pair.Second.Length > 0)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        IReadOnlyList<string>? slots = form["Asks"] == "own" ? [.. form["AsksFor"].OfType<string>()] : null;
        var action = form["Action"].ToString() switch { "" => null, "none" => "", var named => named };
        return await ChangeAsync(http, directory, draft, reader, key, site, document => EditIntent.SetAnswer(document, key, chosen.Id, new EditIntent.Answer(articles, words, slots, action)), cancellation);
    }

    private static async Task<IResult> RenameAsync(HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, string key, long? site, CancellationToken cancellation)
    {
        var names = NamesInLanguages.ToTexts(NamesInLanguages.Fill([.. (await FormAsync(http, cancellation))["Names"].Select(name => name ?? "")]));
        return IntentCatalog.IsOwn(key) ? await ChangeAsync(http, directory, draft, reader, key, site, document => EditIntent.Rename(document, key, names), cancellation) : TypedResults.NotFound();
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, string key, long? site, CancellationToken cancellation)
    {
        if (!IntentCatalog.IsOwn(key))
            return TypedResults.NotFound();
        return await ChangeAsync(http, directory, draft, reader, key, site, document => KnowledgeAspect.Without(document, key), cancellation, FormattableString.Invariant($"/agent/assistant/intents?site={site}&done=assist-changed"));
    }

    private static async Task<IResult> SwitchAsync(HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, string key, long? site, CancellationToken cancellation)
    {
        var isOff = (await FormAsync(http, cancellation))["Off"] == "true";
        return await ChangeAsync(http, directory, draft, reader, key, site, document => document.With(key, known => known with { IsOff = isOff }), cancellation);
    }

    private static async Task<IResult> SetHandOverAsync(
        HttpContext http, SiteDirectory directory, Database database, KnowledgeDraft draft, IntentReader reader, string key, long? site, CancellationToken cancellation)
    {
        if ((await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is not { } chosen)
            return TypedResults.NotFound();
        var form = await FormAsync(http, cancellation);
        var when = Enum.TryParse<HandOverWhen>(form["HandOver"], ignoreCase: false, out var parsed) && Enum.IsDefined(parsed) ? parsed : HandOverWhen.NotHelped;
        long? team = long.TryParse(form["TeamId"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && await database.Set<Team>().AnyAsync(row => row.Id == id, cancellation) ? id : null;
        // Without scripts a button of the editor sends the whole form: the page comes back as it was edited.
        var segment = ConditionForm.Read(form, TicketConditions.Fields, http.Texts().Culture);
        var isWrong = TicketConditions.Fields.Check(segment.Condition).Count > 0;
        if (segment.IsEdited || isWrong)
        {
            var work = await draft.ReadAsync(cancellation);
            return IntentCatalog.Has(work.Draft, key)
                ? await PageAsync(http, reader, work, await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation), chosen, key, segment.IsEdited ? [] : [new Problem("Segment", "assist-intent.segment-wrong")], cancellation, segment)
                : TypedResults.NotFound();
        }
        var stored = segment.Condition.Root.Members.Count == 0 ? null : segment.Condition.ToJson();
        return await ChangeAsync(http, directory, draft, reader, key, site,
            document => document.With(key, known => known.WithSite(chosen.Id, answer => answer with { HandOver = when, TeamId = team, Segment = stored })), cancellation);
    }

    /// <param name="then">Where it leads to; null for the intent's page.</param>
    private static async Task<IResult> ChangeAsync(
        HttpContext http, SiteDirectory directory, KnowledgeDraft draft, IntentReader reader, string key, long? site, Func<KnowledgeDocument, Outcome<KnowledgeDocument>> change, CancellationToken cancellation, string? then = null)
    {
        var chosen = await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation);
        var before = await draft.ReadAsync(cancellation);
        if (chosen.Site is not { } one || !IntentCatalog.Has(before.Draft, key))
            return TypedResults.NotFound();
        var outcome = await draft.ChangeAsync(change, http.Staff(), IntentCatalog.NameOf(key, before.Draft, http.Texts().In(Languages.English)), cancellation);
        return outcome.Succeeded
            ? Page.GoTo(then ?? $"/agent/assistant/intents/{key}?site={one.Id}&done=assist-changed")
            : await PageAsync(http, reader, before, chosen, one, key, outcome.Problems, cancellation);
    }

    internal static async Task<IFormCollection> FormAsync(HttpContext http, CancellationToken cancellation) =>
        http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
}
