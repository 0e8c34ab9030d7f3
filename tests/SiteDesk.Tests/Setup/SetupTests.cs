using System.Net;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Setup;

public abstract class SetupTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task An_empty_installation_leads_to_the_set_up_and_then_closes_it()
    {
        await using var desk = await start();
        using var stranger = desk.NewClient();
        (await stranger.GetAsync("/")).Headers.Location!.ToString().ShouldStartWith("/sign-in");
        (await stranger.GetAsync("/sign-in")).Headers.Location!.ToString().ShouldBe("/set-up");

        using var owner = await desk.SetUpAsync();

        (await owner.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await stranger.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var second = desk.NewClient();
        await second.SignInAsync(DeskServer.Owner, DeskServer.Password);
        (await second.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_answers_are_all_named_at_once_and_nothing_is_stored()
    {
        await using var desk = await start();
        using var client = desk.NewClient();
        var answer = await client.PostFormAsync("/set-up", [new("Name", ""), new("Email", "nobody"), new("Password", "short"), new("SiteName", ""), new("SiteAddress", "::"), new("TimeZone", "")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        foreach (var field in new[] { "name", "email", "siteName", "siteAddress", "languages" })
            page.ShouldContain($"href=\"#{field}\"");
        (await client.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var desk = await start();
        using var client = desk.NewClient();
        using var form = new FormUrlEncodedContent([new("Name", "Eve")]);
        (await client.Http.PostAsync(new Uri("/set-up", UriKind.Relative), form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}

public sealed class SetupOnSqliteTests() : SetupTests(() => DeskServer.StartAsync());

public sealed class SetupOnPostgresTests(PostgresServer server)
    : SetupTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(SetupOnPostgresTests), TestContext.Current.CancellationToken)));
