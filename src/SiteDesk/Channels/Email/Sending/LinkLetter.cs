using System.Net;
using SiteDesk.Mail;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>A short letter that is about a link: a few paragraphs, one of which is the link. It belongs to no talk, and nobody answers it.</summary>
internal static class LinkLetter
{
    /// <summary>Whether a letter with a link could leave from a mailbox: it sends, and it is known where links lead.</summary>
    public static bool CanLeaveFrom(Mailbox mailbox, SiteDeskOptions options) => mailbox is { IsEnabled: true, Outgoing: not null } && mailbox.DeskFor(options).Length > 0;

    /// <param name="mail">A second try is the same mail: what differs between letters and not between tries stands in its row.</param>
    /// <param name="paragraphs">The one that equals <paramref name="link"/> is made one.</param>
    public static ComposedMessage Write(OutgoingMail mail, Mailbox mailbox, Site site, IReadOnlyList<string> paragraphs, string link) => MessageWriter.Write(new OutgoingMessage
    {
        MessageId = mail.MailId,
        Date = new DateTimeOffset(mail.CreatedAt, TimeSpan.Zero),
        From = new MailAddress(mailbox.SenderNames.GetValueOrDefault(mail.Language) is { Length: > 0 } name ? name : site.Name, mailbox.Address),
        To = mail.Recipients.ConvertAll(recipient => new MailAddress(recipient.Name, recipient.Address)),
        Subject = mail.Subject,
        Text = string.Join("\n\n", paragraphs) + $"\n\n-- \n{site.Name}\n",
        Html = Html(mail.Language, paragraphs, link),
        Fields = [new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All")],
    });

    private static string Html(string language, IReadOnlyList<string> paragraphs, string link) =>
        $"<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>"
        + "<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">"
        + string.Concat(paragraphs.Select(part => $"<p style=\"margin:0 0 1em;overflow-wrap:anywhere\">{(part == link ? $"<a href=\"{WebUtility.HtmlEncode(link)}\">{MessageBody.Encode(link)}</a>" : MessageBody.Encode(part))}</p>"))
        + "</div></body></html>";
}
