using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Which tickets a list shows.</summary>
/// <param name="View">A standard view (<see cref="StandardViews"/>) or the number of a saved one.</param>
/// <param name="After">Where the page begins; null for the newest.</param>
public sealed record InboxSelection(string View, InboxCursor? After = null)
{
    /// <summary>The address of this list with a path of the workspace.</summary>
    public string Address(string path) => After is null ? $"{path}?view={View}" : $"{path}?view={View}&after={After}";
}

/// <summary>One ticket in a list.</summary>
public sealed record InboxRow(
    long Id, string Subject, string Preview, string CustomerName, string? CustomerContact, string? Language, StandardStatus Status, TicketPriority Priority,
    string Channel, long? AssigneeId, long? TeamId, long SiteId, DateTime UpdatedAt, bool AwaitsReply, bool IsJunk, DateTime CreatedAt, DateTime LastMessageAt, bool IsWithAssistant);

/// <param name="Next">Where the following page begins; null on the last.</param>
/// <param name="IsCutShort">Whether looking ended before the page was full: what follows begins further back.</param>
public sealed record InboxPageOfRows(IReadOnlyList<InboxRow> Rows, InboxCursor? Next, InboxOrder Order = InboxOrder.Newest, bool IsCutShort = false);

/// <summary>
/// Reads lists of tickets. Every standard view follows one index from where its page begins, so a page costs the same among
/// a hundred tickets and among a million.
/// </summary>
public sealed class InboxReader(Database database, SavedViews savedViews, ChosenOrders orders)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Counting stops here; the rail shows 999+.</summary>
    public const int MostCounted = 1000;

    /// <summary>Tickets that one page of a saved view looks at: a rare condition would walk through all of them to fill it.</summary>
    public const int MostLookedAt = 10_000;

    public async Task<InboxPageOfRows> ReadAsync(Staff staff, InboxSelection selection, CancellationToken cancellation)
    {
        var order = await orders.FindAsync(staff, selection.View, cancellation);
        if (long.TryParse(selection.View, out var saved) && !StandardViews.All.Contains(selection.View))
            return await savedViews.TicketsOfAsync(saved, staff, cancellation) is { } view ? await PageAsync(view.Walked, view, selection, order, cancellation) : new([], null);
        return await TicketsOfAsync(staff, selection.View, cancellation) is { } tickets ? await PageAsync(tickets, null, selection, order, cancellation) : new([], null);
    }

    /// <param name="view">A saved view, of which no index knows what fits; then only <see cref="MostLookedAt"/> tickets are looked at.</param>
    private async Task<InboxPageOfRows> PageAsync(
        IQueryable<Ticket> tickets, SavedViewTickets? view, InboxSelection selection, InboxOrder order, CancellationToken cancellation)
    {
        var after = selection.After is { } place && place.Order == order ? place : (InboxCursor?)null;
        var groups = InboxOrders.GroupsOf(order);
        var rows = new List<(InboxRow Row, int Group)>();
        InboxCursor? end = null;

        // Where the order has no index, those that moved last are looked at, and put in that order.
        var hasIndex = view is null || view.IsOfOnePile || order is InboxOrder.Newest or InboxOrder.Oldest;
        var oldest = hasIndex ? null : await InboxOrders.PlaceAsync(tickets, InboxOrder.Newest, 0, MostLookedAt, cancellation);
        if (oldest is { } bound)
            tickets = InboxOrders.Until(tickets, bound);
        for (var group = after?.Group ?? 0; group < groups.Count && rows.Count <= PageSize && end is null; group++)
        {
            var part = groups[group] is { } isOfGroup ? tickets.Where(isOfGroup) : tickets;
            if (after is { } from && from.Group == group)
                part = InboxOrders.After(part, from);
            if (view is not null)
            {
                end = hasIndex ? await InboxOrders.PlaceAsync(part, order, group, MostLookedAt, cancellation) : null;
                part = view.Confine(end is { } last ? InboxOrders.Until(part, last) : part);
            }

            var number = group;
            rows.AddRange((await RowsOf(InboxOrders.Sort(part, order).Take(PageSize + 1 - rows.Count)).ToListAsync(cancellation)).Select(row => (row, number)));
        }

        var shown = rows.Take(PageSize).ToList();
        var isFull = rows.Count > PageSize;
        return new(
            shown.ConvertAll(row => row.Row),
            isFull ? new InboxCursor(InboxOrders.MomentOf(shown[^1].Row, order), shown[^1].Row.Id, order, shown[^1].Group) : end, order, IsCutShort: !isFull && (end ?? oldest) is not null);
    }

    /// <summary>How many tickets a standard view holds, counted to <see cref="MostCounted"/>.</summary>
    /// <returns>Null when there is no such view for this person.</returns>
    public async Task<int?> CountAsync(Staff staff, string view, CancellationToken cancellation) =>
        await TicketsOfAsync(staff, view, cancellation) is { } tickets
            ? await tickets.OrderByDescending(ticket => ticket.UpdatedAt).Select(ticket => ticket.Id).Take(MostCounted).CountAsync(cancellation)
            : null;

    /// <summary>Projects tickets to rows of a list.</summary>
    public IQueryable<InboxRow> RowsOf(IQueryable<Ticket> tickets) =>
        tickets.Join(database.Set<Customer>(), ticket => ticket.CustomerId, customer => customer.Id, Row);

    /// <summary>A ticket and its customer as a row of a list.</summary>
    internal static readonly Expression<Func<Ticket, Customer, InboxRow>> Row = (ticket, customer) => new InboxRow(
        ticket.Id, ticket.Subject, ticket.Preview, customer.Name, customer.Name == "" ? customer.Contacts.OrderBy(contact => contact.Id).Select(contact => contact.Shown).FirstOrDefault() : null,
        ticket.Language, ticket.Status, ticket.Priority, ticket.Channel, ticket.AssigneeId, ticket.TeamId, ticket.SiteId, ticket.UpdatedAt, ticket.AwaitsReply, ticket.Junk != null, ticket.CreatedAt, ticket.LastMessageAt, ticket.Stage == TicketStage.Assistant);

    /// <summary>The tickets of a view that this person may see, not ordered.</summary>
    public async Task<IQueryable<Ticket>?> TicketsOfAsync(Staff staff, string view, CancellationToken cancellation)
    {
        var tickets = database.Set<Ticket>().AsNoTracking().VisibleTo(staff);
        if (StandardViews.All.Contains(view))
            return StandardViews.Confine(tickets, view, staff);
        return long.TryParse(view, out var id) && await savedViews.TicketsOfAsync(id, staff, cancellation) is { } saved ? saved.Confine(saved.Walked) : null;
    }
}

/// <summary>The views everybody has.</summary>
public static class StandardViews
{
    public const string Mine = "mine";
    public const string Unassigned = "unassigned";
    public const string Open = "open";
    public const string Waiting = "waiting";
    public const string Assistant = "assistant";
    public const string Solved = "solved";
    public const string Junk = "junk";

    public static IReadOnlyList<string> All { get; } = [Mine, Unassigned, Open, Waiting, Assistant, Solved, Junk];

    /// <summary>Those whose counts say how much there is to do; how much is done or junk says nothing.</summary>
    public static IReadOnlyList<string> Counted { get; } = [Mine, Unassigned, Open, Waiting, Assistant];

    public static string IconOf(string view) => view switch
    {
        Mine => "user",
        Unassigned => "inbox",
        Open => "layers",
        Waiting => "clock",
        Assistant => "spark",
        Solved => "check-circle",
        _ => "junk",
    };

    internal static IQueryable<Ticket> Confine(IQueryable<Ticket> tickets, string view, Staff staff) => view switch
    {
        Mine => tickets.Where(ticket => ticket.AssigneeId == staff.Id && ticket.Stage == TicketStage.Active),
        Unassigned => tickets.Where(ticket => ticket.AssigneeId == null && ticket.Stage == TicketStage.Active),
        Waiting => tickets.Where(ticket => ticket.Stage == TicketStage.Waiting),
        Assistant => tickets.Where(ticket => ticket.Stage == TicketStage.Assistant),
        Solved => tickets.Where(ticket => ticket.Stage == TicketStage.Done),
        Junk => tickets.Where(ticket => ticket.Stage == TicketStage.Junk),
        _ => tickets.Where(ticket => ticket.Stage == TicketStage.Active),
    };
}
