using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

public static class AccountPermissions
{
    /// <summary>See colleagues and their roles.</summary>
    public static readonly Permission ReadStaff = Permission.Of("accounts.read", Role.Owner, Role.Administrator, Role.Lead, Role.Security);

    /// <summary>Invite, change, confine and deactivate staff; teams.</summary>
    public static readonly Permission ManageStaff = Permission.Of("accounts.manage", Role.Owner, Role.Administrator);

    public static readonly Permission ReadAudit = Permission.Of("audit.read", Role.Owner, Role.Administrator, Role.Security);
}
