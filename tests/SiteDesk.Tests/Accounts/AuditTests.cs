using System.Net;
using System.Text.RegularExpressions;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

public abstract partial class AuditTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task The_log_is_read_page_by_page_without_gap_or_repeat()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        const int written = 2 * AuditReader.PageSize + 7;
        await WriteAsync(desk, written, line => new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(line));
        var seen = new List<int>();
        var address = "/agent/audit?action=team.changed";
        while (address is not null)
        {
            var page = await owner.GetTextAsync(address);
            seen.AddRange(SubjectPattern().Matches(page).Select(match => int.Parse(match.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)));
            address = NextPattern().Match(page) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups["address"].Value) : null;
        }

        seen.ShouldBe(Enumerable.Range(0, written).Reverse());
    }

    [Fact]
    public async Task A_day_is_the_readers_day()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/profile", "/agent/profile", ("Name", "Olga"), ("Language", "en"), ("TimeZone", "Asia/Shanghai"), ("Theme", "system"));
        // 15:59 UTC is still the 1st in Shanghai, 16:00 the 2nd.
        await WriteAsync(desk, 2, line => new DateTime(2026, 3, 1, 15, 59, 0, DateTimeKind.Utc).AddMinutes(line));
        var page = await owner.GetTextAsync("/agent/audit?day=2026-03-02");
        page.ShouldContain("team:1<");
        page.ShouldNotContain("team:0<");
    }

    [Fact]
    public async Task Nonsense_in_the_filter_is_no_fault()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.GetAsync("/agent/audit?person=x&day=2026-99-99&before=-4&action=%3Cscript%3E")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_is_confined_sees_what_they_did_and_their_sites()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var partner = await desk.NewStaffAsync("partner@example.com", Role.Administrator, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = 77 });
        });
        await WriteAsync(desk, 1, _ => DateTime.UnixEpoch);
        var page = await partner.GetTextAsync("/agent/audit");
        page.ShouldContain("Signed in");
        page.ShouldNotContain("team:0<");
        page.ShouldNotContain("Nordlight");
    }

    private static async Task WriteAsync(DeskServer desk, int count, Func<int, DateTime> at) =>
        await desk.InDatabaseAsync(async database =>
        {
            database.AddRange(Enumerable.Range(0, count).Select(line => new AuditEntry
            {
                At = at(line),
                ActorKind = ActorKind.System,
                ActorName = "Test",
                Action = "team.changed",
                Subject = $"team:{line}",
            }));
            return await database.SaveChangesAsync();
        });

    [GeneratedRegex("""team:(?<number>\d+)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SubjectPattern();

    [GeneratedRegex("""rel="next" href="(?<address>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextPattern();
}

public sealed class AuditOnSqliteTests() : AuditTests(() => DeskServer.StartAsync());

public sealed class AuditOnPostgresTests(PostgresServer server)
    : AuditTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(AuditOnPostgresTests), TestContext.Current.CancellationToken)));
