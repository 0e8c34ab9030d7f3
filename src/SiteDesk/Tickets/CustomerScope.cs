using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Confines customers to those a member of staff may see: who is confined sees the customers of the tickets they may see, and nobody else.</summary>
public static class CustomerScope
{
    /// <summary>Records in use; those that were merged into another are not among them.</summary>
    public static IQueryable<Customer> VisibleTo(this IQueryable<Customer> customers, Database database, Staff staff)
    {
        customers = customers.Where(customer => customer.MergedIntoId == null);
        if (!staff.IsConfined())
            return customers;
        var tickets = database.Set<Ticket>().VisibleTo(staff);
        return customers.Where(customer => tickets.Any(ticket => ticket.CustomerId == customer.Id));
    }

    /// <summary>Whether everything this customer asked may be seen: what concerns the whole record is decided only by such staff.</summary>
    public static async Task<bool> SeesAllOfAsync(this Staff staff, Database database, long customerId, CancellationToken cancellation)
    {
        if (!staff.IsConfined())
            return true;
        var tickets = database.Set<Ticket>().Where(ticket => ticket.CustomerId == customerId);
        return await tickets.CountAsync(cancellation) == await tickets.VisibleTo(staff).CountAsync(cancellation);
    }

    public static bool IsConfined(this Staff staff) => staff.SiteIds is not null || staff.TeamIds is not null;
}
