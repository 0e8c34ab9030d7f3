using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>All writers of a SQLite file stand in one queue.</summary>
public sealed class WriteQueueTests
{
    [Fact]
    public async Task An_update_that_goes_to_the_database_at_once_waits_for_its_turn()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        var turn = await desk.Services.GetRequiredService<WriteGate>().EnterAsync(DatabaseEngine.Sqlite, cancellation);
        var update = desk.InDatabaseAsync(database => database.Set<StaffMember>().ExecuteUpdateAsync(set => set.SetProperty(member => member.IsAway, true), cancellation));
        // Whoever reads needs no turn, and still sees what was there.
        (await desk.InDatabaseAsync(database => database.Set<StaffMember>().CountAsync(member => member.IsAway, cancellation))).ShouldBe(0);
        update.IsCompleted.ShouldBeFalse();

        turn.Dispose();
        (await update.WaitAsync(TimeSpan.FromSeconds(90), cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Within_a_transaction_an_update_needs_no_turn_of_its_own_and_a_failed_one_passes_its_turn_on()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        (await desk.InDatabaseAsync(database => database.InTransactionAsync(
            () => database.Set<StaffMember>().ExecuteUpdateAsync(set => set.SetProperty(member => member.IsAway, true), cancellation), cancellation))
            .WaitAsync(TimeSpan.FromSeconds(90), cancellation)).ShouldBe(1);

        // There is no such site: the engine refuses the reference.
        await desk.AskAsync("Where is it?");
        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(() => desk.InDatabaseAsync(database =>
            database.Set<Ticket>().ExecuteUpdateAsync(set => set.SetProperty(ticket => ticket.SiteId, 999), cancellation)));
        (await desk.InDatabaseAsync(database => database.Set<StaffMember>().ExecuteUpdateAsync(set => set.SetProperty(member => member.IsAway, false), cancellation))
            .WaitAsync(TimeSpan.FromSeconds(90), cancellation)).ShouldBe(1);
    }
}
