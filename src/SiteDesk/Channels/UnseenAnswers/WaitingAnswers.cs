using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.UnseenAnswers;

/// <summary>An answer is out for a while: has the customer seen it?</summary>
public sealed record AnswerMayBeUnseen(long TicketId, long MessageId) : IEvent;

/// <summary>An unseen answer waits for a channel that reaches the customer elsewhere.</summary>
public sealed record AnswerWaits(long TicketId, long MessageId) : IEvent;

/// <summary>
/// Who left the page does not lose the answer. An answer in a conversation that lives on our pages (widget, form) and that
/// was not on the customer's screen after <see cref="Patience"/> becomes a stored delivery.
/// </summary>
public sealed class WaitingAnswers(Database database, TimeProvider time) : IHandle<MessageAdded>, IHandle<AnswerMayBeUnseen>, IKnowWhatLeft
{
    /// <summary>From the answer to the moment at which it counts as unseen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>That an answer is settled because the customer has read it.</summary>
    public const string Seen = "seen";

    private static readonly string[] LiveOnOurPages = ["chat", "form"];

    public async Task HandleAsync(MessageAdded domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (domainEvent.IsNote || domainEvent.ByCustomer)
            return;
        var isOurs = await database.Set<Ticket>().AnyAsync(ticket => ticket.Id == domainEvent.TicketId && LiveOnOurPages.Contains(ticket.Channel), cancellation);
        if (!isOurs)
            return;
        database.Publish(() => new AnswerMayBeUnseen(domainEvent.TicketId, domainEvent.MessageId), context.OccurredAt + Patience);
        await database.SaveChangesAsync(cancellation);
    }

    public async Task HandleAsync(AnswerMayBeUnseen domainEvent, EventContext context, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(ticket => ticket.Id == domainEvent.TicketId, cancellation);
        if (ticket is null || ticket.SeenByCustomerId >= domainEvent.MessageId)
            return;
        // Taken back: there is nothing to deliver.
        if (!await database.Set<Message>().AnyAsync(message => message.Id == domainEvent.MessageId, cancellation))
            return;

        // One delivery carries everything unseen: a second answer joins the one that already waits.
        if (await database.Set<WaitingAnswer>().AnyAsync(answer => answer.TicketId == ticket.Id && (answer.SettledAt == null || answer.MessageId >= domainEvent.MessageId), cancellation))
            return;

        database.Add(new WaitingAnswer { TicketId = ticket.Id, MessageId = domainEvent.MessageId, CreatedAt = time.Now() });
        database.Publish(() => new AnswerWaits(ticket.Id, domainEvent.MessageId));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // A second run of this delivery was quicker; the row is there, which is all that was wanted.
            database.ChangeTracker.Clear();
            if (!await database.Set<WaitingAnswer>().AnyAsync(answer => answer.TicketId == ticket.Id && answer.MessageId == domainEvent.MessageId, cancellation))
                throw;
        }
    }

    /// <summary>Whether a channel has taken the answer to the customer.</summary>
    public async ValueTask<bool> HasLeftAsync(Message message, CancellationToken cancellation) =>
        await database.Set<WaitingAnswer>().AnyAsync(
            answer => answer.TicketId == message.TicketId && answer.MessageId <= message.Id && answer.SettledBy != null && answer.SettledBy != Seen && answer.SettledAt >= message.CreatedAt, cancellation);

    /// <summary>What waits is no longer needed: it was seen, or a channel delivered it.</summary>
    /// <param name="messageId">Everything up to this message.</param>
    /// <param name="by"><c>seen</c>, or the channel.</param>
    public async Task SettleAsync(long ticketId, long messageId, string by, CancellationToken cancellation)
    {
        var now = time.Now();
        await database.Set<WaitingAnswer>().Where(answer => answer.TicketId == ticketId && answer.MessageId <= messageId && answer.SettledAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(answer => answer.SettledAt, now).SetProperty(answer => answer.SettledBy, by), cancellation);
    }
}
