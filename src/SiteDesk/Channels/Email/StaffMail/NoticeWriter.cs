using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Tickets;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>Writes what a member of staff is told of, in their language, so that they can answer from where they read it.</summary>
public sealed class NoticeWriter(Database database, TextCatalog texts, MailTokens tokens, SiteDeskOptions options)
{
    private const int MostMessages = 20;
    private const int LongestText = 20_000;

    /// <returns>Null when there is nothing to tell any more: it was read, taken back, or is not theirs to see now.</returns>
    public async Task<ComposedMessage?> WriteAsync(OutgoingMail mail, Mailbox mailbox, CancellationToken cancellation)
    {
        var notification = await database.Set<StaffNotification>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == mail.NotificationId, cancellation);
        if (notification is null || notification.ReadAt is not null && !notification.IsHeldReply)
            return null;
        var member = await database.Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).AsSplitQuery().FirstAsync(row => row.Id == notification.StaffId, cancellation);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(row => row.Id == mail.TicketId, cancellation);
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);

        // Who is to decide whether their answer still fits reads everything that came, colleagues' words too.
        var messages = await database.Set<Message>().AsNoTracking()
            .Where(row => whole.Contains(row.TicketId) && row.Id >= mail.MessageId && row.Id <= mail.LastMessageId
                && (row.AuthorKind == ActorKind.Customer || row.Id == mail.LastMessageId || notification.Kind == StaffNotification.ReplyHeld && (row.AuthorKind != ActorKind.Staff || row.AuthorId != notification.StaffId)))
            .OrderByDescending(row => row.Id).Take(MostMessages).ToListAsync(cancellation);
        messages.Reverse();
        if (messages.Count == 0 || member.DeactivatedAt is not null || !ticket.IsVisibleTo(member.AsStaff()))
            return null;

        var notice = new Notice(notification, member.AsStaff(), ticket, messages, member.Language, LinkTo(ticket, mailbox), await RefusalAsync(notification, member.Language, mailbox, cancellation));
        return MessageWriter.Write(new OutgoingMessage
        {
            MessageId = mail.MailId,
            Date = new DateTimeOffset(mail.CreatedAt, TimeSpan.Zero),
            From = new MailAddress(NameOf(notice), mailbox.Address),
            ReplyTo = mailbox.UsesPlusAddress ? [new MailAddress("", await PlusAddressAsync(mailbox, ticket, member.Id, cancellation))] : [],
            To = mail.Recipients.ConvertAll(recipient => new MailAddress(recipient.Name, recipient.Address)),
            Subject = mail.Subject,
            InReplyTo = mail.References.Count > 0 ? mail.References[^1] : null,
            References = mail.References,
            Text = Text(notice),
            Html = Html(notice),
            Fields = [new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All"), .. ListFields(notice.Refusal)],
        });
    }

    /// <summary>
    /// A notice is what its receiver is subscribed to. One press of the mail program's own button suffices where the address is protected
    /// on its way; RFC 8058 section 3.1 asks for that.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string>> ListFields(string? refusal)
    {
        if (refusal is null)
            yield break;
        yield return new("List-Unsubscribe", $"<{refusal}>");
        if (refusal.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            yield return new("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }

    private string Text(Notice notice)
    {
        var text = new StringBuilder().Append(Lead(notice)).Append("\n\n");
        foreach (var message in notice.Messages)
            text.Append(Shown(notice, message)).Append("\n\n");
        text.Append("-- \n").Append(How(notice)).Append('\n');
        if (notice.Link is not null)
            text.Append(notice.Link).Append('\n');
        if (notice.Refusal is not null)
            text.Append(Say(notice, "mail.notice.refuse")).Append(": ").Append(notice.Refusal).Append('\n');
        return text.ToString();
    }

    private string Html(Notice notice)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html><html lang=\"").Append(notice.Language).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>")
            .Append("<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">")
            .Append("<p style=\"margin:0 0 1em\"><b>").Append(MessageBody.Encode(Lead(notice))).Append("</b></p>");
        foreach (var message in notice.Messages)
            html.Append("<p style=\"margin:0 0 1em;white-space:pre-wrap;overflow-wrap:anywhere\">").Append(MessageBody.Encode(Shown(notice, message))).Append("</p>");
        html.Append("<div style=\"margin-top:24px;padding-top:12px;border-top:1px solid #8884;font-size:13px;opacity:.8\"><p style=\"margin:0\">").Append(MessageBody.Encode(How(notice)));
        if (notice.Link is { } link)
            html.Append(" · <a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">").Append(MessageBody.Encode(Say(notice, "mail.notice.open"))).Append("</a>");
        if (notice.Refusal is { } refusal)
            html.Append(" · <a href=\"").Append(WebUtility.HtmlEncode(refusal)).Append("\">").Append(MessageBody.Encode(Say(notice, "mail.notice.refuse"))).Append("</a>");
        return html.Append("</p></div></div></body></html>").ToString();
    }

    private string Lead(Notice notice) => $"{Say(notice, $"notification.{notice.Notification.Kind}", ("name", NameOf(notice)))} · #{Number(notice.Ticket.Id)} {notice.Ticket.Subject}";

    private string How(Notice notice) => Say(notice, notice.Notification.IsHeldReply ? "mail.notice.held" : notice.Staff.May(TicketPermissions.Reply) ? "mail.notice.how" : "mail.notice.how-note");

    private static string Shown(Notice notice, Message message)
    {
        var words = message.Words;
        var text = words.Length > LongestText ? words.UpTo(LongestText) + "…" : words;
        return notice.Messages.Count > 1 ? $"{ContactMask.Name(notice.Staff, message.AuthorName)}:\n{text}" : text;
    }

    private string NameOf(Notice notice) => notice.Notification.ActorName is { Length: > 0 } name ? ContactMask.Name(notice.Staff, name) : Say(notice, "customer.visitor");

    private string Say(Notice notice, string key, params IReadOnlyList<(string Name, object Value)> arguments) => texts.Get(notice.Language, key, arguments);

    /// <summary>Where this kind of notice is refused; null when nobody has said where the desk is reached, or when it cannot be refused.</summary>
    private async Task<string?> RefusalAsync(StaffNotification notification, string language, Mailbox mailbox, CancellationToken cancellation)
    {
        if (mailbox.DeskFor(options) is not { Length: > 0 } desk || !StaffMailChoice.Kinds.Contains(notification.Kind))
            return null;
        return $"{desk}{Unsubscribe.Path(await tokens.UnsubscribeTokenAsync(notification.StaffId, notification.Kind, cancellation))}?language={language}";
    }

    private string? LinkTo(Ticket ticket, Mailbox mailbox)
    {
        var desk = mailbox.DeskFor(options);
        return desk.Length > 0 ? $"{desk}/agent/tickets/{Number(ticket.Id)}" : null;
    }

    private async Task<string> PlusAddressAsync(Mailbox mailbox, Ticket ticket, long staffId, CancellationToken cancellation)
    {
        var at = mailbox.Address.LastIndexOf('@');
        return $"{mailbox.Address[..at]}+{await tokens.StaffTokenAsync(ticket.Id, staffId, cancellation)}{mailbox.Address[at..]}";
    }

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private sealed record Notice(StaffNotification Notification, Staff Staff, Ticket Ticket, List<Message> Messages, string Language, string? Link, string? Refusal);
}
