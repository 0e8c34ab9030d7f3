using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>Of what each person wants to be told by mail.</summary>
internal static class StaffMailRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var choices = routes.MapGroup("/agent/profile/mail").NeedsSignIn();
        choices.MapGet("", ShowAsync);
        choices.MapPost("", ChangeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var choice = await database.Set<StaffMailChoice>().AsNoTracking().FirstOrDefaultAsync(row => row.StaffId == staff.Id, cancellation) ?? new StaffMailChoice { StaffId = staff.Id };
        return Page.Show<StaffMailPage>(new { Staff = staff, Choice = choice });
    }

    /// <summary>Read by hand: boxes that are not ticked are missing in a form.</summary>
    private static async Task<IResult> ChangeAsync(HttpContext http, ChooseStaffMail choose, CancellationToken cancellation)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
        await choose.RunAsync(http.Staff(), choice =>
        {
            choice.Assigned = form.ContainsKey("assigned");
            choice.Mentioned = form.ContainsKey("mentioned");
            choice.CustomerReplied = form.ContainsKey("customer-replied");
            choice.Followed = form.ContainsKey("followed");
        }, cancellation);
        return Page.GoTo("/agent/profile/mail?done=saved");
    }
}

/// <summary>A person chooses for themselves.</summary>
public sealed class ChooseStaffMail(Database database)
{
    private const int Tries = 3;

    /// <param name="change">Sets the choices; may be called again.</param>
    public Task RunAsync(Staff staff, Action<StaffMailChoice> change, CancellationToken cancellation) => database.AgainOnConflictAsync(Tries, async () =>
    {
        var choice = await database.Set<StaffMailChoice>().FirstOrDefaultAsync(row => row.StaffId == staff.Id, cancellation);
        if (choice is null)
            database.Add(choice = new StaffMailChoice { StaffId = staff.Id });
        change(choice);
        return await database.SaveChangesAsync(cancellation);
    }, cancellation);
}
