using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Mails the link that signs a customer in. It belongs to no ticket and must not wait behind other mail, so it is handed over at once; the stored
/// event tries again with its own pauses, for as long as such a link would be good.
/// </summary>
public sealed class SendSignInLink(
    Database database, KnownMailboxes known, MailServers servers, MailTokens tokens, MailSigner signer, SignInLinks links, TextCatalog texts, SiteDeskOptions options, TimeProvider time)
    : IHandle<SignInWished>, ISendSignInLinks
{
    /// <summary>The events behind this one wait for it: a server that thinks for longer is asked again later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public async Task<bool> CanSendAsync(long siteId, CancellationToken cancellation) => await MailboxAsync(siteId, cancellation) is not null;

    public async Task HandleAsync(SignInWished domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (time.Now() - context.OccurredAt > SignInLink.Lifetime
            || ContactAddress.ParseEmail(domainEvent.Email) is not { } address
            || await MailboxAsync(domainEvent.SiteId, cancellation) is not { } mailbox
            || await known.IsOneAsync(address.Value, alsoWithToken: true, cancellation) // it would answer itself
            || await links.MakeAsync(address, domainEvent.Path, cancellation) is not { } secret)
        {
            return;
        }

        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == domainEvent.SiteId, cancellation);
        var page = domainEvent.Page.StartsWith('/') ? ProofLetter.DeskOf(options, mailbox) + domainEvent.Page : domainEvent.Page;
        // A second try is the same mail to its receiver's server; the link in it is a new one.
        var mailId = await tokens.OwnMailIdAsync(string.Create(CultureInfo.InvariantCulture, $"sign-in:{context.DeliveryId}"), mailbox.Domain, cancellation);
        var letter = Write(new Letter(site, mailbox, address, domainEvent.Language, $"{page}/{secret}", mailId, context.OccurredAt));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        var server = (await servers.OutgoingAsync(mailbox, limit.Token)) with { Timeout = Longest };
        await using var connection = await SmtpConnection.ConnectAsync(server, limit.Token);
        var results = await connection.SendAsync(mailbox.Address, [address.Shown], signer.Sign(letter.Bytes, context.OccurredAt, mailbox), letter.RequiresSmtpUtf8, limit.Token);
        if (results[^1].Outcome is not (SmtpOutcome.Accepted or SmtpOutcome.Unknown or SmtpOutcome.PermanentFailure))
            throw new InvalidOperationException($"The mail server put the sign-in link off: {results[^1].Reply}");
    }

    private async Task<Mailbox?> MailboxAsync(long siteId, CancellationToken cancellation) => (await known.InUseAsync(cancellation))
        .FirstOrDefault(row => row.SiteId == siteId && row is { IsEnabled: true, Outgoing: not null } && ProofLetter.DeskOf(options, row).Length > 0);

    private ComposedMessage Write(Letter letter)
    {
        string[] paragraphs =
        [
            texts.Get(letter.Language, "mail.sign-in.text", [("site", letter.Site.Name)]),
            letter.Link,
            texts.Get(letter.Language, "mail.sign-in.once", [("minutes", (int)SignInLink.Lifetime.TotalMinutes)]),
            texts.Get(letter.Language, "mail.sign-in.not-you"),
        ];
        return MessageWriter.Write(new OutgoingMessage
        {
            MessageId = letter.MailId,
            Date = new DateTimeOffset(letter.At, TimeSpan.Zero),
            From = new MailAddress(letter.Mailbox.SenderNames.GetValueOrDefault(letter.Language) is { Length: > 0 } name ? name : letter.Site.Name, letter.Mailbox.Address),
            To = [new MailAddress("", letter.To.Shown)],
            Subject = texts.Get(letter.Language, "mail.sign-in.subject", [("site", letter.Site.Name)]),
            Text = string.Join("\n\n", paragraphs) + $"\n\n-- \n{letter.Site.Name}\n",
            Html = $"<!DOCTYPE html><html lang=\"{letter.Language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>"
                + "<body style=\"margin:0;padding:16px;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif\"><div style=\"max-width:640px\">"
                + string.Concat(paragraphs.Select(part => $"<p style=\"margin:0 0 1em;overflow-wrap:anywhere\">{(part == letter.Link ? $"<a href=\"{WebUtility.HtmlEncode(part)}\">{MessageBody.Encode(part)}</a>" : MessageBody.Encode(part))}</p>"))
                + "</div></body></html>",
            Fields = [new("Auto-Submitted", "auto-generated"), new("X-Auto-Response-Suppress", "All")],
        });
    }

    private sealed record Letter(Site Site, Mailbox Mailbox, ContactAddress To, string Language, string Link, string MailId, DateTime At);
}
