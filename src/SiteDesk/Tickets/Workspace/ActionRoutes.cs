using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>What an agent does to tickets: each form of the workspace ends here, with streams for scripts and a redirect without.</summary>
public static class ActionRoutes
{
    public static void MapActions(this IEndpointRouteBuilder routes)
    {
        var agent = routes.MapGroup("/agent");
        agent.MapPost("/tickets/{id:long}/messages", SayAsync).Needs(TicketPermissions.Note);
        agent.MapPut("/tickets/{id:long}/draft", DraftRoute.KeepAsync).Needs(TicketPermissions.Note);
        agent.MapPost("/tickets/changes", ChangeAsync).Needs(TicketPermissions.Read);
        agent.MapPost("/undo/{batch}", UndoAsync).Needs(TicketPermissions.Read);
        agent.MapPost("/tickets/{id:long}/following", FollowAsync).Needs(TicketPermissions.Read);
        agent.MapPost("/files", KeepFileAsync).Needs(TicketPermissions.Note).WithMetadata(new RequestSizeLimitAttribute(LargestUpload));
        agent.MapGet("/files/{token}", SendFileAsync).Needs(TicketPermissions.Read);
        agent.MapPost("/preview", PreviewAsync).Needs(TicketPermissions.Reply);
    }

    private const long LargestUpload = 64 * 1024 * 1024;

    private static async Task<IResult> SayAsync(
        HttpContext http, long id, ReplyToTicket replies, DeskReader desk, DeskNamesCache namesCache, TicketReader tickets, TimeProvider time, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var form = await http.Request.ReadFormAsync(cancellation);
        var names = await namesCache.ReadAsync(cancellation);
        // A button of the form may name the kind once more ("add as a note"): the last one given counts. Where none is
        // given, who may not answer leaves a note.
        var kind = form["kind"].LastOrDefault() ?? (staff.May(TicketPermissions.Reply) ? "reply" : "note");
        var isNote = kind == "note";
        if (!isNote && !staff.May(TicketPermissions.Reply))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        StandardStatus? thenStatus = Enum.TryParse<StandardStatus>(form["then"], out var then) && Enum.IsDefined(then) ? then : null;
        if (isNote && thenStatus is not null && !staff.May(TicketPermissions.Change))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var text = form["text"].ToString();
        var outcome = await replies.RunAsync(
            new ReplyToTicket.Request(
                id, isNote ? MessageKind.Note : MessageKind.Public, text, form["submission"].ToString(),
                SeenMessageId: form["anyway"] == "true" ? null : long.TryParse(form["seen"], CultureInfo.InvariantCulture, out var seen) ? seen : 0,
                FileTokens: [.. form["files"].OfType<string>().Where(token => token.Length > 0)],
                MentionedIds: isNote ? Mentioned(text, names) : [],
                ThenStatus: thenStatus,
                IsMarkdown: true, DraftRevision: long.TryParse(form["draft"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null),
            staff, cancellation);
        if (!outcome.Succeeded)
            return Refuse(http, outcome.Problems, $"/agent/tickets/{id}");
        if (outcome.Value.Message is null)
        {
            var page = await tickets.ReadAsync(staff, id, cancellation);
            return page is null ? TypedResults.NotFound()
                : TurboStream.IsWanted(http) ? TurboStream.Show<HeldStreams>(new { Page = page, outcome.Value.Newer, Staff = staff, Names = names, Now = time.Now() }, StatusCodes.Status409Conflict)
                : Page.GoTo($"/agent/tickets/{id}");
        }

        var undo = isNote ? null : $"/agent/tickets/{id}/messages/{outcome.Value.Message.Id}/withdrawal";
        return TurboStream.IsWanted(http)
            ? await desk.ShowTicketStreamsAsync(http, id, http.Texts()[isNote ? "toast.noted" : "toast.sent"], undo, true, cancellation)
            : Page.GoTo($"/agent/tickets/{id}");
    }

    /// <summary>What the customer will see of an answer.</summary>
    private static async Task<IResult> PreviewAsync(Database database, [FromForm] string? text, [FromForm] string? files, CancellationToken cancellation)
    {
        var clean = MessageComposer.Clean(text ?? "");
        if (clean.Length > Message.LongestText)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (FormattedText.ToHtml(clean) is not { } html)
            return TypedResults.Text(MessageBody.OfPlain(clean), "text/html");
        var tokens = (files ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Take(MessageComposer.MostFiles).ToList();
        var attached = tokens.Count == 0 ? [] : await database.Set<StoredFile>().AsNoTracking().Where(file => tokens.Contains(file.Token) && file.AttachedAt == null).ToListAsync(cancellation);
        return TypedResults.Text(InlinePictures.Show(html, attached, file => $"/agent/files/{file.Token}"), "text/html");
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, ChangeTickets changes, DeskReader desk, DeskNamesCache namesCache, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var form = await http.Request.ReadFormAsync(cancellation);
        var ids = form["numbers"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct().ToList();
        if (ids.Count == 0)
            return TypedResults.BadRequest();
        var wanted = ChangesIn(form);
        if (wanted.Junk is not null && !staff.May(TicketPermissions.Junk) || (wanted.Junk is null || wanted.SetsMoreThanJunk) && !staff.May(TicketPermissions.Change))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);

        if (Check(wanted, await namesCache.ReadAsync(cancellation)) is { } forged)
            return Refuse(http, [forged], "/agent/tickets");
        var outcome = await changes.RunAsync(ids, wanted, staff, cancellation);
        if (!outcome.Succeeded)
            return Refuse(http, outcome.Problems, "/agent/tickets");
        var toast = ToastFor(http.Texts(), wanted, outcome.Value.Tickets.Count);
        return await AnswerAsync(http, desk, form["ticket"], form["view"], toast, $"/agent/undo/{outcome.Value.Batch}", cancellation);
    }

    private static async Task<IResult> UndoAsync(HttpContext http, UndoChanges undo, DeskReader desk, string batch, CancellationToken cancellation)
    {
        var outcome = await undo.RunAsync(batch, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return Refuse(http, outcome.Problems, "/agent/tickets");
        // The list follows by the live signal; the open ticket, when it is the one, comes with the answer.
        var only = outcome.Value.Count == 1 ? outcome.Value[0].Id.ToString(CultureInfo.InvariantCulture) : "";
        return await AnswerAsync(http, desk, only, "", http.Texts()["toast.undone", ("count", outcome.Value.Count)], null, cancellation);
    }

    private static async Task<IResult> FollowAsync(HttpContext http, Database database, DeskReader desk, long id, [FromForm] bool follow, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var ticket = await database.Set<Ticket>().VisibleTo(staff).Include(row => row.Followers).FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (ticket is null)
            return TypedResults.NotFound();
        if (follow)
            ticket.Follow(staff.Id);
        else
            ticket.Unfollow(staff.Id);
        await database.SaveChangesAsync(cancellation);
        return await AnswerAsync(http, desk, $"{id}", "", http.Texts()[follow ? "toast.following" : "toast.not-following"], null, cancellation);
    }

    private static async Task<IResult> KeepFileAsync(HttpContext http, FileStore files, Database database, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        if (form.Files.Count != 1)
            return TypedResults.Problem(http.Texts()["file.one"], statusCode: StatusCodes.Status400BadRequest);
        await using var content = form.Files[0].OpenReadStream();
        var outcome = await files.KeepAsync(content, form.Files[0].FileName, form.Files[0].ContentType, cancellation);
        if (!outcome.Succeeded)
            return TypedResults.Problem(http.Texts().Of(outcome.Problems[0]), statusCode: StatusCodes.Status422UnprocessableEntity);
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Ok(new { id = outcome.Value.Token, name = outcome.Value.Name, picture = InlinePictures.KeyOf(outcome.Value), size = http.Texts().Size(outcome.Value.Size) });
    }

    /// <summary>A file of a ticket that this person may see. Only pictures are shown; everything else is handed over for saving.</summary>
    private static async Task<IResult> SendFileAsync(HttpContext http, FileStore files, Database database, string token, CancellationToken cancellation)
    {
        if (await files.FindAsync(token, cancellation) is not { } file)
            return TypedResults.NotFound();
        var owner = await database.Set<Message>().AsNoTracking().Where(message => message.Files.Any(attached => attached.FileId == file.Id)).Select(message => message.TicketId).FirstOrDefaultAsync(cancellation);
        // Nobody's yet: who knows its name has put it up, and sees it in the preview.
        if (owner == 0 && file is { IsPicture: true, AttachedAt: null })
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Stream(files.Open(file), file.ContentType);
        }

        if (owner == 0 || !await database.Set<Ticket>().VisibleTo(http.Staff()).AnyAsync(ticket => ticket.Id == owner, cancellation))
            return TypedResults.NotFound();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(files.Open(file), file.IsPicture ? file.ContentType : "application/octet-stream", file.IsPicture ? null : file.Name, enableRangeProcessing: true);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, DeskReader desk, string? ticket, string? view, string toast, string? undo, CancellationToken cancellation)
    {
        if (!TurboStream.IsWanted(http))
            return Page.GoTo(long.TryParse(ticket, CultureInfo.InvariantCulture, out var number) ? $"/agent/tickets/{number}" : $"/agent/tickets?view={Uri.EscapeDataString(view ?? StandardViews.Open)}");
        if (long.TryParse(ticket, CultureInfo.InvariantCulture, out var id))
            return await desk.ShowTicketStreamsAsync(http, id, toast, undo, false, cancellation);
        return string.IsNullOrEmpty(view)
            ? TurboStream.Show<ToastStream>(new { Text = toast, Undo = undo })
            : await desk.ShowRowsAsync(http, new InboxSelection(view), toast, undo, cancellation);
    }

    internal static IResult Refuse(HttpContext http, IReadOnlyList<Problem> problems, string back) => TurboStream.IsWanted(http)
        ? TurboStream.Show<ToastStream>(new { Text = string.Join(" ", problems.Select(http.Texts().Of)), IsBad = true }, StatusCodes.Status422UnprocessableEntity)
        : Page.GoTo(back);

    private static readonly char[] TagSeparators = [',', ';', '，', '、', '；'];

    private static ChangeTickets.Changes ChangesIn(IFormCollection form)
    {
        var status = form["status"].ToString().Split(':');
        // One field for several, as people write them in three languages; the last button pressed says which way.
        var tags = form["tags"].ToString().Split(TagSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        var removes = form["tagging"] == "remove";
        return new()
        {
            Status = Enum.TryParse<StandardStatus>(status[0], out var standard) && Enum.IsDefined(standard) ? standard : null,
            CustomStatusId = status.Length > 1 && long.TryParse(status[1], CultureInfo.InvariantCulture, out var custom) ? custom : null,
            Priority = Enum.TryParse<TicketPriority>(form["priority"], out var priority) && Enum.IsDefined(priority) ? priority : null,
            AssigneeId = KeyIn(form["assignee"]),
            TeamId = KeyIn(form["team"]),
            Subject = form.ContainsKey("subject") ? form["subject"].ToString() : null,
            AddTags = [.. form["addTag"].OfType<string>(), .. removes ? [] : tags],
            RemoveTags = [.. form["removeTag"].OfType<string>(), .. removes ? tags : []],
            // A check box sends an empty value before its own: the last one counts.
            Fields = form.Keys.Where(key => key.StartsWith("field-", StringComparison.Ordinal) && long.TryParse(key["field-".Length..], CultureInfo.InvariantCulture, out _))
                .ToDictionary(key => long.Parse(key["field-".Length..], CultureInfo.InvariantCulture), key => form[key].LastOrDefault() ?? ""),
            Junk = bool.TryParse(form["junk"], out var junk) ? junk : null,
        };
    }

    /// <summary>Keys that name nobody and nothing: somebody left meanwhile, or the request was made by hand.</summary>
    private static Problem? Check(ChangeTickets.Changes wanted, DeskNames names) => wanted switch
    {
        { AssigneeId: { } assignee and > 0 } when names.Assignable.All(member => member.Id != assignee) => new("assignee", "ticket.gone-person"),
        { TeamId: { } team and > 0 } when !names.Teams.ContainsKey(team) => new("team", "ticket.gone-team"),
        { CustomStatusId: { } status } when !names.Statuses.TryGetValue(status, out var custom) || custom.Standard != wanted.Status => new("status", "ticket.gone-status"),
        _ when wanted.Fields.Keys.Any(key => names.Fields.All(field => field.Id != key)) => new("fields", "ticket.gone-field"),
        _ when wanted.Fields.Any(wish => !names.Fields.First(field => field.Id == wish.Key).Takes(wish.Value)) => new("fields", "ticket.field-wrong"),
        _ => null,
    };

    private static long? KeyIn(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;

    private static string ToastFor(Texts texts, ChangeTickets.Changes changes, int count) => changes switch
    {
        { Junk: true } => texts["toast.junk", ("count", count)],
        { Junk: false } => texts["toast.restored", ("count", count)],
        { Status: { } status } => texts["toast.status", ("count", count), ("status", texts.Status(status))],
        { AssigneeId: not null } => texts["toast.assigned", ("count", count)],
        _ => texts["toast.changed", ("count", count)],
    };

    /// <summary>Colleagues named after an @ in a note, the longest name first so that "Ann" does not win over "Ann Lee".</summary>
    private static List<long> Mentioned(string text, DeskNames names) =>
        [.. names.Mentionable.Where(member => text.Contains("@" + member.Name, StringComparison.Ordinal)).Select(member => member.Id)];
}
