using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>The views that people saved: their own and everybody's.</summary>
public sealed class SavedViews(Database database, DeskNamesCache names, TimeProvider time)
{
    /// <summary>Views shown to one person.</summary>
    public const int Most = 100;

    /// <summary>Views whose tickets are counted in the rail: the first ones.</summary>
    public const int MostCounted = 30;

    /// <summary>Tickets one count looks at.</summary>
    public const int MostLookedAt = 2_000;

    public Task<List<TicketView>> ReadAsync(Staff staff, CancellationToken cancellation) =>
        DeskQueries.For(database).Views(database, staff.Id, Most).ToListAsync(cancellation).AsTask();

    public Task<TicketView?> FindAsync(Staff staff, long id, CancellationToken cancellation) =>
        VisibleTo(staff).FirstOrDefaultAsync(view => view.Id == id, cancellation);

    /// <returns>Null when this person has no such view, or when its condition is no longer understood.</returns>
    public async Task<SavedViewTickets?> TicketsOfAsync(long id, Staff staff, CancellationToken cancellation) =>
        await FindAsync(staff, id, cancellation) is { } view && Understand(view, staff, await names.ReadAsync(cancellation)) is { } understood
            ? new(understood.Narrow(Walkable(staff)), tickets => understood.Confine(tickets.VisibleTo(staff)), understood.Stage is not null)
            : null;

    /// <summary>
    /// How many of the newest tickets a view holds. Its condition is anybody's, and no index knows it: looked at are
    /// <see cref="MostLookedAt"/> tickets at most, so the count costs the same however many there are.
    /// </summary>
    /// <returns>The count, and whether there may be more further back; null when the condition is no longer understood.</returns>
    public async Task<(int Count, bool IsAtLeast)?> CountAsync(TicketView view, Staff staff, CancellationToken cancellation)
    {
        if (Understand(view, staff, await names.ReadAsync(cancellation)) is not { } understood)
            return null;
        var newest = understood.Narrow(Walkable(staff)).OrderByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id).Take(MostLookedAt);
        var count = Math.Min(InboxReader.MostCounted, await understood.Confine(newest.VisibleTo(staff)).CountAsync(cancellation));
        return (count, count < InboxReader.MostCounted && await newest.Select(ticket => ticket.Id).CountAsync(cancellation) == MostLookedAt);
    }

    /// <summary>All tickets, or those of the one site to which somebody is confined: what an index walks along in any order.</summary>
    private IQueryable<Ticket> Walkable(Staff staff)
    {
        var tickets = database.Set<Ticket>().AsNoTracking();
        if (staff.SiteIds is not { Count: 1 } only)
            return tickets;
        var site = only.First();
        return tickets.Where(ticket => ticket.SiteId == site);
    }

    private Understood? Understand(TicketView view, Staff staff, DeskNames known)
    {
        var fields = TicketConditions.For(known, staff);
        if (ConditionJson.Parse(view.Condition).Condition is not { } condition || fields.Check(condition).Count > 0)
            return null;
        var reader = ConditionReader.At(time, TimeZones.Find(staff.TimeZone), staff.Id, staff.MemberOf);
        return new(StageOf(condition), fields.ToQuery(condition, reader));
    }

    /// <summary>The one pile that a condition's statuses lie in: lists and counts then follow that pile's index.</summary>
    private static TicketStage? StageOf(Condition condition)
    {
        if (condition.Root.Join != ConditionJoin.All)
            return null;
        if (condition.Root.Members.OfType<ConditionTest>().Any(test => test is { Field: "with-assistant", Operator: "is-true" }))
            return TicketStage.Assistant;
        var asksForAssistant = Asks(condition.Root);
        foreach (var test in condition.Root.Members.OfType<ConditionTest>().Where(test => test is { Field: "status", Operator: "is" or "one-of" }))
        {
            var stages = test.Values.OfType<TextValue>().Select(value => value.Text switch
            {
                // What the assistant has is new or open too, but in a pile of its own: who asks for it by itself gets it.
                "new" or "open" => asksForAssistant ? null : TicketStage.Active,
                "pending" or "on-hold" => asksForAssistant ? null : TicketStage.Waiting,
                "solved" or "closed" => TicketStage.Done,
                _ => (TicketStage?)null,
            }).Distinct().ToList();
            if (stages is [{ } only])
                return only;
        }

        return null;
    }

    private static bool Asks(ConditionGroup group) => group.Members.Any(member => member is ConditionTest { Field: "with-assistant" } || member is ConditionGroup inner && Asks(inner));

    /// <summary>A view's condition, ready to be asked.</summary>
    private sealed record Understood(TicketStage? Stage, System.Linq.Expressions.Expression<Func<Ticket, bool>> Fits)
    {
        public IQueryable<Ticket> Narrow(IQueryable<Ticket> tickets) => Stage is { } stage ? tickets.Where(ticket => ticket.Stage == stage) : tickets;

        public IQueryable<Ticket> Confine(IQueryable<Ticket> tickets) => tickets.Where(ticket => ticket.Junk == null).Where(Fits);
    }

    private IQueryable<TicketView> VisibleTo(Staff staff) =>
        database.Set<TicketView>().AsNoTracking().Where(view => view.StaffId == null || view.StaffId == staff.Id);
}

/// <summary>The tickets of a saved view: its condition is anybody's, so a list walks along an index and keeps what fits.</summary>
/// <param name="Walked">What is walked along; more than the reader may see.</param>
/// <param name="Confine">Keeps what fits the condition and the reader may see.</param>
/// <param name="IsOfOnePile">Whether it lies in one pile: then every order has an index to walk along, otherwise only the last movement.</param>
public sealed record SavedViewTickets(IQueryable<Ticket> Walked, Func<IQueryable<Ticket>, IQueryable<Ticket>> Confine, bool IsOfOnePile);
