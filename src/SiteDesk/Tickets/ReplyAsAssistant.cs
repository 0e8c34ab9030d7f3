using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Tickets;

/// <summary>
/// The assistant answers, or gives the ticket to a person. It speaks only while the ticket is with it: whoever of the staff answers or
/// takes the ticket in the same moment wins, since both write the ticket's version.
/// </summary>
public sealed class ReplyAsAssistant(Database database, MessageComposer composer, TimeProvider time)
{
    /// <summary>Nothing was said: a person has the ticket.</summary>
    public const string NotItsTurn = "assistant.not-its-turn";

    /// <summary>Nothing was said: the customer has written more meanwhile.</summary>
    public const string Moved = "assistant.moved";

    /// <param name="AnsweredId">The customer's message it answers; when there is a later one it says nothing.</param>
    /// <param name="Name">What the assistant is called.</param>
    /// <param name="Text">Markdown; empty only where <paramref name="Then"/> is said by itself.</param>
    /// <param name="ClientId">The same for a repeat.</param>
    public sealed record Request(long TicketId, long AnsweredId, string Name, string Text, string ClientId, string Channel, MessageOffer? Offer, Consequence Then);

    /// <summary>What becomes of the ticket.</summary>
    public abstract record Consequence
    {
        private Consequence()
        {
        }

        /// <summary>The assistant goes on.</summary>
        public sealed record Stay : Consequence;

        /// <summary>The customer has said that it is solved, or it is taken to be.</summary>
        public sealed record Solve : Consequence;

        /// <summary>A person goes on.</summary>
        /// <param name="Priority">Null leaves it.</param>
        /// <param name="TeamId">Null leaves it.</param>
        public sealed record HandOver(TicketPriority? Priority, long? TeamId, IReadOnlyList<string> Tags) : Consequence;
    }

    /// <param name="Message">Null when nothing was to be said.</param>
    public sealed record Result(Ticket Ticket, Message? Message, bool IsRepeat);

    /// <returns>The problem <see cref="NotItsTurn"/> or <see cref="Moved"/> when nothing was said or changed.</returns>
    /// <exception cref="DbUpdateException">The ticket moved in the same moment; the caller begins anew with all that belongs to its answer.</exception>
    public async Task<Outcome<Result>> RunAsync(Request request, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().Include(ticket => ticket.Tags).FirstOrDefaultAsync(ticket => ticket.Id == request.TicketId, cancellation);
        if (ticket is null)
            return new Problem("", "ticket.not-found");
        if (await database.Set<Message>().FirstOrDefaultAsync(message => message.TicketId == ticket.Id && message.ClientId == request.ClientId, cancellation) is { } repeat)
            return new Result(ticket, repeat, true);
        if (!ticket.IsWithAssistant)
            return new Problem("", NotItsTurn);
        if (await database.Set<Message>().AnyAsync(
            message => message.TicketId == ticket.Id && message.Id > request.AnsweredId && message.Kind == MessageKind.Public && message.AuthorKind == ActorKind.Customer, cancellation))
            return new Problem("", Moved);

        var now = time.Now();
        var assistant = new Actor(ActorKind.Assistant, null, request.Name);
        Message? message = null;
        if (request.Text.Length > 0)
        {
            var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
                MessageKind.Public, assistant, request.ClientId, request.Text, request.Channel, IsMarkdown: true, Offer: request.Offer), now, cancellation);
            if (!composed.Succeeded)
                return composed.Problems.ToList();
            message = composed.Value;
            ticket.Received(message);
            database.Add(message);
            database.Publish(() => new MessageAdded(ticket.Id, message.Id, ticket.SiteId, false, false, null));
            database.Signal(() => TicketSignals.Said(message));
        }

        Follow(ticket, request.Then, assistant, now);
        await database.SaveChangesAsync(cancellation);
        if (message is not null)
            ProgramMetrics.MessageAdded(nameof(ActorKind.Assistant));
        return new Result(ticket, message, false);
    }

    private void Follow(Ticket ticket, Consequence consequence, Actor assistant, DateTime now)
    {
        var before = ticket.Status;
        switch (consequence)
        {
            case Consequence.Solve:
                ticket.SetStatus(StandardStatus.Solved, null, assistant, now);
                break;
            case Consequence.HandOver handOver:
                ticket.HandOverToPerson(assistant, now);
                if (handOver.Priority is { } priority && priority > ticket.Priority)
                    ticket.SetPriority(priority, assistant, now);
                if (handOver.TeamId is { } team)
                    ticket.HandTo(team, assistant, now);
                foreach (var tag in handOver.Tags)
                    ticket.Tag(tag, assistant, now);
                database.Publish(() => new TicketHandedOver(ticket.Id, ticket.SiteId));
                break;
        }

        if (ticket.Status != before)
            database.Publish(() => new TicketStatusChanged(ticket.Id, before, ticket.Status));
        // What is handed over is new to the staff; what the assistant says itself need not ring.
        database.Signal(() => TicketSignals.Moved(ticket, consequence is Consequence.HandOver ? "opened" : "changed"));
    }
}
