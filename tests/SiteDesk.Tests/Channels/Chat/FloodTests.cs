using System.Net;
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

        statuses.Count(status => status == HttpStatusCode.Created).ShouldBeInRange(10, 15);
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

public sealed class FloodOnSqliteTests(FloodOnSqliteTests.Desk desk) : FloodTests(desk), IClassFixture<FloodOnSqliteTests.Desk>
{
    public sealed class Desk() : ChatDesk(() => Task.FromResult<string?>(null))
    {
        protected override AbuseLimits Limits { get; } = new() { Messages = 10, Requests = 40, Difficulty = 8 };
    }
}

public sealed class FloodOnPostgresTests(FloodOnPostgresTests.Desk desk) : FloodTests(desk), IClassFixture<FloodOnPostgresTests.Desk>
{
    public sealed class Desk(PostgresServer server)
        : ChatDesk(async () => await server.CreateDeskDatabaseAsync(typeof(FloodOnPostgresTests), TestContext.Current.CancellationToken))
    {
        protected override AbuseLimits Limits { get; } = new() { Messages = 10, Requests = 40, Difficulty = 8 };
    }
}
