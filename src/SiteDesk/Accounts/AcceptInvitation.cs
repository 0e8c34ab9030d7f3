using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Takes an offered place: makes the account with the role and limits of the invitation.</summary>
public sealed class AcceptInvitation(Database database, CreateStaff createStaff, AuditLog audit, TimeProvider time)
{
    /// <summary>The form's fields.</summary>
    public sealed class Request
    {
        public string Name { get; set => field = value ?? ""; } = "";

        public string Password { get; set => field = value ?? ""; } = "";

        public string Language { get; set => field = value ?? ""; } = "";

        /// <summary>IANA name, filled by the page's script from the browser.</summary>
        public string TimeZone { get; set => field = value ?? ""; } = "";
    }

    /// <returns>The invitation; null when the link is wrong, too old, used or withdrawn.</returns>
    public async Task<Invitation?> FindAsync(string secret, CancellationToken cancellation)
    {
        var (hash, now) = (Tokens.Hash(secret), time.Now());
        return await database.Set<Invitation>().FirstOrDefaultAsync(
            invitation => invitation.TokenHash == hash && invitation.AcceptedAt == null && invitation.ExpiresAt > now, cancellation);
    }

    /// <summary>Two browsers with the same link make one account: the second finds the address taken.</summary>
    public Task<Outcome<StaffMember>> RunAsync(Invitation invitation, Request request, CancellationToken cancellation) =>
        database.InTransactionAsync(async () =>
        {
            var created = await createStaff.RunAsync(new CreateStaff.Request(request.Name, invitation.Email, request.Password, invitation.Role, request.Language, request.TimeZone));
            if (!created.Succeeded)
                return created;
            var teams = await database.Set<Team>().Where(team => invitation.TeamIds.Contains(team.Id)).Select(team => team.Id).ToListAsync(cancellation);
            created.Value.Apply(StaffLimits.Of(invitation) with { TeamIds = teams });
            invitation.AcceptedAt = time.Now();
            audit.Write(created.Value.AsStaff().AsActor(), "staff.joined", $"staff:{created.Value.Id}", ("email", invitation.Email), ("role", invitation.Role.ToString()));
            await database.SaveChangesAsync(cancellation);
            return created;
        }, cancellation);
}
