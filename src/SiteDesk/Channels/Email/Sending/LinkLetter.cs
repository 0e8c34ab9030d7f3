using System.Net;
using SiteDesk.Mail;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>A short letter that is about a link: a few paragraphs, one of which is the link. It belongs to no talk, and nobody answers it.</summary>
internal sealed record LinkLetter
{
    public required Mailbox Mailbox { get; init; }

    public required Site Site { get; init; }

    public required string Language { get; init; }

    public required string MailId { get; init; }

    /// <summary>When it was made: a second try is the same mail.</summary>
    public required DateTime MadeAt { get; init; }

    public required IReadOnlyList<MailAddress> To { get; init; }

    public required string Subject { get; init; }

    /// <summary>The paragraph that equals <see cref="Link"/> is made one.</summary>
    public required IReadOnlyList<string> Paragraphs { get; init; }

    public required string Link { get; init; }

    /// <summary>Whether a letter with a link could leave from a mailbox: it sends, and it is known where links lead.</summary>
    public static bool CanLeaveFrom(Mailbox mailbox, SiteDeskOptions options) => mailbox is { IsEnabled: true, Outgoing: not null } && mailbox.DeskFor(options).Length > 0;

    public ComposedMessage Write() => MessageWriter.Write(new OutgoingMessage
    {
        MessageId = MailId,
        Date = new DateTimeOffset(MadeAt, TimeSpan.Zero),
        From = new MailAddress(Mailbox.SenderNames.GetValueOrDefault(Language) is { Length: > 0 } name ? name : Site.Name, Mailbox.Address),
        To = To,
        Subject = Subject,
        Text = string.Join("\n\n", Paragraphs) + $"\n\n-- \n{Site.Name}\n",
        Html = Html(),
        Fields = [new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All")],
    });

    private string Html() =>
        $"<!DOCTYPE html><html lang=\"{Language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>"
        + "<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">"
        + string.Concat(Paragraphs.Select(part => $"<p style=\"margin:0 0 1em;overflow-wrap:anywhere\">{(part == Link ? $"<a href=\"{WebUtility.HtmlEncode(Link)}\">{MessageBody.Encode(Link)}</a>" : MessageBody.Encode(part))}</p>"))
        + "</div></body></html>";
}
