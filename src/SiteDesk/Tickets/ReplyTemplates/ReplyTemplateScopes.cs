using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>The sites and teams a member of staff may keep templates for.</summary>
public sealed class ReplyTemplateScopes(SiteDirectory sites, DeskNamesCache names)
{
    /// <param name="ForAllSites">Whether they may keep templates that are for all sites.</param>
    /// <param name="ForAllTeams">Whether they may keep templates that are for everybody.</param>
    public sealed record Scopes(IReadOnlyList<Site> Sites, IReadOnlyList<KeyValuePair<long, string>> Teams, bool ForAllSites, bool ForAllTeams)
    {
        public string? SiteName(long? id) => Sites.FirstOrDefault(site => site.Id == id)?.Name;

        public string? TeamName(long? id) => Teams.FirstOrDefault(team => team.Key == id).Value;
    }

    public async Task<Scopes> ReadAsync(Staff staff, CancellationToken cancellation)
    {
        var teams = (await names.ReadAsync(cancellation)).Teams.Values.Where(team => staff.SeesTeam(team.Id)).Select(team => KeyValuePair.Create(team.Id, team.In(staff.Language)))
            .OrderBy(team => team.Value, StringComparer.CurrentCultureIgnoreCase).ToList();
        return new(await sites.VisibleToAsync(staff, cancellation), teams, staff.SiteIds is null, staff.TeamIds is null);
    }
}
