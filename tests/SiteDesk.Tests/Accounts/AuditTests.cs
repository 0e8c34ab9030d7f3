using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
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
        var page = await owner.GetTextAsync("/agent/audit?from=2026-03-02&to=2026-03-02");
        page.ShouldContain("title=\"team:1\"");
        page.ShouldNotContain("title=\"team:0\"");
    }

    [Fact]
    public async Task Nonsense_in_the_filter_is_no_fault()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.GetAsync("/agent/audit?person=x&from=2026-99-99&to=x&before=-4&action=%3Cscript%3E")).StatusCode.ShouldBe(HttpStatusCode.OK);
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
        page.ShouldNotContain("title=\"team:0\"");
        page.ShouldNotContain("Nordlight");
    }

    [Fact]
    public async Task What_changed_is_told_in_the_readers_language()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var colleague = await desk.AddStaffAsync("colleague@example.com", Role.Agent);
        var called = await desk.InDatabaseAsync(database => database.Set<StaffMember>().Where(member => member.Id == colleague).Select(member => member.DisplayName).SingleAsync());
        await owner.SubmitAsync($"/agent/staff/{colleague}", $"/agent/staff/{colleague}", ("Role", "Lead"), ("MasksContacts", "true"));
        await owner.SubmitAsync("/agent/sites/1/privacy", "/agent/sites/1/privacy", ("PageVisitDays", "30"));
        foreach (var (language, words) in new (string, string[])[]
        {
            ("en", ["role after: Lead", "contacts masked, after: on", "consent: not required", $"Colleague {called}"]),
            ("ru", ["роль после: ", "контакты скрыты, после: вкл.", "согласие: не требуется", $"Сотрудник {called}"]),
            ("zh-Hans", ["新角色: ", "隐藏联系方式（新）: 开", "同意: 非必须", $"同事 {called}"]),
        })
        {
            await owner.SubmitAsync("/agent/profile", "/agent/profile", ("Name", "Olga"), ("Language", language), ("TimeZone", "Europe/Berlin"), ("Theme", "system"));
            var page = WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/audit?action=staff."));
            page.ShouldContain(words[0]);
            page.ShouldContain(words[1]);
            page.ShouldContain(words[3]);
            WebUtility.HtmlDecode(await owner.GetTextAsync("/agent/audit?action=site.privacy-changed")).ShouldContain(words[2]);
        }
    }

    [Fact]
    public async Task The_log_is_filtered_by_person_kind_and_time_and_exported_as_it_is_filtered()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await WriteAsync(desk, 5, line => new DateTime(2026, 3, 1 + line, 12, 0, 0, DateTimeKind.Utc));
        await desk.InDatabaseAsync(async database =>
        {
            database.Add(new AuditEntry { At = new DateTime(2026, 3, 3, 12, 0, 0, DateTimeKind.Utc), ActorKind = ActorKind.Staff, ActorId = 1, ActorName = "=HYPERLINK(\"x\")", Action = "site.changed", Subject = "site:1", Details = { ["name"] = "Nord, \"light\"" } });
            return await database.SaveChangesAsync();
        });

        var page = await owner.GetTextAsync("/agent/audit?action=team.&from=2026-03-02&to=2026-03-04");
        SubjectPattern().Matches(page).Count.ShouldBe(3);
        (await owner.GetTextAsync("/agent/audit?person=1&from=2026-03-02&to=2026-03-04")).ShouldNotContain("title=\"team:2\"");

        var answer = await owner.GetAsync("/agent/audit/export?from=2026-03-03&to=2026-03-03");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var lines = (await answer.Content.ReadAsStringAsync()).TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[1].ShouldContain("Changed a site,Site Nordlight,\"name: Nord, \"\"light\"\"\"");
        lines[1].ShouldNotContain(",=HYPERLINK", customMessage: "a spreadsheet must not calculate what somebody called themselves");
        lines[2].ShouldContain("Changed a team,Team 2");
        (await desk.AuditAsync()).ShouldContain("audit.exported");

        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync("/agent/audit/export")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
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

    [GeneratedRegex(""" title="team:(?<number>\d+)" """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SubjectPattern();

    [GeneratedRegex("""rel="next" href="(?<address>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextPattern();
}

public sealed class AuditOnSqliteTests() : AuditTests(() => DeskServer.StartAsync());

public sealed class AuditOnPostgresTests(PostgresServer server)
    : AuditTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(AuditOnPostgresTests), TestContext.Current.CancellationToken)));
