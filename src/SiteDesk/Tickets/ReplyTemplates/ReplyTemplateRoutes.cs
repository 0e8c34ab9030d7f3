using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>Templates of replies: kept in the settings, put in while writing.</summary>
internal static class ReplyTemplateRoutes
{
    public static void AddReplyTemplates(this IServiceCollection services)
    {
        services.AddScoped<KeepReplyTemplate>();
        services.AddScoped<OfferReplyTemplates>();
        services.AddScoped<ReplyTemplateScopes>();
        services.AddHandler<TeamRemoved, RetireTeamTemplates>();
        services.AddSettingsEntry(SettingsGroup.Tickets, "reply-template.title", "/agent/reply-templates", "reply", TicketPermissions.Templates, 3);
        services.AddSingleton(new ComposerSource("reply-template.insert", "layers", ticketId => $"/agent/reply-templates/for/{ticketId}", TicketPermissions.Reply));
    }

    public static void MapReplyTemplates(this IEndpointRouteBuilder routes)
    {
        var templates = routes.MapGroup("/agent/reply-templates").Needs(TicketPermissions.Templates);
        templates.MapGet("", ShowAllAsync);
        templates.MapGet("/new", (HttpContext http, ReplyTemplateScopes scopes, CancellationToken cancellation) => ShowAsync(http, scopes, null, new ReplyTemplateForm(), cancellation));
        templates.MapPost("", AddAsync);
        templates.MapGet("/{id:long}", ShowOneAsync);
        templates.MapPost("/{id:long}", ChangeAsync);
        templates.MapPost("/{id:long}/retirement", (HttpContext http, KeepReplyTemplate keep, long id, CancellationToken cancellation) => RetireAsync(http, keep, id, true, cancellation));
        templates.MapPost("/{id:long}/restoration", (HttpContext http, KeepReplyTemplate keep, long id, CancellationToken cancellation) => RetireAsync(http, keep, id, false, cancellation));
        routes.MapGet("/agent/reply-templates/for/{ticket:long}", OfferAsync).Needs(TicketPermissions.Reply);
    }

    private static async Task<IResult> ShowAllAsync(HttpContext http, Database database, ReplyTemplateScopes scopes, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var templates = await database.Set<ReplyTemplate>().AsNoTracking().OrderBy(template => template.Id).Take(KeepReplyTemplate.Most).ToListAsync(cancellation);
        return Page.Show<ReplyTemplatesPage>(new
        {
            Templates = templates.Where(template => (template.SiteId is null || staff.SeesSite(template.SiteId.Value)) && (template.TeamId is null || staff.SeesTeam(template.TeamId)))
                .OrderBy(template => template.RetiredAt is not null).ThenBy(template => template.Name, StringComparer.CurrentCultureIgnoreCase).ToList(),
            Scopes = await scopes.ReadAsync(staff, cancellation),
            Staff = staff,
        });
    }

    private static async Task<IResult> ShowOneAsync(HttpContext http, Database database, ReplyTemplateScopes scopes, long id, CancellationToken cancellation) =>
        await FindAsync(http, database, id, cancellation) is { } template ? await ShowAsync(http, scopes, template, ReplyTemplateForm.Of(template), cancellation) : TypedResults.NotFound();

    private static async Task<IResult> AddAsync(HttpContext http, KeepReplyTemplate keep, ReplyTemplateScopes scopes, [FromForm] ReplyTemplateForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        return await AnswerAsync(http, scopes, null, form, await keep.RunAsync(null, form, http.Staff(), cancellation), cancellation);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Database database, KeepReplyTemplate keep, ReplyTemplateScopes scopes, long id, [FromForm] ReplyTemplateForm form, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } template)
            return TypedResults.NotFound();
        form ??= new(); // an empty form binds to nothing
        return await AnswerAsync(http, scopes, template, form, await keep.RunAsync(id, form, http.Staff(), cancellation), cancellation);
    }

    private static async Task<IResult> RetireAsync(HttpContext http, KeepReplyTemplate keep, long id, bool retired, CancellationToken cancellation) =>
        await keep.RetireAsync(id, retired, http.Staff(), cancellation) is null ? TypedResults.NotFound() : Page.GoTo("/agent/reply-templates?done=saved");

    private static async Task<IResult> OfferAsync(HttpContext http, OfferReplyTemplates offer, PublicAddress address, long ticket, string? query, CancellationToken cancellation) =>
        await offer.RunAsync(ticket, (query ?? "").UpTo(100), address.Of(http).TrimEnd('/'), http.Staff(), cancellation) is { } offers ? Page.Show<ReplyTemplateMenu>(new { Offers = offers }) : TypedResults.NotFound();

    private static async Task<IResult> ShowAsync(HttpContext http, ReplyTemplateScopes scopes, ReplyTemplate? template, ReplyTemplateForm form, CancellationToken cancellation) =>
        Page.Show<ReplyTemplatePage>(new { Template = template, Form = form, Scopes = await scopes.ReadAsync(http.Staff(), cancellation) });

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ReplyTemplateScopes scopes, ReplyTemplate? template, ReplyTemplateForm form, Outcome<ReplyTemplate> outcome, CancellationToken cancellation) =>
        outcome.Succeeded
            ? Page.GoTo("/agent/reply-templates?done=saved")
            : Page.ShowProblems<ReplyTemplatePage>(new { Template = template, Form = form, Scopes = await scopes.ReadAsync(http.Staff(), cancellation), outcome.Problems });

    private static async Task<ReplyTemplate?> FindAsync(HttpContext http, Database database, long id, CancellationToken cancellation) =>
        await database.Set<ReplyTemplate>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } template && KeepReplyTemplate.MayKeep(template.SiteId, template.TeamId, http.Staff()) ? template : null;
}
