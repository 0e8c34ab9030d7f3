using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Tickets.Workspace;

/// <summary>In which order a list stands. Each follows an index of its own, so that a page costs the same wherever it begins.</summary>
public enum InboxOrder
{
    /// <summary>The last movement first.</summary>
    Newest,

    /// <summary>What has not moved for longest first.</summary>
    Oldest,

    /// <summary>The last registered first.</summary>
    Created,

    /// <summary>Who waits for an answer first, among them who has waited for longest.</summary>
    Waiting,

    /// <summary>Urgent first, among equals the last movement.</summary>
    Priority,
}

/// <summary>
/// A place in a list: the row after which a page begins. It belongs to one order; under another it means nothing.
/// </summary>
/// <param name="Group">Which of the order's groups the row stands in (<see cref="InboxOrders.GroupsOf"/>).</param>
/// <param name="At">The moment by which the group is sorted.</param>
public readonly record struct InboxCursor(DateTime At, long Id, InboxOrder Order = InboxOrder.Newest, int Group = 0)
{
    /// <returns>Null when the text is no cursor: a stale or forged link shows the beginning.</returns>
    public static InboxCursor? Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length == 4 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var order) && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
            && ticks > 0 && ticks <= DateTime.MaxValue.Ticks && Enum.IsDefined((InboxOrder)order) && group < InboxOrders.GroupsOf((InboxOrder)order).Count
            ? new InboxCursor(new DateTime(ticks, DateTimeKind.Utc), id, (InboxOrder)order, group)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.Ticks}-{Id}-{(int)Order}-{Group}");
}

/// <summary>How each order is asked of the database: in groups of equals, each along an index by a moment and the number.</summary>
public static class InboxOrders
{
    public static IReadOnlyList<InboxOrder> All { get; } = Enum.GetValues<InboxOrder>();

    private static readonly Expression<Func<Ticket, bool>>[] ByPriority =
    [
        ticket => ticket.Priority == TicketPriority.Urgent, ticket => ticket.Priority == TicketPriority.High,
        ticket => ticket.Priority == TicketPriority.Normal, ticket => ticket.Priority == TicketPriority.Low,
    ];

    private static readonly Expression<Func<Ticket, bool>>[] ByWaiting = [Awaits(true), Awaits(false)];

    private static readonly Expression<Func<Ticket, bool>>?[] AllAsOne = [null];

    /// <summary>
    /// The parts of a list, in their order; null for everything. An equality a part lets the index be entered at the place
    /// sought; one comparison over two columns would walk from the beginning of the first.
    /// </summary>
    public static IReadOnlyList<Expression<Func<Ticket, bool>>?> GroupsOf(InboxOrder order) => order switch
    {
        InboxOrder.Priority => ByPriority,
        InboxOrder.Waiting => ByWaiting,
        _ => AllAsOne,
    };

    public static IQueryable<Ticket> Sort(IQueryable<Ticket> tickets, InboxOrder order) => order switch
    {
        InboxOrder.Oldest => tickets.OrderBy(ticket => ticket.UpdatedAt).ThenBy(ticket => ticket.Id),
        InboxOrder.Created => tickets.OrderByDescending(ticket => ticket.CreatedAt).ThenByDescending(ticket => ticket.Id),
        InboxOrder.Waiting => tickets.OrderBy(ticket => ticket.LastMessageAt).ThenBy(ticket => ticket.Id),
        _ => tickets.OrderByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id),
    };

    /// <summary>What comes after a place, within its group. The first comparison is the one that enters the index.</summary>
    public static IQueryable<Ticket> After(IQueryable<Ticket> tickets, InboxCursor after) => after.Order switch
    {
        InboxOrder.Oldest => tickets.Where(ticket => ticket.UpdatedAt >= after.At && (ticket.UpdatedAt > after.At || ticket.Id > after.Id)),
        InboxOrder.Created => tickets.Where(ticket => ticket.CreatedAt <= after.At && (ticket.CreatedAt < after.At || ticket.Id < after.Id)),
        InboxOrder.Waiting => tickets.Where(ticket => ticket.LastMessageAt >= after.At && (ticket.LastMessageAt > after.At || ticket.Id > after.Id)),
        _ => tickets.Where(ticket => ticket.UpdatedAt <= after.At && (ticket.UpdatedAt < after.At || ticket.Id < after.Id)),
    };

    /// <summary>What comes up to a place, the place included, within its group: the counterpart of <see cref="After"/>.</summary>
    public static IQueryable<Ticket> Until(IQueryable<Ticket> tickets, InboxCursor last) => last.Order switch
    {
        InboxOrder.Oldest => tickets.Where(ticket => ticket.UpdatedAt <= last.At && (ticket.UpdatedAt < last.At || ticket.Id <= last.Id)),
        InboxOrder.Created => tickets.Where(ticket => ticket.CreatedAt >= last.At && (ticket.CreatedAt > last.At || ticket.Id >= last.Id)),
        InboxOrder.Waiting => tickets.Where(ticket => ticket.LastMessageAt <= last.At && (ticket.LastMessageAt < last.At || ticket.Id <= last.Id)),
        _ => tickets.Where(ticket => ticket.UpdatedAt >= last.At && (ticket.UpdatedAt > last.At || ticket.Id >= last.Id)),
    };

    /// <summary>The place of the ticket with this number in the order, counted from 1; found along the index alone.</summary>
    /// <returns>Null when there are fewer.</returns>
    public static async Task<InboxCursor?> PlaceAsync(IQueryable<Ticket> tickets, InboxOrder order, int group, int number, CancellationToken cancellation)
    {
        var ticket = Sort(tickets, order).Skip(number - 1);
        var place = order switch
        {
            InboxOrder.Created => ticket.Select(row => new { At = row.CreatedAt, row.Id }),
            InboxOrder.Waiting => ticket.Select(row => new { At = row.LastMessageAt, row.Id }),
            _ => ticket.Select(row => new { At = row.UpdatedAt, row.Id }),
        };
        return await place.FirstOrDefaultAsync(cancellation) is { } found ? new InboxCursor(found.At, found.Id, order, group) : null;
    }

    // Compared with a parameter: a bare column as a condition enters no index on SQLite.
    private static Expression<Func<Ticket, bool>> Awaits(bool awaits) => ticket => ticket.AwaitsReply == awaits;

    /// <summary>The moment a row shows: the one it is sorted by.</summary>
    public static DateTime MomentOf(InboxRow row, InboxOrder order) => order switch
    {
        InboxOrder.Created => row.CreatedAt,
        InboxOrder.Waiting => row.LastMessageAt,
        _ => row.UpdatedAt,
    };

    /// <summary>Name in addresses and texts.</summary>
    public static string KeyOf(InboxOrder order) => order.ToString().ToLowerInvariant();
}
