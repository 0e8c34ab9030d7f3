using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Puts a mail into the queue, once: what it is has a key, and a second wish for it finds the first. Who receives it and how it
/// threads is fixed here; its text is written when it leaves.
/// </summary>
public sealed class QueueMail(Database database, KnownMailboxes known, MailTokens tokens, TimeProvider time)
{
    /// <summary>How long an answer waits, so that it can be taken back; whoever is late by a moment is still in time.</summary>
    public static readonly TimeSpan UndoTime = WithdrawReply.Longest + TimeSpan.FromSeconds(2);

    private const int MostReferences = 12;

    /// <summary>Without a save of its own: it becomes durable together with the ticket it confirms.</summary>
    /// <param name="correspondence">With whom the ticket is conducted; part of the same unit of work.</param>
    /// <param name="confirmed">The Message-ID of the mail that is confirmed; null when it had none.</param>
    public Task<OutgoingMail?> ConfirmAsync(Ticket ticket, long messageId, Correspondence? correspondence, string? confirmed, CancellationToken cancellation) =>
        AddAsync(new Wish($"confirmation:{ticket.Id}", OutgoingKind.Confirmation, ticket, messageId, messageId, time.Now()) { Correspondence = correspondence, Thread = confirmed is null ? [] : [confirmed] }, cancellation);

    /// <returns>Null when it was queued before, or when nobody could receive it.</returns>
    public Task<OutgoingMail?> AnswerAsync(Ticket ticket, Message message, CancellationToken cancellation) =>
        AddAsync(new Wish($"answer:{message.Id}", OutgoingKind.Answer, ticket, message.Id, message.Id, message.CreatedAt + UndoTime), cancellation);

    public Task<OutgoingMail?> UnseenAsync(Ticket ticket, long firstMessageId, long lastMessageId, CancellationToken cancellation) =>
        AddAsync(new Wish($"unseen:{firstMessageId}", OutgoingKind.Unseen, ticket, firstMessageId, lastMessageId, time.Now()), cancellation);

    /// <summary>What a member of staff is told.</summary>
    /// <param name="Language">Theirs.</param>
    /// <param name="FirstMessageId">The first message they have not been told of.</param>
    public sealed record Notice(long NotificationId, long StaffId, MailParty Receiver, string Language, long FirstMessageId, long LastMessageId);

    /// <summary>Whether an answer in this ticket has a server to leave by; without one it waits in the log of mail.</summary>
    public async Task<bool> HasServerAsync(Ticket ticket, Correspondence? correspondence, CancellationToken cancellation) =>
        await MailboxAsync(ticket, correspondence, cancellation) is { Outgoing: not null };

    /// <returns>Null when it was queued before, or when the site has no mailbox that sends.</returns>
    public async Task<OutgoingMail?> NoticeAsync(Ticket ticket, Notice notice, CancellationToken cancellation)
    {
        var key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"notice:{notice.NotificationId}");
        if (await database.Set<OutgoingMail>().AnyAsync(row => row.Key == key, cancellation))
            return null;
        var correspondence = await database.Set<Correspondence>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket.Id, cancellation);
        if (await MailboxAsync(ticket, correspondence, cancellation) is not { Outgoing: not null } mailbox)
            return null;
        var mailId = await tokens.StaffMailIdAsync(ticket.Id, notice.StaffId, key, mailbox.Domain, cancellation);
        var thread = await tokens.StaffMailIdAsync(ticket.Id, notice.StaffId, "thread", mailbox.Domain, cancellation);
        var mail = new OutgoingMail
        {
            Key = key,
            Kind = OutgoingKind.Notice,
            MailboxId = mailbox.Id,
            NotificationId = notice.NotificationId,
            TicketId = ticket.Id,
            MessageId = notice.FirstMessageId,
            LastMessageId = notice.LastMessageId,
            MailId = mailId,
            MailIdHash = MailHashes.OfMailId(mailId),
            Subject = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[#{ticket.Id}] {ticket.Subject.Trim()}").UpTo(300),
            Language = notice.Language,
            References = [thread],
            Recipients = [new(notice.Receiver.Address, notice.Receiver.Name, RecipientField.To)],
            State = OutgoingState.Queued,
            NotBefore = time.Now(),
            CreatedAt = time.Now(),
        };
        database.Add(mail);
        return mail;
    }

    private async Task<OutgoingMail?> AddAsync(Wish wish, CancellationToken cancellation)
    {
        // A confirmation is part of the transaction that opens its ticket: there cannot be one yet.
        if (wish.Kind != OutgoingKind.Confirmation && await database.Set<OutgoingMail>().AnyAsync(row => row.Key == wish.Key, cancellation))
            return null;
        var correspondence = wish.Correspondence ?? await database.Set<Correspondence>().FirstOrDefaultAsync(row => row.TicketId == wish.Ticket.Id, cancellation);
        if (await ReceiverAsync(wish.Ticket, correspondence, cancellation) is not { } receiver)
            return null;
        var mailbox = await MailboxAsync(wish.Ticket, correspondence, cancellation);
        if (mailbox is null && wish.Kind != OutgoingKind.Answer)
            return null;

        var mailId = await tokens.MailIdAsync(wish.Ticket.Id, wish.Key, mailbox?.Domain ?? "localhost", cancellation);
        var thread = wish.Thread ?? await ThreadAsync(wish.Ticket, cancellation);
        var mail = new OutgoingMail
        {
            Key = wish.Key,
            Kind = wish.Kind,
            MailboxId = mailbox?.Id,
            TicketId = wish.Ticket.Id,
            MessageId = wish.MessageId,
            LastMessageId = wish.LastMessageId,
            MailId = mailId,
            MailIdHash = MailHashes.OfMailId(mailId),
            Subject = SubjectOf(wish.Ticket),
            Language = wish.Ticket.Language ?? "en",
            InReplyTo = thread.Count > 0 ? thread[^1] : null,
            References = thread,
            Recipients = RecipientsOf(wish, receiver, correspondence),
            State = mailbox?.Outgoing is null ? OutgoingState.NoServer : OutgoingState.Queued,
            NotBefore = wish.NotBefore,
            CreatedAt = time.Now(),
        };
        if (wish.Kind == OutgoingKind.Answer && correspondence is { NextBcc.Count: > 0 })
            correspondence.NextBcc = [];
        database.Add(mail);
        return mail;
    }

    private static List<MailRecipient> RecipientsOf(Wish wish, MailParty receiver, Correspondence? correspondence)
    {
        List<MailRecipient> recipients = [new(receiver.Address, receiver.Name, RecipientField.To)];
        // A confirmation is between us and who asked.
        if (wish.Kind != OutgoingKind.Confirmation && correspondence is not null)
            recipients.AddRange(correspondence.Cc.Select(party => new MailRecipient(party.Address, party.Name, RecipientField.Cc)));
        if (wish.Kind == OutgoingKind.Answer && correspondence is not null)
            recipients.AddRange(correspondence.NextBcc.Select(party => new MailRecipient(party.Address, party.Name, RecipientField.Bcc)));
        return recipients.DistinctBy(recipient => recipient.Address.ToLowerInvariant(), StringComparer.Ordinal).ToList();
    }

    private async Task<MailParty?> ReceiverAsync(Ticket ticket, Correspondence? correspondence, CancellationToken cancellation)
    {
        if (correspondence?.To is { } known)
            return known;
        var contact = await database.Set<CustomerContact>().AsNoTracking().Where(row => row.CustomerId == ticket.CustomerId && row.Kind == ContactKind.Email)
            .OrderBy(row => row.ProvenAt == null).ThenBy(row => row.Id).FirstOrDefaultAsync(cancellation);
        if (contact is null)
            return null;
        var name = await database.Set<Customer>().Where(row => row.Id == ticket.CustomerId).Select(row => row.Name).FirstAsync(cancellation);
        return new MailParty(name, contact.Shown);
    }

    /// <summary>The mailbox the customer wrote to, else the site's first.</summary>
    private async Task<Mailbox?> MailboxAsync(Ticket ticket, Correspondence? correspondence, CancellationToken cancellation)
    {
        var mailboxes = (await known.InUseAsync(cancellation)).Where(row => row.SiteId == ticket.SiteId && row.IsEnabled).ToList();
        return mailboxes.Find(row => row.Id == correspondence?.MailboxId) ?? mailboxes.Find(row => row.Outgoing is not null) ?? mailboxes.FirstOrDefault();
    }

    /// <summary>The thread as both sides know it: the customer's own mails and ours (RFC 5322 section 3.6.4), eldest first, bounded.</summary>
    private async Task<List<string>> ThreadAsync(Ticket ticket, CancellationToken cancellation)
    {
        var received = await (
            from mail in database.Set<MessageMail>()
            join message in database.Set<Message>() on mail.MessageId equals message.Id
            where message.TicketId == ticket.Id && mail.MailId != null
            orderby message.Id descending
            select new { At = message.CreatedAt, mail.MailId }).Take(MostReferences).ToListAsync(cancellation);
        var written = await database.Set<OutgoingMail>().AsNoTracking().Where(mail => mail.TicketId == ticket.Id && mail.State != OutgoingState.Withdrawn && mail.Kind != OutgoingKind.Notice && mail.Kind != OutgoingKind.Proof)
            .OrderByDescending(mail => mail.Id).Take(MostReferences).Select(mail => new { At = mail.CreatedAt, mail.MailId }).ToListAsync(cancellation);
        var all = received.Select(row => (row.At, MailId: row.MailId!)).Concat(written.Select(row => (row.At, row.MailId))).OrderBy(row => row.At).Select(row => row.MailId).Distinct(StringComparer.Ordinal).ToList();
        return all.Count <= MostReferences ? all : [all[0], .. all[^(MostReferences - 1)..]];
    }

    /// <summary>The customer's own subject: mail programs hold a thread together by it, too.</summary>
    private static string SubjectOf(Ticket ticket)
    {
        var subject = ticket.Subject.Trim();
        foreach (var mark in (string[])["re:", "aw:", "ответ:", "回复:", "回复：", "答复:", "答复："])
        {
            if (subject.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
                subject = subject[mark.Length..].TrimStart();
        }

        return $"Re: {subject}";
    }

    private sealed record Wish(string Key, OutgoingKind Kind, Ticket Ticket, long MessageId, long LastMessageId, DateTime NotBefore)
    {
        public Correspondence? Correspondence { get; init; }

        /// <summary>Null: the ticket's own.</summary>
        public List<string>? Thread { get; init; }
    }
}
