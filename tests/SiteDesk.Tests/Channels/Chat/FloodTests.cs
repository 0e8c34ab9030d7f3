using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Channels.Chat;

public abstract class FloodTests(ChatDesk desk)
{
    [Fact]
    public async Task A_flood_from_one_address_is_challenged_then_refused_and_the_next_visitor_notices_nothing()
    {
        using var flooder = new Widget(desk.Server.Address, desk.Site.Key, from: "127.0.0.7");
        var statuses = new List<HttpStatusCode>();
        HttpResponseMessage? challenged = null;
        for (var number = 0; number < 60; number++)
        {
            var answer = await flooder.PostAsync("messages", new { id = Widget.NewId(), text = $"flood {number}" });
            statuses.Add(answer.StatusCode);
            if (challenged is null && answer.StatusCode == HttpStatusCode.TooManyRequests)
                challenged = answer;
        }

        statuses.Count(status => status == HttpStatusCode.Created).ShouldBe(10);
        var last = await flooder.PostAsync("messages", new { id = Widget.NewId(), text = "and on" });
        last.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        last.Headers.RetryAfter.ShouldNotBeNull("past the challenge comes the refusal");
        (await Widget.ReadAsync(challenged!, HttpStatusCode.TooManyRequests)).GetProperty("type").GetString()!.ShouldEndWith("/challenge");

        using var neighbour = new Widget(desk.Server.Address, desk.Site.Key, from: "127.0.0.8");
        await neighbour.SayAsync("I noticed nothing.");
    }

    [Fact]
    public async Task Who_solves_the_challenge_is_served_once_for_it()
    {
        using var visitor = new Widget(desk.Server.Address, desk.Site.Key, from: "127.0.0.9");
        HttpResponseMessage answer;
        do
            answer = await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "quick fingers" });
        while (answer.StatusCode == HttpStatusCode.Created);
        var solution = Widget.Solve(await Widget.ReadAsync(answer, HttpStatusCode.TooManyRequests));
        using var elsewhere = new Widget(desk.Server.Address, desk.Site.Key, from: "127.0.0.10");
        await ExhaustAsync(elsewhere);

        (await elsewhere.PostAsync("messages", new { id = Widget.NewId(), text = "borrowed" }, solution)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "a challenge belongs to its address");
        (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "solved" }, solution)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "again" }, solution)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "and counts once");
        (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "forged" }, solution[..^1] + "x")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static async Task ExhaustAsync(Widget widget)
    {
        while ((await widget.PostAsync("messages", new { id = Widget.NewId(), text = "quick" })).StatusCode == HttpStatusCode.Created)
        {
            // Until the address behaves oddly.
        }
    }
}

/// <summary>Low limits, and a count that does not run empty while a slow machine takes its time.</summary>
public abstract class FloodDesk(Func<Task<string?>> database) : ChatDesk(database)
{
    protected override AbuseLimits Limits { get; } = new() { Messages = 10, Requests = 40, Difficulty = 8 };

    protected override void Prepare(IServiceCollection services) => services.AddSingleton(new AddressWatch(new StandingTime()));

    private sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}

public sealed class FloodOnSqliteTests(FloodOnSqliteTests.Desk desk) : FloodTests(desk), IClassFixture<FloodOnSqliteTests.Desk>
{
    public sealed class Desk() : FloodDesk(() => Task.FromResult<string?>(null));
}

public sealed class FloodOnPostgresTests(FloodOnPostgresTests.Desk desk) : FloodTests(desk), IClassFixture<FloodOnPostgresTests.Desk>
{
    public sealed class Desk(PostgresServer server)
        : FloodDesk(async () => await server.CreateDeskDatabaseAsync(typeof(FloodOnPostgresTests), TestContext.Current.CancellationToken));
}
