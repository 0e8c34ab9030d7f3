namespace SiteDesk.Platform.Security;

/// <summary>
/// The member of staff who makes the request, with their limits. Loaded anew for every request, so that a changed role
/// or a closed session counts at once.
/// </summary>
/// <param name="SiteIds">The sites this person is confined to; null means all.</param>
/// <param name="TeamIds">The teams whose tickets this person may see; null means all.</param>
/// <param name="MemberOf">The teams this person belongs to ("my teams").</param>
/// <param name="MasksContacts">Whether e-mail addresses and phone numbers are shown masked (an outsourced team).</param>
public sealed record Staff(
    long Id, string Name, string Email, Role Role, string Language, string TimeZone,
    IReadOnlyList<long>? SiteIds, IReadOnlyList<long>? TeamIds, IReadOnlyList<long> MemberOf, bool MasksContacts, string Theme = "system")
{
    public bool May(Permission permission) => permission.IsGrantedTo(Role);

    public bool SeesSite(long siteId) => SiteIds is null || SiteIds.Contains(siteId);

    /// <summary>Whether tickets of this team (or of no team) may be seen.</summary>
    public bool SeesTeam(long? teamId) => TeamIds is null || teamId is not null && TeamIds.Contains(teamId.Value);

    public Actor AsActor() => new(ActorKind.Staff, Id, Name);
}

/// <summary>Who did something, as it is written into history and audit.</summary>
/// <param name="Id">Key of the staff member or customer; null for the system.</param>
/// <param name="Name">The name at that time: history does not change when somebody is renamed.</param>
public sealed record Actor(ActorKind Kind, long? Id, string Name)
{
    public static Actor System { get; } = new(ActorKind.System, null, "SiteDesk");

    public static Actor Customer(long id, string name) => new(ActorKind.Customer, id, name);
}

public enum ActorKind
{
    System,
    Staff,
    Customer,
    Assistant,
}

/// <summary>Gives the request's <see cref="Staff"/>; set by the authentication of Accounts or of the API's tokens.</summary>
public static class StaffOfRequest
{
    private static readonly object Key = new();

    public static void SetStaff(this HttpContext http, Staff staff) => http.Items[Key] = staff;

    /// <returns>Null when nobody is signed in.</returns>
    public static Staff? FindStaff(this HttpContext http) => http.Items.TryGetValue(Key, out var staff) ? (Staff?)staff : null;

    /// <summary>The signed-in member of staff; only on routes that need a permission.</summary>
    public static Staff Staff(this HttpContext http) =>
        http.FindStaff() ?? throw new InvalidOperationException("This route has no permission, so nobody need be signed in.");
}
