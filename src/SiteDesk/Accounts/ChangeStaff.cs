using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Changes what a colleague is and sees; lets people leave and come back. There is always an owner.</summary>
public sealed class ChangeStaff(Database database, StaffSessions sessions, ResetPassword links, AuditLog audit, TimeProvider time)
{
    /// <summary>Tells the person's open streams that their rights are others now.</summary>
    public const string RightsChanged = "rights-changed";

    public Task<Outcome<StaffMember>> SetLimitsAsync(long id, StaffLimits limits, Staff by, CancellationToken cancellation) =>
        ChangeAsync(id, by, endsLinks: true, member =>
        {
            var problems = limits.Check().ToList();
            if (!StaffRules.MayGrant(by, limits))
                problems.Add(new Problem("Role", "staff.beyond-yours"));
            if (problems.Count > 0)
                return problems;
            var before = StaffLimits.Of(member);
            member.Apply(limits);
            audit.Write(by.AsActor(), "staff.changed", $"staff:{member.Id}", [("name", member.DisplayName), .. Differences(before, limits)]);
            return [];
        }, cancellation);

    /// <summary>The person cannot sign in any more, at once; what they wrote stays.</summary>
    public async Task<Outcome<StaffMember>> DeactivateAsync(long id, Staff by, CancellationToken cancellation)
    {
        var outcome = await ChangeAsync(id, by, endsLinks: true, member =>
        {
            if (member.DeactivatedAt is not null)
                return [];
            member.DeactivatedAt = time.Now();
            audit.Write(by.AsActor(), "staff.deactivated", $"staff:{member.Id}", ("name", member.DisplayName));
            return [];
        }, cancellation);
        if (outcome.Succeeded)
            await sessions.EndAllAsync(id, except: null, cancellation);
        return outcome;
    }

    public Task<Outcome<StaffMember>> ReactivateAsync(long id, Staff by, CancellationToken cancellation) =>
        ChangeAsync(id, by, endsLinks: false, member =>
        {
            if (member.DeactivatedAt is null)
                return [];
            member.DeactivatedAt = null;
            audit.Write(by.AsActor(), "staff.reactivated", $"staff:{member.Id}", ("name", member.DisplayName));
            return [];
        }, cancellation);

    /// <summary>Signs a colleague out of every browser: a lost laptop.</summary>
    public async Task<Outcome<StaffMember>> SignOutAsync(long id, Staff by, CancellationToken cancellation)
    {
        var outcome = await ChangeAsync(id, by, endsLinks: false, member =>
        {
            audit.Write(by.AsActor(), "staff.signed-out", $"staff:{member.Id}", ("name", member.DisplayName));
            return [];
        }, cancellation);
        if (outcome.Succeeded)
            await sessions.EndAllAsync(id, except: null, cancellation);
        return outcome;
    }

    /// <param name="endsLinks">Whether open links to the account, and those it has given to others, end with it.</param>
    private async Task<Outcome<StaffMember>> ChangeAsync(long id, Staff by, bool endsLinks, Func<StaffMember, List<Problem>> change, CancellationToken cancellation)
    {
        var outcome = await database.InTransactionAsync<Outcome<StaffMember>>(async () =>
        {
            var owners = await LockOwnersAsync(cancellation);
            var member = await database.Set<StaffMember>().Include(row => row.Sites).Include(row => row.Teams).FirstOrDefaultAsync(row => row.Id == id, cancellation);
            if (member is null)
                return new Problem("", "staff.unknown");
            if (member.Id == by.Id)
                return new Problem("", "staff.not-yourself");
            if (!StaffRules.MayTouch(by, member))
                return new Problem("", "staff.beyond-yours");
            var problems = change(member);
            if (problems.Count > 0)
                return problems;
            var isOwner = member is { Role: Role.Owner, DeactivatedAt: null };
            if (!isOwner && owners.Contains(id) && owners.Count == 1)
                return new Problem("", "staff.last-owner");
            if (endsLinks)
            {
                // A link was made for who they were: in the hands of its maker it would now be the key to more, or to somebody who was let go.
                await links.EndLinksAsync(id, cancellation);
                await InviteStaff.EndLinksBeyondAsync(database, member, time.Now(), cancellation);
            }

            database.Signal(() => SessionMemory.ForgetSignal(id));
            database.Signal(() => new LiveSignal($"staff:{id}", RightsChanged, "{}"));
            await database.SaveChangesAsync(cancellation);
            return member;
        }, cancellation);
        sessions.Forget(id);
        return outcome;
    }

    /// <summary>Holds the owners' rows, so that two owners who demote each other at the same moment do not both succeed.</summary>
    private async Task<List<long>> LockOwnersAsync(CancellationToken cancellation)
    {
        var owners = database.Engine == DatabaseEngine.Postgres
            ? database.Set<StaffMember>().FromSql($"""SELECT * FROM accounts_staff WHERE "Role" = 'Owner' AND "DeactivatedAt" IS NULL ORDER BY "Id" FOR UPDATE""")
            : database.Set<StaffMember>().Where(member => member.Role == Role.Owner && member.DeactivatedAt == null);
        return (await owners.AsNoTracking().ToListAsync(cancellation)).ConvertAll(member => member.Id);
    }

    /// <summary>What confines somebody from the start, for the audit log.</summary>
    internal static IEnumerable<(string Name, string? Value)> LimitsThatHold(StaffLimits limits) =>
        Differences(new StaffLimits(limits.Role, null, [], false, false), limits).Where(pair => pair.Name.EndsWith("-after", StringComparison.Ordinal));

    /// <summary>What is different, as codes that the log's page puts into the reader's words.</summary>
    private static IEnumerable<(string Name, string? Value)> Differences(StaffLimits before, StaffLimits after) =>
        new[]
        {
            ("role", before.Role.ToString(), after.Role.ToString()),
            ("sites", Keys(before.SiteIds), Keys(after.SiteIds)),
            ("teams", Keys(before.TeamIds), Keys(after.TeamIds)),
            ("teams-only", OnOff(before.ConfinedToTeams), OnOff(after.ConfinedToTeams)),
            ("masked", OnOff(before.MasksContacts), OnOff(after.MasksContacts)),
        }.Where(pair => pair.Item2 != pair.Item3).SelectMany(pair => new (string, string?)[] { ($"{pair.Item1}-before", pair.Item2), ($"{pair.Item1}-after", pair.Item3) });

    private static string Keys(IReadOnlyList<long>? ids) => ids is null ? "all" : ids.Count == 0 ? "–" : string.Join(' ', ids.Order());

    private static string OnOff(bool value) => value ? "on" : "off";
}
