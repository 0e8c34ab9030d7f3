using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Offers somebody a place here. The link's secret is given back once; the row keeps its hash.</summary>
public sealed class InviteStaff(Database database, UserManager<StaffMember> members, AuditLog audit, TimeProvider time)
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <returns>The secret of the link.</returns>
    public async Task<Outcome<string>> RunAsync(string email, StaffLimits limits, Staff by, CancellationToken cancellation)
    {
        email = email.Trim();
        var problems = limits.Check().ToList();
        if (!EmailRule.IsAddress(email))
            problems.Add(new Problem("Email", "staff.email-needed"));
        else if (await members.FindByEmailAsync(email) is not null)
            problems.Add(new Problem("Email", "staff.email-taken"));
        else if (await IsInvitedAsync(email, cancellation))
            problems.Add(new Problem("Email", "invitation.already"));
        if (!StaffRules.MayGrant(by, limits))
            problems.Add(new Problem("Role", "staff.beyond-yours"));
        if (problems.Count > 0)
            return problems;

        var (secret, now) = (Tokens.New(), time.Now());
        var invitation = new Invitation
        {
            Email = email,
            Role = limits.Role,
            SiteIds = [.. limits.SiteIds ?? []],
            TeamIds = [.. limits.TeamIds],
            ConfinedToTeams = limits.ConfinedToTeams,
            MasksContacts = limits.MasksContacts,
            TokenHash = Tokens.Hash(secret),
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
            InvitedById = by.Id,
        };
        database.Add(invitation);
        audit.Write(by.AsActor(), "staff.invited", $"invitation:{email}", [("email", email), ("role", limits.Role.ToString()), .. ChangeStaff.LimitsThatHold(limits)]);
        await database.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <summary>Makes a new link; the old one stops working.</summary>
    /// <returns>The secret; null when there is no such open invitation, or none this person may touch.</returns>
    public async Task<string?> RenewAsync(long id, Staff by, CancellationToken cancellation)
    {
        if (await FindOpenAsync(id, by, cancellation) is not { } invitation)
            return null;
        var secret = Tokens.New();
        invitation.TokenHash = Tokens.Hash(secret);
        invitation.ExpiresAt = time.Now() + Lifetime;
        invitation.InvitedById = by.Id; // who vouches for it from now on
        audit.Write(by.AsActor(), "staff.invitation-renewed", $"invitation:{invitation.Email}", ("email", invitation.Email));
        await database.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <returns>False when there is no such open invitation, or none this person may touch.</returns>
    public async Task<bool> WithdrawAsync(long id, Staff by, CancellationToken cancellation)
    {
        if (await FindOpenAsync(id, by, cancellation) is not { } invitation)
            return false;
        database.Remove(invitation);
        audit.Write(by.AsActor(), "staff.invitation-withdrawn", $"invitation:{invitation.Email}", ("email", invitation.Email));
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>Ends the links of open invitations that this person could not make any more; somebody else may renew them. Saved by the caller.</summary>
    public static async Task EndLinksBeyondAsync(Database database, StaffMember maker, DateTime now, CancellationToken cancellation)
    {
        var by = maker.AsStaff();
        var mayInvite = maker.DeactivatedAt is null && by.May(AccountPermissions.ManageStaff);
        foreach (var invitation in await database.Set<Invitation>().Where(invitation => invitation.InvitedById == maker.Id && invitation.AcceptedAt == null && invitation.ExpiresAt > now).ToListAsync(cancellation))
        {
            if (!mayInvite || !StaffRules.MayGrant(by, StaffLimits.Of(invitation)))
                invitation.ExpiresAt = now;
        }
    }

    /// <summary>Addresses are compared as accounts are: without regard to capitals.</summary>
    private async Task<bool> IsInvitedAsync(string email, CancellationToken cancellation)
    {
        var open = await database.Set<Invitation>().Where(invitation => invitation.AcceptedAt == null).Select(invitation => invitation.Email).ToListAsync(cancellation);
        return open.Exists(known => members.NormalizeEmail(known) == members.NormalizeEmail(email));
    }

    private async Task<Invitation?> FindOpenAsync(long id, Staff by, CancellationToken cancellation) =>
        await database.Set<Invitation>().FirstOrDefaultAsync(invitation => invitation.Id == id && invitation.AcceptedAt == null, cancellation) is { } found
        && StaffRules.MayGrant(by, StaffLimits.Of(found)) ? found : null;
}

/// <summary>What counts as an e-mail address of staff.</summary>
public static class EmailRule
{
    public static bool IsAddress(string email) => email.Length is > 2 and <= 254 && System.Net.Mail.MailAddress.TryCreate(email, out var parsed) && parsed.Address == email;
}
