using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Accounts;

internal sealed class AccountTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<StaffMember>(staff =>
        {
            staff.ToTable("accounts_staff");
            staff.Property(row => row.ConcurrencyStamp).IsConcurrencyToken();
            staff.Property(row => row.UserName).HasMaxLength(256);
            staff.Property(row => row.NormalizedUserName).HasMaxLength(256);
            staff.Property(row => row.Email).HasMaxLength(256);
            staff.Property(row => row.NormalizedEmail).HasMaxLength(256);
            staff.Property(row => row.DisplayName).HasMaxLength(100);
            staff.Property(row => row.Language).HasMaxLength(16);
            staff.Property(row => row.TimeZone).HasMaxLength(64);
            staff.Property(row => row.Theme).HasMaxLength(10);
            staff.HasIndex(row => row.NormalizedUserName).IsUnique();
            staff.HasIndex(row => row.NormalizedEmail).IsUnique();
            staff.HasMany(row => row.Sites).WithOne().HasForeignKey(site => site.StaffId);
            staff.HasMany(row => row.Teams).WithOne().HasForeignKey(membership => membership.StaffId);
        });
        model.Entity<StaffSite>(site =>
        {
            site.ToTable("accounts_staff_sites");
            site.HasKey(row => new { row.StaffId, row.SiteId });
        });
        model.Entity<Team>(team =>
        {
            team.ToTable("accounts_teams");
            team.Property(row => row.Name).HasMaxLength(100);
            team.Property(row => row.Names).HasJson().IsRequired(false); // teams of earlier releases have none
            team.HasIndex(row => row.Name).IsUnique();
            team.HasMany(row => row.Members).WithOne().HasForeignKey(membership => membership.TeamId);
        });
        model.Entity<TeamMembership>(membership =>
        {
            membership.ToTable("accounts_team_members");
            membership.HasKey(row => new { row.TeamId, row.StaffId });
        });
        model.Entity<Session>(session =>
        {
            session.ToTable("accounts_sessions");
            session.Property(row => row.TokenHash).HasMaxLength(64);
            session.Property(row => row.UserAgent).HasMaxLength(300);
            session.Property(row => row.Address).HasMaxLength(64);
            session.HasIndex(row => row.TokenHash).IsUnique();
            session.HasIndex(row => row.StaffId);
            session.HasIndex(row => row.ExpiresAt);
            session.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.StaffId);
        });
        model.Entity<SignInFailures>(failures =>
        {
            failures.ToTable("accounts_sign_in_failures");
            failures.HasKey(row => row.Network);
            failures.Property(row => row.Network).HasMaxLength(64);
            failures.HasIndex(row => row.Since);
        });
        model.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("accounts_invitations");
            invitation.Property(row => row.Email).HasMaxLength(256);
            invitation.Property(row => row.TokenHash).HasMaxLength(64);
            invitation.Property(row => row.SiteIds).HasJson();
            invitation.Property(row => row.TeamIds).HasJson();
            invitation.HasIndex(row => row.TokenHash).IsUnique();
        });
        MapIdentity(model);
    }

    /// <summary>What Identity's stores need besides the staff: tokens of authenticators, outside sign-ins, passkeys.</summary>
    private static void MapIdentity(ModelBuilder model)
    {
        model.Entity<IdentityUserClaim<long>>(claim =>
        {
            claim.ToTable("accounts_claims");
            claim.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.UserId);
        });
        model.Entity<IdentityUserLogin<long>>(login =>
        {
            login.ToTable("accounts_logins");
            login.HasKey(row => new { row.LoginProvider, row.ProviderKey });
            login.Property(row => row.LoginProvider).HasMaxLength(128);
            login.Property(row => row.ProviderKey).HasMaxLength(128);
            login.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.UserId);
        });
        model.Entity<IdentityUserToken<long>>(token =>
        {
            token.ToTable("accounts_tokens");
            token.HasKey(row => new { row.UserId, row.LoginProvider, row.Name });
            token.Property(row => row.LoginProvider).HasMaxLength(128);
            token.Property(row => row.Name).HasMaxLength(128);
            token.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.UserId);
        });
        model.Entity<IdentityUserPasskey<long>>(passkey =>
        {
            passkey.ToTable("accounts_passkeys");
            passkey.HasKey(row => row.CredentialId);
            passkey.Property(row => row.CredentialId).HasMaxLength(1024);
            passkey.OwnsOne(row => row.Data, data => data.ToJson());
            passkey.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.UserId);
        });
    }
}
