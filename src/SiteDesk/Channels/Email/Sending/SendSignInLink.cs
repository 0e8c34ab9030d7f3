using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

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
        var page = domainEvent.Page.StartsWith('/') ? mailbox.DeskFor(options) + domainEvent.Page : domainEvent.Page;
        // A second try is the same mail to its receiver's server; the link in it is a new one.
        var mailId = await tokens.OwnMailIdAsync(string.Create(CultureInfo.InvariantCulture, $"sign-in:{context.DeliveryId}"), mailbox.Domain, cancellation);
        var letter = Write(domainEvent, site, mailbox, address, $"{page}/{secret}", mailId, context.OccurredAt);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        var server = (await servers.OutgoingAsync(mailbox, limit.Token)) with { Timeout = Longest };
        await using var connection = await SmtpConnection.ConnectAsync(server, limit.Token);
        var results = await connection.SendAsync(mailbox.Address, [address.Shown], signer.Sign(letter.Bytes, context.OccurredAt, mailbox), letter.RequiresSmtpUtf8, cancellation: limit.Token);
        if (results[^1].Outcome is not (SmtpOutcome.Accepted or SmtpOutcome.Unknown or SmtpOutcome.PermanentFailure))
            throw new InvalidOperationException($"The mail server put the sign-in link off: {results[^1].Reply}");
    }

    private async Task<Mailbox?> MailboxAsync(long siteId, CancellationToken cancellation) => (await known.InUseAsync(cancellation))
        .FirstOrDefault(row => row.SiteId == siteId && LinkLetter.CanLeaveFrom(row, options));

    private ComposedMessage Write(SignInWished wished, Site site, Mailbox mailbox, ContactAddress address, string link, string mailId, DateTime at) => new LinkLetter
    {
        Mailbox = mailbox, Site = site, Language = wished.Language, MailId = mailId, MadeAt = at, To = [new MailAddress("", address.Shown)],
        Subject = texts.Get(wished.Language, "mail.sign-in.subject", [("site", site.Name)]),
        Paragraphs =
        [
            texts.Get(wished.Language, "mail.sign-in.text", [("site", site.Name)]),
            link,
            texts.Get(wished.Language, "mail.sign-in.once", [("minutes", (int)SignInLink.Lifetime.TotalMinutes)]),
            texts.Get(wished.Language, "mail.sign-in.not-you"),
        ],
        Link = link,
    }.Write();
}
