using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Makes two tickets of one that holds two matters. The messages move and are not copied: what was said once is found and
/// counted once, and a customer who follows both reads every sentence once. Both histories name each other.
/// </summary>
public sealed class SplitTicket(Database database, TimeProvider time)
{
    /// <param name="MessageId">The message with which the other matter begins.</param>
    /// <param name="OnlyThis">Only this message goes; otherwise everything from it on.</param>
    public sealed record Request(long TicketId, long MessageId, bool OnlyThis);

    /// <returns>The new ticket.</returns>
    public async Task<Outcome<Ticket>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        return await database.AgainOnConflictAsync(tries, () => database.InTransactionAsync(() => TryAsync(request, staff, cancellation), cancellation), cancellation);
    }

    private async Task<Outcome<Ticket>> TryAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == request.TicketId, cancellation);
        if (ticket is null)
            return new Problem("", "ticket.not-found");
        if (ticket.MergedIntoId is not null)
            return new Problem("", "ticket.merged", ("number", ticket.MergedIntoId));
        var all = database.Set<Message>().Where(message => message.TicketId == ticket.Id);
        var going = request.OnlyThis ? all.Where(message => message.Id == request.MessageId) : all.Where(message => message.Id >= request.MessageId);
        var opening = await going.AsNoTracking().Where(message => message.Kind == MessageKind.Public).OrderBy(message => message.Id).FirstOrDefaultAsync(cancellation);
        var staying = await all.Where(message => message.Kind == MessageKind.Public).CountAsync(cancellation) - await going.Where(message => message.Kind == MessageKind.Public).CountAsync(cancellation);
        if (opening is null || !await all.AnyAsync(message => message.Id == request.MessageId, cancellation))
            return new Problem("", "split.no-message");
        if (staying == 0)
            return new Problem("", "split.everything");

        var now = time.Now();
        var by = staff.AsActor();
        var fresh = NewTicket(ticket, opening, by, now);
        database.Add(fresh);
        await database.SaveChangesAsync(cancellation);

        ticket.Record("split-off", null, Number(fresh.Id), by, now, null);
        fresh.Record("split-from", null, Number(ticket.Id), by, now, null);
        await going.ExecuteUpdateAsync(set => set.SetProperty(message => message.TicketId, fresh.Id), cancellation);
        ticket.Retell(await TalkSummary.ReadAsync(database, ticket.Id, 0, cancellation));
        fresh.Retell(await TalkSummary.ReadAsync(database, fresh.Id, 0, cancellation));
        fresh.SeenByCustomerId = ticket.SeenByCustomerId;
        database.Add(TicketLink.Between(ticket.Id, fresh.Id, staff.Id, now));
        Announce(ticket, fresh);
        await database.SaveChangesAsync(cancellation);
        return fresh;
    }

    /// <summary>The other matter begins where the first stands: the same customer, site, team and person in charge.</summary>
    private static Ticket NewTicket(Ticket ticket, Message opening, Actor by, DateTime now)
    {
        var fresh = new Ticket
        {
            Token = Tokens.New(),
            SiteId = ticket.SiteId,
            CustomerId = ticket.CustomerId,
            Channel = ticket.Channel,
            Subject = OpenTicket.SubjectOf("", opening.Text) is { Length: > 0 } subject ? subject : ticket.Subject,
            Language = ticket.Language,
            CreatedAt = now,
            UpdatedAt = now,
        };
        fresh.Retell(new TalkSummary(opening, null));
        fresh.HandTo(ticket.TeamId, by, now);
        fresh.Assign(ticket.AssigneeId, by, now);
        return fresh;
    }

    private void Announce(Ticket ticket, Ticket fresh)
    {
        database.Publish(() => new TicketOpened(fresh.Id, fresh.SiteId, fresh.Channel, IsJunk: false));
        database.Publish(() => new TicketSplit(ticket.Id, fresh.Id));
        database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        database.Signal(() => TicketSignals.Moved(fresh, "opened"));
        database.Signal(() => TicketSignals.Rearranged(ticket.Id));
    }

    private static string Number(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
