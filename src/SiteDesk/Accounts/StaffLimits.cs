using SiteDesk.Platform;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>What a person is and how far they see: chosen in an invitation, changed later.</summary>
/// <param name="SiteIds">The sites they are confined to; null means all.</param>
/// <param name="TeamIds">The teams they belong to.</param>
/// <param name="ConfinedToTeams">Whether they see only these teams' tickets.</param>
/// <param name="MasksContacts">Whether contact data is shown to them masked.</param>
public sealed record StaffLimits(Role Role, IReadOnlyList<long>? SiteIds, IReadOnlyList<long> TeamIds, bool ConfinedToTeams, bool MasksContacts)
{
    public static StaffLimits Of(StaffMember member) => new(
        member.Role,
        member.ConfinedToSites ? member.Sites.ConvertAll(site => site.SiteId) : null,
        member.Teams.ConvertAll(membership => membership.TeamId),
        member.ConfinedToTeams,
        member.MasksContacts);

    public static StaffLimits Of(Invitation invitation) => new(
        invitation.Role,
        invitation.SiteIds.Count > 0 ? invitation.SiteIds : null,
        invitation.TeamIds,
        invitation.ConfinedToTeams,
        invitation.MasksContacts);

    /// <summary>A confinement to nothing would be a person who sees nothing: that is a slip, not a wish.</summary>
    public IEnumerable<Problem> Check()
    {
        if (SiteIds is { Count: 0 })
            yield return new Problem("SiteIds", "staff.sites-needed");
        if (ConfinedToTeams && TeamIds.Count == 0)
            yield return new Problem("TeamIds", "staff.teams-needed");
    }
}

/// <summary>Who may do what to whom. Nobody gives more than they have, and nobody changes their own rights.</summary>
public static class StaffRules
{
    /// <summary>Whether the person may make others what these limits say.</summary>
    public static bool MayGrant(Staff by, StaffLimits limits) =>
        StandingOf(limits.Role) <= StandingOf(by.Role) && IsWithin(by, limits);

    /// <summary>Whether the person may change the member at all; only an owner touches owners.</summary>
    public static bool MayTouch(Staff by, StaffMember member) => MayGrant(by, StaffLimits.Of(member));

    /// <summary>The roles the person may give.</summary>
    public static IEnumerable<Role> Grantable(Staff by) => Enum.GetValues<Role>().Where(role => StandingOf(role) <= StandingOf(by.Role));

    private static bool IsWithin(Staff by, StaffLimits limits)
    {
        var sites = by.SiteIds is null || limits.SiteIds is not null && limits.SiteIds.All(by.SiteIds.Contains);
        var teams = by.TeamIds is null || limits.ConfinedToTeams && limits.TeamIds.All(by.TeamIds.Contains);
        var contacts = !by.MasksContacts || limits.MasksContacts;
        return sites && teams && contacts;
    }

    private static int StandingOf(Role role) => role switch
    {
        Role.Owner => 3,
        Role.Administrator => 2,
        Role.Lead => 1,
        _ => 0,
    };
}
