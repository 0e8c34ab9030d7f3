using System.Collections.Concurrent;
using SiteDesk.Mail;
using SiteDesk.Platform.Web;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Workspace;

/// <summary>
/// Writes a mail as a document of its own. Pictures stand in it as data: those of the mail always, those of the web only when the
/// reader asked for them, fetched by this machine, so that the sender learns neither who read nor where.
/// </summary>
public sealed class MailDocument(OutwardCalls calls)
{
    private const int MostPictures = 30;
    private const int MostBytesOfPicture = 2 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);
    private static readonly HashSet<string> PictureTypes = new(StringComparer.OrdinalIgnoreCase) { "image/png", "image/jpeg", "image/gif", "image/webp" };

    public async Task<string> WriteAsync(MimeMessage message, bool withRemotePictures, CancellationToken cancellation)
    {
        if (message.Body.Html is not { } html)
            return Document($"<pre style=\"white-space:pre-wrap;overflow-wrap:anywhere;font:inherit\">{MessageBody.Encode(message.Body.Text)}</pre>");
        var own = HtmlPolicy.Mail with { ResolveContentId = id => PictureOf(message, id) };
        if (!withRemotePictures)
            return Document(new HtmlSanitizer(own).Sanitize(html).Html);

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        new HtmlSanitizer(own with { RewriteRemoteImage = address => Want(wanted, address) }).Sanitize(html);
        var fetched = await FetchAsync(wanted, cancellation);
        return Document(new HtmlSanitizer(own with { RewriteRemoteImage = address => fetched.GetValueOrDefault(address) }).Sanitize(html).Html);
    }

    private static string? Want(HashSet<string> wanted, string address)
    {
        if (wanted.Count < MostPictures)
            wanted.Add(address);
        return null;
    }

    private async Task<ConcurrentDictionary<string, string>> FetchAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation)
    {
        var fetched = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        await Task.WhenAll(addresses.Select(FetchOneAsync));
        return fetched;

        async Task FetchOneAsync(string address)
        {
            try
            {
                if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && await calls.GetAsync(uri, MostBytesOfPicture, limit.Token) is var (bytes, type) && PictureTypes.Contains(type))
                    fetched[address] = Data(type, bytes);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // A slow picture stays empty; the mail is shown with the others.
                fetched.TryRemove(address, out _);
            }
        }
    }

    private static string? PictureOf(MimeMessage message, string contentId) =>
        message.Body.Attachments.FirstOrDefault(attachment => string.Equals(attachment.ContentId, contentId, StringComparison.OrdinalIgnoreCase) && PictureTypes.Contains(attachment.ContentType)) is { } picture && picture.Content.Length <= MostBytesOfPicture
            ? Data(picture.ContentType, picture.Content.Span)
            : null;

    private static string Data(string type, ReadOnlySpan<byte> bytes) => $"data:{type.ToLowerInvariant()};base64,{Convert.ToBase64String(bytes)}";

    /// <summary>Light, whatever the reader's theme: senders choose colours for white paper.</summary>
    private static string Document(string body) =>
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\"><title></title>"
        + "<style>body{margin:16px;background:#fff;color:#111;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}</style></head><body>"
        + body + "</body></html>";
}
