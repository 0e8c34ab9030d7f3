using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Accounts;

/// <summary>
/// What the keys in the audit log are called today, as far as its reader may know: a line says whom and what it speaks of by key, so that
/// it outlives them. What is gone, or not the reader's, keeps its key.
/// </summary>
public sealed class AuditNames
{
    private readonly Dictionary<string, string> _names;

    private AuditNames(Dictionary<string, string> names) => _names = names;

    /// <summary>Null for what has no name.</summary>
    /// <param name="subject">Kind and key: <c>staff:7</c>.</param>
    public string? Of(string subject) => _names.GetValueOrDefault(subject);

    /// <summary>Reads the names there are: colleagues, teams and sites, of which installations have tens.</summary>
    public static async Task<AuditNames> ReadAsync(Database database, SiteDirectory sites, Staff reader, Texts texts, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in await database.Set<StaffMember>().AsNoTracking().OrderBy(member => member.Id).Take(StaffReader.Most)
            .Select(member => new { member.Id, member.DisplayName }).ToListAsync(cancellation))
            names[Key("staff", member.Id)] = member.DisplayName;
        foreach (var team in await database.Set<Team>().AsNoTracking().OrderBy(team => team.Id).Take(StaffReader.Most).ToListAsync(cancellation))
        {
            if (reader.TeamIds is null || reader.TeamIds.Contains(team.Id))
                names[Key("team", team.Id)] = team.NameIn(texts.Language);
        }

        foreach (var site in await sites.VisibleToAsync(reader, cancellation))
            names[Key("site", site.Id)] = site.Name;
        return new AuditNames(names);
    }

    private static string Key(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{id}");
}
