using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>
/// A new password for who lost theirs: by a link that an administrator makes and hands over, or on the server's command
/// line. A person has at most one link; it works once, for a day.
/// </summary>
public sealed class ResetPassword(Database database, UserManager<StaffMember> members, StaffSessions sessions, AuditLog audit, TimeProvider time)
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private const string Provider = "SiteDesk", LinkName = "password-link";

    /// <returns>The secret of the link.</returns>
    public async Task<Outcome<string>> MakeLinkAsync(long staffId, Staff by, CancellationToken cancellation)
    {
        var member = await database.Set<StaffMember>().Include(row => row.Sites).Include(row => row.Teams).FirstOrDefaultAsync(row => row.Id == staffId && row.DeactivatedAt == null, cancellation);
        if (member is null)
            return new Problem("", "staff.unknown");
        if (!StaffRules.MayTouch(by, member))
            return new Problem("", "staff.beyond-yours");
        var secret = Tokens.New();
        var value = string.Create(CultureInfo.InvariantCulture, $"{Tokens.Hash(secret)} {(time.Now() + Lifetime).Ticks}");
        var link = await LinksOf(staffId).FirstOrDefaultAsync(cancellation);
        if (link is null)
            database.Add(new IdentityUserToken<long> { UserId = staffId, LoginProvider = Provider, Name = LinkName, Value = value });
        else
            link.Value = value;
        audit.Write(by.AsActor(), "staff.password-link-made", $"staff:{member.Id}", ("name", member.DisplayName));
        await database.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <returns>Whose link it is; null when it is wrong, too old or used.</returns>
    public async Task<StaffMember?> FindAsync(string secret, CancellationToken cancellation)
    {
        var start = Tokens.Hash(secret) + " ";
        var link = await database.Set<IdentityUserToken<long>>().FirstOrDefaultAsync(
            row => row.LoginProvider == Provider && row.Name == LinkName && row.Value!.StartsWith(start), cancellation);
        if (link is null || !long.TryParse(link.Value.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var until) || until <= time.Now().Ticks)
            return null;
        return await database.Set<StaffMember>().FirstOrDefaultAsync(member => member.Id == link.UserId && member.DeactivatedAt == null, cancellation);
    }

    /// <summary>Sets the password, unlocks the account, uses up the link and signs every browser out.</summary>
    /// <param name="by">Who did it: the person by a link, the system on the command line.</param>
    public async Task<Outcome<StaffMember>> SetAsync(StaffMember member, string password, Actor by, CancellationToken cancellation)
    {
        var outcome = await database.InTransactionAsync<Outcome<StaffMember>>(async () =>
        {
            var result = await members.ResetPasswordAsync(member, await members.GeneratePasswordResetTokenAsync(member), password);
            if (!result.Succeeded)
                return new Problem("Password", "staff.password-rules", ("count", AccountsModule.ShortestPassword));
            await members.SetLockoutEndDateAsync(member, null);
            await members.ResetAccessFailedCountAsync(member);
            database.RemoveRange(await LinksOf(member.Id).ToListAsync(cancellation));
            audit.Write(by, "staff.password-reset", $"staff:{member.Id}", ("name", member.DisplayName));
            await database.SaveChangesAsync(cancellation);
            return member;
        }, cancellation);
        if (outcome.Succeeded)
            await sessions.EndAllAsync(member.Id, except: null, cancellation);
        return outcome;
    }

    private IQueryable<IdentityUserToken<long>> LinksOf(long staffId) =>
        database.Set<IdentityUserToken<long>>().Where(row => row.UserId == staffId && row.LoginProvider == Provider && row.Name == LinkName);
}
