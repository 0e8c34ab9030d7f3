using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.CommandLine.Backup;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.CommandLine;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Releases;

/// <summary>
/// Every earlier release left an installation with data behind: the demonstration, as that release's own backup. Its rows are
/// loaded into that release's schema and brought forward by the migrations since.
/// </summary>
public sealed class UpgradeTests(PostgresServer postgres) : IDisposable
{
    private const string Password = "northern-lights";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, bool> ReleasesOnBothDatabases()
    {
        var data = new TheoryData<string, bool>();
        foreach (var release in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Releases"), "*.zip").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))
        {
            data.Add(release!, false);
            data.Add(release!, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ReleasesOnBothDatabases))]
    public async Task Installation_of_an_earlier_release_works_on_with_all_its_rows(string release, bool onPostgres)
    {
        var archive = Path.Combine(AppContext.BaseDirectory, "Releases", $"{release}.zip");
        var database = onPostgres ? await postgres.CreateDatabaseAsync(typeof(UpgradeTests), CancellationToken.None) : _folder.PathTo("earlier.db");
        (await CommandRun.Of("restore", archive, "--data", _folder.PathTo("data"), "--database", database)).ShouldBeDone();

        await using var desk = await DeskServer.StartAsync(database);
        await using (var scope = desk.Services.CreateAsyncScope())
            await CompareAsync(scope.ServiceProvider.GetRequiredService<Database>(), archive);

        using var owner = desk.NewClient();
        await owner.SignInAsync("anna@nordlight.example.com", Password);
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("/agent/tickets/");
        foreach (var ticket in new[] { 1, 50, 200 })
            (await owner.GetTextAsync($"/agent/tickets/{ticket}")).ShouldContain($"#{ticket}");
        (await owner.GetTextAsync("/agent/search?query=order")).ShouldContain("/agent/tickets/");
        (await owner.GetAsync("/agent/sites")).EnsureSuccessStatusCode();
    }

    private static async Task CompareAsync(Database database, string archive)
    {
        using var backup = BackupReader.Open(archive);
        long RowsOf(string table) => backup.Manifest.Tables.Single(archived => archived.Name == table).Rows;
        (await database.Set<Ticket>().LongCountAsync()).ShouldBe(RowsOf("tickets_tickets"));
        (await database.Set<Message>().LongCountAsync()).ShouldBe(RowsOf("tickets_messages"));
        (await database.Set<TicketChange>().LongCountAsync()).ShouldBe(RowsOf("tickets_changes"));
        (await database.Set<Customer>().LongCountAsync()).ShouldBe(RowsOf("customers_customers"));
        (await database.Set<CustomerContact>().LongCountAsync()).ShouldBe(RowsOf("customers_contacts"));
        RowsOf("tickets_tickets").ShouldBeGreaterThan(300);

        // 0.2: own fields got columns for comparing.
        foreach (var value in await database.Set<TicketFieldValue>().AsNoTracking().ToListAsync())
            (value.Number, value.Day).ShouldBe((TicketFieldValue.NumberIn(value.Value), TicketFieldValue.DayIn(value.Value)), value.Value);
    }
}
