using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Teams and their members.</summary>
internal static class TeamRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agent/teams", ShowListAsync).Needs(AccountPermissions.ReadStaff);
        var manage = routes.MapGroup("/agent/teams").Needs(AccountPermissions.ManageStaff);
        manage.MapPost("", AddAsync);
        manage.MapGet("/{id:long}", ShowAsync);
        manage.MapPost("/{id:long}", ChangeAsync);
        manage.MapPost("/{id:long}/removal", RemoveAsync);
    }

    private static Task<IResult> ShowListAsync(HttpContext http, Database database, CancellationToken cancellation) => ShowListWithAsync(http, database, "", [], cancellation);

    private static async Task<IResult> ShowListWithAsync(HttpContext http, Database database, string name, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var teams = await database.Set<Team>().AsNoTracking().OrderBy(team => team.Name).Take(500)
            .Select(team => new { team.Id, team.Name, team.Names, team.Members.Count }).ToListAsync(cancellation);
        var rows = teams.Where(team => http.Staff().SeesTeam(team.Id)).Select(team => new TeamRow(team.Id, Team.NameOf(team.Name, team.Names ?? [], http.Staff().Language), team.Count));
        return Page.Show<TeamsPage>(new { Staff = http.Staff(), Teams = rows.ToList(), Name = name, Problems = problems },
            problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static async Task<IResult> AddAsync(HttpContext http, Database database, EditTeams teams, [FromForm(Name = "Name")] string? name, CancellationToken cancellation)
    {
        var outcome = await teams.AddAsync(name ?? "", http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/teams/{outcome.Value.Id}") : await ShowListWithAsync(http, database, name ?? "", outcome.Problems, cancellation);
    }

    private static Task<IResult> ShowAsync(HttpContext http, Database database, StaffReader reader, long id, CancellationToken cancellation) =>
        ShowWithAsync(http, database, reader, id, null, null, [], cancellation);

    private static async Task<IResult> ShowWithAsync(
        HttpContext http, Database database, StaffReader reader, long id, string? name, List<string>? names, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var team = await database.Set<Team>().AsNoTracking().Include(row => row.Members).FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (team is null || !http.Staff().SeesTeam(id))
            return TypedResults.NotFound();
        var people = (await reader.ListAsync(cancellation)).Where(row => row.DeactivatedAt is null).ToList();
        return Page.Show<TeamPage>(new { Team = team, Name = name ?? team.Name, Names = names ?? [.. Languages.All.Select(language => team.Names.GetValueOrDefault(language, ""))], People = people, MayRemove = http.Staff().TeamIds is null, Problems = problems },
            problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Database database, EditTeams teams, StaffReader reader, long id, [FromForm] TeamForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await teams.ChangeAsync(id, form.Name, form.Names, form.Members, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo("/agent/teams?done=saved") : await ShowWithAsync(http, database, reader, id, form.Name, form.Names, outcome.Problems, cancellation);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, EditTeams teams, long id, CancellationToken cancellation) =>
        await teams.RemoveAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/teams?done=team-removed") : TypedResults.NotFound();
}

/// <summary>A team in the list.</summary>
public sealed record TeamRow(long Id, string Name, int Members);

/// <summary>The fields of a team.</summary>
public sealed class TeamForm
{
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>In the order of <see cref="Languages.All"/>, empty where it has no own name.</summary>
    public List<string> Names { get; set => field = Fill(value); } = Fill(null);

    private static List<string> Fill(List<string>? given) => [.. Languages.All.Select((_, index) => given?.ElementAtOrDefault(index) ?? "")];

    public List<long> Members { get; set => field = value ?? []; } = [];
}
