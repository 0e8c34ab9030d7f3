using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Setup;

/// <summary>Makes the owner and the first site, once.</summary>
public sealed class SetUp(Database database, CreateStaff createStaff, CreateSite createSite, StaffSessions sessions, SiteDirectory sites, AuditLog audit)
{
    /// <summary>The form's fields. The binder sets what a form lacks to null, hence the setters.</summary>
    public sealed class Request
    {
        public string Name { get; set => field = value ?? ""; } = "";

        public string Email { get; set => field = value ?? ""; } = "";

        public string Password { get; set => field = value ?? ""; } = "";

        public string SiteName { get; set => field = value ?? ""; } = "";

        public string SiteAddress { get; set => field = value ?? ""; } = "";

        public List<string> Languages { get; set => field = value ?? []; } = [];

        /// <summary>IANA name, filled by the page's script from the browser.</summary>
        public string TimeZone { get; set => field = value ?? ""; } = "";
    }

    public async Task<Outcome<Site>> RunAsync(Request request, HttpContext http, CancellationToken cancellation)
    {
        if (await database.Set<StaffMember>().AnyAsync(cancellation))
            return new Problem("", "set-up.done");
        var site = createSite.Run(new CreateSite.Request(request.SiteName, request.SiteAddress, request.Languages, request.TimeZone));

        Outcome<StaffMember> owner;
        try
        {
            owner = await database.InTransactionAsync(() => CreateBothAsync(request, site, http.Texts().Language, cancellation), cancellation);
        }
        catch (Refused refused)
        {
            return refused.Problems.ToList();
        }

        sites.Forget();
        await sessions.StartAsync(owner.Value, http, cancellation);
        return site;
    }

    private async Task<Outcome<StaffMember>> CreateBothAsync(Request request, Outcome<Site> site, string language, CancellationToken cancellation)
    {
        // Asked again, now that nobody else can be made meanwhile: two who send the form at the same moment are one owner and one refused.
        if (database.Engine == DatabaseEngine.Postgres)
            await database.Database.ExecuteSqlAsync($"LOCK TABLE accounts_staff IN SHARE ROW EXCLUSIVE MODE", cancellation);
        if (await database.Set<StaffMember>().AnyAsync(cancellation))
            throw new Refused([new Problem("", "set-up.done")]);

        // Asked even when the site is wrong already: the person sees everything there is to correct at once.
        var owner = await createStaff.RunAsync(new CreateStaff.Request(
            request.Name, request.Email, request.Password, Role.Owner, language, request.TimeZone));
        if (!owner.Succeeded || !site.Succeeded)
            throw new Refused([.. owner.Problems, .. site.Problems]);
        audit.Write(owner.Value.AsStaff().AsActor(), "set-up.done", $"site:{site.Value.Key}", ("name", site.Value.Name));
        await database.SaveChangesAsync(cancellation);
        return owner;
    }

    /// <summary>Rolls the transaction back.</summary>
    private sealed class Refused(IReadOnlyList<Problem> problems) : Exception
    {
        public IReadOnlyList<Problem> Problems { get; } = problems;
    }
}
