using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// A mail server hands us a raw mail: a pipe of Postfix or Exim, or a provider's raw webhook. The secret in the address names the
/// mailbox. 202 means that the mail is stored; anything else that the sender should try again later (503) or give up (4xx).
/// </summary>
internal static class PostedMail
{
    /// <summary>Wrong secrets one network may try in a minute.</summary>
    private const int MostGuesses = 30;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/channels/email/{secret}", ReceiveAsync)
            .IsPublic("The secret in the address is the right to deliver to one mailbox.")
            .WithoutAntiforgery("A mail server calls it; no cookie gives rights here.")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());

    private static async Task<IResult> ReceiveAsync(
        HttpContext http, string secret, Database database, StoreMail store, MailIntakeLimits limits, AddressWatch watch, CancellationToken cancellation)
    {
        var hash = Tokens.Hash(secret);
        var mailbox = await database.Set<Mailbox>().AsNoTracking().FirstOrDefaultAsync(row => row.PostSecretHash == hash && row.RemovedAt == null, cancellation);
        if (mailbox is null)
        {
            var mayGuess = watch.TryTake("mail-secret", AddressWatch.Network(http.Connection.RemoteIpAddress), MostGuesses);
            return TypedResults.StatusCode(mayGuess ? StatusCodes.Status404NotFound : StatusCodes.Status429TooManyRequests);
        }

        // A mailbox that is switched off is not a reason to lose mail: the server keeps it and tries again.
        if (!mailbox.IsEnabled)
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (http.Request.ContentLength > limits.MostBytes)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (await ReadAsync(http.Request.Body, limits.MostBytes, cancellation) is not { } raw)
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (raw.Length == 0)
            return TypedResults.BadRequest();
        await store.RunAsync(mailbox, raw, cancellation);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <returns>Null when there is more than the limit.</returns>
    private static async Task<byte[]?> ReadAsync(Stream body, int mostBytes, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (content.Length + read > mostBytes)
                return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
