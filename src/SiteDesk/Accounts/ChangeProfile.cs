using Microsoft.AspNetCore.Identity;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>What a person changes about themselves.</summary>
public sealed class ChangeProfile(Database database, UserManager<StaffMember> members, StaffSessions sessions, ResetPassword links, AuditLog audit)
{
    public static readonly IReadOnlyList<string> Themes = ["system", "light", "dark"];

    /// <summary>The form's fields.</summary>
    public sealed class Request
    {
        public string Name { get; set => field = value ?? ""; } = "";

        public string Language { get; set => field = value ?? ""; } = "";

        public string TimeZone { get; set => field = value ?? ""; } = "";

        public string Theme { get; set => field = value ?? ""; } = "";
    }

    public async Task<Outcome<StaffMember>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (request.Name.Trim().Length is 0 or > 100)
            problems.Add(new Problem("Name", "staff.name-needed"));
        if (!Languages.All.Contains(request.Language))
            problems.Add(new Problem("Language", "profile.language-needed"));
        if (!TimeZones.Exists(request.TimeZone))
            problems.Add(new Problem("TimeZone", "profile.time-zone-needed"));
        if (!Themes.Contains(request.Theme))
            problems.Add(new Problem("Theme", "profile.theme-needed"));
        if (problems.Count > 0)
            return problems;

        var member = (await database.Set<StaffMember>().FindAsync([staff.Id], cancellation))!;
        if (member.DisplayName != request.Name.Trim())
            audit.Write(staff.AsActor(), "staff.renamed", $"staff:{staff.Id}", ("before", member.DisplayName), ("after", request.Name.Trim()));
        member.DisplayName = request.Name.Trim();
        (member.Language, member.TimeZone, member.Theme) = (request.Language, request.TimeZone, request.Theme);
        await database.SaveChangesAsync(cancellation);
        sessions.Forget(staff.Id);
        return member;
    }

    /// <summary>Changes the password and signs the other browsers out. Wrong guesses at the old one count like failed sign-ins.</summary>
    public async Task<Outcome<StaffMember>> ChangePasswordAsync(string current, string wanted, Staff staff, long? session, CancellationToken cancellation)
    {
        var member = (await database.Set<StaffMember>().FindAsync([staff.Id], cancellation))!;
        if (await members.IsLockedOutAsync(member))
            return new Problem("Current", "sign-in.locked");
        if (!await members.CheckPasswordAsync(member, current))
        {
            await members.AccessFailedAsync(member);
            return new Problem("Current", "profile.password-wrong");
        }

        var result = await members.ChangePasswordAsync(member, current, wanted);
        if (!result.Succeeded)
            return new Problem("Password", "staff.password-rules", ("count", AccountsModule.ShortestPassword));
        await members.ResetAccessFailedCountAsync(member);
        await links.EndLinksAsync(staff.Id, cancellation);
        audit.Write(staff.AsActor(), "staff.password-changed", $"staff:{staff.Id}");
        await database.SaveChangesAsync(cancellation);
        await sessions.EndAllAsync(staff.Id, session, cancellation);
        return member;
    }
}
