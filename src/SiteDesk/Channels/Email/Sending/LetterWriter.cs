using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.StaffMail;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>Writes a queued mail out. The same row gives the same bytes, so that a second try is the same mail.</summary>
public sealed class LetterWriter(Database database, FileStore files, TextCatalog texts, MailTokens tokens, NoticeWriter notices, ProofLetter proofs, PasswordLetter passwords, SignInLetter signIns, SiteDeskOptions options)
{
    /// <summary>Bytes of files a mail carries; beyond it they are read on the tracking page. Most servers take 25 MB, encoded.</summary>
    private const long MostFileBytes = 15 * 1024 * 1024;

    private const int WidestPicture = 600;

    /// <returns>Null when there is nothing to send any more: it was taken back, or seen meanwhile.</returns>
    public async Task<ComposedMessage?> WriteAsync(OutgoingMail mail, Mailbox mailbox, CancellationToken cancellation)
    {
        if (mail.Kind == OutgoingKind.Notice)
            return await notices.WriteAsync(mail, mailbox, cancellation);
        if (mail.Kind == OutgoingKind.Proof)
            return await proofs.WriteAsync(mail, mailbox, cancellation);
        if (mail.Kind == OutgoingKind.Password)
            return await passwords.WriteAsync(mail, mailbox, cancellation);
        if (mail.Kind == OutgoingKind.SignIn)
            return await signIns.WriteAsync(mail, mailbox, cancellation);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(row => row.Id == mail.TicketId, cancellation);
        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == ticket.SiteId, cancellation);
        var messages = await CarriedAsync(mail, ticket, cancellation);
        if (messages.Count == 0)
            return null;
        var language = site.LanguageFor(mail.Language);
        var letter = new Letter(mail.Kind, mail.MailId, ticket, site, mailbox, language, messages, LinkTo(ticket, mailbox, language), await IsPersonsAsync(ticket, messages[^1], cancellation));
        var carried = await FilesAsync(letter, cancellation);
        var text = Text(letter, carried.LeftOut);
        return MessageWriter.Write(new OutgoingMessage
        {
            MessageId = mail.MailId,
            Date = new DateTimeOffset(mail.CreatedAt, TimeSpan.Zero),
            From = new MailAddress(SenderName(letter), mailbox.Address),
            ReplyTo = mailbox.UsesPlusAddress ? [new MailAddress("", await PlusAddressAsync(mailbox, ticket, cancellation))] : [],
            To = Named(mail, RecipientField.To),
            Cc = Named(mail, RecipientField.Cc),
            Subject = mail.Subject,
            InReplyTo = mail.InReplyTo,
            References = mail.References,
            Text = text,
            Html = Html(letter, carried),
            Files = carried.Files,
            Fields = FieldsOf(letter),
        });
    }

    /// <summary>
    /// The one place that knows which messages may leave. An answer that was taken back leaves with nothing; what was seen on our
    /// pages meanwhile is not sent again.
    /// </summary>
    private async Task<List<Message>> CarriedAsync(OutgoingMail mail, Ticket ticket, CancellationToken cancellation)
    {
        if (mail.Kind == OutgoingKind.Unseen)
            return await QueueAnswers.UnseenAsync(database, ticket, mail.Key, mail.LastMessageId, cancellation);
        return await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).AsSingleQuery()
            .Where(message => message.Id == mail.MessageId).ToListAsync(cancellation);
    }

    /// <summary>Whether a person had the ticket once this was said: by its history, which gives a second try the same answer.</summary>
    private Task<bool> IsPersonsAsync(Ticket ticket, Message message, CancellationToken cancellation) =>
        database.Set<TicketChange>().AnyAsync(change => change.TicketId == ticket.Id && change.Field == "assistant" && change.At <= message.CreatedAt, cancellation);

    /// <summary>
    /// Pictures that stand in the text go inside the HTML and so come first, the others are attached. What is too much stays on the
    /// tracking page; of a picture its words are left in the text.
    /// </summary>
    private async Task<Carried> FilesAsync(Letter letter, CancellationToken cancellation)
    {
        var carried = new Carried();
        long size = 0;
        if (letter.Kind == OutgoingKind.Confirmation)
            return carried;
        var all = letter.Messages.SelectMany(message => message.Files.Select(file => (file.File, IsPlaced: InlinePictures.IsPlaced(message, file.File)))).ToList();
        foreach (var (file, isPlaced) in all.OrderBy(file => !file.IsPlaced))
        {
            if (size + file.Size > MostFileBytes)
            {
                carried.LeftOut.Add(file.Name);
                continue;
            }

            size += file.Size;
            await using var content = files.Open(file);
            using var bytes = new MemoryStream((int)file.Size);
            await content.CopyToAsync(bytes, cancellation);
            var contentId = isPlaced ? string.Create(CultureInfo.InvariantCulture, $"picture-{file.Id}.{letter.MailId}") : null;
            if (contentId is not null)
                carried.ContentIds[file.Id] = contentId;
            carried.Files.Add(new OutgoingFile(file.Name, file.ContentType, bytes.ToArray(), contentId));
        }

        return carried;
    }

    private string Text(Letter letter, List<string> leftOut)
    {
        var text = new StringBuilder();
        foreach (var (part, _) in Paragraphs(letter))
            text.Append(part).Append("\n\n");
        if (leftOut.Count > 0)
            text.Append(Say(letter, "mail.files-on-page", ("names", string.Join(", ", leftOut)))).Append("\n\n");
        text.Append("-- \n");
        if (SignatureOf(letter) is { Length: > 0 } signature)
            text.Append(signature).Append('\n');
        text.Append(Footer(letter)).Append('\n');
        if (letter.Link is not null)
            text.Append(letter.Link).Append('\n');
        return text.ToString();
    }

    /// <summary>Plain and narrow: it has to look the same in every mail program, in the dark and on a telephone.</summary>
    private string Html(Letter letter, Carried carried)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html><html lang=\"").Append(letter.Language).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>")
            .Append("<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">");
        foreach (var (part, formatted) in Paragraphs(letter))
        {
            if (formatted is not null)
                html.Append("<div style=\"margin:0 0 1em;overflow-wrap:anywhere\">").Append(formatted(carried)).Append("</div>");
            else
                html.Append("<p style=\"margin:0 0 1em;white-space:pre-wrap;overflow-wrap:anywhere\">").Append(MessageBody.Encode(part)).Append("</p>");
        }

        if (carried.LeftOut.Count > 0)
            html.Append("<p>").Append(MessageBody.Encode(Say(letter, "mail.files-on-page", ("names", string.Join(", ", carried.LeftOut))))).Append("</p>");
        html.Append("<div style=\"margin-top:24px;padding-top:12px;border-top:1px solid #8884;font-size:13px;opacity:.8\">");
        if (SignatureOf(letter) is { Length: > 0 } signature)
            html.Append("<p style=\"margin:0 0 8px;white-space:pre-wrap\">").Append(MessageBody.Encode(signature)).Append("</p>");
        html.Append("<p style=\"margin:0\">").Append(MessageBody.Encode(Footer(letter)));
        if (letter.Link is { } link)
            html.Append(" · <a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">").Append(MessageBody.Encode(Say(letter, "mail.track"))).Append("</a>");
        return html.Append("</p></div></div></body></html>").ToString();
    }

    /// <summary>What is said, and how it looks where it was written with formatting.</summary>
    private IEnumerable<(string Text, Func<Carried, string>? Html)> Paragraphs(Letter letter)
    {
        if (letter.Kind == OutgoingKind.Confirmation)
        {
            if (letter.Mailbox.ConfirmationTexts.GetValueOrDefault(letter.Language) is { Length: > 0 } own)
            {
                yield return (own.Replace("{number}", Number(letter.Ticket), StringComparison.Ordinal).Replace("{subject}", letter.Ticket.Subject, StringComparison.Ordinal), null);
                yield break;
            }

            yield return (Say(letter, "mail.confirmation.greeting"), null);
            yield return (Say(letter, "mail.confirmation.text", ("number", Number(letter.Ticket)), ("subject", letter.Ticket.Subject)), null);
            yield return (Say(letter, "mail.confirmation.answer-here"), null);
            yield break;
        }

        if (letter.Kind == OutgoingKind.Unseen)
            yield return (Say(letter, "mail.unseen.lead", ("count", letter.Messages.Count), ("site", letter.Site.Name)), null);
        var assistant = new AssistantInMail(texts, letter.Language, letter.Mailbox.DeskFor(options), letter.Link);
        foreach (var message in letter.Messages)
        {
            var isAssistants = message.AuthorKind == ActorKind.Assistant;
            if (isAssistants)
                yield return ($"{assistant.Mark(message)}:", null);
            else if (letter.Messages.Count > 1)
                yield return ($"{AuthorOf(letter, message)}:", null);
            if (message.Text.Length > 0)
                yield return message.IsFormatted ? (InlinePictures.AsWords(message.Text), carried => InHtml(message, carried)) : (message.Text, null);
            if (!isAssistants)
                continue;
            foreach (var (text, html) in assistant.After(message, message == letter.Messages[^1], !letter.IsPersons))
                yield return (text, _ => html);
        }
    }

    /// <summary>Narrow enough for programs that know no other width than the one a picture has (Outlook).</summary>
    private static string InHtml(Message message, Carried carried) => InlinePictures.Show(
        message.Html!, message.Files.Select(file => file.File), file => carried.ContentIds.GetValueOrDefault(file.Id) is { } id ? $"cid:{id}" : null, WidestPicture);

    private string SenderName(Letter letter)
    {
        var desk = letter.Mailbox.SenderNames.GetValueOrDefault(letter.Language) is { Length: > 0 } name ? name : letter.Site.Name;
        if (letter.IsAssistantsAnswer)
            return $"{letter.Messages[0].AuthorName} · {desk}";
        return letter.Kind == OutgoingKind.Answer && letter.Messages[0].AuthorKind == ActorKind.Staff && letter.Site.Widget.ShowsAgentNames ? $"{letter.Messages[0].AuthorName} · {desk}" : desk;
    }

    private static string AuthorOf(Letter letter, Message message) =>
        letter.Site.Widget.ShowsAgentNames && message.AuthorKind == ActorKind.Staff ? message.AuthorName : letter.Site.Name;

    private static string SignatureOf(Letter letter) =>
        letter.Kind == OutgoingKind.Confirmation ? "" : letter.Mailbox.Signatures.GetValueOrDefault(letter.Language) ?? "";

    private string Footer(Letter letter) => Say(letter, "mail.footer", ("number", Number(letter.Ticket)), ("site", letter.Site.Name));

    private string Say(Letter letter, string key, params IReadOnlyList<(string Name, object Value)> arguments) => texts.Get(letter.Language, key, arguments);

    private static string Number(Ticket ticket) => string.Create(CultureInfo.InvariantCulture, $"#{ticket.Id}");

    private string? LinkTo(Ticket ticket, Mailbox mailbox, string language)
    {
        var desk = mailbox.DeskFor(options);
        return desk.Length > 0 ? $"{desk}/t/{ticket.Token}?language={language}" : null;
    }

    private async Task<string> PlusAddressAsync(Mailbox mailbox, Ticket ticket, CancellationToken cancellation)
    {
        var at = mailbox.Address.LastIndexOf('@');
        return $"{mailbox.Address[..at]}+{await tokens.TokenAsync(ticket.Id, cancellation)}{mailbox.Address[at..]}";
    }

    private static List<MailAddress> Named(OutgoingMail mail, RecipientField field) =>
        mail.Recipients.Where(recipient => recipient.Field == field).Select(recipient => new MailAddress(recipient.Name, recipient.Address)).ToList();

    /// <summary>
    /// RFC 3834 section 5: what no person has just written says so, and asks for no automatic answer. No list headers: this is mail
    /// between two parties (RFC 2369 is for lists).
    /// </summary>
    private static List<KeyValuePair<string, string>> FieldsOf(Letter letter) => letter.Kind switch
    {
        OutgoingKind.Answer when !letter.IsAssistantsAnswer => [],
        OutgoingKind.Confirmation or OutgoingKind.Answer => [new("Auto-Submitted", "auto-replied"), new("X-Auto-Response-Suppress", "All")],
        OutgoingKind.Unseen => [new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All")],
        _ => [],
    };

    /// <summary>The files of a letter.</summary>
    private sealed class Carried
    {
        public List<OutgoingFile> Files { get; } = [];

        /// <summary>By which the HTML names a file (RFC 2392).</summary>
        public Dictionary<long, string> ContentIds { get; } = [];

        /// <summary>Names of what did not fit.</summary>
        public List<string> LeftOut { get; } = [];
    }

    private sealed record Letter(OutgoingKind Kind, string MailId, Ticket Ticket, Site Site, Mailbox Mailbox, string Language, List<Message> Messages, string? Link, bool IsPersons)
    {
        public bool IsAssistantsAnswer => Kind == OutgoingKind.Answer && Messages[0].AuthorKind == ActorKind.Assistant;
    }
}
