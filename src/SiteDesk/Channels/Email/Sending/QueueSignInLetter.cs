using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>Puts the letter with a link that signs a customer in into the queue; the secret itself is nowhere (<see cref="SignInLetter"/>).</summary>
public sealed class QueueSignInLetter(
    Database database, KnownMailboxes known, MailTokens tokens, SignInLinks links, TextCatalog texts, SiteDeskOptions options, WakeSignal<MailSender> signal, TimeProvider time)
    : IHandle<SignInWished>, ISendSignInLinks
{
    /// <summary>What the keys of such letters begin with; the wish follows, and the link's key.</summary>
    public const string KeyStart = "sign-in:";

    public async Task<bool> CanSendAsync(long siteId, CancellationToken cancellation) => await MailboxAsync(siteId, cancellation) is not null;

    public async Task HandleAsync(SignInWished domainEvent, EventContext context, CancellationToken cancellation)
    {
        var wish = string.Create(CultureInfo.InvariantCulture, $"{KeyStart}{context.DeliveryId}:");
        if (await database.Set<OutgoingMail>().AnyAsync(row => row.Kind == OutgoingKind.SignIn && row.Key.StartsWith(wish), cancellation)
            || time.Now() - context.OccurredAt > SignInLink.Lifetime
            || ContactAddress.ParseEmail(domainEvent.Email) is not { } address
            || await MailboxAsync(domainEvent.SiteId, cancellation) is not { } mailbox
            || await known.IsOneAsync(address.Value, alsoWithToken: true, cancellation) // it would answer itself
            || await links.MakeAsync(address, domainEvent.Path, cancellation) is not { } link)
        {
            return;
        }

        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == domainEvent.SiteId, cancellation);
        var key = wish + link.ToString(CultureInfo.InvariantCulture);
        var mailId = await tokens.OwnMailIdAsync(key, mailbox.Domain, cancellation);
        database.Add(new OutgoingMail
        {
            Key = key,
            Kind = OutgoingKind.SignIn,
            MailboxId = mailbox.Id,
            MailId = mailId,
            MailIdHash = MailHashes.OfMailId(mailId),
            Subject = texts.Get(domainEvent.Language, "mail.sign-in.subject", [("site", site.Name)]).UpTo(320),
            Language = domainEvent.Language,
            Recipients = [new(address.Shown, "", RecipientField.To)],
            State = OutgoingState.Queued,
            NotBefore = time.Now(),
            CreatedAt = time.Now(),
        });
        await database.SaveChangesAsync(cancellation);
        signal.Wake();
    }

    private async Task<Mailbox?> MailboxAsync(long siteId, CancellationToken cancellation) => (await known.InUseAsync(cancellation))
        .FirstOrDefault(row => row.SiteId == siteId && LinkLetter.CanLeaveFrom(row, options));
}
