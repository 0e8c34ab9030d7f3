using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>A team is gone; who gave it work takes the work back.</summary>
public sealed record TeamRemoved(long TeamId, string Name) : IEvent;

/// <summary>Makes, names, fills and removes teams.</summary>
public sealed class EditTeams(Database database, StaffSessions sessions, AuditLog audit, TimeProvider time)
{
    /// <summary>Characters of a name.</summary>
    public const int Longest = 100;

    public async Task<Outcome<Team>> AddAsync(string name, Staff by, CancellationToken cancellation)
    {
        if (await CheckNameAsync(name, null, cancellation) is { } problem)
            return problem;
        if (by.TeamIds is not null)
            return new Problem("", "staff.beyond-yours");
        var team = new Team { Name = name.Trim(), CreatedAt = time.Now() };
        database.Add(team);
        audit.Write(by.AsActor(), "team.added", $"team:{team.Name}", ("name", team.Name));
        await database.SaveChangesAsync(cancellation);
        return team;
    }

    /// <param name="names">What it is called in the languages of the program, in their order; empty where it has no own name.</param>
    /// <param name="memberIds">Everybody who belongs to it from now on; people above the one who asks keep their place.</param>
    public async Task<Outcome<Team>> ChangeAsync(long id, string name, IReadOnlyList<string> names, IReadOnlyCollection<long> memberIds, Staff by, CancellationToken cancellation)
    {
        var team = await database.Set<Team>().Include(row => row.Members).FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (team is null || !by.SeesTeam(id))
            return new Problem("", "team.unknown");
        if (await CheckNameAsync(name, id, cancellation) is { } problem)
            return problem;
        if (names.Index().FirstOrDefault(pair => pair.Item.Trim().Length > Longest) is { Item: not null } wrong)
            return new Problem($"Names-{wrong.Index}", "team.name-needed");

        // Who is in which team decides what confined people see: the same rule as for changing the person.
        var touchable = (await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).Where(member => member.DeactivatedAt == null).ToListAsync(cancellation))
            .Where(member => member.Id != by.Id && StaffRules.MayTouch(by, member)).Select(member => member.Id).ToHashSet();
        if (by.Role is Role.Owner or Role.Administrator && by.TeamIds is null)
            touchable.Add(by.Id);
        var leaving = team.Members.Where(member => touchable.Contains(member.StaffId) && !memberIds.Contains(member.StaffId)).ToList();
        var joining = memberIds.Where(member => touchable.Contains(member) && !team.Members.Exists(known => known.StaffId == member)).ToList();
        audit.Write(by.AsActor(), "team.changed", $"team:{team.Id}", ("name", name.Trim()), ("before", team.Name == name.Trim() ? null : team.Name),
            ("joined", Join(joining)), ("left", Join(leaving.ConvertAll(member => member.StaffId))));
        team.Name = name.Trim();
        team.Names = Languages.All.Zip(names).Where(pair => pair.Second.Trim().Length > 0).ToDictionary(pair => pair.First, pair => pair.Second.Trim(), StringComparer.Ordinal);
        team.Members.RemoveAll(leaving.Contains);
        team.Members.AddRange(joining.Select(member => new TeamMembership { TeamId = team.Id, StaffId = member }));
        await SaveAsync([.. leaving.Select(member => member.StaffId), .. joining], cancellation);
        return team;
    }

    public async Task<bool> RemoveAsync(long id, Staff by, CancellationToken cancellation)
    {
        var team = await database.Set<Team>().Include(row => row.Members).FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (team is null || by.TeamIds is not null)
            return false;
        var members = team.Members.ConvertAll(member => member.StaffId);
        database.Remove(team);
        audit.Write(by.AsActor(), "team.removed", $"team:{team.Id}", ("name", team.Name));
        database.Publish(() => new TeamRemoved(team.Id, team.Name));
        await SaveAsync(members, cancellation);
        return true;
    }

    private async Task SaveAsync(List<long> moved, CancellationToken cancellation)
    {
        foreach (var staffId in moved)
        {
            database.Signal(() => SessionMemory.ForgetSignal(staffId));
            database.Signal(() => new LiveSignal($"staff:{staffId}", ChangeStaff.RightsChanged, "{}"));
        }

        await database.SaveChangesAsync(cancellation);
        moved.ForEach(sessions.Forget);
    }

    private async Task<Problem?> CheckNameAsync(string name, long? except, CancellationToken cancellation)
    {
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > Longest)
            return new Problem("Name", "team.name-needed");
        return await database.Set<Team>().AnyAsync(team => team.Name == trimmed && team.Id != except, cancellation) ? new Problem("Name", "team.name-taken") : null;
    }

    private static string? Join(List<long> ids) => ids.Count == 0 ? null : string.Join(' ', ids);
}
