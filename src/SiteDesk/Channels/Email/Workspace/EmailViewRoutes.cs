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

/// <summary>What the workspace shows of mail: the original of a message, shown safely.</summary>
internal static class EmailViewRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var originals = routes.MapGroup("/agent/messages/{id:long}/original").Needs(TicketPermissions.Read);
        originals.MapGet("", ShowOriginalAsync);
        originals.MapGet("/body", ShowBodyAsync);
        originals.MapGet("/parts/{index:int}", SendPartAsync);
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
}
