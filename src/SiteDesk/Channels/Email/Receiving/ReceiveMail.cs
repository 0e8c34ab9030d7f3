using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.Email.Receiving.Steps;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// Makes of a stored mail what it is: a ticket, a message, a report on one of ours, a repeat. The first steps only look; the last
/// ones and the mail's own state are stored in one transaction. A mail that breaks a step is put aside with its reason.
/// </summary>
public sealed class ReceiveMail(
    Database database, SiteDirectory sites, MailTokens tokens, TimeProvider time, ILogger<ReceiveMail> log,
    OversizeStep oversize, RepeatStep repeat, OwnMailStep ownMail, BounceStep bounce, SenderStep sender, AutomaticReplyStep automaticReply, LoopStep loop, JunkStep junk,
    FollowUpStep followUp, TextStep text, LearnedJunkStep learnedJunk, AttachmentsStep attachments, CustomerStep customer, TicketStep ticket, ConfirmationStep confirmation)
{
    private const int MostTries = 5;

    /// <summary>These look and decide; what they find out is kept in the mail under way.</summary>
    private IReadOnlyList<IReceivingStep> Looking => [oversize, repeat, ownMail, bounce, sender, automaticReply, loop, junk, followUp, text, learnedJunk, attachments];

    /// <summary>These write, together.</summary>
    private IReadOnlyList<IReceivingStep> Writing => [customer, ticket, confirmation];

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

    private async Task TryAsync(long rawMailId, StepName step, CancellationToken cancellation)
    {
        var raw = await database.Set<RawMail>().Include(mail => mail.Content).AsSingleQuery().FirstOrDefaultAsync(mail => mail.Id == rawMailId, cancellation);
        if (raw is not { State: RawMailState.Waiting })
            return;
        if (raw.Content is null)
        {
            raw.State = RawMailState.Quarantined;
            raw.Outcome = MailOutcome.Oversize;
            await database.SaveChangesAsync(cancellation);
            return;
        }

        var mailbox = await database.Set<Mailbox>().AsNoTracking().FirstAsync(row => row.Id == raw.MailboxId, cancellation);
        var site = await sites.FindAsync(raw.SiteId, cancellation) ?? await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == raw.SiteId, cancellation);
        step.Value = "read";
        var mail = new MailUnderWay { Raw = raw, Mailbox = mailbox, Site = site, Message = MimeMessage.Read(raw.Content.Bytes, MailIntakeLimits.Reading) };
        Describe(raw, mail.Message);
        if (!await WalkAsync(Looking, mail, step, cancellation))
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

    private static async Task<bool> WalkAsync(IReadOnlyList<IReceivingStep> steps, MailUnderWay mail, StepName at, CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
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
        mail.Raw.State = mail.Outcome is MailOutcome.Oversize or MailOutcome.NoSender ? RawMailState.Quarantined : RawMailState.Done;
        mail.Raw.Step = null;
        mail.Raw.ReadAt = time.Now();
        await database.SaveChangesAsync(cancellation);
    }

    private static void Describe(RawMail raw, MimeMessage message)
    {
        raw.MessageIdHash = message.MessageId is { } id ? MailHashes.OfMailId(id) : null;
        raw.Sender = Short(message.From?.Address.ToLowerInvariant() ?? "", 320);
        raw.Subject = Short(Tickets.MessageComposer.Clean(message.Subject).ReplaceLineEndings(" "), 300);
    }

    private async Task PutAsideAsync(long rawMailId, string step, string reason, CancellationToken cancellation)
    {
        database.ChangeTracker.Clear();
        var raw = await database.Set<RawMail>().FirstAsync(mail => mail.Id == rawMailId, cancellation);
        raw.State = RawMailState.Quarantined;
        raw.Outcome = MailOutcome.Failed;
        raw.Step = step;
        raw.Reason = Short(reason, 1000);
        raw.Attempts++;
        raw.ReadAt = time.Now();
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>A full disk or a database that is gone says nothing about the mail: it waits until the machine is well again.</summary>
    private static bool IsFaultOfTheMachine(Exception problem) =>
        problem is IOException or System.Data.Common.DbException or TimeoutException or UnauthorizedAccessException || problem.InnerException is { } inner && IsFaultOfTheMachine(inner);

    private static string Short(string text, int longest) => text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    private sealed class StepName
    {
        public string Value { get; set; } = "";
    }
}
