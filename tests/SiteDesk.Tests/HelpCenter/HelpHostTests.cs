using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Hosts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Customers;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>A help centre stands under a host of its own.</summary>
public abstract partial class HelpHostTests(Func<string[], Task<DeskServer>> start)
{
    private const string Host = "help.shop.example";
    private const string Origin = "https://" + Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_find_the_whole_help_centre_under_it_and_every_address_says_so()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        var key = await PrepareAsync(desk, owner);
        using var visitor = Under(desk, Host);

        (await visitor.GetAsync("/")).Headers.Location!.ToString().ShouldBe("/en");
        (await visitor.GetAsync("/zh-CN")).Headers.Location!.ToString().ShouldBe("/zh-Hans");
        var home = await visitor.GetTextAsync("/en");
        home.ShouldContain("href=\"/en/sections/returns\"");
        home.ShouldContain("href=\"/en/articles/how-to-return\"");
        (await visitor.GetTextAsync("/en/sections/returns")).ShouldContain("href=\"/en/articles/how-to-return\"");
        (await visitor.GetTextAsync("/en/search?q=return")).ShouldContain("/en/articles/how-to-return?q=");
        (await visitor.GetTextAsync("/en/suggestions?q=return")).ShouldContain("\"/en/articles/how-to-return\"");

        var article = await visitor.GetTextAsync("/en/articles/how-to-return");
        article.ShouldContain($"rel=\"canonical\" href=\"{Origin}/en/articles/how-to-return\"");
        article.ShouldContain($"hreflang=\"ru\" href=\"{Origin}/ru/articles/{Uri.EscapeDataString("как-вернуть")}\"");
        article.ShouldContain($"property=\"og:url\" content=\"{Origin}/en/articles/how-to-return\"");
        article.ShouldContain($"\"mainEntityOfPage\":\"{Origin}/en/articles/how-to-return\"");
        article.ShouldContain($"\"item\":\"{Origin}/en\"");
        article.ShouldContain("data-suggestions=\"/en/suggestions\"");
        article.ShouldContain("action=\"/en/articles/how-to-return/votes\"");
        article.Replace($"/help/{key}/en/articles/money-back", "", StringComparison.Ordinal).ShouldNotContain($"/help/{key}", customMessage: "only the link that the author stored");

        Locations(await visitor.GetTextAsync("/sitemap.xml")).ShouldBe([$"{Origin}/en/sitemap.xml", $"{Origin}/ru/sitemap.xml"]);
        Locations(await visitor.GetTextAsync("/en/sitemap.xml")).ShouldBe([$"{Origin}/en", $"{Origin}/en/articles/how-to-return", $"{Origin}/en/articles/money-back"]);
        var feed = await visitor.GetTextAsync("/en/feed.atom");
        feed.ShouldContain($"href=\"{Origin}/en/articles/how-to-return\"");
        var robots = await visitor.GetTextAsync("/robots.txt");
        robots.ShouldContain($"Sitemap: {Origin}/sitemap.xml");
        using var desktop = desk.NewClient();
        (await desktop.GetTextAsync("/robots.txt")).ShouldNotContain("Sitemap:", customMessage: "a map is believed only of its own host");
        (await visitor.GetTextAsync($"/contact/{key}?language=en")).ShouldContain($"action=\"/contact/{key}");
        (await visitor.GetAsync("/css/base.css")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await visitor.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Whoever follows the feed is told of no article again because the address became another (RFC 4287, section 4.2.6).
        await owner.SubmitAsync("/agent/sites/1/help", "/agent/sites/1/help", ("helpAddress", ""));
        var before = await desktop.GetTextAsync($"/help/{key}/en/feed.atom");
        before.ShouldContain($"href=\"{desk.Address}help/{key}/en/articles/how-to-return\"");
        Identities(before).ShouldBe(Identities(feed));
        Identities(feed).Distinct().Count().ShouldBe(3, "the feed and two articles");
        Identities(feed).ShouldAllBe(identity => identity.StartsWith("urn:uuid:", StringComparison.Ordinal));
        Identities(await desktop.GetTextAsync($"/help/{key}/ru/feed.atom")).ShouldAllBe(identity => !feed.Contains(identity));
    }

    [Fact]
    public async Task A_visitor_votes_under_it_and_asks_through_the_form_there()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        var key = await PrepareAsync(desk, owner);
        using var visitor = Under(desk, Host);

        using (var vote = new FormUrlEncodedContent([new("helped", "false")]))
        {
            var voted = await visitor.Http.PostAsync(new Uri("/en/articles/how-to-return/votes", UriKind.Relative), vote, Cancellation);
            voted.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
            voted.Headers.Location!.ToString().ShouldStartWith("/en/articles/how-to-return/votes/");
            (await visitor.GetTextAsync(voted.Headers.Location.ToString())).ShouldContain("/en/articles/how-to-return");
        }

        var form = $"/contact/{key}?language=en";
        var reservation = ReservationPattern().Match(await visitor.GetTextAsync(form)).Groups["value"].Value;
        var asked = await visitor.PostFormAsync(form, [new("reservation", reservation), new("text", "It is not written there."), new("contact", "anna@example.com")]);
        asked.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.GetTextAsync(asked.Headers.Location!.ToString())).ShouldContain("It is not written there.");
    }

    [Fact]
    public async Task Long_addresses_lead_there_for_readers_and_stay_for_the_staff()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        var key = await PrepareAsync(desk, owner);
        using var visitor = desk.NewClient();
        using var there = Under(desk, Host);
        var russian = "/ru/articles/" + Uri.EscapeDataString("как-вернуть");

        foreach (var client in new[] { visitor, there })
        {
            foreach (var (longer, shorter) in new[] { ("", "/"), ("/en", "/en"), (russian + "?q=x", russian + "?q=x"), ("/en/sections/returns", "/en/sections/returns"), ("/sitemap.xml", "/sitemap.xml"), ("/en/feed.atom", "/en/feed.atom") })
            {
                var answer = await client.GetAsync($"/help/{key}{longer}");
                answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently, longer);
                answer.Headers.Location!.OriginalString.ShouldBe(Origin + shorter);
                answer.Headers.CacheControl!.NoCache.ShouldBeTrue("a host can be given up again");
            }
        }

        var seen = await owner.GetTextAsync($"/help/{key}/en/articles/inside");
        seen.ShouldContain("For us alone");
        seen.ShouldContain($"href=\"/help/{key}/en\"", customMessage: "the staff stay where they are signed in");
        seen.ShouldContain($"property=\"og:url\" content=\"{Origin}/en/articles/inside\"");
        (await there.GetAsync("/en/articles/inside")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await there.GetTextAsync("/en/articles/how-to-return")).ShouldContain("href=\"/en\"", customMessage: "and no page of the one is shown to the other");
        (await owner.GetTextAsync($"/help/{key}/en/articles/how-to-return")).ShouldContain($"href=\"/help/{key}/en\"");
        (await there.GetTextAsync("/en/articles/how-to-return")).ShouldNotContain($"href=\"/help/{key}/en\"");
    }

    [Fact]
    public async Task Who_writes_to_us_or_for_us_gets_links_to_it()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        var key = await PrepareAsync(desk, owner);
        using var visitor = desk.NewClient();
        var ticket = await desk.AskAsync("How to return a lamp?", "anna@example.com");

        (await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=return&place=widget")).ShouldContain($"\"{Origin}/en/articles/how-to-return\"");
        (await visitor.GetTextAsync($"/contact/{key}?language=en&text=return")).ShouldContain($"href=\"{Origin}/en/articles/how-to-return\"");
        (await owner.GetTextAsync($"/agent/help/insertions/{ticket.Id}?query=return")).ShouldContain($"{Origin}/en/articles/how-to-return");
        (await owner.GetTextAsync($"/agent/help/insertions/{ticket.Id}?query=return")).ShouldNotContain($"/help/{key}");
    }

    [Fact]
    public async Task Nothing_else_of_the_program_answers_under_it()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        await PrepareAsync(desk, owner);
        using var visitor = Under(desk, Host);
        var routes = desk.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && endpoint.RoutePattern.RawText is { } text && !text.Contains("{**", StringComparison.Ordinal)).ToList();

        var faults = new List<string>();
        foreach (var route in routes.Where(route => !HelpHostDoors.Open.Contains(HelpHostDoors.NameOf(route.RoutePattern.RawText!))))
        {
            var path = string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart ? "1" : ((Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart)part).Content))));
            if (path.Length == 0)
                continue; // the start of the program is the help centre's own here
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/" + path, UriKind.Relative));
                using var answer = await visitor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                if (answer.StatusCode != HttpStatusCode.NotFound)
                    faults.Add($"{method} /{path}: {(int)answer.StatusCode}");
            }
        }

        faults.ShouldBeEmpty();
        routes.Count.ShouldBeGreaterThan(200);
        HelpHostDoors.Open.Except(routes.Select(route => HelpHostDoors.NameOf(route.RoutePattern.RawText!))).ShouldBeEmpty("what is open is there");
        HelpHostDoors.Pages.Except(HelpHostDoors.Open).ShouldBeEmpty();

        // Nor with the rights of the staff, and nor does another site's help centre.
        visitor.Http.DefaultRequestHeaders.Add("Cookie", string.Join("; ", owner.Cookies.GetAllCookies().Select(cookie => $"{cookie.Name}={cookie.Value}")));
        (await visitor.GetAsync("/agent")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var other = await AddSiteAsync(desk);
        (await visitor.GetAsync($"/help/{other}/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync($"/contact/{other}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var desktop = desk.NewClient();
        (await desktop.GetAsync($"/help/{other}/en")).StatusCode.ShouldBe(HttpStatusCode.OK, "which stays where it is");
    }

    [Fact]
    public async Task An_administrator_is_told_what_is_wrong_with_a_host_and_can_take_it_back()
    {
        await using var desk = await start([]);
        using var owner = await desk.SetUpAsync();
        var key = await PrepareAsync(desk, owner);
        var other = await desk.InDatabaseAsync(async database => await AddSiteRowAsync(database));
        var (page, second) = ("/agent/sites/1/help", $"/agent/sites/{other}/help");
        foreach (var wrong in new[] { "nonsense", "https://help.example.com/path", "help.example.com?x=1", "ftp://help.example.com", "192.0.2.7", "[::1]", "user@help.example.com", "help..example.com", "-help.example.com", "xn--a.example.com", new string('a', 400) + ".example.com" })
            (await RefusedAsync(owner, second, wrong)).ShouldContain("That is no host name", customMessage: wrong);
        (await RefusedAsync(owner, second, Host)).ShouldContain("has this name already");
        (await RefusedAsync(owner, second, "HELP.shop.example:8443")).ShouldContain("has this name already");
        (await RefusedAsync(owner, second, "https://shop.example.com")).ShouldContain("A website answers under this name");
        (await owner.SubmitAsync(second, second, ("helpAddress", "https://Справка.магазин.example/"))).ShouldNotBeNull();
        (await desk.InDatabaseAsync(database => database.Set<Site>().Where(site => site.Id == other).Select(site => site.HelpOrigin).SingleAsync())).ShouldBe($"https://{Ascii("справка")}.{Ascii("магазин")}.example");
        (await owner.GetTextAsync(second)).ShouldContain("value=\"https://справка.магазин.example\"", customMessage: "people read it in its own script");

        await owner.SubmitAsync(page, page, ("helpAddress", ""));
        using var visitor = desk.NewClient();
        (await visitor.GetTextAsync($"/help/{key}/en")).ShouldContain($"href=\"/help/{key}/en/articles/how-to-return\"");
        using var there = Under(desk, Host);
        (await there.GetAsync("/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await desk.AuditAsync()).ShouldContain("site.help-host-changed");
    }

    [Fact]
    public async Task A_forwarded_host_is_believed_of_a_named_proxy_alone()
    {
        await using var believing = await start(["--trusted-proxies", "127.0.0.1"]);
        await using var doubting = await DeskServer.StartAsync();
        foreach (var (desk, expected) in new[] { (believing, HttpStatusCode.OK), (doubting, HttpStatusCode.NotFound) })
        {
            using var owner = await desk.SetUpAsync();
            await PrepareAsync(desk, owner);
            using var visitor = desk.NewClient();
            visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", Host);
            visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
            (await visitor.GetAsync("/en/articles/how-to-return")).StatusCode.ShouldBe(expected);
        }
    }

    private static async Task<string> PrepareAsync(DeskServer desk, DeskClient owner)
    {
        var key = (await desk.SiteAsync()).Key;
        var section = await desk.AddSectionAsync("Returns", "Возврат");
        var article = await desk.PublishAsync(section, "en", "How to return", $"<p>Open the order, then see <a href=\"/help/{key}/en/articles/money-back\">money</a>.</p><h2>What does it cost?</h2><p>Nothing.</p>");
        await desk.TranslateAsync(article.Id, "ru", "Как вернуть", "<p>Откройте заказ.</p>");
        await desk.PublishAsync(section, "en", "Money back", "<p>In five days.</p>");
        await desk.PublishAsync(section, "en", "Inside", "<p>For us alone.</p>", change: row => row.Audience = Audience.Staff);
        await desk.SettleAsync();
        await owner.SubmitAsync("/agent/sites/1/help", "/agent/sites/1/help", ("helpAddress", Origin + "/"));
        return key;
    }

    private static DeskClient Under(DeskServer desk, string host)
    {
        var client = desk.NewClient();
        client.Http.DefaultRequestHeaders.Host = host;
        return client;
    }

    private static async Task<string> RefusedAsync(DeskClient owner, string page, string typed)
    {
        var answer = await owner.PostFormAsync(page, [new("helpAddress", typed)], page);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, typed);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<string> AddSiteAsync(DeskServer desk)
    {
        var id = await desk.InDatabaseAsync(AddSiteRowAsync);
        await using var scope = desk.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
        return await desk.InDatabaseAsync(database => database.Set<Site>().Where(site => site.Id == id).Select(site => site.Key).SingleAsync(Cancellation));
    }

    private static async Task<long> AddSiteRowAsync(Database database)
    {
        var site = new Site { Key = Tokens.New(), Name = "Second", Address = "https://second.example.com", Languages = ["en"], CreatedAt = TimeProvider.System.Now() };
        database.Add(site);
        await database.SaveChangesAsync(Cancellation);
        return site.Id;
    }

    [System.Text.RegularExpressions.GeneratedRegex("name=\"reservation\" value=\"(?<value>[^\"]+)", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex ReservationPattern();

    private static string Ascii(string label) => new System.Globalization.IdnMapping().GetAscii(label);

    private static List<string> Identities(string feed) => [.. XDocument.Parse(feed).Descendants().Where(element => element.Name.LocalName == "id").Select(element => element.Value)];

    private static List<string> Locations(string map) => [.. XDocument.Parse(map).Descendants().Where(element => element.Name.LocalName == "loc").Select(element => element.Value)];
}

public sealed class HelpHostOnSqliteTests() : HelpHostTests(arguments => DeskServer.StartAsync(arguments: arguments));

public sealed class HelpHostOnPostgresTests(PostgresServer server)
    : HelpHostTests(async arguments => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(HelpHostOnPostgresTests), TestContext.Current.CancellationToken), arguments: arguments));
