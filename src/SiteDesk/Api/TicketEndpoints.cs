using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Api;

/// <summary>Tickets and their messages.</summary>
internal static class TicketEndpoints
{
    public static void MapTicketApi(this RouteGroupBuilder api)
    {
        var tickets = api.MapGroup("/tickets").WithTags("Tickets");
        tickets.MapGet("", ListAsync).Scoped(ApiScopes.ReadTickets).Needs(TicketPermissions.Read)
            .WithSummary("List tickets, newest change first").Produces<ApiPage<TicketResource>>();
        tickets.MapPost("", OpenAsync).Scoped(ApiScopes.WriteTickets).Needs(TicketPermissions.Change).Takes<NewTicket>()
            .WithSummary("Open a ticket").WithDescription("With an Idempotency-Key header a repeat gives the ticket that is already there.")
            .Produces<TicketResource>(StatusCodes.Status201Created).Produces<TicketResource>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        tickets.MapGet("/{id:long}", GetAsync).Scoped(ApiScopes.ReadTickets).Needs(TicketPermissions.Read)
            .WithSummary("Get a ticket").Produces<TicketResource>().ProducesProblem(StatusCodes.Status404NotFound);
        tickets.MapPatch("/{id:long}", ChangeAsync).Scoped(ApiScopes.WriteTickets).Needs(TicketPermissions.Change).Takes<TicketChanges>()
            .WithSummary("Change a ticket").Produces<TicketResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        tickets.MapGet("/{id:long}/messages", MessagesAsync).Scoped(ApiScopes.ReadTickets).Needs(TicketPermissions.Read)
            .WithSummary("List a ticket's messages and notes, oldest first").Produces<ApiPage<MessageResource>>().ProducesProblem(StatusCodes.Status404NotFound);
        tickets.MapPost("/{id:long}/messages", ReplyAsync).Scoped(ApiScopes.WriteTickets).Needs(TicketPermissions.Note).Takes<NewMessage>()
            .WithSummary("Answer, or leave a note").WithDescription("With an Idempotency-Key header a repeat gives the message that is already there. With afterMessageId an answer is refused (409) when something newer has come.")
            .Produces<MessageResource>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Database database, SearchTickets search, string? query, string? status, long? siteId, long? assigneeId, long? customerId,
        DateTimeOffset? updatedSince, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (ApiCursor.IsForeign(cursor, 2))
            return ApiCursor.Refuse(http);
        var staff = http.Staff();
        var tickets = database.Set<Ticket>().AsNoTracking().VisibleTo(staff);
        if (status is not null)
        {
            if (!Enum.TryParse<StandardStatus>(status, ignoreCase: true, out var wished) || !Enum.IsDefined(wished))
                return ApiProblem.Of(http, StatusCodes.Status422UnprocessableEntity, "api.value-unknown", ("field", "status"));
            tickets = tickets.Where(ticket => ticket.Status == wished);
        }

        if (siteId is not null)
            tickets = tickets.Where(ticket => ticket.SiteId == siteId);
        if (assigneeId is not null)
            tickets = tickets.Where(ticket => ticket.AssigneeId == assigneeId);
        if (customerId is not null)
            tickets = tickets.Where(ticket => ticket.CustomerId == customerId);
        if (updatedSince is { } since)
            tickets = tickets.Where(ticket => ticket.UpdatedAt >= since.UtcDateTime);
        if (query is { Length: > 0 })
        {
            var found = await search.RunAsync(query, http.Texts().TimeZone, staff, cancellation);
            tickets = tickets.Where(ticket => found.Contains(ticket.Id));
        }

        if (ApiCursor.Read(cursor, 2) is [var ticks, var id] && ticks <= DateTime.MaxValue.Ticks)
        {
            var updatedAt = new DateTime(ticks, DateTimeKind.Utc);
            tickets = tickets.Where(ticket => ticket.UpdatedAt <= updatedAt && (ticket.UpdatedAt < updatedAt || ticket.Id < id));
        }

        var wanted = ApiCursor.Limit(limit);
        var rows = new List<Ticket>();

        // What somebody has is indexed pile by pile, so it is read so; the newest of all piles are the page.
        foreach (var pile in assigneeId is null ? [tickets] : Enum.GetValues<TicketStage>().Select(stage => tickets.Where(ticket => ticket.Stage == stage)))
        {
            rows.AddRange(await pile.OrderByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id)
                .Include(ticket => ticket.Tags).Include(ticket => ticket.Fields).Take(wanted + 1).ToListAsync(cancellation));
        }

        var page = rows.OrderByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id).Take(wanted).ToList();
        return TypedResults.Ok(new ApiPage<TicketResource>(
            page.ConvertAll(TicketResource.Of), rows.Count > wanted ? ApiCursor.Write(page[^1].UpdatedAt.Ticks, page[^1].Id) : null));
    }

    private static async Task<IResult> GetAsync(HttpContext http, Database database, long id, CancellationToken cancellation) =>
        await FindAsync(database, http.Staff(), id, cancellation) is { } ticket
            ? TypedResults.Ok(TicketResource.Of(ticket))
            : ApiProblem.Of(http, StatusCodes.Status404NotFound, "ticket.not-found");

    private static async Task<IResult> OpenAsync(HttpContext http, Database database, OpenTicket open, SiteDirectory sites, CustomerOfRequest customers, CancellationToken cancellation)
    {
        var (body, problem) = await ApiProblem.ReadAsync<NewTicket>(http);
        if (body is null)
            return problem!;
        if (HasUnusableKey(http))
            return ApiProblem.Of(http, StatusCodes.Status400BadRequest, "api.key-length", ("count", LongestKey));
        var staff = http.Staff();
        var visible = await sites.VisibleToAsync(staff, cancellation);
        var site = body.SiteId is { } wished ? visible.FirstOrDefault(site => site.Id == wished) : visible.Count == 1 ? visible[0] : null;
        if (site is null)
            return ApiProblem.Of(http, [new Problem("siteId", "api.site-needed")]);
        if (body.Channel is { Length: 0 or > Ticket.LongestChannel })
            return ApiProblem.Of(http, [new Problem("channel", "api.value-unknown", ("field", "channel"))]);

        // The customer may be stored by somebody else at the same moment: then they are there when they are looked for again.
        const int tries = 5;
        return await database.AgainOnConflictAsync(tries, FindCustomerAndOpenAsync, cancellation);

        async Task<IResult> FindCustomerAndOpenAsync()
        {
            var customer = await customers.FindOrMakeAsync(body.Customer, site, staff, cancellation);
            if (!customer.Succeeded)
                return ApiProblem.Of(http, customer.Problems);
            var key = IdempotencyKey(http);
            var outcome = await open.RunAsync(
                new OpenTicket.Request(
                    site.Id, customer.Value, body.Channel ?? "api", key is null ? Tokens.New() : "opening", body.Text ?? "",
                    Actor.Customer(customer.Value.Id, customer.Value.DisplayName), body.Subject ?? "", Languages.Match(body.Language), Whole(body.Files),
                    Tags: Whole(body.Tags), Token: key is null ? null : TokenFor(http, key), Priority: body.Priority, MayRepeat: key is not null),
                cancellation);
            if (!outcome.Succeeded)
                return ApiProblem.Of(http, outcome.Problems);
            if (outcome.Value.IsRepeat && outcome.Value.Message.Text != MessageComposer.Clean(body.Text ?? ""))
                return ApiProblem.Of(http, StatusCodes.Status422UnprocessableEntity, "api.key-reused");
            var resource = TicketResource.Of(outcome.Value.Ticket);
            return outcome.Value.IsRepeat ? TypedResults.Ok(resource) : TypedResults.Created($"/api/v1/tickets/{resource.Id}", resource);
        }
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, Database database, ChangeTickets change, long id, CancellationToken cancellation)
    {
        var (body, problem) = await ApiProblem.ReadAsync<TicketChanges>(http);
        if (body is null)
            return problem!;
        var outcome = await change.RunAsync([id], new ChangeTickets.Changes
        {
            Status = body.Status,
            Priority = body.Priority,
            AssigneeId = body.AssigneeId,
            TeamId = body.TeamId,
            Subject = body.Subject,
            AddTags = Whole(body.AddTags) ?? [],
            RemoveTags = Whole(body.RemoveTags) ?? [],
            Junk = body.Junk,
        }, http.Staff(), cancellation);
        // Asked by its number alone: who hands a ticket to another team may not see it any more, and has to know that it was done.
        return outcome.Succeeded
            ? TypedResults.Ok(TicketResource.Of(await WithParts(database).FirstAsync(ticket => ticket.Id == id, cancellation)))
            : ApiProblem.Of(http, outcome.Problems);
    }

    private static async Task<IResult> MessagesAsync(HttpContext http, Database database, long id, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (ApiCursor.IsForeign(cursor, 1))
            return ApiCursor.Refuse(http);
        var staff = http.Staff();
        if (!await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.Id == id, cancellation))
            return ApiProblem.Of(http, StatusCodes.Status404NotFound, "ticket.not-found");
        var after = ApiCursor.Read(cursor, 1) is [var position] ? position : 0;
        var wanted = ApiCursor.Limit(limit);
        var rows = await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => message.TicketId == id && message.Id > after).OrderBy(message => message.Id).Take(wanted + 1).ToListAsync(cancellation);
        var page = rows.Take(wanted).ToList();
        return TypedResults.Ok(new ApiPage<MessageResource>(page.ConvertAll(message => MessageResource.Of(message, staff)), rows.Count > wanted ? ApiCursor.Write(page[^1].Id) : null));
    }

    private static async Task<IResult> ReplyAsync(HttpContext http, ReplyToTicket reply, long id, CancellationToken cancellation)
    {
        var (body, problem) = await ApiProblem.ReadAsync<NewMessage>(http);
        if (body is null)
            return problem!;
        if (HasUnusableKey(http))
            return ApiProblem.Of(http, StatusCodes.Status400BadRequest, "api.key-length", ("count", LongestKey));
        var staff = http.Staff();
        if (body.Kind == MessageKind.Public && !staff.May(TicketPermissions.Reply))
            return ApiProblem.Of(http, StatusCodes.Status403Forbidden, "api.may-not-reply");
        if (body is { Kind: MessageKind.Note, ThenStatus: not null } && !staff.May(TicketPermissions.Change))
            return ApiProblem.Of(http, StatusCodes.Status403Forbidden, "api.may-not-change");
        var outcome = await reply.RunAsync(
            new ReplyToTicket.Request(id, body.Kind, body.Text ?? "", IdempotencyKey(http) is { } key ? TokenFor(http, key) : Tokens.New(), body.AfterMessageId, Whole(body.Files), ThenStatus: body.ThenStatus, Channel: "api"),
            staff, cancellation);
        if (!outcome.Succeeded)
            return ApiProblem.Of(http, outcome.Problems);
        if (outcome.Value.Message is not { } message)
            return ApiProblem.Of(http, StatusCodes.Status409Conflict, "api.newer-messages");
        return message.Kind == body.Kind && message.Text == MessageComposer.Clean(body.Text ?? "")
            ? TypedResults.Created($"/api/v1/tickets/{id}/messages", MessageResource.Of(message, staff))
            : ApiProblem.Of(http, StatusCodes.Status422UnprocessableEntity, "api.key-reused");
    }

    private static Task<Ticket?> FindAsync(Database database, Staff staff, long id, CancellationToken cancellation) =>
        WithParts(database).VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation);

    private static IQueryable<Ticket> WithParts(Database database) =>
        database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Tags).Include(ticket => ticket.Fields);

    /// <summary>JSON may have null within a list: as an empty text it is refused like one.</summary>
    private static List<string>? Whole(List<string>? given) => given?.ConvertAll(text => text ?? "");

    /// <summary>Characters of a key for repeats.</summary>
    private const int LongestKey = 64;

    private static string? IdempotencyKey(HttpContext http) =>
        http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : null;

    /// <summary>Passed over, a key would leave its sender believing that a repeat is harmless.</summary>
    private static bool HasUnusableKey(HttpContext http) => IdempotencyKey(http) is { Length: > LongestKey };

    /// <summary>
    /// The same call gives the same public name, so the database itself refuses the second ticket or message. Nobody else can compute
    /// it, and no other program's key is taken for it: it takes the hash of the caller's secret.
    /// </summary>
    private static string TokenFor(HttpContext http, string key) =>
        System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(
            Encoding.ASCII.GetBytes(BearerAuthenticationMiddleware.CallerOf(http).TokenHash), Encoding.UTF8.GetBytes(key)).AsSpan(0, 20));
}
