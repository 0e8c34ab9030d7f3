using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>Keeps a view: a person's own, or everybody's by those who may share.</summary>
public sealed class SaveView(Database database, DeskNamesCache names)
{
    private const int LongestName = 100;

    /// <param name="Id">The view that is changed; null for a new one.</param>
    public sealed record Request(long? Id, string Name, Condition Condition, bool IsShared);

    public async Task<Outcome<TicketView>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (request.Name.Trim().Length is 0 or > LongestName)
            problems.Add(new Problem("name", "views.name-needed"));
        if (TicketConditions.For(await names.ReadAsync(cancellation), staff).Check(request.Condition).Count > 0)
            problems.Add(new Problem("", "views.condition-wrong"));
        if (request.IsShared && !staff.May(TicketPermissions.ShareViews))
            problems.Add(new Problem("shared", "views.may-not-share"));
        if (problems.Count > 0)
            return problems;

        var view = request.Id is { } id ? await database.Set<TicketView>().ChangeableBy(staff).FirstOrDefaultAsync(known => known.Id == id, cancellation) : null;
        if (request.Id is not null && view is null)
            return new Problem("", "views.not-found");
        if (view is null && await database.Set<TicketView>().CountAsync(known => known.StaffId == staff.Id || known.StaffId == null, cancellation) >= SavedViews.Most)
            return new Problem("", "views.too-many", ("count", SavedViews.Most));

        // The view stays the one it was: who has kept its address, or chosen its order, finds it.
        var owner = request.IsShared ? (long?)null : staff.Id;
        if (view is null)
        {
            view = new TicketView { Name = request.Name.Trim(), Condition = request.Condition.ToJson(), StaffId = owner };
            database.Add(view);
        }
        else
        {
            view.StaffId = owner;
            view.Name = request.Name.Trim();
            view.Condition = request.Condition.ToJson();
        }

        await database.SaveChangesAsync(cancellation);
        return view;
    }
}
