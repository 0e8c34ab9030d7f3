using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>The words for roles.</summary>
public static class RoleWords
{
    /// <returns>Key of the role's name; with <c>.hint</c> of its description.</returns>
    public static string KeyOf(Role role) => $"role.{role.ToString().ToLowerInvariant()}";
}
