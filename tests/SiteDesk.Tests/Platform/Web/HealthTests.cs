using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Live;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Web;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_running_program_is_live_and_ready(string path)
    {
        await using var desk = await DeskServer.StartAsync();
        using var client = desk.NewClient();
        (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Monitors_and_link_checkers_that_ask_with_HEAD_hear_what_GET_says_without_content()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?", "anna@example.com");
        using var client = desk.NewClient();
        foreach (var path in new[] { "/", "/sign-in", "/health/live", "/health/ready", $"/t/{ticket.Token}", $"/t/{ticket.Token}/stream", $"/contact/{await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().Select(site => site.Key).SingleAsync(TestContext.Current.CancellationToken))}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var answer = await client.Http.SendAsync(request, limit.Token);
            ((int)answer.StatusCode).ShouldBe(path == "/" ? 302 : 200, path);
            (await answer.Content.ReadAsByteArrayAsync(limit.Token)).ShouldBeEmpty(path);
        }
    }

    [Fact]
    public async Task A_program_without_its_database_is_live_but_not_ready()
    {
        var server = PostgresServer.Durable();
        var database = await server.CreateDatabaseAsync(typeof(HealthTests), CancellationToken.None);
        var clock = new ManualClock();
        await using var desk = await DeskServer.StartAsync(database, services => services.AddSingleton<TimeProvider>(clock));
        using var client = desk.NewClient();
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await server.DisposeAsync();
        // Nothing that was read before is taken for new any more.
        clock.Advance(Remembered<int>.LongestAge + TimeSpan.FromSeconds(1));

        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/css/base.css")).StatusCode.ShouldBe(HttpStatusCode.OK, "the page that says so has its styles");
        (await client.GetAsync("/sign-in")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "it passes: ask again");
    }
}
