using System.Globalization;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter;
using SiteDesk.Platform;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Teaching;

/// <summary>The teaching desk: what could not be answered, and one press for each way to deal with it.</summary>
internal static class TeachingRoutes
{
    private const int UsualDays = 30;

    /// <summary>Room for questions in the address of the page on which an article is begun.</summary>
    private const int MostQuestionCharacters = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup("/agent/assistant/teaching").Needs(AssistantPermissions.Teach);
        desk.MapGet("", ShowAsync);
        desk.MapPost("/lessons", TeachAsync);
        desk.MapPost("/lessons/{id:long}/undo", UndoAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, SiteDirectory directory, LiveKnowledge knowledge, TeachingReader reader, KnowledgeDraft draft, long? site, int? days, string? language, CancellationToken cancellation) =>
        (await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is { } chosen && await Learning.WaitAsync(http, knowledge, chosen.Id, "teaching", cancellation) is { } learning
            ? learning : await PageAsync(http, directory, reader, draft, site, days, language, [], cancellation);

    private static async Task<IResult> PageAsync(
        HttpContext http, SiteDirectory directory, TeachingReader reader, KnowledgeDraft draft, long? site, int? days, string? language, IReadOnlyList<Problem> problems, CancellationToken cancellation,
        RefusedGroup? refused = null)
    {
        var staff = http.Staff();
        var chosen = await ChosenSite.ReadAsync(directory, staff, site, cancellation);
        if (chosen.Site is null)
            return TypedResults.NotFound();
        var period = TeachingReader.Periods.Contains(days ?? 0) ? days!.Value : UsualDays;
        var spoken = Languages.All.Contains(language, StringComparer.Ordinal) ? language : null;
        var parameters = new
        {
            chosen.Site, chosen.Sites, View = await reader.ReadAsync(chosen.Site, period, spoken, staff, http.Texts(), cancellation), Days = period, Language = spoken,
            Changes = (await draft.ReadAsync(cancellation)).Changes.Count, MayWrite = staff.May(HelpCenterPermissions.Write), Problems = problems,
            Refused = refused,
        };
        return problems.Count > 0 ? Page.ShowProblems<TeachingPage>(parameters) : Page.Show<TeachingPage>(parameters);
    }

    private static async Task<IResult> TeachAsync(
        HttpContext http, SiteDirectory directory, TeachingReader reader, KnowledgeDraft draft, TeachGroup teach, QuestionTexts questions, long? site, int? days, string? language, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if ((await ChosenSite.ReadAsync(directory, staff, site, cancellation)).Site is not { } chosen)
            return TypedResults.NotFound();
        var form = await IntentRoutes.FormAsync(http, cancellation);
        // A box that is not ticked is not sent: its questions stay at the desk.
        var turns = form["Turns"].SelectMany(keys => KeysOf(keys ?? "")).Distinct().Take(TeachGroup.MostTurns).ToList();
        var refused = new RefusedGroup(form["Group"].ToString(), turns.ToHashSet(), form["Other"].ToString());
        if (turns.Count == 0)
            return await PageAsync(http, directory, reader, draft, site, days, language, [new Problem("Turns", "assist-teach.tick-one")], cancellation, refused);
        var what = form["Do"].ToString();
        if (what == "write")
            return await WriteAsync(chosen, turns, staff, teach, questions, cancellation);
        var outcome = what switch
        {
            "dismiss" => await teach.DismissAsync(chosen, turns, staff, cancellation),
            "not-for-us" => await teach.PutOutOfScopeAsync(chosen, turns, staff, cancellation),
            "other" => await reader.FindCandidateAsync(chosen, form["Other"].ToString(), http.Texts(), cancellation) is { } named
                ? await teach.TieAsync(chosen, turns, named, staff, cancellation) : new Problem("Other", "assist-teach.choose"),
            _ when what.StartsWith("tie:", StringComparison.Ordinal) => await teach.TieAsync(chosen, turns, what["tie:".Length..], staff, cancellation),
            _ => new Problem("", "assist-teach.unknown"),
        };
        return outcome.Succeeded
            ? Page.GoTo(FormattableString.Invariant($"/agent/assistant/teaching?site={chosen.Id}&days={days}&language={language}&done=assist-taught-{outcome.Value.Kind.ToString().ToLowerInvariant()}"))
            : await PageAsync(http, directory, reader, draft, site, days, language, outcome.Problems, cancellation, refused);
    }

    /// <summary>The keys of turns as a box of the form sends them; what is no key is passed over.</summary>
    internal static IEnumerable<long> KeysOf(string turns) => turns.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    /// <summary>Leads to the page on which an article is begun, with title and questions filled in. They stay at the desk until something answers them.</summary>
    private static async Task<IResult> WriteAsync(Site site, List<long> turns, Staff staff, TeachGroup teach, QuestionTexts questions, CancellationToken cancellation)
    {
        var asked = (await questions.ReadAsync(await teach.OpenIdsAsync(site, turns, staff, cancellation), cancellation)).Values.OrderBy(question => question.TurnId).ToList();
        if (asked.Count == 0)
            return Page.GoTo(FormattableString.Invariant($"/agent/assistant/teaching?site={site.Id}"));
        var language = site.LanguageFor(asked.CountBy(question => question.Language).MaxBy(pair => pair.Value).Key);
        var masked = PhraseWarnings.Distinct(asked.Where(question => question.Language == language).DefaultIfEmpty(asked[0]).Select(question => questions.Mask(question).ReplaceLineEndings(" ").Trim())
            .Where(text => text.Length is > 0 and <= ArticleVersion.LongestTitle), most: 8);
        var room = MostQuestionCharacters;
        var sent = masked.TakeWhile(text => (room -= text.Length) >= 0).ToList();
        var title = sent.FirstOrDefault() ?? "";
        return Page.GoTo(FormattableString.Invariant(
            $"/agent/help/{site.Id}/articles/new?language={language}&title={Uri.EscapeDataString(title)}&questions={Uri.EscapeDataString(string.Join('\n', sent))}"));
    }

    private static async Task<IResult> UndoAsync(
        HttpContext http, SiteDirectory directory, TeachingReader reader, KnowledgeDraft draft, TeachGroup teach, long id, long? site, CancellationToken cancellation)
    {
        var outcome = await teach.UndoAsync(id, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/assistant/teaching?site={site}&done=assist-undone") : await PageAsync(http, directory, reader, draft, site, null, null, outcome.Problems, cancellation);
    }
}
