using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Web;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>Links that lead out of the house are asked for, and only where the public may go.</summary>
public abstract class OutsideLinkTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_that_fails_twice_is_shown_to_the_authors_and_one_that_recovers_is_not()
    {
        using var web = new OutsideWorld();
        // The outside world listens on this machine, so its one address is let through; every other private address stays closed.
        await using var desk = await start(services => services.Replace(ServiceDescriptor.Singleton(new OutwardCalls(
            address => OutwardCalls.IsPublic(address) || address.Equals(IPAddress.Loopback),
            asked => [new IPEndPoint(asked.Host == "inside.example" ? IPAddress.Parse("127.0.0.2") : IPAddress.Loopback, web.Port)]))));
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Links");
        await desk.PublishAsync(section, "en", "Elsewhere", """
            <p><a href="http://shop.example/there">1</a> <a href="http://shop.example/gone">2</a> <a href="http://shop.example/failing">3</a> <a href="http://shop.example/forbidden">4</a>
            <a href="http://inside.example/secret">5</a> <a href="http://shop.example/moved">6</a></p>
            """);

        await CheckAsync(desk);
        (await BrokenAsync(desk, owner)).ShouldBeEmpty("once may be the network");
        await CheckAsync(desk);
        web.Asked("/gone").ShouldBe(1, "an address that failed is asked again a day later");

        await AgeAsync(desk);
        await CheckAsync(desk);
        (await BrokenAsync(desk, owner)).ShouldBe(["http://inside.example/secret", "http://shop.example/failing", "http://shop.example/gone"]);
        web.Asked("/there").ShouldBe(1, "one that is well is asked again a week later");
        web.Asked("/secret").ShouldBe(0, "nobody has this machine ask its neighbours");

        web.Recovers("/failing");
        await AgeAsync(desk);
        await CheckAsync(desk);
        (await BrokenAsync(desk, owner)).ShouldBe(["http://inside.example/secret", "http://shop.example/gone"]);
    }

    [Fact]
    public async Task Without_a_test_in_between_the_program_asks_no_private_address()
    {
        using var web = new OutsideWorld();
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Links");
        await desk.PublishAsync(section, "en", "Elsewhere", $"<p><a href=\"http://127.0.0.1:{web.Port}/there\">1</a> <a href=\"http://[::1]:{web.Port}/there\">2</a></p>");

        await CheckAsync(desk);

        web.Asked("/there").ShouldBe(0);
        (await desk.InDatabaseAsync(database => database.Set<LinkCheck>().AsNoTracking().Select(check => check.Status).ToListAsync(Cancellation))).ShouldBe([0, 0]);
    }

    private static async Task CheckAsync(DeskServer desk)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IRecurringJob>().Single(job => job is CheckOutsideLinks).RunAsync(Cancellation);
    }

    /// <summary>As if the last check of what failed had been two days ago.</summary>
    private static Task AgeAsync(DeskServer desk) => desk.InDatabaseAsync(database =>
    {
        var then = DateTime.UtcNow.AddDays(-2);
        return database.Set<LinkCheck>().ExecuteUpdateAsync(row => row.SetProperty(check => check.CheckedAt, then), Cancellation);
    });

    private static async Task<List<string>> BrokenAsync(DeskServer desk, DeskClient owner)
    {
        var page = await owner.GetTextAsync($"/agent/help/{(await desk.SiteAsync()).Id}/links");
        return [.. (await desk.InDatabaseAsync(database => database.Set<LinkCheck>().Select(check => check.Address).OrderBy(address => address).ToListAsync(Cancellation))).Where(address => page.Contains(address, StringComparison.Ordinal))];
    }

    /// <summary>A web server that counts what it is asked.</summary>
    private sealed class OutsideWorld : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Lock _turn = new();
        private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal) { ["/there"] = 200, ["/gone"] = 404, ["/failing"] = 503, ["/forbidden"] = 403, ["/secret"] = 200, ["/moved"] = 301 };
        private readonly Task _serving;

        public OutsideWorld()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Port = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            _listener.Prefixes.Add(FormattableString.Invariant($"http://*:{Port}/"));
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port { get; }

        public int Asked(string path)
        {
            lock (_turn)
                return _asked.GetValueOrDefault(path);
        }

        public void Recovers(string path)
        {
            lock (_turn)
                _answers[path] = 200;
        }

        public void Dispose()
        {
            _listener.Stop();
            _serving.Wait(TimeSpan.FromSeconds(10));
            _listener.Close();
        }

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext http;
                try
                {
                    http = await _listener.GetContextAsync();
                }
                catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException)
                {
                    return; // the test is over
                }

                lock (_turn)
                {
                    var path = http.Request.Url!.AbsolutePath;
                    _asked[path] = _asked.GetValueOrDefault(path) + 1;
                    http.Response.StatusCode = _answers.GetValueOrDefault(path, 404);
                    if (http.Response.StatusCode == 301)
                        http.Response.RedirectLocation = "/there-now";
                    _answers.TryAdd("/there-now", 200);
                }

                http.Response.Close();
            }
        }
    }
}

public sealed class OutsideLinkOnSqliteTests() : OutsideLinkTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class OutsideLinkOnPostgresTests(PostgresServer server)
    : OutsideLinkTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(OutsideLinkOnPostgresTests), TestContext.Current.CancellationToken), replace));
