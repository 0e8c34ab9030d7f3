using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

public abstract class ProfileTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task A_person_chooses_name_language_zone_and_theme()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/profile", "/agent/profile", ("Name", "王伟"), ("Language", "zh-Hans"), ("TimeZone", "Asia/Shanghai"), ("Theme", "dark"));
        var page = await owner.GetTextAsync("/agent/profile");
        page.ShouldContain("<html lang=\"zh-Hans\" data-theme=\"dark\">");
        page.ShouldContain("我的资料");
        page.ShouldContain("value=\"王伟\"");
        (await owner.RefusedAsync("/agent/profile", "/agent/profile", ("Name", " "), ("Language", "de"), ("TimeZone", "Nowhere"), ("Theme", "pink"))).ShouldContain("请选择时区");
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        await using var desk = await start(null);
        using var here = await desk.SetUpAsync();
        using var there = desk.NewClient();
        await there.SignInAsync(DeskServer.Owner, DeskServer.Password);
        (await here.RefusedAsync("/agent/profile/password", "/agent/profile", ("Current", "wrong"), ("Password", "another long one"))).ShouldContain("not your current password");
        await here.SubmitAsync("/agent/profile/password", "/agent/profile", ("Current", DeskServer.Password), ("Password", "another long one"));
        (await here.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await there.SignInAsync(DeskServer.Owner, "another long one");
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all_but_this()
    {
        await using var desk = await start(null);
        using var here = await desk.SetUpAsync();
        using var second = desk.NewClient();
        await second.SignInAsync(DeskServer.Owner, DeskServer.Password);
        using var third = desk.NewClient();
        await third.SignInAsync(DeskServer.Owner, DeskServer.Password);
        var sessions = await desk.InDatabaseAsync(database => database.Set<Session>().OrderBy(session => session.Id).Select(session => session.Id).ToListAsync());
        await here.SubmitAsync($"/agent/profile/sessions/{sessions[1]}/end", "/agent/profile");
        (await second.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await third.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await here.SubmitAsync("/agent/profile/sessions/end", "/agent/profile");
        (await third.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await here.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Somebody_elses_session_cannot_be_ended_by_its_number()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        using var anna = await desk.NewStaffAsync("anna@example.com", Role.Agent);
        var owners = await desk.InDatabaseAsync(database => database.Set<Session>().OrderBy(session => session.Id).Select(session => session.Id).FirstAsync());
        (await anna.PostFormAsync($"/agent/profile/sessions/{owners}/end", [], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_link_of_an_administrator_works_once_for_a_day_and_unlocks()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var id = await desk.AddStaffAsync("anna@example.com", Role.Agent);
        await owner.SubmitAsync($"/agent/staff/{id}/password-link", $"/agent/staff/{id}");
        var old = DeskPeople.LinkOf(await owner.GetTextAsync($"/agent/staff/{id}"));
        await owner.SubmitAsync($"/agent/staff/{id}/password-link", $"/agent/staff/{id}");
        var link = DeskPeople.LinkOf(await owner.GetTextAsync($"/agent/staff/{id}"));

        using var anna = desk.NewClient();
        for (var attempt = 0; attempt < 10; attempt++)
            (await anna.PostFormAsync("/sign-in", [new("email", "anna@example.com"), new("password", "forgotten it")])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await anna.GetAsync(old)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await anna.RefusedAsync(link, link, ("Password", "short"))).ShouldContain("At least 10");
        (await anna.SubmitAsync(link, link, ("Password", "remembered now"))).ShouldBe("/sign-in?done=password");
        (await anna.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await anna.SignInAsync("anna@example.com", "remembered now");

        await owner.SubmitAsync($"/agent/staff/{id}/password-link", $"/agent/staff/{id}");
        var late = DeskPeople.LinkOf(await owner.GetTextAsync($"/agent/staff/{id}"));
        clock.Advance(ResetPassword.Lifetime + TimeSpan.FromMinutes(1));
        (await anna.GetAsync(late)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("deactivation")]
    public async Task A_password_link_does_not_outlive_what_its_maker_could_change(string path)
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        var page = $"/agent/staff/{await desk.AddStaffAsync("anna@example.com", Role.Agent)}";
        await administrator.SubmitAsync($"{page}/password-link", page);
        var link = DeskPeople.LinkOf(await administrator.GetTextAsync(page));
        (await administrator.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await owner.SubmitAsync($"{page}/{path}".TrimEnd('/'), page, path.Length == 0 ? [("Role", "Owner")] : []);
        if (path.Length > 0)
            await owner.SubmitAsync($"{page}/reactivation", page);
        (await administrator.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_password_link_ends_with_the_right_of_its_maker()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        using var administrator = await desk.NewStaffAsync("admin@example.com", Role.Administrator);
        var page = $"/agent/staff/{await desk.AddStaffAsync("anna@example.com", Role.Agent)}";
        await administrator.SubmitAsync($"{page}/password-link", page);
        var link = DeskPeople.LinkOf(await administrator.GetTextAsync(page));
        var maker = $"/agent/staff/{(await desk.StaffAsync("admin@example.com")).Id}";
        await owner.SubmitAsync($"{maker}/deactivation", maker);
        using var outside = desk.NewClient();
        (await outside.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_makes_a_link_that_goes_round_their_own_present_password()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/staff/{(await desk.StaffAsync(DeskServer.Owner)).Id}";
        (await owner.RefusedAsync($"{page}/password-link", "/agent/profile")).ShouldContain("Change your own password in your profile");
    }

    [Fact]
    public async Task Wrong_passwords_are_answered_alike_whether_somebody_has_the_address_or_not()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        await desk.AddStaffAsync("anna@example.com", Role.Agent);
        using var guesser = desk.NewClient();
        var answers = new Dictionary<string, List<bool>> { ["anna@example.com"] = [], ["nobody@example.com"] = [] };
        for (var attempt = 0; attempt < 12; attempt++)
        {
            foreach (var (email, said) in answers)
                said.Add((await guesser.RefusedAsync("/sign-in", "/sign-in", ("email", email), ("password", "a guess of mine"))).Contains("quarter of an hour", StringComparison.Ordinal));
        }

        answers["anna@example.com"].ShouldBe([.. Enumerable.Repeat(false, 9), true, true, true]);
        answers["nobody@example.com"].ShouldBe(answers["anna@example.com"]);
        (await desk.InDatabaseAsync(database => database.Set<SignInFailures>().Select(row => row.Network).ToListAsync())).ShouldAllBe(key => !key.Contains('@'), "what strangers typed is not kept");
    }

    [Fact]
    public async Task An_address_that_guesses_waits_and_may_try_again_later()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        using var guesser = desk.NewClient();
        for (var attempt = 0; attempt < SignInLimit.MostFailures; attempt++)
            (await guesser.PostFormAsync("/sign-in", [new("email", $"person{attempt}@example.com"), new("password", "password1234")])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var refused = await guesser.PostFormAsync("/sign-in", [new("email", DeskServer.Owner), new("password", DeskServer.Password)]);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Try again in 10 minutes");
        clock.Advance(SignInLimit.Window);
        await guesser.SignInAsync(DeskServer.Owner, DeskServer.Password);
    }

    [Fact]
    public async Task Ended_sessions_are_removed_by_the_recurring_job()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        clock.Advance(TimeSpan.FromDays(31));
        using var again = desk.NewClient();
        await again.SignInAsync(DeskServer.Owner, DeskServer.Password);
        await desk.RunJobAsync<SessionRetention>();
        (await desk.InDatabaseAsync(database => database.Set<Session>().CountAsync())).ShouldBe(1);
        (await again.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

internal static class Jobs
{
    /// <summary>Runs a recurring job once, now.</summary>
    public static async Task RunJobAsync<TJob>(this DeskServer desk) where TJob : IRecurringJob
    {
        await using var scope = desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IRecurringJob>().OfType<TJob>().Single().RunAsync(TestContext.Current.CancellationToken);
    }
}

public sealed class ProfileOnSqliteTests() : ProfileTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class ProfileOnPostgresTests(PostgresServer server)
    : ProfileTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ProfileOnPostgresTests), TestContext.Current.CancellationToken), replace));
