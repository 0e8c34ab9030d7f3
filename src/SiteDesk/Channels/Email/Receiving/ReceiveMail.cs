using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving.Steps;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// Makes of a stored mail what it is: a ticket, a message, a report on one of ours, a repeat. The first steps only look; the last
/// ones and the mail's own state are stored in one transaction. A mail that breaks a step is put aside with its reason.
/// </summary>
/// <remarks>
/// Several mails share a transaction where they can: what a transaction costs by itself is more than a mail costs in it. If one of
/// them breaks nothing of it is kept, and each is read alone.
/// </remarks>
public sealed class ReceiveMail(
    Database database, SiteDirectory sites, KnownMailboxes mailboxes, MailTokens tokens, TimeProvider time, ILogger<ReceiveMail> log,
    OversizeStep oversize, RepeatStep repeat, OwnMailStep ownMail, BounceStep bounce, StaffReplyStep staffReply, SenderStep sender, AutomaticReplyStep automaticReply, LoopStep loop, JunkStep junk,
    FollowUpStep followUp, TextStep text, LearnedJunkStep learnedJunk, AttachmentsStep attachments, CustomerStep customer, TicketStep ticket, ConfirmationStep confirmation, AnswerAsStaffStep answerAsStaff)
{
    private const int MostTries = 5;

    /// <summary>These look at the mail alone: no database, so that several may be looked at beside each other and before any writer's turn.</summary>
    private IReadOnlyList<IReceivingStep> Reading => [oversize, automaticReply, text];

    /// <summary>These look and decide; what they find out is kept in the mail under way.</summary>
    private IReadOnlyList<IReceivingStep> Looking => [repeat, ownMail, bounce, staffReply, sender, loop, junk, followUp, learnedJunk, attachments];

    /// <summary>These write, together.</summary>
    private IReadOnlyList<IReceivingStep> Writing => [answerAsStaff, customer, ticket, confirmation];

    public async Task RunAsync(long rawMailId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var step = new StepName();
            try
            {
                database.ChangeTracker.Clear();
                await TryAsync(rawMailId, step, cancellation);
                return;
            }
            catch (DbUpdateException problem) when (attempt < MostTries && problem.IsConflict())
            {
                // Somebody moved the ticket meanwhile, or another copy of the mail was quicker: look again.
                log.LogDebug(problem, "Mail {Mail} is read again.", rawMailId);
            }
            catch (Exception problem) when (problem is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                if (IsFaultOfTheMachine(problem))
                    throw;
                log.LogWarning(problem, "Mail {Mail} broke step {Step} and is put aside.", rawMailId, step.Value);
                await PutAsideAsync(rawMailId, step.Value, $"{problem.GetType().Name}: {problem.Message}", cancellation);
                return;
            }
        }
    }

    /// <summary>Reads mails in their order as one transaction, as far as that goes.</summary>
    /// <param name="rawMailIds">In the order they came; no more than fit into memory.</param>
    /// <returns>How many from the beginning are read; the next one after them wants to be read alone. Null when one of them breaks.</returns>
    public async Task<int?> RunTogetherAsync(IReadOnlyList<long> rawMailIds, CancellationToken cancellation)
    {
        var raws = await database.Set<RawMail>().AsNoTracking().Include(mail => mail.Content).AsSingleQuery()
            .Where(mail => rawMailIds.Contains(mail.Id) && mail.State == RawMailState.Waiting).OrderBy(mail => mail.Id).ToListAsync(cancellation);
        if (raws.Count != rawMailIds.Count)
            return 0;
        var opened = new List<MailUnderWay?>();
        foreach (var raw in raws)
            opened.Add(await OpenAsync(raw, cancellation));
        var isPlain = new bool[opened.Count];
        await Parallel.ForAsync(0, opened.Count, cancellation, async (at, stop) => isPlain[at] = opened[at] is { } mail && await IsPlainAsync(mail, stop));
        var together = opened.OfType<MailUnderWay>().Where((_, at) => isPlain.AsSpan(0, at + 1).IndexOf(false) < 0).ToList();
        if (together.Count < 2)
            return 0;
        try
        {
            await tokens.PrepareAsync(cancellation);
            await database.InTransactionAsync(() => StoreTogetherAsync(together, cancellation), cancellation);
            return together.Count;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogDebug(problem, "One of {Count} mails cannot be stored with the others; each is read alone.", together.Count);
            return null;
        }
    }

    /// <summary>Looks at the mail alone. A file is kept outside of a transaction others wait for; what breaks here is told by reading the mail alone.</summary>
    private async Task<bool> IsPlainAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        try
        {
            return await WalkAsync(Reading, mail, new StepName(), cancellation) && mail.Message.Body.Attachments.Count == 0;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogDebug(problem, "Mail {Mail} is read alone.", mail.Raw.Id);
            return false;
        }
    }

    private async Task<bool> StoreTogetherAsync(List<MailUnderWay> mails, CancellationToken cancellation)
    {
        foreach (var mail in mails)
        {
            // Each mail is looked at with what the ones before it have stored, and none carries their rows along.
            database.ChangeTracker.Clear();
            mail.Raw.Content = null;
            database.Attach(mail.Raw);
            Describe(mail.Raw, mail.Message);
            var at = new StepName();
            if (await WalkAsync(Looking, mail, at, cancellation))
                await WalkAsync(Writing, mail, at, cancellation);
            await CloseAsync(mail, cancellation);
        }

        database.ChangeTracker.Clear();
        return true;
    }

    private async Task TryAsync(long rawMailId, StepName step, CancellationToken cancellation)
    {
        var raw = await database.Set<RawMail>().Include(mail => mail.Content).AsSingleQuery().FirstOrDefaultAsync(mail => mail.Id == rawMailId, cancellation);
        if (raw is not { State: RawMailState.Waiting })
            return;
        step.Value = "read";
        if (await OpenAsync(raw, cancellation) is not { } mail)
        {
            raw.State = RawMailState.Quarantined;
            raw.Outcome = MailOutcome.Oversize;
            await database.SaveChangesAsync(cancellation);
            return;
        }

        Describe(raw, mail.Message);
        if (!await WalkAsync(Reading, mail, step, cancellation) || !await WalkAsync(Looking, mail, step, cancellation))
        {
            await CloseAsync(mail, cancellation);
            return;
        }

        await tokens.PrepareAsync(cancellation);
        await database.InTransactionAsync(async () =>
        {
            await WalkAsync(Writing, mail, step, cancellation);
            await CloseAsync(mail, cancellation);
            return true;
        }, cancellation);
    }

    /// <returns>Null when its bytes are not here: it was too large to be fetched.</returns>
    private async Task<MailUnderWay?> OpenAsync(RawMail raw, CancellationToken cancellation)
    {
        if (raw.Content is not { } content)
            return null;
        var mailbox = await mailboxes.FindAsync(raw.MailboxId, cancellation);
        var site = await sites.FindAsync(raw.SiteId, cancellation) ?? await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == raw.SiteId, cancellation);
        return new MailUnderWay(() => MimeMessage.Read(content.Bytes, MailIntakeLimits.Reading)) { Raw = raw, Mailbox = mailbox, Site = site };
    }

    private static async Task<bool> WalkAsync(IReadOnlyList<IReceivingStep> steps, MailUnderWay mail, StepName at, CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
            // What a colleague writes is judged by who they are: junk, loops and customers have no part in it.
            if (mail.StaffReply is not null && step is not (AttachmentsStep or AnswerAsStaffStep))
                continue;
            at.Value = step.Name;
            await step.RunAsync(mail, cancellation);
            if (mail.Outcome is not null && !IsRegistered(mail))
                return false;
        }

        return true;
    }

    private static bool IsRegistered(MailUnderWay mail) => mail.Outcome is MailOutcome.Ticket or MailOutcome.FollowUp;

    private async Task CloseAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        mail.Raw.Outcome = mail.Outcome ?? throw new InvalidOperationException("The steps have decided nothing.");
        mail.Raw.State = mail.Outcome is MailOutcome.Oversize or MailOutcome.NoSender or MailOutcome.StaffRefused ? RawMailState.Quarantined : RawMailState.Done;
        mail.Raw.Step = null;
        mail.Raw.ReadAt = time.Now();
        await database.SaveChangesAsync(cancellation);
    }

    private static void Describe(RawMail raw, MimeMessage message)
    {
        raw.MessageIdHash = message.MessageId is { } id ? MailHashes.OfMailId(id) : null;
        raw.Sender = (message.From?.Address.ToLowerInvariant() ?? "").UpTo(320);
        raw.Subject = Tickets.MessageComposer.Clean(message.Subject).ReplaceLineEndings(" ").UpTo(300);
    }

    private async Task PutAsideAsync(long rawMailId, string step, string reason, CancellationToken cancellation)
    {
        database.ChangeTracker.Clear();
        var raw = await database.Set<RawMail>().FirstAsync(mail => mail.Id == rawMailId, cancellation);
        raw.State = RawMailState.Quarantined;
        raw.Outcome = MailOutcome.Failed;
        raw.Step = step;
        raw.Reason = reason.UpTo(1000);
        raw.Attempts++;
        raw.ReadAt = time.Now();
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>A full disk or a database that is gone says nothing about the mail: it waits until the machine is well again. What the database refuses to store does.</summary>
    private static bool IsFaultOfTheMachine(Exception problem) => !DatabaseFaults.IsRefusedData(problem) && IsUnwell(problem);

    private static bool IsUnwell(Exception problem) =>
        problem is IOException or System.Net.Sockets.SocketException or System.Data.Common.DbException or TimeoutException or UnauthorizedAccessException || problem.InnerException is { } inner && IsUnwell(inner);

    private sealed class StepName
    {
        public string Value { get; set; } = "";
    }
}
