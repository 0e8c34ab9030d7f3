using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Accounts;

/// <summary>A colleague in the list.</summary>
public sealed record StaffRow(
    long Id, string Name, string Email, Role Role, int? Sites, IReadOnlyList<string> Teams, bool ConfinedToTeams, bool MasksContacts, DateTime? LastSeenAt, DateTime? DeactivatedAt);

/// <summary>A name to choose.</summary>
public sealed record Choice(long Id, string Name);

/// <summary>What may be chosen in the limits of a person, by the one who chooses.</summary>
public sealed record LimitChoices(IReadOnlyList<Role> Roles, IReadOnlyList<Choice> Sites, IReadOnlyList<Choice> Teams);

/// <summary>Reads colleagues for the settings.</summary>
public sealed class StaffReader(Database database, SiteDirectory sites, Texts texts, TimeProvider time)
{
    /// <summary>Colleagues shown at most; installations have tens, rarely hundreds.</summary>
    public const int Most = 1000;

    public async Task<IReadOnlyList<StaffRow>> ListAsync(CancellationToken cancellation)
    {
        var teams = await TeamNamesAsync(cancellation);
        var seen = await database.Set<Session>().AsNoTracking().GroupBy(session => session.StaffId)
            .Select(sessions => new { StaffId = sessions.Key, At = sessions.Max(session => session.LastSeenAt) }).ToDictionaryAsync(row => row.StaffId, row => row.At, cancellation);
        var members = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams)
            .OrderBy(member => member.DeactivatedAt != null).ThenBy(member => member.DisplayName).ThenBy(member => member.Id).Take(Most).ToListAsync(cancellation);
        return members.ConvertAll(member => new StaffRow(
            member.Id, member.DisplayName, member.Email ?? "", member.Role, member.ConfinedToSites ? member.Sites.Count : null,
            [.. member.Teams.Select(membership => teams.GetValueOrDefault(membership.TeamId)).OfType<string>().Order(StringComparer.CurrentCulture)],
            member.ConfinedToTeams, member.MasksContacts, seen.TryGetValue(member.Id, out var at) ? at : null, member.DeactivatedAt));
    }

    /// <summary>Names of the teams in the reader's language, by key.</summary>
    public Task<Dictionary<long, string>> TeamNamesAsync(CancellationToken cancellation) =>
        database.Set<Team>().AsNoTracking().ToDictionaryAsync(team => team.Id, team => team.NameIn(texts.Language), cancellation);

    /// <summary>Offers that were not taken yet, the old ones too: they can be renewed.</summary>
    public async Task<IReadOnlyList<Invitation>> InvitationsAsync(CancellationToken cancellation) =>
        await database.Set<Invitation>().AsNoTracking().Where(invitation => invitation.AcceptedAt == null).OrderByDescending(invitation => invitation.Id).Take(200).ToListAsync(cancellation);

    public Task<StaffMember?> FindAsync(long id, CancellationToken cancellation) =>
        database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).FirstOrDefaultAsync(member => member.Id == id, cancellation);

    public async Task<LimitChoices> ChoicesAsync(Staff by, CancellationToken cancellation)
    {
        var visible = (await sites.VisibleToAsync(by, cancellation)).Select(site => new Choice(site.Id, site.Name)).ToList();
        var teams = (await database.Set<Team>().AsNoTracking().OrderBy(team => team.Name).ToListAsync(cancellation)).ConvertAll(team => new Choice(team.Id, team.NameIn(texts.Language)));
        return new([.. StaffRules.Grantable(by)], visible, [.. teams.Where(team => by.SeesTeam(team.Id))]);
    }

    public async Task<IReadOnlyList<Session>> SessionsAsync(long staffId, CancellationToken cancellation)
    {
        var now = time.Now();
        return await database.Set<Session>().AsNoTracking().Where(session => session.StaffId == staffId && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastSeenAt).Take(100).ToListAsync(cancellation);
    }
}

/// <summary>The fields of a person's limits as a form sends them.</summary>
public class LimitsForm
{
    public Role Role { get; set; } = Role.Agent;

    public bool ConfinedToSites { get; set; }

    public List<long> SiteIds { get; set => field = value ?? []; } = [];

    public List<long> TeamIds { get; set => field = value ?? []; } = [];

    public bool ConfinedToTeams { get; set; }

    public bool MasksContacts { get; set; }

    public StaffLimits ToLimits() => new(Role, ConfinedToSites ? SiteIds : null, TeamIds, ConfinedToTeams, MasksContacts);

    public static LimitsForm Of(StaffMember member) => new()
    {
        Role = member.Role,
        ConfinedToSites = member.ConfinedToSites,
        SiteIds = member.Sites.ConvertAll(site => site.SiteId),
        TeamIds = member.Teams.ConvertAll(membership => membership.TeamId),
        ConfinedToTeams = member.ConfinedToTeams,
        MasksContacts = member.MasksContacts,
    };
}

/// <summary>The same with the address of somebody new.</summary>
public sealed class InvitationForm : LimitsForm
{
    public string Email { get; set => field = value ?? ""; } = "";
}
