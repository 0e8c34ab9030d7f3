using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Lets a person in by address and password; ten failures close the account for a quarter of an hour.</summary>
public sealed class SignIn(UserManager<StaffMember> members, StaffSessions sessions, SignInLimit limit, AuditLog audit, Database database)
{
    /// <summary>The problem's text when the address has to wait.</summary>
    public const string TooMany = "sign-in.too-many";

    public async Task<Outcome<StaffMember>> RunAsync(string email, string password, HttpContext http, CancellationToken cancellation)
    {
        var address = http.Connection.RemoteIpAddress;
        if (await limit.WaitOfAsync(address, cancellation) is { } wait)
            return new Problem("", TooMany, ("count", (int)Math.Ceiling(wait.TotalMinutes)));
        var member = await members.FindByEmailAsync(email.Trim());
        if (member is null || member.DeactivatedAt is not null)
            return await RefuseStrangerAsync(members.NormalizeEmail(email.Trim()), password, address, cancellation);

        if (await members.IsLockedOutAsync(member))
            return new Problem("", "sign-in.locked");
        if (!await members.CheckPasswordAsync(member, password))
        {
            await limit.FailedAsync(address, cancellation);
            await members.AccessFailedAsync(member);
            audit.Write(member.AsStaff().AsActor(), "sign-in.failed", $"staff:{member.Id}");
            await database.SaveChangesAsync(cancellation);
            return new Problem("", await members.IsLockedOutAsync(member) ? "sign-in.locked" : "sign-in.wrong");
        }

        await members.ResetAccessFailedCountAsync(member);
        audit.Write(member.AsStaff().AsActor(), "sign-in.succeeded", $"staff:{member.Id}");
        await sessions.StartAsync(member, http, cancellation);
        return member;
    }

    /// <summary>Does the same work and says the same as for a known address, so that neither the answer nor its time tells which addresses exist.</summary>
    private async Task<Problem> RefuseStrangerAsync(string email, string password, System.Net.IPAddress? address, CancellationToken cancellation)
    {
        if (await limit.IsClosedAsync(email, cancellation))
            return new Problem("", "sign-in.locked");
        members.PasswordHasher.VerifyHashedPassword(Nobody, Nobody.PasswordHash!, password);
        await limit.FailedAsync(address, cancellation);
        await limit.StrangerFailedAsync(email, cancellation);
        return new Problem("", await limit.IsClosedAsync(email, cancellation) ? "sign-in.locked" : "sign-in.wrong");
    }

    private static readonly StaffMember Nobody = MakeNobody();

    private static StaffMember MakeNobody()
    {
        var nobody = new StaffMember { DisplayName = "", Role = Role.ReadOnly, Language = "en", TimeZone = "Etc/UTC", CreatedAt = DateTime.UnixEpoch };
        nobody.PasswordHash = new PasswordHasher<StaffMember>().HashPassword(nobody, Tokens.New());
        return nobody;
    }
}
