using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Says of a message whether it has left the house: mail that went out cannot be taken back. A channel that sends answers
/// elsewhere registers one.
/// </summary>
public interface IKnowWhatLeft
{
    ValueTask<bool> HasLeftAsync(Message message, CancellationToken cancellation);
}

/// <summary>
/// Takes a reply back shortly after it was sent: it goes from every reading, its text and files are a draft again, and what
/// it changed of the ticket goes back, unless somebody changed that since.
/// </summary>
public sealed class WithdrawReply(Database database, IEnumerable<IKnowWhatLeft> channels, TimeProvider time)
{
    /// <summary>How long a reply can be taken back; channels that send it elsewhere hold it for longer than this.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(10);

    /// <param name="Text">What was said: a draft again, in front of what its author has begun to write meanwhile.</param>
    /// <param name="Files">What was attached.</param>
    public sealed record Result(Ticket Ticket, string Text, IReadOnlyList<StoredFile> Files);

    public async Task<Outcome<Result>> RunAsync(long ticketId, long messageId, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        // The ticket moved, or a draft was kept, in the same moment: look again.
        return await database.AgainOnConflictAsync(tries, () => TryAsync(ticketId, messageId, staff, cancellation), cancellation);
    }

    private async Task<Outcome<Result>> TryAsync(long ticketId, long messageId, Staff staff, CancellationToken cancellation)
    {
        var now = time.Now();
        var ticket = await database.Set<Ticket>().VisibleTo(staff).Include(row => row.Tags).Include(row => row.Fields).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation);
        var message = await database.Set<Message>().Include(row => row.Tokens).Include(row => row.Files).ThenInclude(file => file.File)
            .FirstOrDefaultAsync(row => row.Id == messageId && row.TicketId == ticketId, cancellation);
        if (ticket is null || message is null || !IsOwnReply(message, staff) || now - message.CreatedAt > Longest)
            return new Problem("", "undo.too-late");
        if (ticket.SeenByCustomerId >= message.Id)
            return new Problem("", "undo.seen");
        foreach (var channel in channels)
        {
            if (await channel.HasLeftAsync(message, cancellation))
                return new Problem("", "undo.left");
        }

        var left = await TalkSummary.ReadAsync(database, ticketId, messageId, cancellation);
        if (left.Newest is null)
            return new Problem("", "undo.too-late");

        var (status, assignee) = (ticket.Status, ticket.AssigneeId);
        await RevertAsync(ticket, message, staff, now, cancellation);
        message.WithdrawnAt = now;
        ticket.Withdraw(message, left, staff.AsActor(), now);
        var files = message.Files.ConvertAll(file => file.File);
        await ReturnAsync(message, files, staff, now, cancellation);
        Announce(ticket, message, status, assignee, staff);
        await database.SaveChangesAsync(cancellation);
        return new Result(ticket, message.Text, files);
    }

    private static bool IsOwnReply(Message message, Staff staff) =>
        message is { Kind: MessageKind.Public, AuthorKind: ActorKind.Staff } && message.AuthorId == staff.Id;

    /// <summary>What the reply changed was written in its own moment by its own author.</summary>
    private async Task RevertAsync(Ticket ticket, Message message, Staff staff, DateTime now, CancellationToken cancellation)
    {
        var changes = await database.Set<TicketChange>().AsNoTracking()
            .Where(change => change.TicketId == ticket.Id && change.At == message.CreatedAt && change.ActorId == staff.Id)
            .OrderByDescending(change => change.Id).ToListAsync(cancellation);
        foreach (var change in changes)
            ticket.Revert(change, staff.AsActor(), now);
    }

    /// <summary>Text and files go in front of what the author has begun to write meanwhile.</summary>
    private async Task ReturnAsync(Message message, List<StoredFile> files, Staff staff, DateTime now, CancellationToken cancellation)
    {
        database.RemoveRange(message.Files);
        foreach (var file in files)
            file.AttachedAt = null;

        if (message.Tokens is not null)
            database.Remove(message.Tokens);
        var draft = await database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == message.TicketId && row.Kind == MessageKind.Public, cancellation);
        if (draft is null)
            database.Add(draft = new Draft { StaffId = staff.Id, TicketId = message.TicketId, Kind = MessageKind.Public, Text = "", UpdatedAt = now });
        var text = draft.Text.Length == 0 ? message.Text : $"{message.Text}\n\n{draft.Text}";
        draft.Change(text.UpTo(Message.LongestText), [.. files.Select(file => file.Token), .. draft.FileTokens], now);
    }

    private void Announce(Ticket ticket, Message message, StandardStatus status, long? assignee, Staff staff)
    {
        if (ticket.Status != status)
            database.Publish(() => new TicketStatusChanged(ticket.Id, status, ticket.Status));
        if (ticket.AssigneeId != assignee)
            database.Publish(() => new TicketAssigned(ticket.Id, ticket.AssigneeId, staff.Id, staff.Name));
        database.Publish(() => new MessageWithdrawn(ticket.Id, message.Id, ticket.SiteId));
        database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        database.Signal(() => TicketSignals.Withdrawn(message));
    }
}
