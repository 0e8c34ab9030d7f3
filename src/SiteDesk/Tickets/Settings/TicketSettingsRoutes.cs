using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.Settings;

/// <summary>Own statuses and own fields.</summary>
public static class TicketSettingsRoutes
{
    public static IServiceCollection AddTicketSettings(this IServiceCollection services)
    {
        services.AddScoped<KeepStatus>();
        services.AddScoped<KeepField>();
        services.AddHandler<TeamRemoved, ReleaseTeamTickets>();
        services.AddSingleton(new RailEntry("settings.title", "/agent/settings", "settings", null, Position: 900));
        services.AddSettingsEntry(SettingsGroup.Tickets, "own-status.title", "/agent/statuses", "check-circle", TicketPermissions.Settings, 1);
        services.AddSettingsEntry(SettingsGroup.Tickets, "own-field.title", "/agent/fields", "form", TicketPermissions.Settings, 2);
        return services;
    }

    public static void MapTicketSettings(this IEndpointRouteBuilder routes)
    {
        var statuses = routes.MapGroup("/agent/statuses").Needs(TicketPermissions.Settings);
        statuses.MapGet("", ShowStatusesAsync);
        statuses.MapGet("/new", () => Page.Show<StatusPage>(new { Form = new StatusForm() }));
        statuses.MapPost("", AddStatusAsync);
        statuses.MapGet("/{id:long}", ShowStatusAsync);
        statuses.MapPost("/{id:long}", ChangeStatusAsync);
        statuses.MapPost("/{id:long}/retirement", (HttpContext http, KeepStatus keep, long id, CancellationToken cancellation) => RetireStatusAsync(http, keep, id, true, cancellation));
        statuses.MapPost("/{id:long}/restoration", (HttpContext http, KeepStatus keep, long id, CancellationToken cancellation) => RetireStatusAsync(http, keep, id, false, cancellation));

        var fields = routes.MapGroup("/agent/fields").Needs(TicketPermissions.Settings);
        fields.MapGet("", ShowFieldsAsync);
        fields.MapGet("/new", ShowNewFieldAsync);
        fields.MapPost("", AddFieldAsync);
        fields.MapGet("/{id:long}", ShowFieldAsync);
        fields.MapPost("/{id:long}", ChangeFieldAsync);
        fields.MapPost("/{id:long}/retirement", (HttpContext http, KeepField keep, long id, CancellationToken cancellation) => RetireFieldAsync(http, keep, id, true, cancellation));
        fields.MapPost("/{id:long}/restoration", (HttpContext http, KeepField keep, long id, CancellationToken cancellation) => RetireFieldAsync(http, keep, id, false, cancellation));
    }

    private static async Task<IResult> ShowStatusesAsync(Database database, CancellationToken cancellation)
    {
        var statuses = await database.Set<CustomStatus>().AsNoTracking().OrderBy(status => status.Id).Take(KeepStatus.Most).ToListAsync(cancellation);
        return Page.Show<StatusesPage>(new { Statuses = statuses.OrderBy(status => status.RetiredAt is not null).ThenBy(status => status.Standard).ThenBy(status => status.Position).ThenBy(status => status.Id).ToList() });
    }

    private static async Task<IResult> AddStatusAsync(HttpContext http, KeepStatus keep, [FromForm] StatusForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await keep.RunAsync(null, form, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo("/agent/statuses?done=saved") : Page.ShowProblems<StatusPage>(new { Form = form, outcome.Problems });
    }

    private static async Task<IResult> ShowStatusAsync(Database database, long id, CancellationToken cancellation) =>
        await database.Set<CustomStatus>().AsNoTracking().FirstOrDefaultAsync(status => status.Id == id, cancellation) is { } status
            ? Page.Show<StatusPage>(new { Status = status, Form = StatusForm.Of(status) })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeStatusAsync(HttpContext http, Database database, KeepStatus keep, long id, [FromForm] StatusForm form, CancellationToken cancellation)
    {
        if (await database.Set<CustomStatus>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } status)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        form.Standard = status.Standard;
        var outcome = await keep.RunAsync(id, form, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo("/agent/statuses?done=saved") : Page.ShowProblems<StatusPage>(new { Status = status, Form = form, outcome.Problems });
    }

    private static async Task<IResult> RetireStatusAsync(HttpContext http, KeepStatus keep, long id, bool retired, CancellationToken cancellation) =>
        await keep.RetireAsync(id, retired, http.Staff(), cancellation) is null ? TypedResults.NotFound() : Page.GoTo("/agent/statuses?done=saved");

    private static async Task<IResult> ShowFieldsAsync(HttpContext http, Database database, SiteDirectory sites, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var fields = await database.Set<TicketField>().AsNoTracking().OrderBy(field => field.RetiredAt != null).ThenBy(field => field.Position).ThenBy(field => field.Id).Take(KeepField.Most).ToListAsync(cancellation);
        return Page.Show<FieldsPage>(new
        {
            Fields = fields.Where(field => field.SiteId is null || staff.SeesSite(field.SiteId.Value)).ToList(),
            Sites = await sites.VisibleToAsync(staff, cancellation),
        });
    }

    private static async Task<IResult> ShowNewFieldAsync(HttpContext http, SiteDirectory sites, CancellationToken cancellation) =>
        Page.Show<FieldPage>(new { Form = new FieldForm(), Sites = await sites.VisibleToAsync(http.Staff(), cancellation), MayBeForAll = http.Staff().SiteIds is null });

    private static async Task<IResult> AddFieldAsync(HttpContext http, KeepField keep, SiteDirectory sites, [FromForm] FieldForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await keep.RunAsync(null, form, http.Staff(), cancellation);
        return await AnswerAsync(http, sites, null, form, outcome, cancellation);
    }

    private static async Task<IResult> ShowFieldAsync(HttpContext http, Database database, SiteDirectory sites, long id, CancellationToken cancellation) =>
        await FindFieldAsync(http, database, id, cancellation) is { } field
            ? Page.Show<FieldPage>(new { Field = field, Form = FieldForm.Of(field), Sites = await sites.VisibleToAsync(http.Staff(), cancellation), MayBeForAll = http.Staff().SiteIds is null })
            : TypedResults.NotFound();

    private static async Task<IResult> ChangeFieldAsync(
        HttpContext http, Database database, KeepField keep, SiteDirectory sites, long id, [FromForm] FieldForm form, CancellationToken cancellation)
    {
        if (await FindFieldAsync(http, database, id, cancellation) is not { } field)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        (form.Key, form.Type) = (field.Key, field.Type);
        return await AnswerAsync(http, sites, field, form, await keep.RunAsync(id, form, http.Staff(), cancellation), cancellation);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, SiteDirectory sites, TicketField? field, FieldForm form, Outcome<TicketField> outcome, CancellationToken cancellation) =>
        outcome.Succeeded
            ? Page.GoTo("/agent/fields?done=saved")
            : Page.ShowProblems<FieldPage>(new { Field = field, Form = form, Sites = await sites.VisibleToAsync(http.Staff(), cancellation), MayBeForAll = http.Staff().SiteIds is null, outcome.Problems });

    private static async Task<IResult> RetireFieldAsync(HttpContext http, KeepField keep, long id, bool retired, CancellationToken cancellation) =>
        await keep.RetireAsync(id, retired, http.Staff(), cancellation) is null ? TypedResults.NotFound() : Page.GoTo("/agent/fields?done=saved");

    private static async Task<TicketField?> FindFieldAsync(HttpContext http, Database database, long id, CancellationToken cancellation) =>
        await database.Set<TicketField>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } field && (field.SiteId is null || http.Staff().SeesSite(field.SiteId.Value)) ? field : null;
}
