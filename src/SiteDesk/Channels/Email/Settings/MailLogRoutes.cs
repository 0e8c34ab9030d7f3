using Microsoft.Net.Http.Headers;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>The mail log: what came, what goes, what was put aside, and the raw source.</summary>
internal static class MailLogRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var log = routes.MapGroup("/agent/mail-log").Needs(EmailPermissions.ReadLog);
        log.MapGet("", ShowReceivedAsync);
        log.MapGet("/outgoing", ShowSentAsync);
        log.MapGet("/{id:long}", ShowMailAsync);
        log.MapGet("/{id:long}/source", SendSourceAsync);
        log.MapPost("/{id:long}/another-try", ReadAgainAsync);
        log.MapPost("/outgoing/{id:long}/another-try", SendAgainAsync);
    }

    private static async Task<IResult> ShowReceivedAsync(HttpContext http, MailLog log, string? state, long? before, CancellationToken cancellation)
    {
        RawMailState? wanted = Enum.TryParse<RawMailState>(state, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        return Page.Show<MailLogPage>(new { Rows = await log.ReceivedAsync(wanted, before, http.Staff(), cancellation), State = wanted });
    }

    private static async Task<IResult> ShowSentAsync(HttpContext http, MailLog log, string? state, long? before, CancellationToken cancellation)
    {
        OutgoingState? wanted = Enum.TryParse<OutgoingState>(state, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        return Page.Show<SentMailPage>(new { Rows = await log.SentAsync(wanted, before, http.Staff(), cancellation), State = wanted });
    }

    private static async Task<IResult> ShowMailAsync(HttpContext http, MailLog log, long id, CancellationToken cancellation) =>
        await log.FindAsync(id, http.Staff(), cancellation) is { } mail ? Page.Show<RawMailPage>(new { Mail = mail }) : TypedResults.NotFound();

    /// <summary>The bytes as they came, to save: never shown by the browser.</summary>
    private static async Task<IResult> SendSourceAsync(HttpContext http, MailLog log, long id, CancellationToken cancellation)
    {
        if (await log.FindAsync(id, http.Staff(), cancellation) is not { Content: { } content })
            return TypedResults.NotFound();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"mail-{id}.eml" }.ToString();
        return TypedResults.Bytes(content.Bytes, "message/rfc822");
    }

    private static async Task<IResult> ReadAgainAsync(HttpContext http, MailLog log, long id, CancellationToken cancellation) =>
        await log.ReadAgainAsync(id, http.Staff(), cancellation) ? Page.GoTo($"/agent/mail-log/{id}?done=mail-again") : TypedResults.NotFound();

    private static async Task<IResult> SendAgainAsync(HttpContext http, MailLog log, long id, CancellationToken cancellation) =>
        await log.SendAgainAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/mail-log/outgoing?done=mail-again") : TypedResults.NotFound();
}
