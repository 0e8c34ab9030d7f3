using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>
/// Puts the letter with a link for a new password into the queue, if the address is somebody's who may sign in. Link and letter are
/// stored together; the secret itself is nowhere (<see cref="PasswordLetter"/>).
/// </summary>
public sealed class QueuePasswordLetter(
    Database database, ResetPassword reset, KnownMailboxes known, MailTokens tokens, SiteDeskOptions options, TextCatalog texts, WakeSignal<MailSender> signal, TimeProvider time)
    : IHandle<PasswordForgotten>, ICarryStaffLetters
{
    /// <summary>What the keys of such letters begin with; the wish follows.</summary>
    public const string KeyStart = "password:";

    public async Task<bool> IsPossibleAsync(CancellationToken cancellation) => (await known.InUseAsync(cancellation)).Any(CanCarry);

    public async Task HandleAsync(PasswordForgotten domainEvent, EventContext context, CancellationToken cancellation)
    {
        var key = KeyStart + domainEvent.Wish;

        // A link that is mailed to a mailbox of ours would become a ticket that others read.
        if (await database.Set<OutgoingMail>().AnyAsync(row => row.Key == key, cancellation) || await known.IsOneAsync(domainEvent.Email, alsoWithToken: true, cancellation))
            return;
        if (await reset.MakeMailedLinkAsync(domainEvent, context.OccurredAt, cancellation) is not { Email: { } address } member)
            return;
        var sites = await database.Set<StaffSite>().Where(site => site.StaffId == member.Id).Select(site => site.SiteId).ToListAsync(cancellation);
        var mailbox = (await known.InUseAsync(cancellation)).Where(CanCarry).OrderByDescending(row => sites.Contains(row.SiteId)).FirstOrDefault();
        if (mailbox is null)
            return; // taken away since the page was shown
        var mailId = await tokens.OwnMailIdAsync(key, mailbox.Domain, cancellation);
        database.Add(new OutgoingMail
        {
            Key = key,
            Kind = OutgoingKind.Password,
            MailboxId = mailbox.Id,
            MailId = mailId,
            MailIdHash = MailHashes.OfMailId(mailId),
            Subject = texts.Get(member.Language, "mail.password.subject"),
            Language = member.Language,
            Recipients = [new(address, member.DisplayName, RecipientField.To)],
            State = OutgoingState.Queued,
            NotBefore = time.Now(),
            CreatedAt = time.Now(),
        });
        await database.SaveChangesAsync(cancellation);
        signal.Wake();
    }

    /// <summary>
    /// The link leads to the address that an administrator set, never to the one a request was sent to: whoever asks in somebody's name
    /// would choose it.
    /// </summary>
    private bool CanCarry(Mailbox mailbox) => LinkLetter.CanLeaveFrom(mailbox, options);
}
