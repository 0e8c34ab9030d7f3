using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// How many mails a mailbox hands over within an hour, as its administrator said. Counted in the queue itself, so that all nodes count
/// together. Two nodes that look in the same moment may both take the last place: each node can go over by one mail.
/// </summary>
public sealed class HourlyLimit(Database database, TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <returns>Null when a mail may leave now; else when the next may.</returns>
    public async Task<DateTime?> FreeAtAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        if (mailbox.MailsPerHour <= 0)
            return null;
        // With the place that so many others follow, the hour is full; it is free again when that one is an hour old.
        var filling = await Taken().Where(mail => mail.MailboxId == mailbox.Id)
            .OrderByDescending(mail => mail.ClaimedAt).Skip(mailbox.MailsPerHour - 1).Select(mail => mail.ClaimedAt).FirstOrDefaultAsync(cancellation);
        return filling + Window;
    }

    /// <summary>What waits for its hour in each of several mailboxes; those whose hour is not full are not asked further.</summary>
    /// <returns>By the mailbox's key; none for a mailbox in which nothing waits.</returns>
    public async Task<IReadOnlyDictionary<long, SendingWaits>> WaitsAsync(IReadOnlyCollection<Mailbox> mailboxes, CancellationToken cancellation)
    {
        var ids = mailboxes.Where(mailbox => mailbox.MailsPerHour > 0).Select(mailbox => mailbox.Id).ToList();
        var taken = await Taken().Where(mail => mail.MailboxId != null && ids.Contains(mail.MailboxId.Value))
            .GroupBy(mail => mail.MailboxId!.Value).Select(mails => new { Id = mails.Key, Count = mails.Count() }).ToDictionaryAsync(row => row.Id, row => row.Count, cancellation);
        var waits = new Dictionary<long, SendingWaits>();
        foreach (var mailbox in mailboxes.Where(mailbox => taken.GetValueOrDefault(mailbox.Id) is > 0 and var count && count >= mailbox.MailsPerHour))
        {
            if (await WaitsAsync(mailbox, cancellation) is { } waiting)
                waits[mailbox.Id] = waiting;
        }

        return waits;
    }

    /// <summary>What waits for its hour.</summary>
    /// <returns>Null when nothing does.</returns>
    public async Task<SendingWaits?> WaitsAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        if (await FreeAtAsync(mailbox, cancellation) is not { } until)
            return null;
        var now = time.Now();
        var count = await database.Set<OutgoingMail>().CountAsync(mail => mail.MailboxId == mailbox.Id && mail.State == OutgoingState.Queued && mail.NotBefore <= now, cancellation);
        return count > 0 ? new SendingWaits(count, until) : null;
    }

    /// <summary>The mails that have a place in this hour.</summary>
    private IQueryable<OutgoingMail> Taken()
    {
        var since = time.Now() - Window;
        return database.Set<OutgoingMail>().Where(mail => mail.ClaimedAt > since && mail.State != OutgoingState.Queued && mail.State != OutgoingState.Withdrawn && mail.State != OutgoingState.NoServer);
    }
}

/// <summary>Mails that wait because their mailbox has sent as many as it may.</summary>
/// <param name="Until">When the next one leaves.</param>
public sealed record SendingWaits(int Count, DateTime Until);
