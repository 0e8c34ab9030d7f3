using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

public abstract class StaffTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_changed_role_counts_at_the_next_click()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var anna = await desk.NewStaffAsync("anna@example.com", Role.Agent);
        var id = (await desk.StaffAsync("anna@example.com")).Id;
        (await anna.GetAsync("/agent/staff")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await owner.SubmitAsync($"/agent/staff/{id}", $"/agent/staff/{id}", ("Role", "Administrator"));

        (await anna.GetAsync("/agent/staff")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_is_deactivated_is_out_at_once_and_can_come_back()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var anna = await desk.NewStaffAsync("anna@example.com", Role.Agent);
        var id = (await desk.StaffAsync("anna@example.com")).Id;
        (await anna.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await owner.SubmitAsync($"/agent/staff/{id}/deactivation", $"/agent/staff/{id}");
        (await anna.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var refused = await anna.PostFormAsync("/sign-in", [new("email", "anna@example.com"), new("password", DeskServer.Password)]);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await owner.SubmitAsync($"/agent/staff/{id}/reactivation", $"/agent/staff/{id}");
        await anna.SignInAsync("anna@example.com", DeskServer.Password);
        (await desk.AuditAsync()).ShouldBe(["staff.deactivated", "staff.reactivated"], ignoreOrder: false, "only these two of the audit log", except: ["set-up.done", "sign-in.succeeded", "sign-in.failed"]);
    }

    [Fact]
    public async Task Nobody_changes_their_own_rights()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        var id = (await desk.StaffAsync("admin@example.com")).Id;
        (await administrator.RefusedAsync($"/agent/staff/{id}", $"/agent/staff/{id}", ("Role", "Owner"))).ShouldContain("cannot change your own rights");
        (await administrator.RefusedAsync($"/agent/staff/{id}/deactivation", $"/agent/staff/{id}")).ShouldContain("cannot change your own rights");
        (await desk.StaffAsync("admin@example.com")).Role.ShouldBe(Role.Administrator);
    }

    [Fact]
    public async Task Only_an_owner_touches_owners()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        var id = (await desk.StaffAsync(DeskServer.Owner)).Id;
        var page = $"/agent/staff/{id}";
        foreach (var (path, fields) in new[] { (page, new[] { ("Role", "Agent") }), ($"{page}/deactivation", []), ($"{page}/password-link", []), ($"{page}/sign-out", []) })
            (await administrator.RefusedAsync(path, "/agent/profile", fields)).ShouldContain("only an owner decides");
        (await desk.StaffAsync(DeskServer.Owner)).ShouldSatisfyAllConditions(member => member.Role.ShouldBe(Role.Owner), member => member.DeactivatedAt.ShouldBeNull());
        (await owner.GetAsync("/agent/staff")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_owners_who_demote_each_other_at_once_leave_one()
    {
        await using var desk = await start();
        using var olga = await desk.SetUpAsync();
        using var oleg = await desk.NewStaffAsync("oleg@example.com", Role.Owner);
        var (olgaId, olegId) = ((await desk.StaffAsync(DeskServer.Owner)).Id, (await desk.StaffAsync("oleg@example.com")).Id);
        var answers = await Task.WhenAll(
            olga.PostFormAsync($"/agent/staff/{olegId}", [new("Role", "Agent")], "/agent/profile"),
            oleg.PostFormAsync($"/agent/staff/{olgaId}", [new("Role", "Agent")], "/agent/profile"));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<StaffMember>().CountAsync(member => member.Role == Role.Owner))).ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_confined_gives_no_more_than_they_have()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var site = await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().Select(row => row.Id).FirstAsync());
        using var administrator = await desk.NewStaffAsync("partner@example.com", Role.Administrator, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = site });
        });
        (await administrator.RefusedAsync("/agent/invitations", "/agent/invitations/new", ("Email", "a@example.com"), ("Role", "Agent"))).ShouldContain("only give what you have");
        await administrator.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "a@example.com"), ("Role", "Agent"), ("ConfinedToSites", "true"), ("SiteIds", $"{site}"));
        var everywhere = await desk.AddStaffAsync("free@example.com", Role.Agent);
        (await administrator.RefusedAsync($"/agent/staff/{everywhere}/deactivation", "/agent/profile")).ShouldContain("only give what you have");
    }

    [Fact]
    public async Task A_confinement_to_nothing_is_refused()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var id = await desk.AddStaffAsync("anna@example.com", Role.Agent);
        var text = await owner.RefusedAsync($"/agent/staff/{id}", $"/agent/staff/{id}", ("Role", "Agent"), ("ConfinedToSites", "true"), ("ConfinedToTeams", "true"));
        text.ShouldContain("Choose at least one site");
        text.ShouldContain("Choose at least one team");
    }

    [Fact]
    public async Task A_team_is_made_filled_and_removed_and_its_tickets_are_taken_back()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var anna = await desk.AddStaffAsync("anna@example.com", Role.Agent);
        var page = await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Payments"));
        (await owner.RefusedAsync("/agent/teams", "/agent/teams", ("Name", "Payments"))).ShouldContain("Another team has this name");
        await owner.SubmitAsync(page, page, ("Name", "Money"), ("Members", $"{anna}"));
        (await desk.StaffAsync("anna@example.com")).Teams.Count.ShouldBe(1);

        await owner.SubmitAsync($"{page}/removal", page);
        (await desk.StaffAsync("anna@example.com")).Teams.ShouldBeEmpty();
        (await owner.GetTextAsync("/agent/teams")).ShouldNotContain("Money");
        (await desk.AuditAsync()).ShouldBe(["team.added", "team.changed", "team.removed"], ignoreOrder: false, "the audit log names all three", except: ["set-up.done", "sign-in.succeeded"]);
    }
}

internal static class AuditAssertions
{
    /// <summary>What is left of the list without some entries.</summary>
    public static void ShouldBe(this List<string> actions, string[] expected, bool ignoreOrder, string because, string[] except) =>
        actions.Where(action => !except.Contains(action)).ShouldBe(expected, ignoreOrder, because);
}

public sealed class StaffOnSqliteTests() : StaffTests(() => DeskServer.StartAsync());

public sealed class StaffOnPostgresTests(PostgresServer server)
    : StaffTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(StaffOnPostgresTests), TestContext.Current.CancellationToken)));
