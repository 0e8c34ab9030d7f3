using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Data;

public sealed class SqliteConnectionsTests
{
    [Fact]
    public async Task A_connection_serves_one_unit_of_work_after_another()
    {
        await using var desk = await StartAsync();
        var first = await UseAsync(desk, async database =>
        {
            await database.Set<Site>().CountAsync();
            return database.Database.GetDbConnection();
        });
        var second = await UseAsync(desk, async database =>
        {
            await database.Set<Site>().CountAsync();
            return database.Database.GetDbConnection();
        });
        second.ShouldBeSameAs(first);
    }

    [Fact]
    public async Task Units_of_work_at_the_same_time_have_connections_of_their_own()
    {
        await using var desk = await StartAsync();
        await UseAsync(desk, async one =>
        {
            await one.Set<Site>().CountAsync();
            return await UseAsync(desk, async other =>
            {
                await other.Set<Site>().CountAsync();
                other.Database.GetDbConnection().ShouldNotBeSameAs(one.Database.GetDbConnection());
                return true;
            });
        });
    }

    [Fact]
    public async Task A_transaction_that_was_left_open_holds_up_nobody()
    {
        await using var desk = await StartAsync();
        await UseAsync(desk, async database =>
        {
            // A unit of work that is given up in the middle: the transaction is neither committed nor rolled back.
            await database.Database.OpenConnectionAsync();
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            return await command.ExecuteNonQueryAsync();
        });
        await RenameAsync(desk, "After all");
        (await ReadNameAsync(desk)).ShouldBe("After all");
    }

    [Fact]
    public async Task A_kept_connection_sees_what_others_wrote_since()
    {
        await using var desk = await StartAsync();
        await ReadNameAsync(desk);
        await using (var outside = new SqliteConnection($"Data Source={Path.Combine(desk.DataFolder, "sitedesk.db")};Pooling=False"))
        {
            await outside.OpenAsync();
            await using var command = outside.CreateCommand();
            command.CommandText = "UPDATE sites_sites SET \"Name\" = 'From outside'";
            (await command.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        (await ReadNameAsync(desk)).ShouldBe("From outside");
    }

    [Fact]
    public async Task A_query_that_was_not_read_to_its_end_is_asked_afresh()
    {
        await using var desk = await StartAsync();
        for (var round = 0; round < 3; round++)
        {
            await UseAsync(desk, async database =>
            {
                // The same query twice on one connection, the outer one still open and then given up.
                await foreach (var name in database.Set<Site>().Select(site => site.Name).AsAsyncEnumerable())
                {
                    name.ShouldBe("Nordlight");
                    (await database.Set<Site>().Select(site => site.Name).ToListAsync()).ShouldBe(["Nordlight"]);
                    break;
                }

                return true;
            });
        }

        await RenameAsync(desk, "Renamed");
        (await ReadNameAsync(desk)).ShouldBe("Renamed");
    }

    [Fact]
    public async Task A_statement_that_failed_leaves_the_next_one_unharmed()
    {
        await using var desk = await StartAsync();
        for (var round = 0; round < 2; round++)
        {
            await UseAsync(desk, async database =>
            {
                var site = await database.Set<Site>().AsNoTracking().FirstAsync(site => site.Id > 0);
                database.Add(site); // there already
                await Should.ThrowAsync<DbUpdateException>(() => database.SaveChangesAsync());
                return true;
            });
        }

        await RenameAsync(desk, "Still here");
        (await ReadNameAsync(desk)).ShouldBe("Still here");
    }

    [Fact]
    public async Task Values_of_one_unit_of_work_do_not_reach_the_next()
    {
        await using var desk = await StartAsync();
        foreach (var wanted in new[] { "Nordlight", "Nobody", "Nordlight" })
            (await UseAsync(desk, database => database.Set<Site>().CountAsync(site => site.Name == wanted))).ShouldBe(wanted == "Nordlight" ? 1 : 0);
    }

    [Fact]
    public async Task A_list_is_planned_once_however_long_it_may_be()
    {
        await using var desk = await StartAsync();
        await UseAsync(desk, async database =>
        {
            await database.Database.OpenConnectionAsync();
            var handle = ((SqliteConnection)database.Database.GetDbConnection()).Handle;
            var parsed = 0;
            SQLitePCL.strdelegate_authorizer count = (_, _, _, _, _, _) =>
            {
                parsed++;
                return SQLitePCL.raw.SQLITE_OK;
            };
            SQLitePCL.raw.sqlite3_set_authorizer(handle, count, null).ShouldBe(SQLitePCL.raw.SQLITE_OK);
            try
            {
                for (var most = 1; most <= 3; most++)
                {
                    (await database.Set<Site>().OrderBy(site => site.Id).Take(most).ToListAsync()).Count.ShouldBe(1);
                    if (most == 1)
                        parsed.ShouldBeGreaterThan(0, "SQLite asks for permission while it parses");
                    else
                        parsed.ShouldBe(0, "another value of LIMIT is no reason to parse again");
                    parsed = 0;
                }
            }
            finally
            {
                SQLitePCL.raw.sqlite3_set_authorizer(handle, (SQLitePCL.delegate_authorizer?)null, null);
            }

            return true;
        });
    }

    private static async Task<DeskServer> StartAsync()
    {
        var desk = await DeskServer.StartAsync();
        (await desk.SetUpAsync()).Dispose();
        return desk;
    }

    private static Task<string> ReadNameAsync(DeskServer desk) => UseAsync(desk, database => database.Set<Site>().Where(site => site.Id > 0).Select(site => site.Name).FirstAsync());

    private static Task<int> RenameAsync(DeskServer desk, string name) =>
        UseAsync(desk, database => database.Set<Site>().ExecuteUpdateAsync(site => site.SetProperty(row => row.Name, name)));

    private static async Task<TResult> UseAsync<TResult>(DeskServer desk, Func<Database, Task<TResult>> use)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<Database>());
    }
}
