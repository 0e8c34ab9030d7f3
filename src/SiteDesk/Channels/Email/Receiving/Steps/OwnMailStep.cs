using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Our own mail that comes back (a copy to the mailbox, a forwarding, a list) is no request.</summary>
public sealed class OwnMailStep(Database database, KnownMailboxes mailboxes, MailTokens tokens, Sending.SentCopies copies, TimeProvider time) : IReceivingStep
{
    public string Name => "own mail";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (await IsOursAsync(mail, cancellation))
            await TakeBackAsync(mail, cancellation);
        else if (mail.Message.From is { } author && await IsMailboxAsync(author.Address, cancellation) && !await HasForeignReplyToAsync(mail, cancellation))
            mail.Finish(MailOutcome.Own);
    }

    /// <summary>
    /// However it came back, the server had taken it. A copy that its mailbox keeps is looked for there: here only the fact that it came is kept.
    /// </summary>
    private async Task TakeBackAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        await copies.NoteReturnedAsync(mail.Raw.MessageIdHash!, time.Now(), cancellation);
        if (mail.Mailbox.SendsCopies)
            await database.Set<RawMailContent>().Where(content => content.RawMailId == mail.Raw.Id).ExecuteDeleteAsync(cancellation);
        mail.Finish(mail.Mailbox.SendsCopies ? MailOutcome.Copy : MailOutcome.Own);
    }

    /// <summary>Only our own Message-IDs carry our signature; whoever copies one has not written our mail unless we sent it.</summary>
    private async Task<bool> IsOursAsync(MailUnderWay mail, CancellationToken cancellation) =>
        mail.Message.MessageId is { } id && mail.Raw.MessageIdHash is { } hash && (await tokens.ReadAsync([id], cancellation) is not null || await tokens.ReadStaffAsync([id], cancellation) is { IsOurs: true })
        && await database.Set<OutgoingMail>().AnyAsync(row => row.MailIdHash == hash, cancellation);

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

    private Task<bool> IsMailboxAsync(string address, CancellationToken cancellation) => mailboxes.IsOneAsync(address, alsoWithToken: false, cancellation);
}
