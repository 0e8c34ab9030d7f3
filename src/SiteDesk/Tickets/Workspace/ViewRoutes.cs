using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Making, changing and removing saved views.</summary>
public static class ViewRoutes
{
    public static void MapViews(this IEndpointRouteBuilder routes)
    {
        var views = routes.MapGroup("/agent/views").Needs(TicketPermissions.Read);
        views.MapGet("/new", ShowNewAsync);
        views.MapGet("/counts", CountAsync);
        views.MapPost("/order", OrderAsync);
        views.MapPost("", CreateAsync);
        views.MapGet("/{id:long}", ShowAsync);
        views.MapPost("/{id:long}", ChangeAsync);
        views.MapPost("/{id:long}/removal", RemoveAsync);
        views.MapPost("/restoration", RestoreAsync);
    }

    /// <summary>The counts of the saved views, for a rail that is on the screen already.</summary>
    private static async Task<IResult> CountAsync(HttpContext http, SavedViews views, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var counts = new List<ViewCountStreams.Row>();
        foreach (var view in (await views.ReadAsync(staff, cancellation)).Take(SavedViews.MostCounted))
        {
            if (await views.CountAsync(view, staff, cancellation) is var (count, isAtLeast))
                counts.Add(new(view.Id, count, isAtLeast));
        }

        return TurboStream.Show<ViewCountStreams>(new { Rows = counts });
    }

    /// <summary>Somebody chose the order in which they read a view.</summary>
    private static async Task<IResult> OrderAsync(HttpContext http, InboxReader inbox, ChosenOrders orders, [FromForm] string? view, [FromForm] string? order, CancellationToken cancellation)
    {
        if (view is null || !Enum.TryParse<InboxOrder>(order, out var chosen) || !Enum.IsDefined(chosen))
            return TypedResults.BadRequest();
        if (await inbox.TicketsOfAsync(http.Staff(), view, cancellation) is null)
            return TypedResults.NotFound();
        await orders.KeepAsync(http.Staff(), view, chosen, cancellation);
        return Page.GoTo($"/agent/tickets?view={view}");
    }

    private static async Task<IResult> ShowNewAsync(HttpContext http, RailReader rails, DeskNamesCache names, CancellationToken cancellation)
    {
        var unsolved = new Condition(new ConditionGroup(ConditionJoin.All, [new ConditionTest("status", "one-of", [new TextValue("new"), new TextValue("open")])]));
        var first = TicketConditions.Fields.Check(unsolved).Count == 0 ? unsolved : Condition.Everything;
        return Page.Show<ViewPage>(new { Rail = await rails.ReadAsync(http.Staff(), cancellation), Fields = await FieldsAsync(http, names, cancellation), Name = "", Condition = first });
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SavedViews views, RailReader rails, DeskNamesCache names, long id, CancellationToken cancellation)
    {
        if (await views.FindAsync(http.Staff(), id, cancellation) is not { } view)
            return TypedResults.NotFound();
        return Page.Show<ViewPage>(new
        {
            Rail = await rails.ReadAsync(http.Staff(), cancellation),
            Fields = await FieldsAsync(http, names, cancellation),
            Id = (long?)view.Id,
            view.Name,
            IsShared = view.StaffId is null,
            IsKeptShared = view.StaffId is null,
            Condition = ConditionJson.Parse(view.Condition).Condition ?? Condition.Everything,
        });
    }

    private static Task<IResult> CreateAsync(HttpContext http, SaveView save, RailReader rails, DeskNamesCache names, Texts texts, CancellationToken cancellation) =>
        SaveAsync(http, save, rails, names, texts, null, cancellation);

    private static Task<IResult> ChangeAsync(HttpContext http, SaveView save, RailReader rails, DeskNamesCache names, Texts texts, long id, CancellationToken cancellation) =>
        SaveAsync(http, save, rails, names, texts, id, cancellation);

    private static async Task<IResult> SaveAsync(HttpContext http, SaveView save, RailReader rails, DeskNamesCache names, Texts texts, long? id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var form = await http.Request.ReadFormAsync(cancellation);
        var fields = await FieldsAsync(http, names, cancellation);
        var reading = ConditionForm.Read(form, fields, texts.Culture);
        var (name, isShared) = (form["name"].ToString(), form["shared"] == "true");
        IReadOnlyList<Problem> problems = [];

        // Without scripts a button of the editor sends the whole form: the page comes back as it was edited.
        if (!reading.IsEdited)
        {
            var outcome = await save.RunAsync(new SaveView.Request(id, name, reading.Condition, isShared), staff, cancellation);
            if (outcome.Succeeded)
                return Page.GoTo($"/agent/tickets?view={outcome.Value.Id}");
            problems = outcome.Problems;
        }

        return Page.ShowProblems<ViewPage>(new
        {
            Rail = await rails.ReadAsync(staff, cancellation),
            Fields = fields,
            Id = id,
            Name = name,
            IsShared = isShared,
            reading.Condition,
            ShowsProblems = !reading.IsEdited || reading.ShowsProblems,
            reading.FocusPlace,
            Problems = problems,
        });
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, RemoveView remove, long id, CancellationToken cancellation)
    {
        var outcome = await remove.RunAsync(id, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return TypedResults.NotFound();
        return TurboStream.IsWanted(http)
            ? TurboStream.Show<LeaveStreams>(new { Text = http.Texts()["toast.view-removed", ("name", outcome.Value.Name)], Undo = "/agent/views/restoration", Kept = outcome.Value.Sealed, To = "/agent/tickets" })
            : Page.GoTo("/agent/tickets");
    }

    private static async Task<IResult> RestoreAsync(HttpContext http, RemoveView remove, [FromForm] string? kept, CancellationToken cancellation)
    {
        var outcome = await remove.UndoAsync(kept ?? "", http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/tickets?view={outcome.Value}") : ActionRoutes.Refuse(http, outcome.Problems, "/agent/tickets");
    }

    private static async Task<ConditionFields> FieldsAsync(HttpContext http, DeskNamesCache names, CancellationToken cancellation) =>
        TicketConditions.For(await names.ReadAsync(cancellation), http.Staff());
}
