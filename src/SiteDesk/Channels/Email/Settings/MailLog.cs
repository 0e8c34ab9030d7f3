using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>A mail that came, in the log.</summary>
public sealed record ReceivedRow(RawMail Mail, string Mailbox);

/// <summary>A mail that goes, in the log.</summary>
public sealed record SentRow(OutgoingMail Mail, string? Mailbox);

/// <summary>What mail came and went. Sees the sites the reader may see.</summary>
public sealed class MailLog(Database database, AuditLog audit, WakeSignal<MailProcessor> reading, WakeSignal<MailSender> sending, TimeProvider time)
{
    /// <summary>Rows on a page.</summary>
    public const int Most = 50;

    /// <param name="state">One state; null for all.</param>
    /// <param name="before">Only rows with a lower key.</param>
    public async Task<IReadOnlyList<ReceivedRow>> ReceivedAsync(RawMailState? state, long? before, Staff staff, CancellationToken cancellation)
    {
        var mails = Visible(staff).Where(mail => mail.Outcome != MailOutcome.Copy);
        if (state is { } wanted)
            mails = mails.Where(mail => mail.State == wanted);
        if (before is { } key)
            mails = mails.Where(mail => mail.Id < key);
        return await (
            from mail in mails.AsNoTracking().OrderByDescending(mail => mail.Id).Take(Most)
            join mailbox in database.Set<Mailbox>() on mail.MailboxId equals mailbox.Id
            orderby mail.Id descending
            select new ReceivedRow(mail, mailbox.Address)).ToListAsync(cancellation);
    }

    public async Task<IReadOnlyList<SentRow>> SentAsync(OutgoingState? state, long? before, Staff staff, CancellationToken cancellation)
    {
        var mails = VisibleSent(staff);
        if (state is { } wanted)
            mails = mails.Where(mail => mail.State == wanted);
        if (before is { } key)
            mails = mails.Where(mail => mail.Id < key);
        return await (
            from mail in mails.AsNoTracking().OrderByDescending(mail => mail.Id).Take(Most)
            join mailbox in database.Set<Mailbox>() on mail.MailboxId equals mailbox.Id into mailboxes
            from mailbox in mailboxes.DefaultIfEmpty()
            orderby mail.Id descending
            select new SentRow(mail, mailbox == null ? null : mailbox.Address)).ToListAsync(cancellation);
    }

    public Task<RawMail?> FindAsync(long id, Staff staff, CancellationToken cancellation) =>
        Visible(staff).AsNoTracking().Include(mail => mail.Content).AsSingleQuery().FirstOrDefaultAsync(mail => mail.Id == id, cancellation);

    /// <summary>Reads a mail that was put aside once more.</summary>
    /// <returns>False when there is none, or none whose content is here.</returns>
    public async Task<bool> ReadAgainAsync(long id, Staff staff, CancellationToken cancellation)
    {
        var again = await Visible(staff).Where(mail => mail.Id == id && mail.State == RawMailState.Quarantined && mail.Content != null)
            .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.State, RawMailState.Waiting), cancellation);
        if (again == 0)
            return false;
        await WriteAuditAsync("mail.read-again", $"mail:{id}", staff, cancellation);
        reading.Wake();
        return true;
    }

    /// <summary>Tries once more to send a mail that was given up. What may have arrived already is sent with the same Message-ID.</summary>
    public async Task<bool> SendAgainAsync(long id, Staff staff, CancellationToken cancellation)
    {
        if (await VisibleSent(staff).FirstOrDefaultAsync(mail => mail.Id == id && (mail.State == OutgoingState.Failed || mail.State == OutgoingState.Bounced || mail.State == OutgoingState.NoServer), cancellation) is not { } mail)
            return false;
        mail.State = OutgoingState.Queued;
        mail.NotBefore = time.Now();
        mail.UnknownEnds = 0;
        mail.ReturnedAt = null;
        mail.Recipients = mail.Recipients.ConvertAll(recipient => recipient.State == RecipientState.Accepted ? recipient : recipient with { State = RecipientState.Waiting });
        await WriteAuditAsync("mail.sent-again", string.Create(CultureInfo.InvariantCulture, $"outgoing-mail:{id}"), staff, cancellation);
        sending.Wake();
        return true;
    }

    private async Task WriteAuditAsync(string action, string subject, Staff staff, CancellationToken cancellation)
    {
        audit.Write(staff.AsActor(), action, subject);
        await database.SaveChangesAsync(cancellation);
    }

    private IQueryable<RawMail> Visible(Staff staff)
    {
        var mails = database.Set<RawMail>().AsQueryable();
        return staff.SiteIds is { } sites ? mails.Where(mail => sites.Contains(mail.SiteId)) : mails;
    }

    private IQueryable<OutgoingMail> VisibleSent(Staff staff)
    {
        var mails = database.Set<OutgoingMail>().AsQueryable();
        return staff.SiteIds is { } sites ? mails.Where(mail => database.Set<Tickets.Ticket>().Any(ticket => ticket.Id == mail.TicketId && sites.Contains(ticket.SiteId))) : mails;
    }
}
