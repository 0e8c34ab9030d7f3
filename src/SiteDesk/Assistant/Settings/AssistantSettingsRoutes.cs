using Microsoft.AspNetCore.Mvc;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Settings;

/// <summary>Where the assistant answers, and how.</summary>
internal static class AssistantSettingsRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/agent/assistant/settings").Needs(AssistantPermissions.Settings);
        settings.MapGet("", ShowAsync);
        settings.MapPost("", ChangeAsync);
        settings.MapGet("/expectation", ExpectAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SiteDirectory directory, ChangeSite change, long? site, CancellationToken cancellation)
    {
        var chosen = await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation);
        // The row itself: what a node remembers may be some seconds old, and somebody has just saved.
        return chosen.Site is { } known && await change.FindAsync(known.Id, http.Staff(), cancellation) is { } row
            ? Page.Show<AssistantSettingsPage>(new { Site = row, chosen.Sites, Form = AssistantForm.Of(row) })
            : TypedResults.NotFound();
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, SiteDirectory directory, ChangeSite change, ChangeAssistant run, long? site, [FromForm] AssistantForm form, CancellationToken cancellation)
    {
        var chosen = await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation);
        if (chosen.Site is null || await change.FindAsync(chosen.Site.Id, http.Staff(), cancellation) is not { } row)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        var outcome = await run.RunAsync(row, form, http.Staff(), cancellation);
        return outcome.Succeeded
            ? Page.GoTo($"/agent/assistant/settings?site={row.Id}&done=saved")
            : Page.ShowProblems<AssistantSettingsPage>(new { Site = row, chosen.Sites, Form = form, outcome.Problems });
    }

    /// <summary>What may be expected, in a frame of its own: it waits until the assistant has learnt.</summary>
    private static async Task<IResult> ExpectAsync(HttpContext http, SiteDirectory directory, LiveKnowledge knowledge, long? site, CancellationToken cancellation)
    {
        if ((await ChosenSite.ReadAsync(directory, http.Staff(), site, cancellation)).Site is not { } chosen)
            return TypedResults.NotFound();
        var expected = (await knowledge.FreshAsync(chosen.Id, cancellation)).Expectation;
        return Page.Show<ExpectationFrame>(new { expected.Answered, expected.Right, expected.Asked, expected.Refused });
    }
}
