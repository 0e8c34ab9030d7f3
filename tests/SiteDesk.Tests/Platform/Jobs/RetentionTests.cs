using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Sites;
using SiteDesk.Tests.Accounts;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Jobs;

public abstract class RetentionTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task Pages_visited_go_after_the_days_of_their_own_site()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var now = TimeProvider.System.Now();
        await desk.InDatabaseAsync(async database =>
        {
            var strict = await database.Set<Site>().SingleAsync();
            strict.Privacy = new PrivacySettings { PageVisitDays = 7 };
            var lenient = new Site { Key = "lenient", Name = "Lenient", CreatedAt = now, Privacy = new PrivacySettings { PageVisitDays = 300 } };
            database.Add(lenient);
            var customer = new Customer { CreatedAt = now };
            database.Add(customer);
            await database.SaveChangesAsync();
            foreach (var site in new[] { strict, lenient })
            {
                var visitor = new Visitor { SiteId = site.Id, CustomerId = customer.Id, TokenHash = site.Key, CreatedAt = now.AddDays(-40), LastSeenAt = now.AddDays(-40), Address = "192.0.2.1", UserAgent = "Browser" };
                database.Add(visitor);
                await database.SaveChangesAsync();
                foreach (var days in new[] { 1, 6, 8, 100 })
                    database.Add(new PageVisit { VisitorId = visitor.Id, CustomerId = customer.Id, Address = $"https://{site.Name}.example/{days}", At = now.AddDays(-days) });
            }

            return await database.SaveChangesAsync();
        });

        await desk.RunJobAsync<PageVisitRetention>();

        var left = await desk.InDatabaseAsync(database => database.Set<PageVisit>().OrderBy(visit => visit.Id).Select(visit => visit.Address).ToListAsync());
        left.ShouldBe(["https://Nordlight.example/1", "https://Nordlight.example/6", "https://Lenient.example/1", "https://Lenient.example/6", "https://Lenient.example/8", "https://Lenient.example/100"]);
        var addresses = await desk.InDatabaseAsync(database => database.Set<Visitor>().OrderBy(visitor => visitor.Id).Select(visitor => visitor.Address).ToListAsync());
        addresses.ShouldBe([null, "192.0.2.1"]);
    }

    [Fact]
    public async Task Unattached_files_go_after_a_day_and_bytes_only_with_their_last_row()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        var (alone, shared) = ("nobody sent this"u8.ToArray(), "sent once, uploaded twice"u8.ToArray());
        await KeepAsync(desk, alone, attach: false);
        var paths = (Alone: await KeepAsync(desk, alone, attach: false), Shared: await KeepAsync(desk, shared, attach: false));
        await KeepAsync(desk, shared, attach: true);

        clock.Advance(FileRetention.UnattachedFor - TimeSpan.FromMinutes(5));
        await desk.RunJobAsync<FileRetention>();
        (await CountAsync(desk)).ShouldBe(4);

        clock.Advance(TimeSpan.FromMinutes(10));
        await desk.RunJobAsync<FileRetention>();
        (await CountAsync(desk)).ShouldBe(1);
        File.Exists(paths.Alone).ShouldBeFalse();
        File.Exists(paths.Shared).ShouldBeTrue();
    }

    [Fact]
    public async Task Bytes_that_are_uploaded_again_are_not_taken_from_under_the_upload()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        var content = "the same picture"u8.ToArray();
        await KeepAsync(desk, content, attach: false);
        clock.Advance(FileRetention.UnattachedFor + TimeSpan.FromMinutes(1));

        // The second upload has received its bytes but not yet stored its row when the tidying runs.
        await using var scope = desk.Services.CreateAsyncScope();
        var files = scope.ServiceProvider.GetRequiredService<FileStore>();
        var kept = (await files.KeepAsync(new MemoryStream(content), "b.png", "image/png", TestContext.Current.CancellationToken)).Value;
        await desk.RunJobAsync<FileRetention>();
        await scope.ServiceProvider.GetRequiredService<Database>().SaveChangesAsync(TestContext.Current.CancellationToken);

        await using var read = files.Open(kept);
        read.Length.ShouldBe(content.Length);
    }

    [Fact]
    public async Task What_lies_in_a_draft_waits_as_long_as_the_draft_does()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("How do I mount it?", "anna@example.com");
        var path = await KeepAsync(desk, "a drawing"u8.ToArray(), attach: false);
        var token = await desk.InDatabaseAsync(database => database.Set<StoredFile>().Select(file => file.Token).SingleAsync());
        var draft = $"/agent/tickets/{ticket.Id}/draft";
        (await owner.SubmitAsStreamAsync(HttpMethod.Put, draft, ("kind", "reply"), ("text", "Look at the drawing"), ("files", token))).IsSuccessStatusCode.ShouldBeTrue();

        clock.Advance(TimeSpan.FromDays(3));
        await desk.RunJobAsync<FileRetention>();
        File.Exists(path).ShouldBeTrue();
        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("a.txt");

        await desk.InDatabaseAsync(database => database.Set<SiteDesk.Tickets.Draft>().ExecuteDeleteAsync());
        await desk.RunJobAsync<FileRetention>();
        File.Exists(path).ShouldBeFalse();
    }

    private static async Task<string> KeepAsync(DeskServer desk, byte[] content, bool attach)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var files = scope.ServiceProvider.GetRequiredService<FileStore>();
        var kept = (await files.KeepAsync(new MemoryStream(content), "a.txt", "text/plain", TestContext.Current.CancellationToken)).Value;
        if (attach)
            kept.AttachedAt = kept.CreatedAt;
        await scope.ServiceProvider.GetRequiredService<Database>().SaveChangesAsync(TestContext.Current.CancellationToken);
        return files.PathOf(kept.Sha256);
    }

    private static Task<int> CountAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<StoredFile>().CountAsync());
}

public sealed class RetentionOnSqliteTests() : RetentionTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class RetentionOnPostgresTests(PostgresServer server)
    : RetentionTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(RetentionOnPostgresTests), TestContext.Current.CancellationToken), replace));
