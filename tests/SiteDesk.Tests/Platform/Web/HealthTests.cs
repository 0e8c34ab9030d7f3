using System.Net;
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
    public async Task A_program_without_its_database_is_live_but_not_ready()
    {
        var server = PostgresServer.Durable();
        var database = await server.CreateDatabaseAsync(typeof(HealthTests), CancellationToken.None);
        await using var desk = await DeskServer.StartAsync(database);
        using var client = desk.NewClient();
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await server.DisposeAsync();

        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
