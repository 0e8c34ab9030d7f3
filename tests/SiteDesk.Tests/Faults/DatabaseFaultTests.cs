using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Faults;

/// <summary>The disk fills up, the file is locked: writers are told to come again, readers notice nothing, and afterwards all is well.</summary>
public sealed class DatabaseFaultTests
{
    [Fact]
    public async Task A_full_disk_refuses_writing_and_nothing_else_and_passes()
    {
        var disk = new FillingDisk();
        await using var desk = await DeskServer.StartAsync(replace: services => services.ConfigureDbContext<SqliteDatabase>(options => options.AddInterceptors(disk)));
        using var owner = await desk.SetUpAsync();
        using var visitor = await VisitorAsync(desk);

        disk.IsFull = true;
        var id = Guid.NewGuid().ToString();
        var text = new string('a', 9_000); // more than a free page holds
        var refused = await visitor.PostAsJsonAsync("messages", new { id, text }, TestContext.Current.CancellationToken);

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await owner.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(0);

        disk.IsFull = false;
        (await visitor.PostAsJsonAsync("messages", new { id, text }, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await visitor.PostAsJsonAsync("messages", new { id, text }, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_locked_by_another_program_for_a_while_only_makes_writers_wait()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        using var visitor = await VisitorAsync(desk);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(desk.DataFolder, "sitedesk.db")};Pooling=false");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(other, "BEGIN IMMEDIATE");

        var waiting = visitor.PostAsJsonAsync("messages", new { id = Guid.NewGuid().ToString(), text = "Hello" }, TestContext.Current.CancellationToken);
        (await owner.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        waiting.IsCompleted.ShouldBeFalse();
        await ExecuteAsync(other, "ROLLBACK");

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<HttpClient> VisitorAsync(DeskServer desk)
    {
        var key = await desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Key).SingleAsync());
        return new HttpClient
        {
            BaseAddress = new Uri(desk.Address, $"widget/v1/{key}/"),
            DefaultRequestHeaders = { { "Authorization", "Bearer " + WritingVisitor.SecretOf("visitor") }, { "Origin", "https://shop.example.com" } },
        };
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets no connection make the database longer than it is: SQLite then answers as on a full disk (SQLITE_FULL).</summary>
    private sealed class FillingDisk : DbTransactionInterceptor
    {
        private const long Unlimited = 4_294_967_294;

        public bool IsFull { get; set; }

        // Connections stay open, so the limit is set whenever somebody begins to write.
        public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            // A limit below the present size means the present size.
            command.CommandText = $"PRAGMA max_page_count = {(IsFull ? 1 : Unlimited)}";
            await command.ExecuteScalarAsync(cancellationToken);
            return result;
        }
    }
}
