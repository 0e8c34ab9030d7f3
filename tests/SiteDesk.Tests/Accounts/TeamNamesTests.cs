using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Accounts;

/// <summary>A team has a name in each language somebody gave it one in; everybody reads theirs.</summary>
public abstract class TeamNamesTests(Func<Task<DeskServer>> start)
{
    private const string Russian = "Служба доставки";

    [Fact]
    public async Task Everybody_reads_a_teams_name_in_their_language()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var team = await AddAsync(owner);
        await owner.SubmitAsync($"/agent/teams/{team}", $"/agent/teams/{team}", ("Name", "Delivery"), ("Names", ""), ("Names", Russian), ("Names", ""));
        using var olga = await desk.NewStaffAsync("olga@example.com", Role.Administrator, member => member.Language = "ru");
        using var mei = await desk.NewStaffAsync("mei@example.com", Role.Administrator, member => member.Language = "zh-Hans");
        var ticket = await desk.AskAsync("Where is my lamp?");
        await owner.SubmitAsync("/agent/tickets/changes", $"/agent/tickets/{ticket.Id}", ("numbers", $"{ticket.Id}"), ("team", $"{team}"));

        var condition = ConditionJson.Parse("""{"version":1,"where":{"all":[{"field":"team","operator":"one-of","values":[TEAM]}]}}""".Replace("TEAM", $"{team}", StringComparison.Ordinal)).Condition.ShouldNotBeNull();
        var view = await desk.UseAsync<SaveView, long>(async save => (await save.RunAsync(new SaveView.Request(null, "Parcels", condition, IsShared: true), desk.OwnerOf(), CancellationToken.None)).Value.Id);

        foreach (var path in new[] { $"/agent/tickets/{ticket.Id}", "/agent/tickets?view=open", "/agent/teams", "/agent/invitations/new", "/agent/mailboxes/new", $"/agent/views/{view}" })
        {
            var read = WebUtility.HtmlDecode(await olga.GetTextAsync(path));
            read.ShouldContain(Russian, customMessage: path);
            read.ShouldNotContain("Delivery", customMessage: path);
            foreach (var other in new[] { owner, mei })
            {
                var theirs = WebUtility.HtmlDecode(await other.GetTextAsync(path));
                theirs.ShouldContain("Delivery", customMessage: path);
                theirs.ShouldNotContain(Russian, customMessage: path);
            }
        }

        // What happened is told in the reader's words, too, and a search knows all names.
        (await olga.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain(Russian);
        foreach (var query in new[] { "team:delivery", "team:служба" })
            (await owner.GetTextAsync($"/agent/search?query={Uri.EscapeDataString(query)}")).ShouldContain($"id=\"row-{ticket.Id}\"", customMessage: query);
    }

    [Fact]
    public async Task Names_are_shown_again_changed_taken_away_and_refused_when_too_long()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var team = await AddAsync(owner);
        var page = $"/agent/teams/{team}";
        await owner.SubmitAsync(page, page, ("Name", "Delivery"), ("Names", "Shipping"), ("Names", Russian), ("Names", " 物流 "));
        (await NamesAsync(desk, team)).ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "Shipping", ["ru"] = Russian, ["zh-Hans"] = "物流" });
        WebUtility.HtmlDecode(await owner.GetTextAsync(page)).ShouldContain($"value=\"{Russian}\"");

        var refused = await owner.PostFormAsync(page, [new("Name", "Delivery"), new("Names", ""), new("Names", new string('я', 101)), new("Names", "")], page);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Names-1");
        (await NamesAsync(desk, team)).Count.ShouldBe(3, "nothing is changed by what is refused");

        await owner.SubmitAsync(page, page, ("Name", "Delivery"));
        (await NamesAsync(desk, team)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_team_of_an_earlier_release_has_its_one_name()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var team = await AddAsync(owner);
        await desk.InDatabaseAsync(rows => rows.Database.ExecuteSqlAsync($"""UPDATE accounts_teams SET "Names" = NULL"""));

        (await NamesAsync(desk, team)).ShouldBeEmpty();
        (await owner.GetTextAsync("/agent/teams")).ShouldContain("Delivery");
        (await owner.GetTextAsync($"/agent/teams/{team}")).ShouldContain("Delivery");
        await owner.SubmitAsync($"/agent/teams/{team}", $"/agent/teams/{team}", ("Name", "Delivery"), ("Names", ""), ("Names", Russian), ("Names", ""));
        (await NamesAsync(desk, team)).ShouldHaveSingleItem().Value.ShouldBe(Russian);
    }

    private static async Task<long> AddAsync(DeskClient owner)
    {
        var address = await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Delivery"));
        return long.Parse(address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<Dictionary<string, string>> NamesAsync(DeskServer desk, long team) =>
        desk.InDatabaseAsync(async rows => (await rows.Set<Team>().AsNoTracking().FirstAsync(row => row.Id == team, TestContext.Current.CancellationToken)).Names);
}

public sealed class TeamNamesOnSqliteTests() : TeamNamesTests(() => DeskServer.StartAsync());

public sealed class TeamNamesOnPostgresTests(PostgresServer server)
    : TeamNamesTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TeamNamesTests), TestContext.Current.CancellationToken)));
