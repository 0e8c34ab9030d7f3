using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// A new request by mail is confirmed once, with its number and link. Never to junk, machines, lists and addresses nobody reads
/// (RFC 3834 section 2), and only a few times an hour to the same sender.
/// </summary>
public sealed class ConfirmationStep(Database database, QueueMail queue, MailIntakeLimits limits, TimeProvider time) : IReceivingStep
{
    /// <summary>Within which a sender gets a few confirmations at most.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public string Name => "confirmation";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var isWanted = mail.Outcome == MailOutcome.Ticket && mail.Mailbox.SendsConfirmation && mail.Ticket is { Junk: null } && !mail.IsAutomatic && !mail.Automatic.MustNotBeAnswered;
        if (!isWanted || mail.HasWrittenLately && await HasEnoughAsync(mail, cancellation))
            return;
        await queue.ConfirmAsync(mail.Ticket!, mail.Raw.MessageId!.Value, mail.Correspondence, mail.Message.MessageId is { Length: <= TicketStep.LongestMailId } id ? id : null, cancellation);
    }

    private async Task<bool> HasEnoughAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var since = time.Now() - Window;
        var confirmed = await (
            from raw in database.Set<RawMail>()
            join sent in database.Set<OutgoingMail>() on raw.TicketId equals sent.TicketId
            where raw.SiteId == mail.Site.Id && raw.Sender == mail.Raw.Sender && raw.ReceivedAt > since && raw.Outcome == MailOutcome.Ticket && sent.Kind == OutgoingKind.Confirmation
            select sent.Id).CountAsync(cancellation);
        return confirmed >= limits.ConfirmationsOfSender;
    }
}
