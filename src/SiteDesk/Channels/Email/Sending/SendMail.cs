using Microsoft.EntityFrameworkCore;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Hands one queued mail to the server and stores what it said. The row says "sending" before the first byte leaves: a program
/// that dies in between finds it so, and asks itself first how old it is.
/// </summary>
public sealed class SendMail(Database database, LetterWriter letters, MailSigner signer, ServerWords words, SentCopies copies, TimeProvider time, ILogger<SendMail> log)
{
    /// <summary>A try under way for so long was left by a program that died, or by a connection that broke after the last byte.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(10);

    /// <summary>How long a server may put a mail off before it is given up (RFC 5321 section 4.5.4.1 speaks of days).</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(3);

    private const int LongestAnswer = 1000;
    private const int MostLookedAt = 100;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The due mail of a mailbox that is next, claimed for this node; null when there is none.</summary>
    public async Task<OutgoingMail?> ClaimAsync(long mailboxId, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.Now();
            var id = await database.Set<OutgoingMail>().Where(mail => mail.MailboxId == mailboxId && mail.State == OutgoingState.Queued && mail.NotBefore <= now)
                .OrderBy(mail => mail.NotBefore).ThenBy(mail => mail.Id).Select(mail => (long?)mail.Id).FirstOrDefaultAsync(cancellation);
            if (id is null)
                return null;
            var claimed = await database.Set<OutgoingMail>().Where(mail => mail.Id == id && mail.State == OutgoingState.Queued)
                .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.State, OutgoingState.Sending).SetProperty(mail => mail.ClaimedAt, now).SetProperty(mail => mail.Attempts, mail => mail.Attempts + 1), cancellation);
            if (claimed == 1)
                return await database.Set<OutgoingMail>().FirstAsync(mail => mail.Id == id, cancellation);
        }
    }

    /// <param name="connect">Gives the open connection, or makes one.</param>
    /// <exception cref="MailTransportException">There is no connection to be had; the mail is back in the queue.</exception>
    public async Task RunAsync(OutgoingMail mail, Mailbox mailbox, Func<Task<SmtpConnection>> connect, CancellationToken cancellation)
    {
        if (SettleByCopy(mail))
        {
            await StoreAsync(mail);
            words.Forget(mail);
            return;
        }

        ComposedMessage? letter;
        try
        {
            letter = await letters.WriteAsync(mail, mailbox, cancellation);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogWarning(problem, "Mail {Mail} cannot be written.", mail.Id);
            await PutBackAsync(mail, $"{problem.GetType().Name}: {problem.Message}");
            return;
        }

        if (letter is null)
        {
            mail.State = OutgoingState.Withdrawn;
            await StoreAsync(mail);
            return;
        }

        var open = mail.Recipients.FindAll(recipient => recipient.State == RecipientState.Waiting);
        try
        {
            var connection = await connect();
            Judge(mail, await connection.SendAsync(
                mailbox.Address, open.ConvertAll(recipient => recipient.Address), signer.Sign(letter.Bytes, mail, mailbox), letter.RequiresSmtpUtf8, SentCopies.AddressFor(mail, mailbox),
                results => NoteTaken(mail, results), cancellation));
            if (mail.State != OutgoingState.Sending)
                words.Note(mail);
            await StoreAsync(mail);
            words.Forget(mail);
        }
        catch (MailTransportException problem)
        {
            // Raised only before the message was handed over: nothing was sent.
            await PutBackAsync(mail, problem.Message);
            throw;
        }
    }

    /// <summary>
    /// Tries that never ended. Where the server's words were noted they count. Else how it took them is not known: SMTP has no way to ask (RFC 1047). Once more with the same
    /// Message-ID, by which most mail programs and servers recognise a second copy; after that a person decides.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        var before = now - LongestTry;
        var left = await database.Set<OutgoingMail>().Where(mail => mail.State == OutgoingState.Sending && mail.ClaimedAt < before).OrderBy(mail => mail.ClaimedAt).Take(MostLookedAt).ToListAsync(cancellation);
        foreach (var mail in left)
        {
            var (attempts, claimedAt) = (mail.Attempts, mail.ClaimedAt);
            if (!words.Recall(mail) && !SettleByCopy(mail))
            {
                if (await copies.IsAwaitedAsync(mail, now, cancellation))
                    continue;
                mail.UnknownEnds++;
                mail.State = mail.UnknownEnds == 1 ? OutgoingState.Queued : OutgoingState.Failed;
                mail.LastAnswer = OutgoingMail.UnknownEnd;
            }

            // Every node looks: only one decides, and none decides about what has been sent anew since it looked.
            var mine = await database.Set<OutgoingMail>().Where(row => row.Id == mail.Id && row.State == OutgoingState.Sending && row.Attempts == attempts && row.ClaimedAt == claimedAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedAt, now), cancellation);
            if (mine == 0)
            {
                database.Entry(mail).State = EntityState.Detached;
                continue;
            }

            await StoreAsync(mail);
            words.Forget(mail);
        }
    }

    /// <summary>Which of several receivers the server takes is known before the message goes; should the rest not be heard, a copy that comes back speaks for these.</summary>
    private void NoteTaken(OutgoingMail mail, IReadOnlyList<SmtpRecipientResult> results)
    {
        if (mail.MailboxId is not null && results.Count > 1)
            words.NoteTaken(mail, mail.Recipients.ConvertAll(recipient => results.FirstOrDefault(result => result.Address == recipient.Address) is { } result ? After(recipient, result) : recipient));
    }

    /// <summary>
    /// Ends a try that did not end, when the mail came back to one of our mailboxes: the server took it all the same. That says nothing of
    /// receivers the server had refused, nor of those it put off: these are still written to.
    /// </summary>
    /// <returns>Whether it did.</returns>
    private bool SettleByCopy(OutgoingMail mail)
    {
        if (mail.ReturnedAt is not { } returned || mail.Recipients.Exists(recipient => recipient.State == RecipientState.Accepted))
            return false;
        var open = mail.Recipients.Count(recipient => recipient.State == RecipientState.Waiting);
        if (open == 0)
            return false;
        if (open == 1)
            mail.Recipients = mail.Recipients.ConvertAll(recipient => recipient.State == RecipientState.Waiting ? recipient with { State = RecipientState.Accepted } : recipient);
        else if (mail is { State: OutgoingState.Sending, UnknownEnds: 0 } && words.RecallTaken(mail) is { } taken)
            mail.Recipients = taken;
        else
            return false;
        mail.LastAnswer = OutgoingMail.CopyReturned;
        Settle(mail, returned);
        return true;
    }

    private void Judge(OutgoingMail mail, IReadOnlyList<SmtpRecipientResult> results)
    {
        mail.LastAnswer = results[^1].Reply.ToString().UpTo(LongestAnswer);
        if (results.Any(result => result.Outcome == SmtpOutcome.Unknown))
            return; // stays "sending": looked at again when it is old enough
        mail.Recipients = mail.Recipients.ConvertAll(recipient => results.FirstOrDefault(result => result.Address == recipient.Address) is { } result ? After(recipient, result) : recipient);
        var refused = mail.Recipients.Find(recipient => recipient.State == RecipientState.Refused);
        if (refused is not null)
            mail.LastAnswer = refused.Answer;
        Settle(mail, time.Now());
    }

    /// <param name="sentAt">When it left, if it did.</param>
    private void Settle(OutgoingMail mail, DateTime sentAt)
    {
        if (mail.Recipients.Exists(recipient => recipient.State == RecipientState.Waiting) && time.Now() - mail.CreatedAt < LongestWait)
        {
            mail.LastAnswer = mail.Recipients.Find(recipient => recipient.State == RecipientState.Waiting)!.Answer;
            mail.State = OutgoingState.Queued;
            mail.NotBefore = time.Now() + PauseAfter(mail.Attempts);
        }
        else if (mail.Recipients.Exists(recipient => recipient.State == RecipientState.Accepted))
        {
            mail.State = OutgoingState.Sent;
            mail.SentAt = sentAt;
        }
        else
        {
            mail.State = OutgoingState.Failed;
        }
    }

    private static MailRecipient After(MailRecipient recipient, SmtpRecipientResult result) => recipient with
    {
        State = result.Outcome switch { SmtpOutcome.Accepted => RecipientState.Accepted, SmtpOutcome.PermanentFailure => RecipientState.Refused, _ => recipient.State },
        Answer = result.Reply.ToString().UpTo(300),
    };

    private async Task PutBackAsync(OutgoingMail mail, string reason)
    {
        var now = time.Now();
        mail.LastAnswer = reason.UpTo(LongestAnswer);
        mail.State = now - mail.CreatedAt < LongestWait ? OutgoingState.Queued : OutgoingState.Failed;
        mail.NotBefore = now + PauseAfter(mail.Attempts);
        await StoreAsync(mail);
    }

    /// <summary>What the server said must not be forgotten because the program is told to stop just then.</summary>
    private async Task StoreAsync(OutgoingMail mail)
    {
        if (mail.TicketId is { } ticketId)
        {
            var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(row => row.Id == ticketId, CancellationToken.None);
            database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        }

        await database.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Half a minute, a minute, two … an hour.</summary>
    private static TimeSpan PauseAfter(int attempts) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 30 * Math.Pow(2, Math.Min(attempts, 12) - 1)));
}
