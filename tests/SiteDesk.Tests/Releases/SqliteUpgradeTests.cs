using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.CommandLine;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Releases;

public sealed class SqliteUpgradeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.PathTo("sitedesk.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upgrade_in_place_keeps_a_copy_of_what_was_there()
    {
        await MakeFirstReleaseAsync();
        await using (await DeskServer.StartAsync(File))
            (await AskAsync(File, "SELECT COUNT(*) FROM tickets_blocked_senders")).ShouldBe(1);

        var kept = Directory.GetFiles(_folder.Root, "sitedesk.db.before-*").ShouldHaveSingleItem();
        (await AskAsync(kept, "SELECT COUNT(*) FROM \"__EFMigrationsHistory\"")).ShouldBe(1);
        (await AskAsync(kept, "SELECT COUNT(*) FROM tickets_blocked_senders")).ShouldBe(1);
        System.IO.File.Exists(File + ".upgrading").ShouldBeFalse();
    }

    [Fact]
    public async Task Upgrade_that_was_killed_in_the_middle_is_done_again_from_the_copy()
    {
        await MakeFirstReleaseAsync();
        System.IO.File.Copy(File, File + ".upgrading");
        await ExecuteAsync("ALTER TABLE tickets_tickets ADD COLUMN \"MergedCount\" INTEGER NOT NULL DEFAULT 0; DROP TABLE tickets_drafts; DELETE FROM tickets_blocked_senders;");

        await using (await DeskServer.StartAsync(File))
            (await AskAsync(File, "SELECT COUNT(*) FROM tickets_blocked_senders")).ShouldBe(1);
        await using (await DeskServer.StartAsync(File))
            (await AskAsync(File, "SELECT COUNT(*) FROM tickets_drafts")).ShouldBe(0);
    }

    [Fact]
    public async Task Statistics_are_taken_anew_with_an_upgrade_where_there_are_any()
    {
        await MakeFirstReleaseAsync();
        await ExecuteAsync("ANALYZE; INSERT INTO sqlite_stat1 VALUES ('tickets_blocked_senders', 'IX_tickets_blocked_senders_Pattern', '90000 90000');");
        await using (await DeskServer.StartAsync(File))
            (await AskAsync(File, "SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'tickets_blocked_senders' AND stat LIKE '90000%'")).ShouldBe(0);
    }

    /// <summary>An installation as release 0.1.0 left it, with a row in it.</summary>
    private async Task MakeFirstReleaseAsync()
    {
        await using (var app = SiteDeskApplication.Build(["--data", _folder.Root, "--database", File]))
        {
            await using var scope = app.Services.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<Database>();
            await database.Database.GetService<IMigrator>().MigrateAsync("Initial");
        }

        // The program that made it has ended.
        SqliteConnection.ClearAllPools();
        await ExecuteAsync("INSERT INTO tickets_blocked_senders (\"Pattern\", \"Reason\", \"CreatedAt\") VALUES ('spam@example.net', '', '2026-01-01 00:00:00');");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> AskAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
