using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Api;

/// <summary>What tickets refer to: sites, staff, teams, files.</summary>
internal static class DirectoryEndpoints
{
    public static void MapDirectoryApi(this RouteGroupBuilder api)
    {
        api.MapGet("/sites", SitesAsync).Scoped(ApiScopes.ReadDirectory).Needs(TicketPermissions.Read).WithTags("Directory")
            .WithSummary("List sites").Produces<ApiPage<SiteResource>>();
        api.MapGet("/staff", StaffAsync).Scoped(ApiScopes.ReadDirectory).Needs(TicketPermissions.Read).WithTags("Directory")
            .WithSummary("List staff").Produces<ApiPage<StaffResource>>();
        api.MapGet("/teams", TeamsAsync).Scoped(ApiScopes.ReadDirectory).Needs(TicketPermissions.Read).WithTags("Directory")
            .WithSummary("List teams").Produces<ApiPage<TeamResource>>();
        api.MapPost("/files", KeepFileAsync).Scoped(ApiScopes.WriteFiles).Needs(TicketPermissions.Note).WithTags("Files")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(48 * 1024 * 1024))
            .WithSummary("Send a file").WithDescription("The bytes are the body; the name is the query parameter. The token then belongs into a message.")
            .Produces<FileResource>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/tickets/{id:long}/files/{token}", FileAsync).Scoped(ApiScopes.ReadTickets).Needs(TicketPermissions.Read).WithTags("Files")
            .WithSummary("Get a file of a ticket").Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SitesAsync(HttpContext http, SiteDirectory sites, CancellationToken cancellation) =>
        TypedResults.Ok(new ApiPage<SiteResource>([.. (await sites.VisibleToAsync(http.Staff(), cancellation)).Select(SiteResource.Of)], null));

    private static async Task<IResult> StaffAsync(HttpContext http, Database database, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (ApiCursor.IsForeign(cursor, 1))
            return ApiCursor.Refuse(http);
        var after = ApiCursor.Read(cursor, 1) is [var position] ? position : 0;
        var wanted = ApiCursor.Limit(limit);
        var rows = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Teams)
            .Where(member => member.DeactivatedAt == null && member.Id > after).OrderBy(member => member.Id).Take(wanted + 1).ToListAsync(cancellation);
        var page = rows.Take(wanted).ToList();
        return TypedResults.Ok(new ApiPage<StaffResource>(page.ConvertAll(StaffResource.Of), rows.Count > wanted ? ApiCursor.Write(page[^1].Id) : null));
    }

    private static async Task<IResult> TeamsAsync(Database database, CancellationToken cancellation) =>
        TypedResults.Ok(new ApiPage<TeamResource>(
            (await database.Set<Team>().AsNoTracking().OrderBy(team => team.Name).Take(500).ToListAsync(cancellation)).ConvertAll(team => new TeamResource(team.Id, team.Name, team.Names)), null));

    private static async Task<IResult> KeepFileAsync(HttpContext http, FileStore files, Database database, string? name, CancellationToken cancellation)
    {
        var kept = await files.KeepAsync(http.Request.Body, name ?? "file", http.Request.ContentType ?? "", cancellation);
        if (!kept.Succeeded)
            return ApiProblem.Of(http, kept.Problems);
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Created((string?)null, FileResource.Of(kept.Value));
    }

    private static async Task<IResult> FileAsync(HttpContext http, Database database, FileStore files, long id, string token, CancellationToken cancellation)
    {
        var file = await database.Set<Ticket>().VisibleTo(http.Staff()).Where(ticket => ticket.Id == id)
            .Join(database.Set<Message>(), ticket => ticket.Id, message => message.TicketId, (_, message) => message)
            .SelectMany(message => message.Files).Select(file => file.File).FirstOrDefaultAsync(file => file.Token == token, cancellation);
        return file is null ? ApiProblem.Of(http, StatusCodes.Status404NotFound, "api.file-missing") : FileAnswer.Of(http, files, file);
    }
}
