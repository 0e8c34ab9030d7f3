using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Takes a split back: what was said in the new ticket, also since, stands in the first again, and the new one is closed and points to
/// it. Its number was given away and mailed perhaps; whoever writes under it lands where the conversation is.
/// </summary>
public sealed class UndoSplit(Database database, TimeProvider time)
{
    /// <summary>The history's word for the new ticket's beginning.</summary>
    public const string Beginning = "split-from";

    /// <summary>Whether this entry of the history is a split that this person may still take back.</summary>
    public static bool IsOpenTo(Staff staff, TicketChange change, DateTime now) =>
        change.Field == Beginning && change.ActorKind == ActorKind.Staff && change.ActorId == staff.Id && now - change.At <= UndoChanges.Longest && staff.May(TicketPermissions.Change);

    /// <param name="ticketId">The ticket that was split off.</param>
    /// <returns>The ticket it came from.</returns>
    public async Task<Outcome<Ticket>> RunAsync(long ticketId, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        return await database.AgainOnConflictAsync(tries, () => database.InTransactionAsync(() => TryAsync(ticketId, staff, cancellation), cancellation), cancellation);
    }

    private async Task<Outcome<Ticket>> TryAsync(long ticketId, Staff staff, CancellationToken cancellation)
    {
        var now = time.Now();
        var split = await database.Set<TicketChange>().AsNoTracking().Where(change => change.TicketId == ticketId && change.Field == Beginning).OrderByDescending(change => change.Id).FirstOrDefaultAsync(cancellation);
        if (split is null || !IsOpenTo(staff, split, now) || !long.TryParse(split.To, NumberStyles.None, CultureInfo.InvariantCulture, out var firstId))
            return new Problem("", "undo.too-late");
        var tickets = await database.Set<Ticket>().VisibleTo(staff).Where(ticket => ticket.Id == ticketId || ticket.Id == firstId).ToListAsync(cancellation);
        var (fresh, first) = (tickets.Find(ticket => ticket.Id == ticketId), tickets.Find(ticket => ticket.Id == firstId));
        if (fresh is null || first is null || fresh.MergedIntoId is not null || first.MergedIntoId is not null || fresh.MergedCount > 0)
            return new Problem("", "undo.too-late");

        var (freshStatus, firstStatus) = (fresh.Status, first.Status);
        await database.Set<Message>().IgnoreQueryFilters().Where(message => message.TicketId == ticketId).ExecuteUpdateAsync(set => set.SetProperty(message => message.TicketId, firstId), cancellation);
        await database.Set<TicketLink>().Where(link => link.LowId == Math.Min(ticketId, firstId) && link.HighId == Math.Max(ticketId, firstId)).ExecuteDeleteAsync(cancellation);
        first.Absorb(fresh, staff.AsActor(), now);
        first.SeenByCustomerId = Math.Max(first.SeenByCustomerId, fresh.SeenByCustomerId);
        first.Retell(await TalkSummary.ReadAsync(database, firstId, 0, cancellation));
        Announce(fresh, first, freshStatus, firstStatus);
        await database.SaveChangesAsync(cancellation);
        return first;
    }

    private void Announce(Ticket fresh, Ticket first, StandardStatus freshStatus, StandardStatus firstStatus)
    {
        database.Publish(() => new TicketStatusChanged(fresh.Id, freshStatus, fresh.Status));
        if (first.Status != firstStatus)
            database.Publish(() => new TicketStatusChanged(first.Id, firstStatus, first.Status));
        database.Signal(() => TicketSignals.Moved(fresh, "changed"));
        database.Signal(() => TicketSignals.Moved(first, "message"));
        database.Signal(() => TicketSignals.Rearranged(fresh.Id));
        database.Signal(() => TicketSignals.Rearranged(first.Id));
    }
}
