using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Tickets;

/// <summary>
/// A member of staff answers or leaves a note. An answer to a ticket in which something came since they looked is held:
/// nothing is stored, they see what came, their text stays theirs.
/// </summary>
public sealed class ReplyToTicket(Database database, MessageComposer composer, TimeProvider time)
{
    /// <param name="SeenMessageId">The newest message on the writer's screen; null sends in any case ("send anyway").</param>
    /// <param name="IsMarkdown">Whether an answer's text may have formatting.</param>
    /// <param name="DraftRevision">Of the draft that the writer's page knows: what is not in it and not in the answer stays a draft. Null: nothing stays.</param>
    /// <param name="ThenStatus">The status the ticket gets with the answer; null: pending after an answer, unchanged after a note.</param>
    public sealed record Request(
        long TicketId, MessageKind Kind, string Text, string ClientId, long? SeenMessageId = null,
        IReadOnlyList<string>? FileTokens = null, IReadOnlyList<long>? MentionedIds = null, StandardStatus? ThenStatus = null, string Channel = Request.Workspace,
        bool IsMarkdown = false, long? DraftRevision = null)
    {
        /// <summary>Written where drafts are kept: what is sent from there is no draft any more. Who writes elsewhere keeps theirs.</summary>
        public const string Workspace = "workspace";
    }

    /// <param name="Message">Null when held.</param>
    /// <param name="Newer">What came meanwhile, when held.</param>
    public sealed record Result(Ticket Ticket, Message? Message, IReadOnlyList<Message> Newer);

    public Task<Outcome<Result>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        const int tries = 5;
        // The ticket moved between our look and our save, or this is a second copy of the same request: look again.
        return database.AgainOnConflictAsync(tries, () => TryAsync(request, staff, cancellation), cancellation);
    }

    private async Task<Outcome<Result>> TryAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().VisibleTo(staff).Include(ticket => ticket.Followers)
            .FirstOrDefaultAsync(ticket => ticket.Id == request.TicketId, cancellation);
        if (ticket is null)
            return new Problem("", "ticket.not-found");
        // A repeat of what was stored is no new answer, whatever became of the ticket since.
        if (await FindAsync(ticket.Id, request.ClientId, cancellation) is { } repeat)
            return new Result(ticket, repeat, []);
        if (ticket.MergedIntoId is not null)
            return new Problem("", "ticket.merged", ("number", ticket.MergedIntoId));
        if (await NewerAsync(request, cancellation) is { Count: > 0 } newer)
            return new Result(ticket, null, newer);

        var now = time.Now();
        var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
            request.Kind, staff.AsActor(), request.ClientId, request.Text, request.Channel, request.FileTokens, MentionedIds: request.MentionedIds,
            IsMarkdown: request.IsMarkdown && request.Kind == MessageKind.Public), now, cancellation);
        if (!composed.Succeeded)
            return composed.Problems.ToList();

        var message = composed.Value;
        var (before, wasWithAssistant) = (ticket.Status, ticket.IsWithAssistant);
        Apply(ticket, message, request.ThenStatus, staff, now);
        if (ticket.Status != before)
            database.Publish(() => new TicketStatusChanged(ticket.Id, before, ticket.Status));
        if (wasWithAssistant && !ticket.IsWithAssistant)
            database.Publish(() => new TicketTakenOver(ticket.Id, ticket.SiteId));
        database.Add(message);
        Announce(ticket, message, staff);
        await database.SaveChangesAsync(cancellation);
        ProgramMetrics.MessageAdded(nameof(ActorKind.Staff));
        if (request.Channel == Request.Workspace)
            await SettleDraftAsync(request, staff, cancellation);
        return new Result(ticket, message, []);
    }

    private Task<Message?> FindAsync(long ticketId, string clientId, CancellationToken cancellation) =>
        // A repeat of a request whose reply was taken back meanwhile must not send it again.
        database.Set<Message>().IgnoreQueryFilters().Include(message => message.Files).ThenInclude(file => file.File)
            .FirstOrDefaultAsync(message => message.TicketId == ticketId && message.ClientId == clientId, cancellation);

    private async Task<List<Message>> NewerAsync(Request request, CancellationToken cancellation)
    {
        // A note harms nobody: only an answer to the customer waits for its writer to have seen everything.
        if (request.Kind == MessageKind.Note || request.SeenMessageId is not { } seen)
            return [];
        return await database.Set<Message>().AsNoTracking()
            .Where(message => message.TicketId == request.TicketId && message.Id > seen)
            .OrderBy(message => message.Id).Take(50).ToListAsync(cancellation);
    }

    private static void Apply(Ticket ticket, Message message, StandardStatus? thenStatus, Staff staff, DateTime now)
    {
        ticket.Received(message);
        if (message.Kind == MessageKind.Note)
        {
            if (thenStatus is { } wished)
                ticket.SetStatus(wished, null, staff.AsActor(), now);
            return;
        }

        if (ticket.AssigneeId is null)
            ticket.Assign(staff.Id, staff.AsActor(), now);
        ticket.SetStatus(thenStatus ?? StandardStatus.Pending, null, staff.AsActor(), now);
        ticket.RestoreFromJunk(staff.AsActor(), now);
    }

    private void Announce(Ticket ticket, Message message, Staff staff)
    {
        database.Publish(() => new MessageAdded(ticket.Id, message.Id, ticket.SiteId, message.Kind == MessageKind.Note, false, staff.Id));
        if (message.MentionedIds.Count > 0)
            database.Publish(() => new StaffMentioned(ticket.Id, message.Id, message.MentionedIds, staff.Name));
        database.Signal(() => TicketSignals.Moved(ticket, message.Kind == MessageKind.Note ? "note" : "message"));
        if (message.Kind == MessageKind.Public)
            database.Signal(() => TicketSignals.Said(message));
    }

    /// <summary>
    /// What was sent is no draft any more. What the writer's page had not seen, because it was held or written in another tab meanwhile, is still one.
    /// </summary>
    private Task SettleDraftAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        return database.AgainOnConflictAsync(tries, () => TrySettleDraftAsync(request, staff, cancellation), cancellation);
    }

    private async Task<bool> TrySettleDraftAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        if (await database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == request.TicketId && row.Kind == request.Kind, cancellation) is not { } draft)
            return false;
        var (sent, kept) = (MessageComposer.Clean(request.Text), MessageComposer.Clean(draft.Text));
        var isWhole = request.DraftRevision is not { } known || known == draft.Revision || sent.Contains(kept, StringComparison.Ordinal);
        var at = sent.Length > 0 ? kept.IndexOf(sent, StringComparison.Ordinal) : -1;
        var rest = isWhole ? "" : at < 0 ? kept : $"{kept[..at].TrimEnd()}\n\n{kept[(at + sent.Length)..].TrimStart()}".Trim();
        if (rest.Length == 0)
            database.Remove(draft);
        else
            draft.Change(rest, [.. draft.FileTokens.Except(request.FileTokens ?? [], StringComparer.Ordinal)], time.Now());
        await database.SaveChangesAsync(cancellation);
        return true;
    }
}
