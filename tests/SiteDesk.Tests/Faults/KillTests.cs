using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tests.CommandLine;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Faults;

/// <summary>
/// kill -9 at random moments while 50 visitors and 5 agents write: every acknowledged message is there exactly once and in order,
/// and every visitor's stream has heard the same.
/// </summary>
public sealed class KillTests(PostgresServer postgres, ITestOutputHelper output)
{
    private const int Visitors = 50, Agents = 5;

    [Theory]
    [InlineData(DatabaseEngine.Sqlite, 3, 41)]
    [InlineData(DatabaseEngine.Postgres, 2, 42)]
    public Task Nothing_acknowledged_is_lost_or_doubled(DatabaseEngine engine, int rounds, int seed) => RunAsync(engine, rounds, seed);

    [Theory(Explicit = true)]
    [InlineData(DatabaseEngine.Sqlite, 30, 43)]
    [InlineData(DatabaseEngine.Postgres, 30, 44)]
    public Task Nothing_acknowledged_is_lost_or_doubled_in_thirty_rounds(DatabaseEngine engine, int rounds, int seed) => RunAsync(engine, rounds, seed);

    private async Task RunAsync(DatabaseEngine engine, int rounds, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var database = engine == DatabaseEngine.Postgres ? await postgres.CreateDatabaseAsync(typeof(KillTests), CancellationToken.None) : null;
        await using var desk = new DeskProcess(folder.Root, database, Unlimited, "--trusted-proxies", "127.0.0.1");
        await desk.StartAsync(CancellationToken.None);
        var siteKey = await SetUpAsync(desk, folder.Root, database);

        using var stopWriting = new CancellationTokenSource();
        using var stopListening = new CancellationTokenSource();
        var visitors = Enumerable.Range(1, Visitors).Select(number => new WritingVisitor(desk.Address, siteKey, number)).ToList();
        var agents = Enumerable.Range(1, Agents).Select(number => new AnsweringAgent(desk.Address, AgentEmail(number), $"agent {number}", new Random(seed * 100 + number))).ToList();
        var acknowledged = new Counter();
        try
        {
            foreach (var agent in agents)
                await agent.SignInAsync();
            var listening = visitors.ConvertAll(visitor => visitor.ListenAsync(stopListening.Token));
            var writing = visitors.ConvertAll(visitor => visitor.WriteAsync(acknowledged.Increment, stopWriting.Token));
            // Every visitor has a ticket before the agents choose among them.
            await WatchAsync(Task.WhenAll(visitors.Select(visitor => UntilAsync(() => visitor.Acknowledged > 0, "a visitor's first message"))), writing);
            writing.AddRange(agents.Select(agent => agent.AnswerAsync(Visitors, acknowledged.Increment, stopWriting.Token)));

            for (var round = 1; round <= rounds; round++)
            {
                // The moment is random in the work done, not in seconds, so that a slow machine is killed as deep in it as a fast one.
                await WatchAsync(acknowledged.ReachAsync(acknowledged.Count + random.Next(20, 200)), writing);
                await desk.KillAsync();
                await desk.StartAsync(CancellationToken.None);
            }

            await WatchAsync(acknowledged.ReachAsync(acknowledged.Count + Visitors), writing);
            await stopWriting.CancelAsync();
            await Task.WhenAll(writing);
            await VerifyAsync(visitors, agents);
            await stopListening.CancelAsync();
            await Task.WhenAll(listening);
            output.WriteLine($"{rounds} kills, {acknowledged.Count} acknowledged messages");
        }
        finally
        {
            await stopWriting.CancelAsync();
            await stopListening.CancelAsync();
            visitors.ForEach(visitor => visitor.Dispose());
            agents.ForEach(agent => agent.Dispose());
        }
    }

    private static async Task VerifyAsync(List<WritingVisitor> visitors, List<AnsweringAgent> agents)
    {
        var everything = new List<string>();
        foreach (var visitor in visitors)
        {
            var conversation = await visitor.ConversationAsync();
            var own = conversation.Where(message => message.Text.Contains(" says ", StringComparison.Ordinal)).Select(message => message.Text);
            own.ShouldBe(Enumerable.Range(1, visitor.Acknowledged).Select(visitor.TextOf));
            everything.AddRange(conversation.Select(message => message.Text));

            await UntilAsync(() => visitor.StreamHeard.Count >= conversation.Count, $"the stream of {visitor.TextOf(0)}");
            visitor.StreamHeard.OrderBy(message => message.Id).ShouldBe(conversation.OrderBy(message => message.Id));
        }

        everything.Count.ShouldBe(everything.Distinct(StringComparer.Ordinal).Count(), "a message is stored twice");
        everything.Where(text => text.StartsWith("agent ", StringComparison.Ordinal)).ShouldBe(agents.SelectMany(agent => agent.Acknowledged), ignoreOrder: true);
    }

    // Fails at once with a writer's own fault instead of waiting for work that will not come.
    private static async Task WatchAsync(Task reached, List<Task> writing)
    {
        var first = await Task.WhenAny([reached, .. writing]);
        await first;
        await reached;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(90), $"still waiting for {what}");
            await Task.Delay(20);
        }
    }

    private static async Task<string> SetUpAsync(DeskProcess desk, string data, string? database)
    {
        using var client = new DeskClient(desk.Address, followRedirects: false);
        var answer = await client.PostFormAsync("/set-up", [
            new("Name", "Olga Owner"), new("Email", DeskServer.Owner), new("Password", DeskServer.Password),
            new("SiteName", "Nordlight"), new("SiteAddress", "https://shop.example.com"), new("TimeZone", "Europe/Berlin"), new("Languages", "en"),
        ]);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther);

        // Beside the running program, as an administrator would.
        string[] settings = ["--data", data, .. database is null ? [] : new[] { "--database", database }];
        for (var number = 1; number <= Agents; number++)
            (await CommandRun.WithInput(DeskServer.Password, ["user", "add", AgentEmail(number), "--role", "agent", .. settings])).ShouldBeDone();
        await using var look = SiteDeskApplication.Build(settings);
        await using var scope = look.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Database>().Set<Site>().SingleAsync()).Key;
    }

    private static string AgentEmail(int number) => $"agent{number}@example.com";

    // This test is about durability: limits on floods have tests of their own.
    private static Dictionary<string, string> Unlimited => new(StringComparer.Ordinal)
    {
        ["SITEDESK_Abuse__Messages"] = "1000000",
        ["SITEDESK_Abuse__Conversations"] = "1000000",
        ["SITEDESK_Abuse__Requests"] = "1000000",
        ["SITEDESK_Abuse__Streams"] = "1000000",
        ["SITEDESK_Abuse__MessagesOfSite"] = "1000000",
    };

    /// <summary>Counts, and wakes who waits for a number.</summary>
    private sealed class Counter
    {
        private readonly Lock _lock = new();
        private readonly List<(int Number, TaskCompletionSource Reached)> _waiting = [];

        public int Count { get; private set; }

        public void Increment()
        {
            lock (_lock)
            {
                Count++;
                foreach (var (_, reached) in _waiting.FindAll(waiting => waiting.Number <= Count))
                    reached.TrySetResult();
            }
        }

        public Task ReachAsync(int number)
        {
            lock (_lock)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((number, reached));
                if (Count >= number)
                    reached.TrySetResult();
                return reached.Task.WaitAsync(TimeSpan.FromMinutes(5));
            }
        }
    }
}
