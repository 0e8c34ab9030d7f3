using Microsoft.EntityFrameworkCore;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>Keeps a mail as it came, before anything is made of it. After this returns it cannot be lost.</summary>
public sealed class StoreMail(Database database, WakeSignal<MailProcessor> signal, TimeProvider time)
{
    /// <returns>The row; the one that is there already when the same bytes came to the mailbox before.</returns>
    public async Task<RawMail> RunAsync(Mailbox mailbox, byte[] raw, CancellationToken cancellation)
    {
        var hash = MailHashes.OfContent(raw);
        if (await FindAsync(mailbox.Id, hash, cancellation) is { } known)
            return known;
        var mail = RowOf(mailbox, raw, hash);
        database.Add(mail);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            // The same mail came by another way at the same moment.
            database.ChangeTracker.Clear();
            return await FindAsync(mailbox.Id, hash, cancellation) ?? throw new InvalidOperationException("A mail was refused as a repeat and is not there.", problem);
        }

        database.Entry(mail).State = EntityState.Detached; // the bytes are not kept in memory
        signal.Wake();
        return mail;
    }

    /// <summary>Keeps several mails of one mailbox as one transaction: all are there afterwards, or none.</summary>
    public async Task RunAsync(Mailbox mailbox, IReadOnlyList<byte[]> raws, CancellationToken cancellation)
    {
        var rows = raws.Select(raw => (Hash: MailHashes.OfContent(raw), Raw: raw)).DistinctBy(row => row.Hash, StringComparer.Ordinal).ToList();
        var hashes = rows.ConvertAll(row => row.Hash);
        var known = await database.Set<RawMail>().Where(mail => mail.MailboxId == mailbox.Id && hashes.Contains(mail.ContentHash)).Select(mail => mail.ContentHash).ToListAsync(cancellation);
        database.AddRange(rows.Where(row => !known.Contains(row.Hash)).Select(row => RowOf(mailbox, row.Raw, row.Hash)));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            // One of them came by another way at the same moment: which one, each says for itself.
            database.ChangeTracker.Clear();
            foreach (var raw in raws)
                await RunAsync(mailbox, raw, cancellation);
        }

        database.ChangeTracker.Clear(); // the bytes are not kept in memory
        signal.Wake();
    }

    private RawMail RowOf(Mailbox mailbox, byte[] raw, string hash) => new()
    {
        MailboxId = mailbox.Id,
        SiteId = mailbox.SiteId,
        ReceivedAt = time.Now(),
        Size = raw.Length,
        ContentHash = hash,
        Content = new RawMailContent { Bytes = raw },
    };

    /// <summary>Notes a mail that is too large to be fetched: it stays in its mailbox, and an administrator sees it.</summary>
    /// <param name="uid">Its identifier in the folder.</param>
    public async Task NoteOversizeAsync(Mailbox mailbox, long uidValidity, long uid, long size, CancellationToken cancellation)
    {
        var hash = MailHashes.OfContent(System.Text.Encoding.UTF8.GetBytes($"{uidValidity}:{uid}"));
        if (await FindAsync(mailbox.Id, hash, cancellation) is not null)
            return;
        database.Add(new RawMail
        {
            MailboxId = mailbox.Id,
            SiteId = mailbox.SiteId,
            ReceivedAt = time.Now(),
            Size = size,
            ContentHash = hash,
            State = RawMailState.Quarantined,
            Outcome = MailOutcome.Oversize,
            Step = "oversize",
        });
        await database.SaveChangesAsync(cancellation);
    }

    private Task<RawMail?> FindAsync(long mailboxId, string hash, CancellationToken cancellation) =>
        database.Set<RawMail>().AsNoTracking().FirstOrDefaultAsync(mail => mail.MailboxId == mailboxId && mail.ContentHash == hash, cancellation);
}

/// <summary>Bounds of what is taken in; set under <c>Email</c> in the configuration.</summary>
public sealed class MailIntakeLimits
{
    /// <summary>Bytes of one mail. The largest providers send up to 25 MB of files, a third more when encoded.</summary>
    public int MostBytes { get; set; } = 40 * 1024 * 1024;

    /// <summary>Tickets one sender may open within <see cref="LoopWindow"/>; what comes beyond joins the newest of them.</summary>
    public int TicketsOfSender { get; set; } = 5;

    /// <summary>Confirmations one sender gets within an hour.</summary>
    public int ConfirmationsOfSender { get; set; } = 3;

    public TimeSpan LoopWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Mails of one sender within <see cref="LoopWindow"/> that go on in tickets; who sends more is taken for a machine until it is quiet again.</summary>
    public int MailsOfSender { get; set; } = 20;

    /// <summary>Mails a server is given in a minute; 0 sets no limit.</summary>
    public int MailsPerMinute { get; set; }

    /// <summary>The same for one server, by its host name.</summary>
    public Dictionary<string, int> MailsPerMinuteOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Received fields from which on a mail is going round (RFC 5321 section 6.3 asks for at least 100; real ways have under 20).</summary>
    public int MostHops { get; set; } = 50;

    /// <summary>Mails of each kind, marked as junk and answered, from which on the filter that learns from them judges.</summary>
    public int JunkExamples { get; set; } = 20;

    /// <summary>From one look to the next where a server cannot tell of news by itself.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a node says that it is still sending a mail; far less than <see cref="Sending.SendMail.LongestTry"/>.</summary>
    public TimeSpan ClaimRenewal { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The usual bounds of reading one mail.</summary>
    public static MailLimits Reading => MailLimits.Default;
}
