using Microsoft.AspNetCore.Identity;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>A person who works here. Password, lockout, second factors and passkeys are ASP.NET Core Identity's.</summary>
public sealed class StaffMember : IdentityUser<long>
{
    /// <summary>As customers and colleagues see it.</summary>
    public required string DisplayName { get; set; }

    public required Role Role { get; set; }

    /// <summary>One of the program's languages.</summary>
    public required string Language { get; set; }

    /// <summary>IANA name.</summary>
    public required string TimeZone { get; set; }

    /// <summary><c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public string Theme { get; set; } = "system";

    /// <summary>Whether customers' e-mail addresses and phone numbers are shown masked.</summary>
    public bool MasksContacts { get; set; }

    /// <summary>Sees only the sites in <see cref="Sites"/>.</summary>
    public bool ConfinedToSites { get; set; }

    /// <summary>Sees only tickets of the teams in <see cref="Teams"/>.</summary>
    public bool ConfinedToTeams { get; set; }

    public List<StaffSite> Sites { get; } = [];

    public List<TeamMembership> Teams { get; } = [];

    public required DateTime CreatedAt { get; init; }

    /// <summary>When the person left; nothing they wrote is removed.</summary>
    public DateTime? DeactivatedAt { get; set; }

    /// <summary>What the person chose: takes new conversations, or not now.</summary>
    public bool IsAway { get; set; }

    /// <summary>Gives the person a role and limits. Asks for <see cref="Sites"/> and <see cref="Teams"/> to be loaded.</summary>
    public void Apply(StaffLimits limits)
    {
        Role = limits.Role;
        MasksContacts = limits.MasksContacts;
        ConfinedToSites = limits.SiteIds is not null;
        ConfinedToTeams = limits.ConfinedToTeams;
        IReadOnlyList<long> sites = limits.SiteIds ?? [];
        Sites.RemoveAll(site => !sites.Contains(site.SiteId));
        Sites.AddRange(sites.Distinct().Where(id => !Sites.Exists(site => site.SiteId == id)).Select(id => new StaffSite { SiteId = id }).ToList());
        Teams.RemoveAll(membership => !limits.TeamIds.Contains(membership.TeamId));
        Teams.AddRange(limits.TeamIds.Distinct().Where(id => !Teams.Exists(membership => membership.TeamId == id)).Select(id => new TeamMembership { TeamId = id }).ToList());
        ConcurrencyStamp = Guid.NewGuid().ToString();
    }

    public Staff AsStaff() => new(
        Id, DisplayName, Email ?? "", Role, Language, TimeZone,
        ConfinedToSites ? Sites.ConvertAll(site => site.SiteId) : null,
        ConfinedToTeams ? Teams.ConvertAll(membership => membership.TeamId) : null,
        Teams.ConvertAll(membership => membership.TeamId),
        MasksContacts, Theme);
}

/// <summary>A site a confined person may see. The site itself is known to the feature Sites; here it is a number.</summary>
public sealed class StaffSite
{
    public long StaffId { get; init; }

    public required long SiteId { get; init; }
}

/// <summary>People who share work.</summary>
public sealed class Team
{
    public long Id { get; init; }

    /// <summary>What it is called where it has no name of its own for a language.</summary>
    public required string Name { get; set; }

    /// <summary>What it is called in some languages.</summary>
    public Dictionary<string, string> Names { get => field ?? []; set; } = [];

    /// <summary>What somebody who reads this language calls it.</summary>
    public string NameIn(string language) => NameOf(Name, Names, language);

    public List<TeamMembership> Members { get; } = [];

    public required DateTime CreatedAt { get; init; }

    internal static string NameOf(string name, IReadOnlyDictionary<string, string> names, string language) =>
        names.GetValueOrDefault(language) is { Length: > 0 } own ? own : name;
}

public sealed class TeamMembership
{
    public long TeamId { get; init; }

    public long StaffId { get; init; }
}

/// <summary>A signed-in browser. Ending the row signs it out at its next request.</summary>
public sealed class Session
{
    public long Id { get; init; }

    public required long StaffId { get; init; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public required string TokenHash { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime LastSeenAt { get; set; }

    public required DateTime ExpiresAt { get; set; }

    /// <summary>The browser as it names itself, shortened.</summary>
    public string? UserAgent { get; init; }

    public string? Address { get; set; }
}

/// <summary>An offer to join, valid until it is taken, withdrawn or too old.</summary>
public sealed class Invitation
{
    public long Id { get; init; }

    public required string Email { get; init; }

    public required Role Role { get; init; }

    /// <summary>SHA-256 of the secret in the link; the link is shown once.</summary>
    public required string TokenHash { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime ExpiresAt { get; set; }

    /// <summary>Who made the link, or made it anew: it is good as long as they may give what it offers.</summary>
    public required long InvitedById { get; set; }

    public DateTime? AcceptedAt { get; set; }

    /// <summary>The sites the person will be confined to; none means all.</summary>
    public List<long> SiteIds { get; init; } = [];

    public List<long> TeamIds { get; init; } = [];

    /// <summary>Sees only tickets of the teams in <see cref="TeamIds"/>.</summary>
    public bool ConfinedToTeams { get; init; }

    public bool MasksContacts { get; init; }
}
