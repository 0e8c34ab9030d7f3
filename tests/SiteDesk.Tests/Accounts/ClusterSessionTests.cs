using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

/// <summary>Two nodes share a database: what protects accounts holds for both together.</summary>
public sealed class ClusterSessionTests(PostgresServer server)
{
    [Fact]
    public async Task A_session_that_is_ended_on_one_node_is_ended_on_the_other_before_it_would_look_again()
    {
        var database = await server.CreateDeskDatabaseAsync(GetType(), TestContext.Current.CancellationToken);
        await using var one = await DeskServer.StartAsync(database);
        using var owner = await one.SetUpAsync();
        await using var two = await DeskServer.StartAsync(database);
        var id = await one.AddStaffAsync("agent@example.com", Role.Agent);
        using var there = two.NewClient();
        await there.SignInAsync("agent@example.com", DeskServer.Password);

        // Notices travel once the listening connection stands: a first sign-out shows that it does.
        await OutAsync(one, there, id);
        await there.SignInAsync("agent@example.com", DeskServer.Password);
        (await there.GetAsync("/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.OK, "the second node remembers the session from now on");
        var taken = await OutAsync(one, there, id);
        TestContext.Current.TestOutputHelper?.WriteLine($"refused on the other node after {taken.TotalMilliseconds:0} ms");
        taken.ShouldBeLessThan(SessionMemory.Longest, "not by waiting until the memory fades");
    }

    [Fact]
    public void Browsers_that_come_at_the_same_moment_are_all_forgotten()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var memory = new SessionMemory(cache);
        var staff = new Staff(1, "Anna", "anna@example.com", Role.Agent, "en", "Etc/UTC", null, null, [], false);
        for (var round = 0; round < 300; round++)
        {
            var hashes = Enumerable.Range(0, 8).Select(number => $"{round}-{number}").ToList();
            var generation = memory.Generation;
            Parallel.ForEach(hashes, hash => memory.Keep(hash, staff, 1, generation));
            memory.Forget(1);
            hashes.ShouldAllBe(hash => memory.Find(hash) == null);
        }
    }

    [Fact]
    public async Task Wrong_passwords_are_counted_over_all_nodes()
    {
        var database = await server.CreateDeskDatabaseAsync(GetType(), TestContext.Current.CancellationToken);
        await using var one = await DeskServer.StartAsync(database);
        using var owner = await one.SetUpAsync();
        await using var two = await DeskServer.StartAsync(database);
        using var here = one.NewClient();
        using var there = two.NewClient();
        for (var attempt = 0; attempt < SignInLimit.MostFailures; attempt++)
            (await (attempt % 2 == 0 ? here : there).PostFormAsync("/sign-in", [new("email", $"person{attempt}@example.com"), new("password", "password1234")])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var client in new[] { here, there })
            (await client.PostFormAsync("/sign-in", [new("email", DeskServer.Owner), new("password", DeskServer.Password)])).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task What_an_address_took_on_one_node_counts_on_the_other()
    {
        var database = await server.CreateDeskDatabaseAsync(GetType(), TestContext.Current.CancellationToken);
        await using var one = await DeskServer.StartAsync(database);
        await using var two = await DeskServer.StartAsync(database);
        var (here, there) = (one.Services.GetRequiredService<AddressWatch>(), two.Services.GetRequiredService<AddressWatch>());
        const int limit = 10;
        var day = TimeSpan.FromDays(1); // a bucket that hardly runs empty while the test looks

        // A fresh address each time, of which nothing was taken on the second node: when its first try fails, it was told.
        var isShared = false;
        for (var attempt = 1; attempt <= 250 && !isShared; attempt++)
        {
            var who = $"192.0.2.{attempt}";
            Enumerable.Range(0, limit).Count(_ => here.TryTake("test", who, limit, day)).ShouldBe(limit);
            await one.Services.GetRequiredService<SharedLimits>().ExchangeAsync(TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken); // until the listening connections stand
            isShared = !there.TryTake("test", who, limit, day);
        }

        isShared.ShouldBeTrue();
        there.TryTake("test", "198.51.100.1", limit, day).ShouldBeTrue("others are not held up");
    }

    /// <summary>Signs the person out on the first node, and waits until the second refuses them.</summary>
    private static async Task<TimeSpan> OutAsync(DeskServer one, DeskClient there, long staffId)
    {
        await one.UseAsync<StaffSessions, bool>(async sessions => { await sessions.EndAllAsync(staffId, except: null, CancellationToken.None); return true; });
        var clock = Stopwatch.StartNew();
        while ((await there.GetAsync("/agent/profile")).StatusCode == HttpStatusCode.OK)
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(90));
        return clock.Elapsed;
    }
}
