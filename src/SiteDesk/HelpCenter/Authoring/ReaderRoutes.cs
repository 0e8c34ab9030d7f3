using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>An article for some of the signed-in customers: the condition is edited as everywhere else.</summary>
internal static class ReaderRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/agent/help/articles/{id:long}/{language}/readers").Needs(HelpCenterPermissions.Publish);
        readers.MapGet("", ShowAsync);
        readers.MapPost("", ChangeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, ArticleDesk desk, long id, string language, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var known = work.Article.SegmentCondition is { } stored ? ConditionJson.Parse(stored).Condition : null;
        return Page.Show<ReadersPage>(new { Work = work, Condition = known ?? Condition.Everything });
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, ArticleDesk desk, NarrowReaders narrow, Texts texts, long id, string language, CancellationToken cancellation)
    {
        if (await desk.FindAsync(id, language, http.Staff(), cancellation) is not { } work)
            return TypedResults.NotFound();
        var reading = ConditionForm.Read(await http.Request.ReadFormAsync(cancellation), CustomerConditions.Fields, texts.Culture);
        IReadOnlyList<Problem> problems = [];

        // Without scripts a button of the editor sends the whole form: the page comes back as it was edited.
        if (!reading.IsEdited)
        {
            var outcome = await narrow.RunAsync(work, reading.Condition, http.Staff(), cancellation);
            if (outcome.Succeeded)
                return Page.GoTo($"/agent/help/articles/{id}?language={language}&done=saved");
            problems = outcome.Problems;
        }

        return Page.ShowProblems<ReadersPage>(new { Work = work, reading.Condition, ShowsProblems = !reading.IsEdited || reading.ShowsProblems, reading.FocusPlace, Problems = problems });
    }
}
