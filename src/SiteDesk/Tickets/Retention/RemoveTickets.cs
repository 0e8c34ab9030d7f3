using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.Tickets.Retention;

/// <summary>What went with some tickets.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RemovedTickets(int Tickets, int Files)
{
    public static RemovedTickets operator +(RemovedTickets left, RemovedTickets right) => new(left.Tickets + right.Tickets, left.Files + right.Files);

    public static RemovedTickets Add(RemovedTickets left, RemovedTickets right) => left + right;
}

/// <summary>
/// Removes tickets with all that hangs on them: messages, search rows, history, drafts, notices, conversations, waiting answers, and
/// the files that nothing else refers to. What hangs on a ticket says so by a cascading foreign key.
/// </summary>
public sealed class RemoveTickets(Database database)
{
    /// <summary>Tickets of one transaction: short enough for others to get their turn at writing.</summary>
    public const int Batch = 25;

    /// <summary>Runs in the caller's transaction.</summary>
    /// <param name="ids">At most <see cref="Batch"/>.</param>
    public async Task<RemovedTickets> RunAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        var files = await database.Set<Message>().Where(message => ids.Contains(message.TicketId)).SelectMany(message => message.Files).Select(file => file.FileId).Distinct().ToListAsync(cancellation);

        // The link of a ticket that was merged into one of these leads to itself from now on.
        await database.Set<Ticket>().Where(ticket => ticket.MergedIntoId != null && ids.Contains(ticket.MergedIntoId.Value) && !ids.Contains(ticket.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(ticket => ticket.MergedIntoId, (long?)null), cancellation);
        var removed = await database.Set<Ticket>().Where(ticket => ids.Contains(ticket.Id)).ExecuteDeleteAsync(cancellation);
        return new(removed, await FileReferences.RemoveUnusedAsync(database, files, cancellation));
    }
}
