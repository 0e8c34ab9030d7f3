using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>Somebody has a question and looks for the answer before they ask.</summary>
public sealed class ReaderJourneys(SharedBrowser browser, HelpJourneyDesk desk) : IClassFixture<HelpJourneyDesk>
{
    const int MostBytes = 60_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    [InlineData("ru", Theme.Light, 1024)]
    [InlineData("zh-Hans", Theme.Dark, 1440)]
    public async Task A_visitor_types_finds_reads_and_says_whether_it_helped_by_keyboard_alone(string language, Theme theme, int width)
    {
        var (title, _, query) = HelpJourneyDesk.Words[language];
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var page = await visit.Open($"/help/{desk.SiteKey}");
        await page.WaitForURLAsync($"**/{language}");
        await ShouldBeFit(visit, page, "home");

        await page.FocusAsync("#_q");
        await page.Keyboard.TypeAsync(query);
        await Expect(page.Locator(".help-typing li").First).ToContainTextAsync(title);
        await Expect(page.Locator(".help-typing mark").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#_q")).ToHaveAttributeAsync("aria-activedescendant", "_typing-0");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "help-typing");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync(title);
        await Expect(page.Locator(".help-body mark").First).ToBeVisibleAsync();
        await ShouldBeFit(visit, page, "article-marked");

        await page.FocusAsync(".help-contents a >> nth=1");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => new Uri(address).Fragment.Length > 1);
        await page.FocusAsync(".help-vote button[value=false]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".help-vote input[type=radio]").First).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        await page.FocusAsync(".help-vote input[value=Unclear]");
        await page.Keyboard.PressAsync("Space");
        await page.FocusAsync(".help-vote button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".help-vote a.button")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex($"/contact/{desk.SiteKey}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

        await page.GotoAsync($"/help/{desk.SiteKey}/{language}/search?q={Uri.EscapeDataString(query)}");
        await ShouldBeFit(visit, page, "search");
        await page.GotoAsync($"/help/{desk.SiteKey}/{language}/search?q=zzqx");
        await ShouldBeFit(visit, page, "search-nothing");
        await page.GotoAsync($"/help/{desk.SiteKey}/{language}/articles/nowhere");
        await ShouldBeFit(visit, page, "missing");
    }

    [Theory]
    [InlineData("en", Theme.Dark, 1024)]
    [InlineData("zh-Hans", Theme.Light, 1440)]
    public async Task An_article_copies_its_code_and_fetches_a_video_only_when_it_is_pressed(string language, Theme theme, int width)
    {
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var elsewhere = new List<string>();
        await visit.Context.RouteAsync("**/*", async route =>
        {
            if (new Uri(route.Request.Url).Authority == desk.Address.Authority)
            {
                await route.ContinueAsync();
                return;
            }

            lock (elsewhere)
                elsewhere.Add(route.Request.Url);
            await route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>player</title>" });
        });
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await visit.Open($"/help/{desk.SiteKey}/{language}");
        await page.ClickAsync($"main a:has-text('{HelpJourneyDesk.Words[language].Title}')");
        await Expect(page.Locator(".help-body .code .button")).ToBeVisibleAsync();
        await ShouldBeFit(visit, page, "article");
        await page.ClickAsync(".help-body .code .button");
        await page.WaitForFunctionAsync("async () => (await navigator.clipboard.readText()).startsWith('curl https://api.example.com')");
        elsewhere.ShouldBeEmpty("nothing is fetched from anybody else before the video is pressed");

        await page.ClickAsync(".video-start");
        await Expect(page.Locator(".video iframe")).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.FrameLocator(".video iframe").Locator("body").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        elsewhere.ShouldAllBe(address => address.StartsWith("https://www.youtube-nocookie.com/", StringComparison.Ordinal));

        // Another host is refused by the page's own policy, whatever stands in it.
        await page.EvaluateAsync("() => { const frame = document.createElement('iframe'); frame.src = 'https://evil.example/'; document.body.append(frame); }");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('iframe').length === 2");
        (await visit.TakeFaultsWith("frame-src")).ShouldAllBe(fault => fault.Contains("frame-src", StringComparison.Ordinal));
        elsewhere.ShouldAllBe(address => !address.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_can_be_read_searched_and_voted_on_without_script()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader("ru", Theme.Light, 390));
        var page = await visit.Tab();
        await page.RouteAsync("**/*.js", route => route.AbortAsync());
        await page.GotoAsync($"/help/{desk.SiteKey}/ru");
        await page.FillAsync("#_q", "деньги");
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync($".help-list a:has-text('{HelpJourneyDesk.Words["ru"].Other[..5]}')");
        await page.ClickAsync(".help-vote button[value=true]");
        await Expect(page.Locator(".help-vote h2")).ToHaveTextAsync("Спасибо!");
    }

    [Fact]
    public async Task The_language_switch_keeps_the_article_and_printing_leaves_the_article_alone()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await visit.Open($"/help/{desk.SiteKey}/en/articles/how-to-return-a-lamp");
        await page.ClickAsync("header nav a[lang=zh-Hans]");
        await Expect(page.Locator("h1")).ToHaveTextAsync(HelpJourneyDesk.Words["zh-Hans"].Title);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(page.Locator(".help-vote")).ToBeHiddenAsync();
        await Expect(page.Locator(".help-search")).ToBeHiddenAsync();
        await Expect(page.Locator(".help-body")).ToBeVisibleAsync();
        await visit.Screenshot(page, "help-print", fullPage: true);
    }

    [Theory]
    [InlineData("en", Theme.Light, 1024)]
    [InlineData("ru", Theme.Dark, 390)]
    public async Task The_contact_form_shows_the_answer_while_one_writes_and_nothing_is_sent(string language, Theme theme, int width)
    {
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var tickets = await desk.Rows(database => database.Set<Ticket>().CountAsync(Cancellation));
        var page = await visit.Open($"/contact/{desk.SiteKey}?language={language}");
        await page.FocusAsync("#text");
        await page.Keyboard.TypeAsync(HelpJourneyDesk.Words[language].Query);
        var link = page.Locator(".suggestions a").First;
        await Expect(link).ToContainTextAsync(HelpJourneyDesk.Words[language].Title);
        var article = await visit.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        await Expect(article.Locator("h1")).ToHaveTextAsync(HelpJourneyDesk.Words[language].Title);
        await article.CloseAsync();
        await ShouldBeFit(visit, page, "form-suggestions");
        await page.ClickAsync(".suggestions .button");
        await Expect(page.Locator("main form")).ToBeHiddenAsync();
        await visit.Screenshot(page, "help-form-answered");
        await Wait(database => database.Set<Deflection>().AnyAsync(row => row.Place == "form" && row.AnsweredAt != null && row.Language == language, Cancellation));
        (await desk.Rows(database => database.Set<Ticket>().CountAsync(Cancellation))).ShouldBe(tickets);
    }

    [Fact]
    public async Task What_was_typed_before_the_scripts_came_is_looked_for_once_they_are_there()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader());
        foreach (var (address, field, found) in new[] { ($"/contact/{desk.SiteKey}?language=en", "#text", ".suggestions a"), ($"/help/{desk.SiteKey}/en", "#_q", ".help-typing li") })
        {
            var typed = new TaskCompletionSource();
            var page = await visit.Tab();
            await page.RouteAsync("**/*.js", async route =>
            {
                await typed.Task;
                await route.ContinueAsync();
            });
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
            await page.FocusAsync(field);
            await page.Keyboard.TypeAsync(HelpJourneyDesk.Words["en"].Query);
            typed.SetResult();
            await Expect(page.Locator(found).First).ToContainTextAsync(HelpJourneyDesk.Words["en"].Title);
            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task The_widget_suggests_before_the_first_message_and_knows_what_came_of_it()
    {
        await using var shop = await StaticPage.Serve($"<!doctype html><html lang='en'><title>Shop</title><main><h1>Shop</h1></main><script src='{desk.Address}widget.js' data-site='{desk.SiteKey}' async></script></html>");
        await desk.Allow(shop.Address.Authority);
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var page = await visit.Open();
        await page.Locator(".bubble").ClickAsync();
        await page.Locator(".composer textarea").PressSequentiallyAsync("how do I return a lamp");
        var link = page.Locator(".articles a").First;
        await Expect(link).ToHaveTextAsync(HelpJourneyDesk.Words["en"].Title);
        await page.ShouldBeAccessible();
        var article = await visit.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        await article.CloseAsync();
        await visit.Screenshot(page, "help-widget");
        await page.Locator(".articles button").ClickAsync();
        await Expect(page.Locator(".articles b")).ToHaveTextAsync("Glad it helped. Nothing was sent.");
        await Wait(database => database.Set<Deflection>().AnyAsync(row => row.Place == "widget" && row.AnsweredAt != null && row.TicketAt == null, Cancellation));

        await page.Locator(".composer textarea").PressSequentiallyAsync("money back, please");
        await Expect(page.Locator(".articles a").First).ToHaveTextAsync(HelpJourneyDesk.Words["en"].Other);
        var other = await visit.Context.RunAndWaitForPageAsync(() => page.Locator(".articles a").First.ClickAsync());
        await other.CloseAsync();
        await page.Locator(".send").ClickAsync();
        await Expect(page.Locator(".articles")).ToBeHiddenAsync();
        await Wait(database => database.Set<Deflection>().AnyAsync(row => row.Place == "widget" && row.TicketAt != null, Cancellation));
    }

    [Fact]
    public async Task What_a_visitor_looked_for_in_the_help_centre_goes_with_the_chat_begun_afterwards()
    {
        await using var shop = await StaticPage.Serve($"<!doctype html><html lang='en'><title>Shop</title><main><h1>Shop</h1><a href='{desk.Address}help/{desk.SiteKey}/en'>Help</a></main><script src='{desk.Address}widget.js' data-site='{desk.SiteKey}' async></script></html>");
        await desk.Allow(shop.Address.Authority);
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var page = await visit.Open();
        await page.Locator(".bubble").WaitForAsync();
        // From the shop's own link to the help centre, by keyboard: a search without a result, another, an article of it.
        var told = page.WaitForFunctionAsync("() => document.querySelector('main a').hash.startsWith('#visit=')");
        await page.FocusAsync("main a");
        await told;
        var visitName = await page.EvaluateAsync<string>("() => new URLSearchParams(document.querySelector('main a').hash.slice(1)).get('visit')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/help/**");
        page.Url.ShouldNotContain("#visit", Case.Sensitive, "the address that is copied from here is everybody's");
        await page.FillAsync("#_q", "xylophone");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?q=xylophone");
        await page.FillAsync("#_q", "return a lamp");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?q=return*");
        await page.Locator(".help-list a").First.ClickAsync();
        await page.WaitForURLAsync("**/articles/**");
        // Pages tell of themselves beside everything else: the last may be heard before the one before it.
        await Wait(async database => await database.Set<TrailStep>().CountAsync(step => step.Visit == visitName, Cancellation) == 3);

        await page.GotoAsync(shop.Address.ToString());
        await page.Locator(".bubble").ClickAsync();
        await page.Locator(".composer textarea").FillAsync("Hi from under the lamp");
        await page.Locator(".send").ClickAsync();
        // The desk is shared with other stories, whose tickets have trails as well.
        IQueryable<TicketTrail> OfThisChat(Database database) => database.Set<TicketTrail>().AsNoTracking()
            .Where(trail => database.Set<Message>().Any(message => message.TicketId == trail.TicketId && message.Text == "Hi from under the lamp"));
        await Wait(database => OfThisChat(database).AnyAsync(Cancellation));
        var trail = await desk.Rows(database => OfThisChat(database).FirstAsync(Cancellation));
        trail.Steps.Select(step => (step.Words, step.ArticleId is not null, step.FoundNothing)).ShouldBe([("xylophone", false, true), ("return a lamp", false, false), ("", true, false)]);
        (await desk.Rows(database => database.Set<TrailStep>().CountAsync(step => step.Visit == visitName, Cancellation))).ShouldBe(0);
    }

    [Theory]
    [InlineData(Theme.Light, 1440)]
    [InlineData(Theme.Dark, 390)]
    public async Task The_lead_sees_what_readers_do(Theme theme, int width)
    {
        await using var visit = await browser.Visit(desk.Address, new Reader("en", theme, width));
        var page = await visit.Open("/sign-in?return=%2Fagent%2Fhelp%2Finsights");
        await page.FillAsync("[name=email]", HelpJourneyDesk.Lead);
        await page.FillAsync("[name=password]", HelpJourneyDesk.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/agent/help/insights");
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await ShouldBeFit(visit, page, "insights");
    }

    [Fact]
    public async Task A_first_look_at_an_article_transfers_less_than_sixty_kilobytes()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await visit.Tab();
        var finished = new System.Collections.Concurrent.ConcurrentBag<IRequest>();
        page.RequestFinished += (_, request) => finished.Add(request);
        await page.GotoAsync($"/help/{desk.SiteKey}/en/articles/how-to-return-a-lamp", new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        long bytes = 0;
        foreach (var request in finished)
        {
            var sizes = await request.SizesAsync();
            bytes += sizes.ResponseHeadersSize + Math.Min(sizes.ResponseBodySize, Packed(await (await request.ResponseAsync())!.BodyAsync()));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes in {finished.Count} answers");
        finished.Count.ShouldBeGreaterThan(4);
        bytes.ShouldBeLessThan(MostBytes);
    }

    /// <summary>What a beacon tells arrives a moment later; a row that never comes ends the test with its own time.</summary>
    async Task Wait(Func<SiteDesk.Platform.Data.Database, Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await desk.Rows(holds))
            await Task.Delay(20, limit.Token);
    }

    static long Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(body);
        return packed.Length;
    }

    static async Task ShouldBeFit(Visit visit, IPage page, string name)
    {
        await page.ShouldBeAccessible();
        var picture = await visit.Screenshot(page, $"help-{name}", fullPage: true);
        // A full-page picture is as wide as the page can be scrolled; the width stands at byte 16 of a PNG file (RFC 2083, section 11.2.1).
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian((await File.ReadAllBytesAsync(picture)).AsSpan(16, 4)).ShouldBe(visit.Reader.Width, $"{name} is wider than the window");
    }
}
