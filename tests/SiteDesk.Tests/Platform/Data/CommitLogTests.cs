using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>Commits to a SQLite file that wait for the disk together.</summary>
public sealed class CommitLogTests
{
    [Fact]
    public async Task Who_comes_during_a_flush_waits_for_the_next_one_and_all_of_them_for_the_same()
    {
        using var mayEnd = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        var flushes = 0;
        var log = new CommitLog(() =>
        {
            Interlocked.Increment(ref flushes);
            began.Release();
            mayEnd.Wait(TimeSpan.FromSeconds(90)).ShouldBeTrue();
        });
        var first = Task.Run(log.FlushAsync);
        (await began.WaitAsync(TimeSpan.FromSeconds(90))).ShouldBeTrue();
        // The flush that is going on may have passed what these have written.
        var others = Enumerable.Range(0, 20).Select(_ => log.FlushAsync()).ToList();
        mayEnd.Release();
        await first.WaitAsync(TimeSpan.FromSeconds(90));

        (await began.WaitAsync(TimeSpan.FromSeconds(90))).ShouldBeTrue();
        others.ShouldAllBe(other => !other.IsCompleted);
        mayEnd.Release();
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(90));
        flushes.ShouldBe(2);
    }

    [Fact]
    public async Task Everybody_waits_for_a_flush_that_began_after_what_they_wrote()
    {
        var (written, durable, flushes) = (0, 0, 0);
        var log = new CommitLog(() =>
        {
            var seen = Volatile.Read(ref written);
            Interlocked.Increment(ref flushes);
            Thread.Yield();
            Volatile.Write(ref durable, seen);
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var turn = 0; turn < 500; turn++)
            {
                var mine = Interlocked.Increment(ref written);
                await log.FlushAsync();
                Volatile.Read(ref durable).ShouldBeGreaterThanOrEqualTo(mine);
            }
        })));
        flushes.ShouldBeInRange(1, 4000);
    }

    [Fact]
    public async Task A_flush_that_fails_is_told_to_everybody_who_waited_for_it_and_the_next_one_is_tried()
    {
        using var mayEnd = new SemaphoreSlim(0);
        using var began = new SemaphoreSlim(0);
        var isBroken = true;
        var log = new CommitLog(() =>
        {
            began.Release();
            mayEnd.Wait(TimeSpan.FromSeconds(90)).ShouldBeTrue();
            if (isBroken)
                throw new IOException("The disk refuses.");
        });
        var first = Task.Run(log.FlushAsync);
        (await began.WaitAsync(TimeSpan.FromSeconds(90))).ShouldBeTrue();
        var second = log.FlushAsync();
        mayEnd.Release(2);
        await Should.ThrowAsync<IOException>(() => first.WaitAsync(TimeSpan.FromSeconds(90)));
        await Should.ThrowAsync<IOException>(() => second.WaitAsync(TimeSpan.FromSeconds(90)));

        isBroken = false;
        mayEnd.Release();
        await Task.Run(log.FlushAsync).WaitAsync(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_transaction_leaves_a_connection_that_waits_for_the_disk_by_itself_whether_it_ended_well_or_not()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        const long full = 2, normal = 1;
        await desk.InDatabaseAsync(async database =>
        {
            var within = await database.InTransactionAsync(
                async () =>
                {
                    await database.Set<StaffMember>().ExecuteUpdateAsync(set => set.SetProperty(member => member.IsAway, true), cancellation);
                    return await SynchronousAsync(database);
                }, cancellation);
            within.ShouldBe(normal);
            (await SynchronousAsync(database)).ShouldBe(full);

            await Should.ThrowAsync<InvalidOperationException>(() => database.InTransactionAsync<int>(
                async () =>
                {
                    await database.Set<StaffMember>().ExecuteUpdateAsync(set => set.SetProperty(member => member.IsAway, false), cancellation);
                    throw new InvalidOperationException("Given up.");
                }, cancellation));
            (await SynchronousAsync(database)).ShouldBe(full);
            return true;
        });
        (await desk.InDatabaseAsync(database => database.Set<StaffMember>().AllAsync(member => member.IsAway, cancellation))).ShouldBeTrue();
    }

    [Fact]
    public async Task Where_there_is_no_log_a_commit_waits_for_the_disk_by_itself()
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-no-log-");
        try
        {
            var address = DatabaseAddress.Parse(Path.Combine(folder.FullName, "plain.db"), folder.FullName);
            await using var connection = new SqliteConnection(address.ConnectionString + ";Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            using var commit = new CommitLog(address).Begin(connection);
            commit.IsFlushedTogether.ShouldBeFalse();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> SynchronousAsync(Database database)
    {
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
