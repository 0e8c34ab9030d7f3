using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Our own mail that comes back (a copy to the mailbox, a forwarding, a list) is no request.</summary>
public sealed class OwnMailStep(Database database) : IReceivingStep
{
    public string Name => "own mail";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.Raw.MessageIdHash is { } hash && await database.Set<OutgoingMail>().AnyAsync(row => row.MailIdHash == hash, cancellation))
            mail.Finish(MailOutcome.Own);
        else if (mail.Message.From is { } author && await IsMailboxAsync(author.Address, cancellation) && !await HasForeignReplyToAsync(mail, cancellation))
            mail.Finish(MailOutcome.Own);
    }

    /// <summary>A site's own form often sends in the mailbox's name and names the person in Reply-To: that is a request.</summary>
    private async Task<bool> HasForeignReplyToAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        foreach (var address in mail.Message.ReplyTo.Take(5))
        {
            if (address.Address.Length > 0 && !await IsMailboxAsync(address.Address, cancellation))
                return true;
        }

        return false;
    }

    private async Task<bool> IsMailboxAsync(string address, CancellationToken cancellation) =>
        ContactAddress.ParseEmail(address) is { } known && await database.Set<Mailbox>().AnyAsync(mailbox => mailbox.AddressKey == known.Value && mailbox.RemovedAt == null, cancellation);
}
