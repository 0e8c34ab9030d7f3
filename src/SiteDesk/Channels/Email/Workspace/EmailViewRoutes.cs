using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Workspace;

/// <summary>What the workspace shows of mail: the original of a message, and who receives the next answer.</summary>
internal static class EmailViewRoutes
{
    private const int MostCopies = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var originals = routes.MapGroup("/agent/messages/{id:long}/original").Needs(TicketPermissions.Read);
        originals.MapGet("", ShowOriginalAsync);
        originals.MapGet("/body", ShowBodyAsync);
        originals.MapGet("/parts/{index:int}", SendPartAsync);
        var recipients = routes.MapGroup("/agent/tickets/{id:long}/mail-recipients").Needs(TicketPermissions.Reply);
        recipients.MapGet("", ShowRecipientsAsync);
        recipients.MapPost("", ChangeRecipientsAsync);
    }

    private static async Task<IResult> ShowOriginalAsync(HttpContext http, Database database, long id, [FromQuery] int? pictures, CancellationToken cancellation)
    {
        if (await ReadAsync(http, database, id, cancellation) is not var (message, ticket))
            return TypedResults.NotFound();
        var html = message.Body.Html;
        var remote = html is null ? 0 : new HtmlSanitizer(HtmlPolicy.Mail).Sanitize(html).RemoteImages;
        return Page.Show<OriginalPage>(new { Id = id, Message = message, TicketId = ticket.Id, RemotePictures = remote, ShowsPictures = pictures == 1 });
    }

    /// <summary>
    /// The mail as its sender meant it, in a document that can do nothing: no script, no form, no address but those of links, in an
    /// origin of its own. Remote pictures are fetched by us, and only when the reader asked for them.
    /// </summary>
    private static async Task<IResult> ShowBodyAsync(HttpContext http, Database database, MailDocument document, long id, [FromQuery] int? pictures, CancellationToken cancellation)
    {
        if (await ReadAsync(http, database, id, cancellation) is not var (message, _))
            return TypedResults.NotFound();
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Content(await document.WriteAsync(message, pictures == 1, cancellation), "text/html; charset=utf-8");
    }

    private static async Task<IResult> SendPartAsync(HttpContext http, Database database, long id, int index, CancellationToken cancellation)
    {
        if (await ReadAsync(http, database, id, cancellation) is not var (message, _) || index < 0 || index >= message.Body.Attachments.Count)
            return TypedResults.NotFound();
        var attachment = message.Body.Attachments[index];
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(SafeFileName.Of(attachment.Name ?? "file"));
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(attachment.Content.ToArray(), "application/octet-stream");
    }

    /// <summary>The mail of a message, for staff who may see its ticket and its addresses.</summary>
    private static async Task<(MimeMessage Message, Ticket Ticket)?> ReadAsync(HttpContext http, Database database, long messageId, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (staff.MasksContacts)
            return null;
        var found = await (
            from message in database.Set<Message>()
            join mail in database.Set<MessageMail>() on message.Id equals mail.MessageId
            join content in database.Set<RawMailContent>() on mail.RawMailId equals content.RawMailId
            where message.Id == messageId
            select new { message.TicketId, content.Bytes }).FirstOrDefaultAsync(cancellation);
        if (found is null || await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == found.TicketId, cancellation) is not { } visible)
            return null;
        return (MimeMessage.Read(found.Bytes), visible);
    }

    private static Task<IResult> ShowRecipientsAsync(HttpContext http, Database database, long id, [FromQuery] int? edit, CancellationToken cancellation) =>
        RecipientsAsync(http, database, id, edit == 1, null, [], cancellation);

    private static async Task<IResult> ChangeRecipientsAsync(HttpContext http, Database database, long id, [FromForm] string? cc, [FromForm] string? bcc, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (staff.MasksContacts || await database.Set<Ticket>().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation) is null)
            return TypedResults.NotFound();
        var problems = new List<Problem>();
        var (copies, blind) = (Parse("cc", cc, problems), Parse("bcc", bcc, problems));
        if (problems.Count > 0)
            return await RecipientsAsync(http, database, id, true, (cc ?? "", bcc ?? ""), problems, cancellation);
        var correspondence = await database.Set<Correspondence>().FirstOrDefaultAsync(row => row.TicketId == id, cancellation);
        if (correspondence is null)
            database.Add(correspondence = new Correspondence { TicketId = id });
        correspondence.Cc = copies;
        correspondence.NextBcc = blind;
        await database.SaveChangesAsync(cancellation);
        return Page.GoTo($"/agent/tickets/{id}/mail-recipients");
    }

    private static List<MailParty> Parse(string field, string? text, List<Problem> problems)
    {
        var addresses = MailAddress.ParseList((text ?? "").Replace(';', ','), MostCopies + 1).Where(address => address.Address.Length > 0 || address.Name.Length > 0).ToList();
        if (addresses.Find(address => ContactAddress.ParseEmail(address.Address) is null) is { } wrong)
            problems.Add(new Problem(field, "mail.recipient-wrong", ("address", wrong.Address.Length > 0 ? wrong.Address : wrong.Name)));
        else if (addresses.Count > MostCopies)
            problems.Add(new Problem(field, "mail.too-many-recipients", ("count", MostCopies)));
        return addresses.ConvertAll(address => new MailParty(address.Name, address.Address));
    }

    private static async Task<IResult> RecipientsAsync(
        HttpContext http, Database database, long id, bool isEdited, (string Cc, string Bcc)? typed, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var correspondence = await database.Set<Correspondence>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == id, cancellation);
        var contact = await database.Set<CustomerContact>().AsNoTracking().Where(row => row.CustomerId == ticket.CustomerId && row.Kind == ContactKind.Email)
            .OrderBy(row => row.ProvenAt == null).ThenBy(row => row.Id).Select(row => row.Shown).FirstOrDefaultAsync(cancellation);
        var to = correspondence?.To?.Address ?? contact;
        var key = to is null ? null : ContactAddress.ParseEmail(to)?.Value;
        var unreachable = key is null ? null : await database.Set<UnreachableAddress>().AsNoTracking().FirstOrDefaultAsync(row => row.Address == key, cancellation);
        var parameters = new
        {
            TicketId = id,
            Staff = staff,
            To = to,
            Cc = typed?.Cc ?? string.Join(", ", correspondence?.Cc ?? []),
            Bcc = typed?.Bcc ?? string.Join(", ", correspondence?.NextBcc ?? []),
            IsByMail = ticket.Channel is EmailModule.Channel or "workspace" || correspondence?.To is not null,
            Edit = isEdited,
            Unreachable = unreachable,
            Problems = problems,
        };
        return problems.Count > 0 ? Page.ShowProblems<RecipientsFrame>(parameters) : Page.Show<RecipientsFrame>(parameters);
    }
}
