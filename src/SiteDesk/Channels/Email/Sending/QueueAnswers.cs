using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// An answer in a conversation by mail leaves as mail; one in the widget or form only when its reader has gone. May run twice: the
/// queue knows what it has.
/// </summary>
public sealed class QueueAnswers(Database database, QueueMail queue, WaitingAnswers waiting, WakeSignal<MailSender> signal) : IHandle<MessageAdded>, IHandle<AnswerWaits>
{
    /// <summary>Conversations that have no other place: by mail, or begun by us.</summary>
    private static readonly string[] LiveInMail = [EmailModule.Channel, "workspace"];

    public async Task HandleAsync(MessageAdded domainEvent, EventContext context, CancellationToken cancellation)
    {
        var message = await database.Set<Message>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == domainEvent.MessageId, cancellation);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == domainEvent.TicketId, cancellation);
        if (message is null || ticket is null || message.Kind == MessageKind.Note || message.AuthorKind is ActorKind.Customer or ActorKind.System)
            return;
        if (!await GoesByMailAsync(ticket, message, cancellation))
            return;
        if (await queue.AnswerAsync(ticket, message, cancellation) is not null)
            await SaveAsync(ticket, cancellation);
    }

    public async Task HandleAsync(AnswerWaits domainEvent, EventContext context, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == domainEvent.TicketId, cancellation);
        if (ticket is null || ticket.Junk is not null || await ChosenAsync(ticket.Id, cancellation) == false)
            return;
        var unseen = await UnseenAsync(database, ticket, "", long.MaxValue, cancellation);
        if (unseen.Count == 0)
            return;
        if (await queue.UnseenAsync(ticket, unseen[0].Id, unseen[^1].Id, cancellation) is null)
            return; // nobody to write to, or queued before: it waits where the customer left it
        await SaveAsync(ticket, cancellation);
        await waiting.SettleAsync(ticket.Id, unseen[^1].Id, EmailModule.Channel, cancellation);
    }

    /// <summary>What staff said up to a message, and the customer has neither seen nor been sent by another mail. Answers given shortly after each other come out of the wait in any order: all of them are taken.</summary>
    /// <param name="key">The mail that asks.</param>
    internal static async Task<List<Message>> UnseenAsync(Database database, Ticket ticket, string key, long last, CancellationToken cancellation)
    {
        const int most = 20;
        var newest = await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).AsSingleQuery()
            .Where(message => message.TicketId == ticket.Id && message.Kind == MessageKind.Public && message.Id > ticket.SeenByCustomerId && message.Id <= last
                && (message.AuthorKind == ActorKind.Staff || message.AuthorKind == ActorKind.Assistant)
                && !database.Set<OutgoingMail>().Any(mail => mail.TicketId == ticket.Id && mail.Key != key && mail.Kind != OutgoingKind.Confirmation && mail.Kind != OutgoingKind.Notice && mail.Kind != OutgoingKind.Proof && mail.State != OutgoingState.Withdrawn
                    && mail.MessageId <= message.Id && mail.LastMessageId >= message.Id))
            .OrderByDescending(message => message.Id).Take(most).ToListAsync(cancellation);
        newest.Reverse();
        return newest;
    }

    /// <summary>A customer who goes on by mail is answered by mail, wherever the conversation began.</summary>
    private async Task<bool> GoesByMailAsync(Ticket ticket, Message message, CancellationToken cancellation)
    {
        if (await ChosenAsync(ticket.Id, cancellation) is { } chosen)
            return chosen;
        if (LiveInMail.Contains(ticket.Channel))
            return true;
        var last = await database.Set<Message>().Where(row => row.TicketId == ticket.Id && row.Kind == MessageKind.Public && row.AuthorKind == ActorKind.Customer && row.Id < message.Id)
            .OrderByDescending(row => row.Id).Select(row => row.Channel).FirstOrDefaultAsync(cancellation);
        return last == EmailModule.Channel;
    }

    /// <summary>What a colleague decided; null where nobody did.</summary>
    private Task<bool?> ChosenAsync(long ticketId, CancellationToken cancellation) =>
        database.Set<Correspondence>().Where(row => row.TicketId == ticketId).Select(row => row.ByMail).FirstOrDefaultAsync(cancellation);

    private async Task SaveAsync(Ticket ticket, CancellationToken cancellation)
    {
        database.Signal(() => TicketSignals.Moved(ticket, "changed"));
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
