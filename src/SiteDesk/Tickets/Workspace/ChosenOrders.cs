using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Remembers in which order each person reads each view.</summary>
public sealed class ChosenOrders(Database database, TimeProvider time)
{
    /// <returns>The newest movement first where nothing was chosen.</returns>
    public async Task<InboxOrder> FindAsync(Staff staff, string view, CancellationToken cancellation)
    {
        var chosen = await DeskQueries.For(database).Order(database, staff.Id, view, cancellation);
        return Enum.TryParse<InboxOrder>(chosen, out var order) && Enum.IsDefined(order) ? order : InboxOrder.Newest;
    }

    /// <param name="view">A view that this person has.</param>
    public Task KeepAsync(Staff staff, string view, InboxOrder order, CancellationToken cancellation)
    {
        const int tries = 3;
        // The same choice in two tabs at once: the second finds what the first stored.
        return database.AgainOnConflictAsync(tries, () => TryKeepAsync(staff, view, order, cancellation), cancellation);
    }

    private async Task<int> TryKeepAsync(Staff staff, string view, InboxOrder order, CancellationToken cancellation)
    {
        var known = await database.Set<ChosenOrder>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.View == view, cancellation);
        if (known is null)
        {
            database.Add(new ChosenOrder { StaffId = staff.Id, View = view, Order = order.ToString(), UpdatedAt = time.Now() });
        }
        else
        {
            known.Order = order.ToString();
            known.UpdatedAt = time.Now();
        }

        return await database.SaveChangesAsync(cancellation);
    }
}
