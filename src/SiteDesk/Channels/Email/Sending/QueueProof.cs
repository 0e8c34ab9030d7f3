using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>What became of the wish to have an address proven.</summary>
public enum ProofWish
{
    /// <summary>The mail is queued with the caller's next save.</summary>
    Queued,

    /// <summary>It was queued before.</summary>
    Repeat,

    /// <summary>The site has no mailbox that sends or no known address of its own, or asks for too many addresses came from the ticket.</summary>
    Impossible,
}

/// <summary>Sends a sealed link to an address that a customer calls theirs (<see cref="ContactProofLinks"/>).</summary>
public sealed class QueueProof(Database database, KnownMailboxes known, MailTokens tokens, SiteDeskOptions options, TextCatalog texts, TimeProvider time)
{
    /// <summary>Addresses one ticket may have links sent to: nobody has the desk write to strangers.</summary>
    public const int MostAddresses = 3;

    /// <summary>Puts it into the queue, once for an address and ticket. Saved by the caller.</summary>
    public async Task<ProofWish> RunAsync(Ticket ticket, ContactAddress address, string language, CancellationToken cancellation)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"proof:{ticket.Id}:{MailHashes.OfAddress(address.Value)[..24]}");
        if (await database.Set<OutgoingMail>().AnyAsync(mail => mail.Key == key, cancellation))
            return ProofWish.Repeat;
        var mailbox = (await known.InUseAsync(cancellation)).FirstOrDefault(row => row.SiteId == ticket.SiteId && row is { IsEnabled: true, Outgoing: not null });
        if (mailbox is null || mailbox.DeskFor(options).Length == 0
            || await database.Set<OutgoingMail>().CountAsync(mail => mail.TicketId == ticket.Id && mail.Kind == OutgoingKind.Proof, cancellation) >= MostAddresses)
            return ProofWish.Impossible;

        var messageId = await database.Set<Message>().Where(message => message.TicketId == ticket.Id).MaxAsync(message => message.Id, cancellation);
        var mailId = await tokens.OwnMailIdAsync(key, mailbox.Domain, cancellation);
        var now = time.Now();
        database.Add(new OutgoingMail
        {
            Key = key,
            Kind = OutgoingKind.Proof,
            MailboxId = mailbox.Id,
            TicketId = ticket.Id,
            MessageId = messageId,
            LastMessageId = messageId,
            MailId = mailId,
            MailIdHash = MailHashes.OfMailId(mailId),
            Subject = texts.Get(language, "mail.proof.subject"),
            Language = language,
            Recipients = [new(address.Shown, "", RecipientField.To)],
            State = OutgoingState.Queued,
            NotBefore = now,
            CreatedAt = now,
        });
        return ProofWish.Queued;
    }
}
