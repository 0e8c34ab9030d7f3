using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Sites;

public abstract class SiteSettingsTests(Func<Task<DeskServer>> start)
{
    private static readonly (string, string)[] General =
        [("Name", "Nordlicht"), ("Address", "https://nordlicht.example/shop?x=1"), ("Domains", "nordlicht.example\n*.Nordlicht.example\nlocalhost:3000\nпример.рф"), ("Languages", "en"), ("Languages", "ru"), ("DefaultLanguage", "ru"), ("Color", "#AA3311")];

    [Fact]
    public async Task The_set_up_leads_to_a_page_with_the_snippet_and_a_place_to_try_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var site = await SiteAsync(desk);
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/sites/{site.Id}/widget"));
        page.ShouldContain($"""<script src="{desk.Address}widget.js" data-site="{site.Key}" async></script>""");
        page.ShouldContain($"href=\"/try/{site.Key}\"");
    }

    [Fact]
    public async Task Name_domains_languages_and_colour_are_changed_and_made_canonical()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/sites/{(await SiteAsync(desk)).Id}";
        await owner.SubmitAsync(page, page, General);
        var site = await SiteAsync(desk);
        site.Name.ShouldBe("Nordlicht");
        site.Address.ShouldBe("https://nordlicht.example/shop");
        site.Domains.ShouldBe(["nordlicht.example", "*.nordlicht.example", "localhost:3000", "xn--e1afmkfd.xn--p1ai"]);
        site.Languages.ShouldBe(["ru", "en"]);
        site.Color.ShouldBe("#aa3311");
        (await desk.AuditAsync()).ShouldContain("site.changed");
        (await owner.GetTextAsync($"{page}?done=saved")).ShouldContain("Saved.");

        await owner.SubmitAsync(page, page, [.. General.Where(pair => pair.Item1 != "Name"), ("Name", "🦊 Lamps")]);
        var contact = WebUtility.HtmlDecode(await owner.GetTextAsync($"/contact/{site.Key}"));
        contact.ShouldNotContain("\uFFFD", customMessage: "the first letter stands for the logo and is not cut in half");
    }

    [Theory]
    [InlineData("", "Name", "Second")]
    [InlineData("/hours", "TimeZone", "Asia/Tokyo")]
    [InlineData("/widget", "Position", "start")]
    [InlineData("/privacy", "PageVisitDays", "77")]
    [InlineData("/help", "helpAddress", "help.example.org")]
    public async Task Who_saves_over_another_is_told_first_and_keeps_what_they_typed(string room, string field, string typed)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var site = await SiteAsync(desk);
        var (general, page) = ($"/agent/sites/{site.Id}", $"/agent/sites/{site.Id}{room}");
        var seen = VersionIn(await owner.GetTextAsync(page));
        await owner.SubmitAsync(general, general, [.. General.Where(pair => pair.Item1 != "Name"), ("Name", "First"), ("Version", seen)]);

        (string, string)[] fields = [.. room.Length == 0 ? General.Where(pair => pair.Item1 != field) : [("Theme", "auto"), ("Offset", "20")], (field, typed)];
        var told = await owner.RefusedAsync(page, page, [.. fields, ("Version", seen)]);
        told.ShouldContain("save again to put it in place of theirs");
        told.ShouldContain(typed);
        (await SiteAsync(desk)).Name.ShouldBe("First");
        await owner.SubmitAsync(page, page, [.. fields, ("Version", VersionIn(told))]);
    }

    private static string VersionIn(string page) => page.Split("name=\"Version\" value=\"")[1].Split('"')[0];

    [Theory]
    [InlineData("Name", "", "Enter the name")]
    [InlineData("Address", "javascript:alert(1)", "Enter the address")]
    [InlineData("Domains", "*", "is not a host")]
    [InlineData("Domains", "*.com/<script>", "is not a host")]
    [InlineData("Domains", " ", "at least one domain")]
    [InlineData("Languages", "tlh", "at least one language")]
    [InlineData("Color", "red", "Choose a colour")]
    public async Task What_cannot_be_understood_is_named_and_nothing_is_stored(string field, string value, string told)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var before = await SiteAsync(desk);
        var page = $"/agent/sites/{before.Id}";
        (await owner.RefusedAsync(page, page, [.. General.Where(pair => pair.Item1 != field), (field, value)])).ShouldContain(told);
        (await SiteAsync(desk)).Version.ShouldBe(before.Version);
    }

    [Fact]
    public async Task Hours_have_two_periods_a_day_nights_and_holidays()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/sites/{(await SiteAsync(desk)).Id}/hours";
        await owner.SubmitAsync(page, page,
            ("TimeZone", "Asia/Shanghai"),
            ("opens-1-0", "09:00"), ("closes-1-0", "12:00"), ("opens-1-1", "13:00"), ("closes-1-1", "18:30"),
            ("opens-5-0", "22:00"), ("closes-5-0", "02:00"),
            ("special-0", "2026-10-01"), ("special-1", "2026-10-02"), ("special-1-opens-0", "10:00"), ("special-1-closes-0", "14:00"), ("special-2", ""));
        var hours = (await SiteAsync(desk)).Hours;
        hours.Week.ShouldBe([new(1, new(9, 0), new(12, 0)), new(1, new(13, 0), new(18, 30)), new(5, new(22, 0), new(2, 0))]);
        hours.SpecialDays.Select(day => (day.Date, day.Periods.Count)).ShouldBe([(new DateOnly(2026, 10, 1), 0), (new DateOnly(2026, 10, 2), 1)]);
        var shown = await owner.GetTextAsync(page);
        shown.ShouldContain("name=\"closes-5-0\" value=\"02:00\"");
        shown.ShouldContain("value=\"2026-10-02\"");

        var refused = await owner.RefusedAsync(page, page,
            ("TimeZone", "Mars/Base"), ("opens-2-0", "09:00"), ("opens-3-0", "09:00"), ("closes-3-0", "18:00"), ("opens-3-1", "17:00"), ("closes-3-1", "20:00"),
            ("special-0", "2026-10-01"), ("special-1", "2026-10-01"), ("special-2", "soon"));
        foreach (var told in new[] { "Choose a time zone", "#day-2", "Enter both times", "#day-3", "overlap", "stands here twice", "Enter a date" })
            refused.ShouldContain(told);
        refused.ShouldContain("value=\"17:00\"");
        (await SiteAsync(desk)).Hours.TimeZone.ShouldBe("Asia/Shanghai");
    }

    [Fact]
    public async Task The_widget_keeps_greetings_per_language_and_its_rules()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/sites/{(await SiteAsync(desk)).Id}/widget";
        await owner.SubmitAsync(page, page,
            ("Greetings", "Hi there"), ("Greetings", ""), ("Greetings", "你好"), ("Position", "start"), ("Theme", "dark"), ("Offset", "40"), ("AsksContactFirst", "true"));
        var widget = (await SiteAsync(desk)).Widget;
        widget.Greeting.ShouldBe(new Dictionary<string, string> { ["en"] = "Hi there", ["zh-Hans"] = "你好" });
        widget.ShouldBe(new WidgetSettings { Greeting = widget.Greeting, Position = "start", Theme = "dark", Offset = 40, AsksContactFirst = true, OffersProblemReport = false, ShowsAgentNames = false });
        (await owner.RefusedAsync(page, page, ("Greetings", new string('x', 301)), ("Position", "end"), ("Theme", "auto"), ("Offset", "900"))).ShouldContain("from 0 to 200");
    }

    [Fact]
    public async Task A_changed_consent_text_is_a_new_version_and_the_old_one_stays()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync(languages: ["en", "ru"]);
        var id = (await SiteAsync(desk)).Id;
        var page = $"/agent/sites/{id}/privacy";
        (string, string)[] common = [("PageVisitDays", "14"), ("TracksPages", "true"), ("PolicyAddress", "nordlight.example/privacy")];
        (await owner.RefusedAsync(page, page, [.. common, ("Wordings", "We note pages."), ("Wordings", "")])).ShouldContain("in this language too");

        await owner.SubmitAsync(page, page, [.. common, ("Wordings", "We note pages."), ("Wordings", "Мы записываем страницы.")]);
        await owner.SubmitAsync(page, page, [.. common, ("Wordings", "We note pages."), ("Wordings", "Мы записываем страницы.")]);
        await owner.SubmitAsync(page, page, [.. common, ("Wordings", "We note pages for 14 days."), ("Wordings", "Мы храним страницы 14 дней.")]);

        var texts = await desk.InDatabaseAsync(database => database.Set<ConsentText>().AsNoTracking().OrderBy(text => text.Number).ThenBy(text => text.Language).Select(text => new { text.Number, text.Language, text.Text }).ToListAsync());
        texts.Select(text => (text.Number, text.Language)).ShouldBe([(1, "en"), (1, "ru"), (2, "en"), (2, "ru")]);
        texts[0].Text.ShouldBe("We note pages.");
        (await SiteAsync(desk)).Privacy.ShouldBe(new PrivacySettings { TracksPages = true, PageVisitDays = 14, PolicyAddress = "https://nordlight.example/privacy" });
    }

    [Fact]
    public async Task A_logo_is_a_small_picture_and_nothing_else()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/sites/{(await SiteAsync(desk)).Id}";
        (await UploadAsync(owner, page, "logo.svg", "image/svg+xml", "<svg onload=\"alert(1)\"/>"u8.ToArray())).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await UploadAsync(owner, page, "logo.png", "image/png", "no picture"u8.ToArray())).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await UploadAsync(owner, page, "logo.png", "image/png", [.. Png, .. new byte[SiteLogo.MostBytes]])).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await UploadAsync(owner, page, "logo.png", "image/png", Png)).ShouldBe(HttpStatusCode.SeeOther);

        using var stranger = desk.NewClient();
        var address = $"/site-logo/{(await SiteAsync(desk)).Key}";
        var answer = await stranger.GetAsync(address);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Png);
        await owner.SubmitAsync($"{page}/logo/removal", page);
        (await stranger.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_second_site_is_added_and_the_first_archived_but_never_the_last()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var page = $"/agent/sites/{(await SiteAsync(desk)).Id}";
        (await owner.RefusedAsync($"{page}/archive", page)).ShouldContain("the only site");
        var second = await owner.SubmitAsync("/agent/sites", "/agent/sites/new", ("SiteName", "Halyard"), ("SiteAddress", "www.halyard.example"), ("Languages", "en"), ("TimeZone", "Europe/London"));
        second.ShouldMatch("^/agent/sites/[0-9]+/widget$");
        await owner.SubmitAsync($"{page}/archive", page);
        (await SiteAsync(desk)).ArchivedAt.ShouldNotBeNull();
        await owner.SubmitAsync($"{page}/restoration", page);
        (await SiteAsync(desk)).ArchivedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_confined_neither_sees_nor_changes_other_sites_nor_adds_one()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var id = (await SiteAsync(desk)).Id;
        using var partner = await desk.NewStaffAsync("partner@example.com", Role.Administrator, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = id + 1 });
        });
        (await partner.GetTextAsync("/agent/sites")).ShouldNotContain("Nordlight");
        foreach (var room in new[] { "", "/hours", "/widget", "/privacy" })
        {
            (await partner.GetAsync($"/agent/sites/{id}{room}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await partner.PostFormAsync($"/agent/sites/{id}{room}", [], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await partner.PostFormAsync("/agent/sites", [new("SiteName", "Mine"), new("SiteAddress", "mine.example"), new("Languages", "en")], "/agent/profile")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static Task<Site> SiteAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<Site>().AsNoTracking().OrderBy(site => site.Id).FirstAsync());

    private static async Task<HttpStatusCode> UploadAsync(DeskClient client, string page, string name, string type, byte[] content)
    {
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent { { new StringContent(await client.TokenAsync(page)), "__RequestVerificationToken" }, { file, "Logo", name } };
        return (await client.Http.PostAsync(new Uri($"{page}/logo", UriKind.Relative), form)).StatusCode;
    }

    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}

public sealed class SiteSettingsOnSqliteTests() : SiteSettingsTests(() => DeskServer.StartAsync());

public sealed class SiteSettingsOnPostgresTests(PostgresServer server)
    : SiteSettingsTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SiteSettingsOnPostgresTests), TestContext.Current.CancellationToken)));
