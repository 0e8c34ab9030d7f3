using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>Two who store the same at the same moment.</summary>
public abstract class ConflictTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_that_met_a_conflict_begins_again_without_what_it_had_loaded()
    {
        await using var desk = await start();
        var tries = 0;
        var stored = await desk.InDatabaseAsync(database => database.AgainOnConflictAsync(3, async () =>
        {
            tries++;
            if (await FindAsync(database) is { } known)
                return known.Protected;
            await desk.InDatabaseAsync(StoreAsync);
            return await StoreAsync(database);
        }, Cancellation));
        (stored, tries).ShouldBe(("first", 2));
    }

    [Fact]
    public async Task A_conflict_is_the_callers_when_it_does_not_go_away()
    {
        await using var desk = await start();
        await desk.InDatabaseAsync(StoreAsync);
        var tries = 0;
        await Should.ThrowAsync<DbUpdateException>(() => desk.InDatabaseAsync(database => database.AgainOnConflictAsync(3, () => CountedAsync(database), Cancellation)));
        tries.ShouldBe(3);

        Task<string> CountedAsync(Database database)
        {
            tries++;
            return StoreAsync(database);
        }
    }

    [Fact]
    public async Task Within_a_transaction_it_is_for_whoever_began_that()
    {
        await using var desk = await start();
        await desk.InDatabaseAsync(StoreAsync);
        var (inner, outer) = (0, 0);
        await Should.ThrowAsync<DbUpdateException>(() => desk.InDatabaseAsync(database => database.AgainOnConflictAsync(2, () => OuterAsync(database), Cancellation)));
        (inner, outer).ShouldBe((2, 2), "each beginning tries once");

        Task<string> OuterAsync(Database database)
        {
            outer++;
            return database.InTransactionAsync(() => database.AgainOnConflictAsync(5, () => InnerAsync(database), Cancellation), Cancellation);
        }

        Task<string> InnerAsync(Database database)
        {
            inner++;
            return StoreAsync(database);
        }
    }

    private static Task<Secret?> FindAsync(Database database) => database.Set<Secret>().FirstOrDefaultAsync(secret => secret.Name == "same", Cancellation);

    private static async Task<string> StoreAsync(Database database)
    {
        database.Add(new Secret { Name = "same", Protected = "first" });
        await database.SaveChangesAsync(Cancellation);
        return "stored";
    }
}

public sealed class ConflictOnSqliteTests() : ConflictTests(() => DeskServer.StartAsync());

public sealed class ConflictOnPostgresTests(PostgresServer server)
    : ConflictTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(ConflictOnPostgresTests), TestContext.Current.CancellationToken)));
