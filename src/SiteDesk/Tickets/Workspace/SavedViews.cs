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

    public Task<List<TicketView>> ReadAsync(Staff staff, CancellationToken cancellation) =>
        VisibleTo(staff).OrderBy(view => view.Position).ThenBy(view => view.Id).Take(Most).ToListAsync(cancellation);

    public Task<TicketView?> FindAsync(Staff staff, long id, CancellationToken cancellation) =>
        VisibleTo(staff).FirstOrDefaultAsync(view => view.Id == id, cancellation);

    /// <returns>Null when this person has no such view, or when its condition is no longer understood.</returns>
    public async Task<IQueryable<Ticket>?> ConfineAsync(IQueryable<Ticket> tickets, long id, Staff staff, CancellationToken cancellation)
    {
        if (await FindAsync(staff, id, cancellation) is not { } view || ConditionJson.Parse(view.Condition).Condition is not { } condition)
            return null;
        var fields = TicketConditions.For(await names.ReadAsync(cancellation), staff);
        if (fields.Check(condition).Count > 0)
            return null;
        var reader = ConditionReader.At(time, TimeZones.Find(staff.TimeZone), staff.Id, staff.MemberOf);
        return tickets.Where(ticket => ticket.Junk == null).Where(fields.ToQuery(condition, reader));
    }

    private IQueryable<TicketView> VisibleTo(Staff staff) =>
        database.Set<TicketView>().AsNoTracking().Where(view => view.StaffId == null || view.StaffId == staff.Id);
}
