using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>
/// Tells staff by mail what they have not seen in the workspace. First it is quiet: who looks at the workspace is told there, and
/// what came meanwhile goes as one mail.
/// </summary>
public sealed class MailStaff(
    Database database, QueueMail queue, KnownMailboxes mailboxes, TicketPresence presence, WakeSignal<MailSender> signal, TimeProvider time) : IHandle<StaffNotified>
{
    /// <summary>Who is at work in the workspace is asked after again so often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>Who leaves a notice unread for so long while at work does so knowingly.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public async Task HandleAsync(StaffNotified domainEvent, EventContext context, CancellationToken cancellation)
    {
        var notification = await database.Set<StaffNotification>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == domainEvent.NotificationId && (row.ReadAt == null || row.Kind == StaffNotification.ReplyHeld), cancellation);
        if (notification is null || !notification.IsHeldReply && await HasNewerAsync(notification, cancellation))
            return;
        var member = await database.Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).AsSplitQuery()
            .FirstOrDefaultAsync(row => row.Id == notification.StaffId && row.DeactivatedAt == null, cancellation);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == notification.TicketId, cancellation);
        if (member?.Email is not { Length: > 0 } address || ticket is null || ticket.Junk is not null || !ticket.IsVisibleTo(member.AsStaff()))
            return;
        var choice = await database.Set<StaffMailChoice>().AsNoTracking().FirstOrDefaultAsync(row => row.StaffId == member.Id, cancellation) ?? new StaffMailChoice { StaffId = member.Id };

        // A mailbox that is also somebody's own address would answer itself.
        if (!choice.Wants(notification.Kind) || await mailboxes.IsOneAsync(address, alsoWithToken: true, cancellation))
            return;

        // Who has just answered by mail looks there.
        if (!notification.IsHeldReply && await IsAtWorkAsync(member.Id, cancellation))
        {
            if (time.Now() - notification.CreatedAt < Longest)
            {
                database.Publish(() => domainEvent, time.Now() + LookAgain);
                await database.SaveChangesAsync(cancellation);
            }

            return;
        }

        await QueueAsync(notification, ticket, member, address, cancellation);
    }

    /// <summary>The mail about the newest tells of the ones before it, too.</summary>
    private Task<bool> HasNewerAsync(StaffNotification notification, CancellationToken cancellation) => database.Set<StaffNotification>()
        .AnyAsync(row => row.StaffId == notification.StaffId && row.TicketId == notification.TicketId && row.ReadAt == null && row.Id > notification.Id, cancellation);

    private async Task<bool> IsAtWorkAsync(long staffId, CancellationToken cancellation)
    {
        if (presence.IsAnywhere(staffId))
            return true;
        var since = time.Now() - StaffSessions.SeenPrecision - StaffNotified.Quiet;
        return await database.Set<Session>().AnyAsync(session => session.StaffId == staffId && session.LastSeenAt > since, cancellation);
    }

    private async Task QueueAsync(StaffNotification notification, Ticket ticket, StaffMember member, string address, CancellationToken cancellation)
    {
        var last = notification.MessageId ?? await database.Set<Message>().Where(row => row.TicketId == ticket.Id).OrderByDescending(row => row.Id).Select(row => (long?)row.Id).FirstOrDefaultAsync(cancellation);
        if (last is null)
            return; // everything in it was taken back
        var told = await (
            from mail in database.Set<OutgoingMail>()
            join earlier in database.Set<StaffNotification>() on mail.NotificationId equals earlier.Id
            where mail.TicketId == ticket.Id && earlier.StaffId == member.Id
            select (long?)mail.LastMessageId).MaxAsync(cancellation) ?? 0;
        var first = await database.Set<StaffNotification>().Where(row => row.StaffId == member.Id && row.TicketId == ticket.Id && row.ReadAt == null && row.MessageId > told)
            .MinAsync(row => row.MessageId, cancellation) ?? last.Value;
        if (notification.IsHeldReply)
            first = Math.Min(first, told + 1);
        var notice = new QueueMail.Notice(notification.Id, member.Id, new MailParty(member.DisplayName, address), member.Language, Math.Min(first, last.Value), last.Value);
        if (await queue.NoticeAsync(ticket, notice, cancellation) is null)
            return; // told before, or the site has no mailbox
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            // The other run of this delivery was quicker; it queued the same mail.
            database.ChangeTracker.Clear();
        }

        signal.Wake();
    }
}
