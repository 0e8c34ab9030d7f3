using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>The settings of the language model.</summary>
internal static class ModelRoutes
{
    public const string Address = "/agent/settings/assistant/model";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var model = routes.MapGroup(Address).Needs(LanguageModelPermissions.Manage);
        model.MapGet("", ShowAsync);
        model.MapPost("", ChangeAsync);
        model.MapPost("/test", TestAsync);
        model.MapPost("/removal", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(KeepModelConnection keep, ModelBudget budget, CancellationToken cancellation)
    {
        var connection = await keep.FindAsync(cancellation);
        return Page.Show<ModelPage>(new { Form = ModelForm.Of(connection), Connection = connection, Used = await budget.UsedAsync(cancellation) });
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, KeepModelConnection keep, ModelBudget budget, CancellationToken cancellation)
    {
        var form = ModelForm.Of(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty);
        var outcome = await keep.RunAsync(form, http.Staff(), cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"{Address}?done=saved");
        return Page.ShowProblems<ModelPage>(new { Form = form, Connection = await keep.FindAsync(cancellation), Used = await budget.UsedAsync(cancellation), outcome.Problems });
    }

    /// <summary>Asks somebody else's server and may cost money: no link does that.</summary>
    private static async Task<IResult> TestAsync(KeepModelConnection keep, TestModelConnection test, CancellationToken cancellation) =>
        await keep.FindAsync(cancellation) is { } connection ? Page.Show<ModelTestFrame>(new { Steps = await test.RunAsync(connection, cancellation) }) : TypedResults.NotFound();

    private static async Task<IResult> RemoveAsync(HttpContext http, KeepModelConnection keep, CancellationToken cancellation)
    {
        await keep.RemoveAsync(http.Staff(), cancellation);
        return Page.GoTo($"{Address}?done=saved");
    }
}
