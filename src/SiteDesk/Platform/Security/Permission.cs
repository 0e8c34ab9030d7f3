using System.Collections.Frozen;
using System.Reflection;

namespace SiteDesk.Platform.Security;

/// <summary>What a member of the staff is in this installation.</summary>
public enum Role
{
    Owner,
    Administrator,
    Lead,
    Agent,
    Engineer,
    Security,
    ReadOnly,
}

/// <summary>
/// A thing one may be allowed to do. Features declare theirs as static read-only fields of this type; the catalogue,
/// the table in the settings and the test matrix are made from these declarations.
/// </summary>
/// <param name="Key">Stable name, for example <c>tickets.reply</c>; its text is <c>permission.tickets.reply</c>.</param>
/// <param name="Roles">Who has it.</param>
public sealed record Permission(string Key, FrozenSet<Role> Roles)
{
    public static Permission Of(string key, params Role[] roles) => new(key, roles.ToFrozenSet());

    /// <summary>Every permission declared in the program, by key.</summary>
    public static IReadOnlyList<Permission> All { get; } =
        typeof(Permission).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(Permission) && field.IsInitOnly)
            .Select(field => (Permission)field.GetValue(null)!)
            .OrderBy(permission => permission.Key, StringComparer.Ordinal)
            .ToList();

    public bool IsGrantedTo(Role role) => Roles.Contains(role);

    public bool Equals(Permission? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
