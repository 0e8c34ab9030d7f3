using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.Workspace;

/// <summary>What every page of the workspace asks, see <see cref="CompiledQueries{TQueries}"/>.</summary>
internal sealed class DeskQueries
{
    // Unread ones are looked for among the newest: what lies deeper is history.
    private const int NotificationsLookedAt = 200;

    /// <summary>A ticket with all that is its own; whether the reader may see it is for the caller to say.</summary>
    public readonly Func<Database, long, CancellationToken, Task<Ticket?>> Ticket = EF.CompileAsyncQuery(
        (Database database, long id, CancellationToken cancellation) => database.Set<Ticket>().AsNoTracking()
            .Include(row => row.Tags).Include(row => row.Followers).Include(row => row.Fields).AsSingleQuery()
            .FirstOrDefault(row => row.Id == id));

    public readonly Func<Database, long, CancellationToken, Task<Customer>> Customer = EF.CompileAsyncQuery(
        (Database database, long id, CancellationToken cancellation) => database.Set<Customer>().AsNoTracking()
            .Include(row => row.Contacts).AsSingleQuery().First(row => row.Id == id));

    /// <summary>The newest messages of a ticket, and whether they have files: hardly any has, and joining them makes every row dear.</summary>
    public readonly Func<Database, long, int, IAsyncEnumerable<MessageRead>> Messages = EF.CompileAsyncQuery(
        (Database database, long ticketId, int most) => database.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticketId)
            .OrderByDescending(message => message.Id).Take(most).Select(message => new MessageRead(message, message.Files.Any())));

    public readonly Func<Database, long, DateTime, int, IAsyncEnumerable<TicketChange>> Changes = EF.CompileAsyncQuery(
        (Database database, long ticketId, DateTime from, int most) => database.Set<TicketChange>().AsNoTracking()
            .Where(change => change.TicketId == ticketId && change.At >= from).OrderByDescending(change => change.Id).Take(most));

    public readonly Func<Database, long, int, IAsyncEnumerable<PageVisit>> Visits = EF.CompileAsyncQuery(
        (Database database, long customerId, int most) => database.Set<PageVisit>().AsNoTracking().Where(visit => visit.CustomerId == customerId)
            .OrderByDescending(visit => visit.At).Take(most));

    public readonly Func<Database, long, long, IAsyncEnumerable<Draft>> Drafts = EF.CompileAsyncQuery(
        (Database database, long staffId, long ticketId) => database.Set<Draft>().AsNoTracking().Where(draft => draft.StaffId == staffId && draft.TicketId == ticketId));

    public readonly Func<Database, long, int, IAsyncEnumerable<TicketView>> Views = EF.CompileAsyncQuery(
        (Database database, long staffId, int most) => database.Set<TicketView>().AsNoTracking().Where(view => view.StaffId == null || view.StaffId == staffId)
            .OrderBy(view => view.Position).ThenBy(view => view.Id).Take(most));

    /// <summary>Of both kinds, in one statement: it is asked for with every page.</summary>
    public readonly Func<Database, long, CancellationToken, Task<int>> Unread = EF.CompileAsyncQuery(
        (Database database, long staffId, CancellationToken cancellation) => database.Set<StaffNotification>().Where(notification => notification.StaffId == staffId)
            .OrderByDescending(notification => notification.CreatedAt).Take(NotificationsLookedAt).Select(notification => notification.ReadAt)
            .Concat(database.Set<StaffNotice>().Where(notice => notice.StaffId == staffId).OrderByDescending(notice => notice.CreatedAt).Take(NotificationsLookedAt).Select(notice => notice.ReadAt))
            .Count(readAt => readAt == null));

    public readonly Func<Database, long, string, CancellationToken, Task<string?>> Order = EF.CompileAsyncQuery(
        (Database database, long staffId, string view, CancellationToken cancellation) =>
            database.Set<ChosenOrder>().AsNoTracking().Where(row => row.StaffId == staffId && row.View == view).Select(row => row.Order).FirstOrDefault());

    /// <summary>A customer's other tickets, for staff who may see all; whoever is confined asks <see cref="InboxReader.RowsOf"/>.</summary>
    public readonly Func<Database, long, long, int, IAsyncEnumerable<InboxRow>> Others = EF.CompileAsyncQuery(
        (Database database, long customerId, long ticketId, int most) => database.Set<Ticket>().AsNoTracking()
            .Where(row => row.CustomerId == customerId && row.Id != ticketId).OrderByDescending(row => row.CreatedAt).Take(most)
            .Join(database.Set<Customer>(), ticket => ticket.CustomerId, customer => customer.Id, InboxReader.Row));

    /// <summary>Related tickets, likewise.</summary>
    public readonly Func<Database, long, int, IAsyncEnumerable<InboxRow>> Linked = EF.CompileAsyncQuery(
        (Database database, long ticketId, int most) => database.Set<Ticket>().AsNoTracking()
            .Where(row => database.Set<TicketLink>().Where(link => link.LowId == ticketId).Select(link => link.HighId)
                .Union(database.Set<TicketLink>().Where(link => link.HighId == ticketId).Select(link => link.LowId)).Contains(row.Id))
            .OrderByDescending(row => row.Id).Take(most)
            .Join(database.Set<Customer>(), ticket => ticket.CustomerId, customer => customer.Id, InboxReader.Row));

    public static DeskQueries For(Database database) => CompiledQueries<DeskQueries>.For(database);
}

/// <summary>A message, and whether it has files that are still to be read.</summary>
internal sealed record MessageRead(Message Message, bool HasFiles);
