using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>A mail that a server was handed, or may have been, cannot be taken back.</summary>
public sealed class MailThatLeft(Database database) : IKnowWhatLeft
{
    public async ValueTask<bool> HasLeftAsync(Message message, CancellationToken cancellation) =>
        await database.Set<OutgoingMail>().AnyAsync(
            mail => mail.TicketId == message.TicketId && mail.MessageId <= message.Id && mail.LastMessageId >= message.Id
                && mail.Kind != OutgoingKind.Confirmation && mail.Kind != OutgoingKind.Notice && mail.Kind != OutgoingKind.Proof && mail.State != OutgoingState.Queued && mail.State != OutgoingState.Withdrawn && mail.State != OutgoingState.NoServer,
            cancellation);
}
