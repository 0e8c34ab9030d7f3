using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

public abstract class InvitationTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task A_colleague_joins_by_a_link_that_is_shown_once_and_works_once()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        (await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "anna@example.com"), ("Role", "Agent"))).ShouldBe("/agent/staff");
        var page = await owner.GetTextAsync("/agent/staff");
        var link = DeskPeople.LinkOf(page);
        page.ShouldContain("anna@example.com");
        (await owner.GetTextAsync("/agent/staff")).ShouldNotContain(link);

        using var anna = desk.NewClient();
        (await anna.GetTextAsync(link)).ShouldContain("anna@example.com");
        (await anna.RefusedAsync(link, link, ("Name", "Anna"), ("Password", "short"))).ShouldContain("At least 10");
        (await anna.SubmitAsync(link, link, ("Name", "Anna"), ("Password", "a long password"), ("Language", "ru"), ("TimeZone", "Asia/Yekaterinburg"))).ShouldBe("/");
        (await anna.GetTextAsync("/agent/profile")).ShouldContain("Мой профиль");
        (await desk.StaffAsync("anna@example.com")).ShouldSatisfyAllConditions(
            member => member.Role.ShouldBe(Role.Agent),
            member => member.TimeZone.ShouldBe("Asia/Yekaterinburg"));

        using var second = desk.NewClient();
        (await second.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await desk.AuditAsync()).ShouldBe(["set-up.done", "staff.invited", "staff.joined"]);
    }

    [Fact]
    public async Task The_limits_of_an_open_invitation_are_seen_and_logged()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Night shift"));
        var (site, team) = await desk.InDatabaseAsync(async database => (
            await database.Set<SiteDesk.Sites.Site>().Select(row => row.Id).FirstAsync(),
            await database.Set<Team>().Select(row => row.Id).FirstAsync()));
        await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "nina@example.com"), ("Role", "Agent"), ("ConfinedToSites", "true"), ("SiteIds", $"{site}"), ("TeamIds", $"{team}"), ("ConfinedToTeams", "true"), ("MasksContacts", "true"));

        (await owner.GetTextAsync("/agent/invitations/new")).ShouldContain("What customers write in a message is shown as they wrote it", customMessage: "whoever masks has to know what is not masked");
        var row = (await owner.GetTextAsync("/agent/staff")).Split("nina@example.com")[1].Split("</tr>")[0];
        foreach (var limit in new[] { "1 site", "Night shift", "own teams only", "contacts masked" })
            row.ShouldContain(limit);
        var log = (await owner.GetTextAsync("/agent/audit")).Split("Invited a colleague")[^1].Split("</tr>")[0];
        foreach (var limit in new[] { "only these teams, after: on", "teams, after" })
            log.ShouldContain(limit);
    }

    [Fact]
    public async Task The_limits_of_the_invitation_become_those_of_the_person()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Outside"));
        var (site, team) = await desk.InDatabaseAsync(async database => (
            await database.Set<SiteDesk.Sites.Site>().Select(row => row.Id).FirstAsync(),
            await database.Set<Team>().Select(row => row.Id).FirstAsync()));
        await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "out@example.com"), ("Role", "Agent"),
            ("ConfinedToSites", "true"), ("SiteIds", $"{site}"), ("TeamIds", $"{team}"), ("ConfinedToTeams", "true"), ("MasksContacts", "true"));
        var link = DeskPeople.LinkOf(await owner.GetTextAsync("/agent/staff"));
        using var guest = desk.NewClient();
        await guest.SubmitAsync(link, link, ("Name", "Out"), ("Password", "a long password"), ("Language", "en"));

        var staff = (await desk.StaffAsync("out@example.com")).AsStaff();
        staff.SiteIds.ShouldBe([site]);
        staff.TeamIds.ShouldBe([team]);
        staff.MasksContacts.ShouldBeTrue();
    }

    [Fact]
    public async Task A_renewed_invitation_ends_the_old_link_and_a_withdrawn_one_ends_both()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "anna@example.com"), ("Role", "Agent"));
        var first = DeskPeople.LinkOf(await owner.GetTextAsync("/agent/staff"));
        (await owner.RefusedAsync("/agent/invitations", "/agent/invitations/new", ("Email", "anna@example.com"), ("Role", "Agent"))).ShouldContain("already invited");
        var id = await desk.InDatabaseAsync(database => database.Set<Invitation>().Select(row => row.Id).SingleAsync());
        await owner.SubmitAsync($"/agent/invitations/{id}/renewal", "/agent/staff");
        var second = DeskPeople.LinkOf(await owner.GetTextAsync("/agent/staff"));

        using var anna = desk.NewClient();
        (await anna.GetAsync(first)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await anna.GetAsync(second)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await owner.SubmitAsync($"/agent/invitations/{id}/withdrawal", "/agent/staff");
        (await anna.GetAsync(second)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_link_is_good_for_a_week()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "anna@example.com"), ("Role", "Agent"));
        var link = DeskPeople.LinkOf(await owner.GetTextAsync("/agent/staff"));
        using var anna = desk.NewClient();

        clock.Advance(InviteStaff.Lifetime - TimeSpan.FromMinutes(10));
        (await anna.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromMinutes(11));
        (await anna.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.GetTextAsync("/agent/staff")).ShouldContain("Expired");
    }

    [Theory]
    [InlineData("deactivation", "")]
    [InlineData("", "Lead")]
    public async Task An_invitation_is_good_as_long_as_its_maker_may_give_what_it_offers(string path, string role)
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        await administrator.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", "again@example.com"), ("Role", "Administrator"));
        var link = DeskPeople.LinkOf(await administrator.GetTextAsync("/agent/staff"));
        using var again = desk.NewClient();
        (await again.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var page = $"/agent/staff/{(await desk.StaffAsync("admin@example.com")).Id}";
        await owner.SubmitAsync($"{page}/{path}".TrimEnd('/'), page, role.Length > 0 ? [("Role", role)] : []);
        (await again.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var id = await desk.InDatabaseAsync(database => database.Set<Invitation>().Select(row => row.Id).SingleAsync());
        await owner.SubmitAsync($"/agent/invitations/{id}/renewal", "/agent/staff");
        (await again.GetAsync(DeskPeople.LinkOf(await owner.GetTextAsync("/agent/staff")))).StatusCode.ShouldBe(HttpStatusCode.OK, "somebody who may vouches for it now");
    }

    [Fact]
    public async Task Somebody_is_invited_once_however_their_address_is_written_or_long()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var address = $"{new string('a', 60)}@{new string('b', 60)}.{new string('c', 60)}.{new string('d', 40)}.example.com";
        await owner.SubmitAsync("/agent/invitations", "/agent/invitations/new", ("Email", address), ("Role", "Agent"));
        (await owner.RefusedAsync("/agent/invitations", "/agent/invitations/new", ("Email", address.ToUpperInvariant()), ("Role", "Agent"))).ShouldContain("already invited");
    }

    [Fact]
    public async Task An_administrator_cannot_invite_an_owner()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        (await administrator.GetTextAsync("/agent/invitations/new")).ShouldNotContain("value=\"Owner\"");
        (await administrator.RefusedAsync("/agent/invitations", "/agent/invitations/new", ("Email", "eve@example.com"), ("Role", "Owner"))).ShouldContain("only an owner decides");
        (await desk.InDatabaseAsync(database => database.Set<Invitation>().CountAsync())).ShouldBe(0);
    }
}

public sealed class InvitationOnSqliteTests() : InvitationTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class InvitationOnPostgresTests(PostgresServer server)
    : InvitationTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(InvitationOnPostgresTests), TestContext.Current.CancellationToken), replace));
