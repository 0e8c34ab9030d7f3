using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>A visitor reads the help centre.</summary>
public abstract class ReadingTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_visitor_finds_the_way_from_the_home_page_to_an_article_and_changes_the_language_there()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns", "Возврат", "退货");
        var article = await desk.PublishAsync(section, "en", "How to return something", "<p>Open the order.</p><h2>What does it cost?</h2><p>Nothing.</p><h2>How long?</h2><p>Five days.</p>");
        await desk.TranslateAsync(article.Id, "ru", "Как вернуть товар", "<p>Откройте заказ.</p>");
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        var choice = await visitor.GetAsync($"/help/{key}");
        choice.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        choice.Headers.Location!.ToString().ShouldBe($"/help/{key}/en");
        var home = await visitor.GetTextAsync($"/help/{key}/en");
        home.ShouldContain($"href=\"/help/{key}/en/sections/returns\"");
        home.ShouldContain($"href=\"/help/{key}/en/articles/how-to-return-something\"");
        (await visitor.GetTextAsync($"/help/{key}/en/sections/returns")).ShouldContain("How to return something");

        var page = await visitor.GetTextAsync($"/help/{key}/en/articles/how-to-return-something");
        page.ShouldContain("<h1>How to return something</h1>");
        page.ShouldContain("href=\"#what-does-it-cost\"", customMessage: "a list of contents");
        page.ShouldContain("id=\"what-does-it-cost\"");
        page.ShouldContain($"href=\"/help/{key}/ru/articles/как-вернуть-товар\"", customMessage: "the language switch keeps the article");
        page.ShouldContain("\"@type\":\"FAQPage\"", customMessage: "its headings are questions");
        page.ShouldContain("\"@type\":\"BreadcrumbList\"");
        page.ShouldContain($"rel=\"canonical\" href=\"{desk.Address}help/{key}/en/articles/how-to-return-something\"");
        page.ShouldContain("hreflang=\"ru\" href=\"" + desk.Address + $"help/{key}/ru/articles/{Uri.EscapeDataString("как-вернуть-товар")}\"");
        (await visitor.GetTextAsync($"/help/{key}/ru/articles/{Uri.EscapeDataString("как-вернуть-товар")}")).ShouldContain("Откройте заказ.");
    }

    [Fact]
    public async Task A_language_without_the_article_shows_it_in_another_and_says_so()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        await desk.PublishAsync(section, "en", "How to return something", "<p>Open the order.</p>");
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        var page = await visitor.GetTextAsync($"/help/{key}/ru/articles/how-to-return-something");
        page.ShouldContain("<html lang=\"ru\"");
        page.ShouldContain("<article class=\"help-article\" lang=\"en\"");
        page.ShouldContain("На русском этой статьи пока нет");
        page.ShouldContain("<meta name=\"robots\" content=\"noindex\"");
        page.ShouldContain($"rel=\"canonical\" href=\"{desk.Address}help/{key}/en/articles/how-to-return-something\"");
    }

    [Fact]
    public async Task An_old_address_leads_to_the_new_one_and_a_wrong_one_to_a_search()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        var article = await desk.PublishAsync(section, "ru", "Возврат денег", "<p>Через пять дней.</p>");
        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            services.GetRequiredService<Database>().Add(new ArticleAddress { SiteId = row.SiteId, Language = "ru", Slug = row.Source!.Slug, ArticleId = row.Id });
            row.Source.Slug = "когда-вернут-деньги";
            await services.GetRequiredService<HelpStamp>().MoveAsync(row.SiteId, TestContext.Current.CancellationToken);
            return true;
        });
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        var old = await visitor.GetAsync($"/help/{key}/ru/articles/{Uri.EscapeDataString("возврат-денег")}");
        old.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        Uri.UnescapeDataString(old.Headers.Location!.ToString()).ShouldBe($"/help/{key}/ru/articles/когда-вернут-деньги");

        var missing = await visitor.GetAsync($"/help/{key}/ru/articles/{Uri.EscapeDataString("возвраты-за-заказ")}");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain("role=\"search\"");
        page.ShouldContain("Возврат денег", customMessage: "what the words of the address find");
        (await visitor.GetAsync("/help/nowhere/en")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync($"/help/{key}/zh-CN")).Headers.Location!.ToString().ShouldBe($"/help/{key}/zh-Hans");
    }

    [Fact]
    public async Task Each_reader_sees_what_is_for_them_everywhere()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Inside");
        await desk.PublishAsync(section, "en", "Zebra for everybody", "<p>Open.</p>");
        await desk.PublishAsync(section, "en", "Zebra for customers", "<p>Signed in.</p>", change: article => article.Audience = Audience.SignedIn);
        await desk.PublishAsync(section, "en", "Zebra for the staff", "<p>Secret.</p>", change: article => article.Audience = Audience.Staff);
        await desk.PublishAsync(section, "en", "Zebra for a segment", "<p>Few.</p>", change: article => (article.Audience, article.SegmentCondition) = (Audience.SignedIn, "{}"));
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        foreach (var path in new[] { "", "/sections/inside", "/search?q=zebra", "/suggestions?q=zebra", "/feed.atom", "/sitemap.xml", "/articles/zebra-for-everybody" })
        {
            var (outside, inside) = (await visitor.GetTextAsync($"/help/{key}/en{path}"), await owner.GetTextAsync($"/help/{key}/en{path}"));
            foreach (var hidden in new[] { "for-customers", "for-the-staff", "for-a-segment" })
            {
                outside.ShouldNotContain($"zebra-{hidden}", customMessage: path);
                if (path is "/feed.atom" or "/sitemap.xml")
                    inside.ShouldNotContain($"zebra-{hidden}", customMessage: path);
                else if (path != "/articles/zebra-for-everybody")
                    inside.ShouldContain($"zebra-{hidden}", customMessage: path);
            }
        }

        (await visitor.GetAsync($"/help/{key}/en/articles/zebra-for-the-staff")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await visitor.GetAsync($"/help/{key}/en/articles/zebra-for-the-staff?q=zebra")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var secret = await owner.GetAsync($"/help/{key}/en/articles/zebra-for-the-staff");
        secret.StatusCode.ShouldBe(HttpStatusCode.OK);
        secret.Headers.CacheControl!.Private.ShouldBeTrue();
        (await secret.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("noindex");
    }

    [Fact]
    public async Task What_is_published_unpublished_removed_and_brought_back_is_seen_at_once_by_its_author_and_soon_by_everybody()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("News");
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        (await visitor.GetTextAsync($"/help/{key}/en")).ShouldNotContain("Fresh");

        var article = await desk.PublishAsync(section, "en", "Fresh news", "<p>First.</p>");
        (await owner.GetTextAsync($"/help/{key}/en")).ShouldContain("Fresh news");
        await UntilAsync(async () => (await visitor.GetTextAsync($"/help/{key}/en")).Contains("Fresh news", StringComparison.Ordinal));

        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            row.Source!.Draft!.Body = "<p>Second.</p>";
            return await services.GetRequiredService<PublishArticle>().RunAsync(row, row.Source, HelpDesk.Author, at: null, remark: "", TestContext.Current.CancellationToken);
        });
        (await owner.GetTextAsync($"/help/{key}/en/articles/fresh-news")).ShouldContain("Second.");
        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            await services.GetRequiredService<PublishArticle>().RemoveAsync(row, HelpDesk.Author, TestContext.Current.CancellationToken);
            return true;
        });
        (await owner.GetAsync($"/help/{key}/en/articles/fresh-news")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            await services.GetRequiredService<PublishArticle>().RestoreAsync(row, HelpDesk.Author, TestContext.Current.CancellationToken);
            return true;
        });
        (await owner.GetAsync($"/help/{key}/en/articles/fresh-news")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.AuditAsync()).ShouldContain("article.removed");
    }

    [Fact]
    public async Task What_is_scheduled_is_not_seen_before_its_time()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("News");
        var article = await desk.PublishAsync(section, "en", "Soon", "<p>Now.</p>");
        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            row.Source!.Draft!.Body = "<p>Later.</p>";
            return await services.GetRequiredService<PublishArticle>().RunAsync(row, row.Source, HelpDesk.Author, TimeProvider.System.Now().AddHours(1), remark: "", TestContext.Current.CancellationToken);
        });
        var key = (await desk.SiteAsync()).Key;
        (await owner.GetTextAsync($"/help/{key}/en/articles/soon")).ShouldContain("Now.");

        await desk.ChangeAsync(article.Id, async (services, row) =>
        {
            (await services.GetRequiredService<PublishArticle>().ShowDueAsync(row, row.Source!, TestContext.Current.CancellationToken)).ShouldBeFalse();
            row.Source!.Schedule(row.Source.ScheduledVersionId!.Value, TimeProvider.System.Now().AddMinutes(-1));
            return await services.GetRequiredService<PublishArticle>().ShowDueAsync(row, row.Source!, TestContext.Current.CancellationToken);
        });
        (await owner.GetTextAsync($"/help/{key}/en/articles/soon")).ShouldContain("Later.");
    }

    [Fact]
    public async Task A_page_is_packed_kept_by_the_browser_and_free_of_what_only_one_reader_has()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        await desk.PublishAsync(section, "en", "Long", string.Concat(Enumerable.Repeat("<p>The same words again and again.</p>", 200)));
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/help/{key}/en/articles/long", UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        var first = await visitor.Http.SendAsync(request, TestContext.Current.CancellationToken);
        first.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        await using (var packed = await first.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionMode.Decompress));
            var page = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            page.ShouldContain("The same words");
            page.ShouldNotContain("nonce");
            page.ShouldNotContain("__RequestVerificationToken");
        }

        first.Headers.Contains("Set-Cookie").ShouldBeFalse();
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri($"/help/{key}/en/articles/long", UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await visitor.Http.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Programs_find_maps_a_feed_and_what_they_may_visit()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        var article = await desk.PublishAsync(section, "en", "Fish & <chips>", "<p>Open.</p>");
        await desk.TranslateAsync(article.Id, "zh-Hans", "炸鱼薯条", "<p>打开。</p>");
        await desk.SettleAsync();
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        (await visitor.GetTextAsync("/robots.txt")).ShouldContain($"Sitemap: {desk.Address}help/{key}/sitemap.xml");
        var index = System.Xml.Linq.XDocument.Parse(await visitor.GetTextAsync($"/help/{key}/sitemap.xml"));
        index.Descendants().Where(element => element.Name.LocalName == "loc").Select(element => element.Value).ShouldBe([$"{desk.Address}help/{key}/en/sitemap.xml", $"{desk.Address}help/{key}/zh-Hans/sitemap.xml"]);
        var map = System.Xml.Linq.XDocument.Parse(await visitor.GetTextAsync($"/help/{key}/zh-Hans/sitemap.xml"));
        map.Descendants().Where(element => element.Name.LocalName == "loc").Select(element => Uri.UnescapeDataString(element.Value)).ShouldContain($"{desk.Address}help/{key}/zh-Hans/articles/炸鱼薯条");
        map.Descendants().Count(element => element.Name.LocalName == "link" && (string?)element.Attribute("hreflang") == "en").ShouldBe(2);
        map.Descendants().Count(element => (string?)element.Attribute("hreflang") == "x-default" && ((string?)element.Attribute("href"))!.Contains("/en", StringComparison.Ordinal)).ShouldBe(2);
        var feed = System.Xml.Linq.XDocument.Parse(await visitor.GetTextAsync($"/help/{key}/en/feed.atom"));
        feed.Descendants().Single(element => element.Name.LocalName == "entry").Elements().First(element => element.Name.LocalName == "title").Value.ShouldBe("Fish & <chips>");
        feed.Descendants().Single(element => element.Name.LocalName == "summary").Value.ShouldBe("Open.", "an article without a summary begins with its own words");
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri($"/help/{key}/en/articles/fish-chips", UriKind.Relative));
        (await visitor.Http.SendAsync(head, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_of_an_article_is_given_out_and_a_file_of_a_ticket_is_not()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var section = await desk.AddSectionAsync("Returns");
        var article = await desk.PublishAsync(section, "en", "Picture", "<p>See.</p>");
        var kept = new List<string>();
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var (files, database) = (scope.ServiceProvider.GetRequiredService<SiteDesk.Platform.Files.FileStore>(), scope.ServiceProvider.GetRequiredService<Database>());
            foreach (var content in new[] { "of the article", "of a ticket" })
            {
                using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
                var file = await files.KeepAsync(stream, "picture.png", "image/png", TestContext.Current.CancellationToken);
                await database.SaveChangesAsync(TestContext.Current.CancellationToken);
                if (kept.Count == 0)
                    database.Add(new ArticleFile { ArticleId = article.Id, FileId = file.Value.Id });
                kept.Add(file.Value.Sha256);
            }

            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using var visitor = desk.NewClient();
        var picture = await visitor.GetAsync(HelpAddress.File(kept[0], "picture.png"));
        picture.StatusCode.ShouldBe(HttpStatusCode.OK);
        picture.Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await visitor.GetAsync(HelpAddress.File(kept[1], "picture.png"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Readers get the next snapshot when it is built; a test that never sees it ends with its own time.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!await holds())
            TimeProvider.System.GetElapsedTime(limit).ShouldBeLessThan(TimeSpan.FromSeconds(90));
    }
}

public sealed class ReadingOnSqliteTests() : ReadingTests(() => DeskServer.StartAsync());

public sealed class ReadingOnPostgresTests(PostgresServer server)
    : ReadingTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReadingOnPostgresTests), TestContext.Current.CancellationToken)))
{
    [Fact]
    public async Task What_one_node_publishes_the_readers_of_another_see()
    {
        var database = await server.CreateDeskDatabaseAsync(typeof(ReadingOnPostgresTests), TestContext.Current.CancellationToken);
        await using var here = await DeskServer.StartAsync(database);
        await using var there = await DeskServer.StartAsync(database);
        using var owner = await here.SetUpAsync();
        var key = (await here.SiteAsync()).Key;
        using var visitor = there.NewClient();
        await UntilAsync(async () => (await visitor.GetAsync($"/help/{key}/en")).StatusCode == HttpStatusCode.OK);

        var section = await here.AddSectionAsync("News");
        await here.PublishAsync(section, "en", "From the other node", "<p>First.</p>");

        await UntilAsync(async () => (await visitor.GetTextAsync($"/help/{key}/en")).Contains("From the other node", StringComparison.Ordinal));
    }
}
