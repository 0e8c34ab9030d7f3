using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Copies of what is sent, in the mailbox it is sent through. SMTP has no way to ask whether a mail was taken (RFC 1047); a copy that comes
/// back is the answer.
/// </summary>
public sealed class SentCopies(Database database)
{
    /// <summary>A copy that has not come when the mailbox is looked through so long after the try does not come.</summary>
    public static readonly TimeSpan WayBack = TimeSpan.FromMinutes(1);

    /// <summary>A mailbox that cannot be fetched must not keep an answer back for longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>
    /// Where the copy of a mail goes. Only what customers get has one: a colleague's notice and a link to prove oneself with are not for everybody who
    /// reads the mailbox. Only the try that reaches the first receiver has one, so that a copy speaks for no other try.
    /// </summary>
    /// <returns>Null when it has none.</returns>
    public static string? AddressFor(OutgoingMail mail, Mailbox mailbox) =>
        mailbox.SendsCopies && IsForCustomers(mail.Kind) && !mail.Recipients.Exists(recipient => recipient.State == RecipientState.Accepted || IsSame(recipient.Address, mailbox.Address)) ? mailbox.Address : null;

    /// <summary>Whether a mail that nobody knows the end of may still come back.</summary>
    public async Task<bool> IsAwaitedAsync(OutgoingMail mail, DateTime now, CancellationToken cancellation)
    {
        if (!IsForCustomers(mail.Kind) || mail.ClaimedAt is not { } began || now - began >= LongestWait)
            return false;
        if (await database.Set<Mailbox>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == mail.MailboxId, cancellation) is not { SendsCopies: true })
            return false;
        var fetched = await database.Set<MailboxState>().Where(row => row.MailboxId == mail.MailboxId).Select(row => row.FetchedAt).FirstOrDefaultAsync(cancellation);
        return !(fetched > began + WayBack) || await database.Set<RawMail>().AnyAsync(row => row.MailboxId == mail.MailboxId && row.State == RawMailState.Waiting && row.ReceivedAt >= began, cancellation);
    }

    /// <summary>Notes that a mail of ours came back. Of one that is not in doubt nothing is noted, nor of one that was given up: that is a person's to decide.</summary>
    /// <param name="mailIdHash">Of its Message-ID, whose signature is ours.</param>
    public Task NoteReturnedAsync(string mailIdHash, DateTime now, CancellationToken cancellation) =>
        database.Set<OutgoingMail>()
            .Where(mail => mail.MailIdHash == mailIdHash && mail.ReturnedAt == null && (mail.State == OutgoingState.Sending || mail.State == OutgoingState.Queued && mail.UnknownEnds > 0))
            .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.ReturnedAt, now), cancellation);

    private static bool IsForCustomers(OutgoingKind kind) => kind is OutgoingKind.Answer or OutgoingKind.Confirmation or OutgoingKind.Unseen;

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
