using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Tickets;

/// <summary>The customer goes on in a ticket they have: from the widget, the tracking page, a mail.</summary>
public sealed class AddCustomerMessage(Database database, MessageComposer composer, JunkRules junk, TimeProvider time)
{
    /// <param name="AuthorName">Who wrote on the customer's side when it was not the customer (a colleague in copy); null for the customer.</param>
    /// <param name="SenderAddress">Network address, for the junk rules; null when it came over no network of ours.</param>
    /// <param name="IsAutomatic">A machine wrote it: it is kept and shown, also in a closed ticket, and neither reopens nor waits for an answer.</param>
    public sealed record Request(
        long TicketId, string Text, string ClientId, string Channel,
        IReadOnlyList<string>? FileTokens = null, ProblemReport? Report = null, string? AuthorName = null, bool IsAutomatic = false,
        MessageChoice? Choice = null, string? SenderAddress = null);

    public sealed record Result(Ticket Ticket, Message Message, bool IsRepeat);

    /// <returns>The problem <c>ticket.closed</c> tells the channel to open a new ticket.</returns>
    public async Task<Outcome<Result>> RunAsync(Request request, CancellationToken cancellation)
    {
        const int tries = 5;
        // Somebody else moved the ticket at the same moment, or it is our own repeat: look again.
        return await database.AgainOnConflictAsync(tries, () => TryAsync(request, cancellation), cancellation);
    }

    private async Task<Outcome<Result>> TryAsync(Request request, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().Include(ticket => ticket.Customer).FirstOrDefaultAsync(ticket => ticket.Id == request.TicketId, cancellation);
        if (ticket is null)
            return new Problem("", "ticket.not-found");
        var author = Actor.Customer(ticket.CustomerId, request.AuthorName ?? ticket.Customer!.DisplayName);
        if (await FindRepeatAsync(ticket.Id, request.ClientId, cancellation) is { } repeat)
            return new Result(ticket, repeat, true);

        // Who wrote in a ticket that was merged goes on in the one that survived.
        if (ticket.MergedIntoId is { } survivor)
        {
            ticket = await database.Set<Ticket>().FirstAsync(other => other.Id == survivor, cancellation);
            if (await FindRepeatAsync(ticket.Id, request.ClientId, cancellation) is { } later)
                return new Result(ticket, later, true);
        }

        if (ticket.Status == StandardStatus.Closed && !request.IsAutomatic)
            return new Problem("", "ticket.closed");

        var now = time.Now();
        var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
            MessageKind.Public, author, request.ClientId, request.Text, request.Channel, request.FileTokens, request.Report, Choice: request.Choice), now, cancellation);
        if (!composed.Succeeded)
            return composed.Problems.ToList();

        var message = composed.Value;
        var before = ticket.Status;
        ticket.Received(message, !request.IsAutomatic);
        if (!request.IsAutomatic && ticket.ReopenFor(author, now))
            database.Publish(() => new TicketStatusChanged(ticket.Id, before, ticket.Status));
        // Who was blocked writes to junk from now on, also where they have begun before. Somebody else may write from the customer's side.
        if (request.AuthorName is null && await junk.IsBlockedInAsync(ticket, author.Id!.Value, request.SenderAddress, cancellation))
            ticket.MarkJunk("blocked", Actor.System, now);
        database.Add(message);
        database.Publish(() => new MessageAdded(ticket.Id, message.Id, ticket.SiteId, false, true, null, IsWithAssistant: ticket.IsWithAssistant && !request.IsAutomatic));
        database.Signal(() => TicketSignals.Moved(ticket, ticket.IsWithAssistant || ticket.Junk is not null ? "changed" : "message"));
        database.Signal(() => TicketSignals.Said(message));
        await database.SaveChangesAsync(cancellation);
        ProgramMetrics.MessageAdded(author.Kind.ToString());
        return new Result(ticket, message, false);
    }

    private Task<Message?> FindRepeatAsync(long ticketId, string clientId, CancellationToken cancellation) =>
        database.Set<Message>().Include(message => message.Files).ThenInclude(file => file.File)
            .FirstOrDefaultAsync(message => message.TicketId == ticketId && message.ClientId == clientId, cancellation);
}
