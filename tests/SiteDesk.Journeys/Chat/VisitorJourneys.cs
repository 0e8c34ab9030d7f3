using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Customers;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Chat;

/// <summary>A visitor on somebody's site, with the widget in it.</summary>
public sealed class VisitorJourneys(SharedBrowser browser, ChatDesk desk) : IClassFixture<ChatDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ShopPage(string language = "en", string head = "", string body = "") =>
        $"<!doctype html><html lang='{language}'><head><title>Nordlight, lamps</title>{head}</head><body><main><h1>Nordlight</h1><p>Lamps and chairs.</p><a href='/chairs'>Chairs</a>{body}</main>{desk.Snippet}</body></html>";

    /// <summary>Serves the shop from a port of its own, which the site allows: another origin than the desk's.</summary>
    private async Task<StaticPage> OpenShopAsync(string language = "en", string head = "", string body = "", string? contentPolicy = null)
    {
        var shop = await StaticPage.Serve(ShopPage(language, head, body), contentPolicy);
        await desk.ChangeSiteAsync(site => site.Domains = [.. site.Domains, shop.Address.Authority]);
        return shop;
    }

    [Theory]
    [InlineData("en", Theme.Light, 1024)]
    [InlineData("ru", Theme.Dark, 1440)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task A_visitor_asks_sees_who_types_and_gets_the_answer_without_reloading(string language, Theme theme, int width)
    {
        await using var shop = await OpenShopAsync(language);
        await using var visit = await browser.Visit(shop.Address, new Reader(language, theme, width, "Asia/Shanghai"));
        var tab = await visit.Open();
        var question = language switch { "ru" => "Вернуть лампу можно?", "zh-Hans" => "台灯可以退货吗？", _ => "May I return the lamp?" } + $" {Guid.NewGuid():N}";
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".composer textarea").FillAsync(question);
        await tab.Locator(".send").ClickAsync();
        await Expect(tab.Locator(".out")).ToContainTextAsync(question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();

        var ticket = await desk.TicketAsync(question);
        // The stream opens a moment after the first message: she types until it is seen.
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            while (!limit.IsCancellationRequested && await tab.Locator(".typing").CountAsync() == 0)
                desk.Types(ticket);
        }

        await Expect(tab.Locator(".typing")).ToContainTextAsync("Anna Lindt");
        await visit.Screenshot(tab, "widget-typing");
        await desk.AnswerAsync(ticket, "Yes, within 14 days: https://shop.example/returns?a=1&b=2.");
        await Expect(tab.Locator(".in a")).ToHaveAttributeAsync("href", "https://shop.example/returns?a=1&b=2");
        await Expect(tab.Locator(".typing")).ToHaveCountAsync(0);
        await visit.Screenshot(tab, "widget-answer");
        await tab.ShouldBeAccessible();
    }

    [Fact]
    public async Task A_page_that_fills_the_storage_makes_no_stranger_of_its_visitor()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        var first = $"Before the storage is full {Guid.NewGuid():N}";
        await SayAsync(tab, first);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await tab.ReloadAsync();
        await Expect(tab.Locator(".out")).ToContainTextAsync([first]);
        await tab.EvaluateAsync("() => { for (let size = 4194304; size >= 1; size >>= 1) for (let turn = 0; turn < 3; turn++) try { localStorage.setItem(`shop${size}-${turn}`, 'x'.repeat(size)); } catch { break; } }");

        var second = $"After it {Guid.NewGuid():N}";
        await SayAsync(tab, second);
        await Expect(tab.Locator(".out")).ToContainTextAsync([first, second]);
        await Expect(tab.Locator(".waiting")).ToHaveCountAsync(0);
        (await desk.TicketAsync(second)).ShouldBe(await desk.TicketAsync(first));
    }

    [Fact]
    public async Task The_conversation_survives_reload_another_page_and_a_server_that_was_gone()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "First words");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync("First words");

        await tab.Locator(".composer textarea").FillAsync("a half-written thought");
        await tab.Keyboard.PressAsync("Escape");
        await Expect(tab.Locator(".bubble")).ToBeFocusedAsync();
        await desk.AnswerAsync(ticket, "An answer behind the closed panel");
        await Expect(tab.Locator(".badge")).ToHaveTextAsync("1");
        await visit.Screenshot(tab, "widget-badge");

        await tab.GotoAsync("/chairs");
        await Expect(tab.Locator(".badge")).ToHaveTextAsync("1");
        await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".in")).ToHaveTextAsync(["Anna Lindt: An answer behind the closed panel"]);
        await Expect(tab.Locator(".composer textarea")).ToHaveValueAsync("a half-written thought");
        await Expect(tab.Locator(".badge")).ToBeHiddenAsync();

        await desk.WhileGoneAsync(async () =>
        {
            await SayAsync(tab, "Written while nobody listened");
            await Expect(tab.Locator(".waiting")).ToHaveCountAsync(1);
            await Expect(tab.Locator(".notice")).Not.ToBeEmptyAsync();
            await visit.Screenshot(tab, "widget-no-connection");
        });
        await Expect(tab.Locator(".waiting")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await desk.AnswerAsync(ticket, "Back again");
        await Expect(tab.Locator(".in")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        (await desk.RowsAsync(rows => rows.Set<Message>().CountAsync(message => message.Text == "Written while nobody listened", Cancellation))).ShouldBe(1);
        await Expect(tab.Locator(".out")).ToHaveCountAsync(2);

        // An open panel stays open on the next page, and leaves that page the focus.
        await tab.Locator(".composer textarea").FillAsync("another thought");
        await tab.GotoAsync("/");
        await Expect(tab.Locator(".panel")).ToBeVisibleAsync();
        await Expect(tab.Locator(".in")).ToHaveCountAsync(2);
        await Expect(tab.Locator(".composer textarea")).ToHaveValueAsync("another thought");
        (await tab.EvaluateAsync<bool>("document.activeElement === document.body")).ShouldBeTrue();
        await tab.Locator("header [aria-label='Close the chat']").ClickAsync();
        await tab.ReloadAsync();
        await Expect(tab.Locator(".bubble")).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(tab.Locator(".panel")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Tabs_share_one_stream_and_all_hear()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var first = await visit.Open();
        await first.Locator(".bubble").ClickAsync();
        await SayAsync(first, "In two tabs");
        await Expect(first.Locator(".log > .mark")).ToBeVisibleAsync();
        var second = await visit.Open();
        await second.Locator(".bubble").ClickAsync();
        await Expect(second.Locator(".out")).ToHaveCountAsync(1);
        var ticket = await desk.TicketAsync("In two tabs");

        await desk.AnswerAsync(ticket, "To both");
        await Expect(first.Locator(".in")).ToHaveCountAsync(1);
        await Expect(second.Locator(".in")).ToHaveCountAsync(1);
        var streams = 0;
        foreach (var tab in new[] { first, second })
            streams += await tab.EvaluateAsync<int>("performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/stream')).length");
        streams.ShouldBeLessThanOrEqualTo(1);

        await first.CloseAsync();
        await desk.AnswerAsync(ticket, "To the one that is left");
        await Expect(second.Locator(".in")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task With_nobody_on_duty_the_widget_says_when_and_takes_a_phone_number()
    {
        await desk.ChangeSiteAsync(site => site.Hours = new BusinessHours
        {
            TimeZone = "Europe/Berlin",
            SpecialDays = [new SpecialDay(DateOnly.FromDateTime(DateTime.UtcNow.AddDays(2)), [new DayPeriod(new TimeOnly(9, 0), new TimeOnly(18, 0))])],
        });
        try
        {
            await AskForACallAsync();
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Europe/Berlin"));
        }
    }

    private async Task AskForACallAsync()
    {
        await using var shop = await OpenShopAsync("ru");
        await using var visit = await browser.Visit(shop.Address, new Reader("ru", Theme.Light, 390, "Asia/Vladivostok"));
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        // 9 o'clock in Berlin is 18 (or 17 in summer) in Vladivostok.
        await Expect(tab.Locator("header small")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("1[78]:00 по вашему времени", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await SayAsync(tab, "Перезвоните мне, пожалуйста");
        await Expect(tab.Locator(".foot .bad")).Not.ToBeEmptyAsync();
        await Expect(tab.Locator("#must-way")).ToBeFocusedAsync();
        await visit.Screenshot(tab, "widget-offline");
        await tab.ShouldBeAccessible();
        await tab.Locator("#must-way").FillAsync("8 912 345 67 89");
        await tab.Locator("#must-way").PressAsync("Enter");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();

        var contact = await desk.RowsAsync(rows => rows.Set<CustomerContact>().FirstAsync(contact => contact.Value == "+79123456789", Cancellation));
        contact.Kind.ShouldBe(ContactKind.Phone);

        // Somebody answers although the hours say otherwise: the head of the chat does not deny it.
        await desk.AnswerAsync(await desk.TicketAsync("Перезвоните мне, пожалуйста"), "Звоню через минуту.");
        await Expect(tab.Locator(".in")).ToContainTextAsync("Звоню через минуту.");
        await Expect(tab.Locator("header small")).Not.ToContainTextAsync("по вашему времени");
        await Expect(tab.Locator(".who")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"· \d{1,2}:\d\d$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await visit.Screenshot(tab, "widget-offline-answered");
    }

    [Fact]
    public async Task A_problem_is_reported_with_what_the_page_knows_shown_before()
    {
        await using var shop = await OpenShopAsync(body: "<script>addEventListener('pay', () => { const request = new XMLHttpRequest(); request.open('GET', 'http://127.0.0.1:9/basket?token=secret'); request.send(); payNow(); })</script>");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await Expect(tab.Locator(".bubble")).ToBeVisibleAsync();
        await tab.EvaluateAsync("setTimeout(() => dispatchEvent(new Event('pay')))");
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".hello .choice").ClickAsync();
        await Expect(tab.Locator(".facts")).ToContainTextAsync("payNow is not defined");
        await Expect(tab.Locator(".facts")).ToContainTextAsync("/basket");
        await Expect(tab.Locator(".facts")).Not.ToContainTextAsync("secret");
        await visit.Screenshot(tab, "widget-report");
        await tab.ShouldBeAccessible();
        await tab.Locator("#problem").FillAsync("I cannot pay");
        await tab.Locator("#fact-browser").UncheckAsync();
        await tab.Locator(".report .strong").ClickAsync();
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();

        var report = await desk.RowsAsync(rows => rows.Set<Message>().Where(message => message.Text == "I cannot pay").Select(message => message.Report).FirstAsync(Cancellation));
        report!.Errors.ShouldContain(line => line.Contains("payNow", StringComparison.Ordinal));
        report.FailedRequests.ShouldContain(line => line.Contains("/basket", StringComparison.Ordinal));
        report.Browser.ShouldBeNullOrEmpty("it was unticked");
        (await visit.TakeFaultsWith("payNow")).ShouldAllBe(fault => fault.Contains("payNow", StringComparison.Ordinal) || fault.Contains("basket", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_failed_before_the_widget_came_is_in_the_report_too()
    {
        // The page's policy names the line by its hash.
        await using var shop = await OpenShopAsync(
            head: EarlyFailures.Snippet, body: "<script src='/fault.js'></script>",
            contentPolicy: $"default-src 'self'; script-src 'self' {EarlyFailures.PolicySource} {desk.Address}; connect-src 'self' {desk.Address}; img-src 'self' data: {desk.Address}");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Tab();
        await tab.RouteAsync("**/fault.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "Promise.reject(new Error('early promise')); earlyFault();" }));
        await tab.RouteAsync("**/gone.json*", route => route.FulfillAsync(new() { Status = 503 }));
        await tab.RouteAsync("**/widget.js", async route =>
        {
            // The loader comes when the faults are over, as from a slow network.
            await tab.EvaluateAsync("fetch('/gone.json?token=secret')");
            await tab.WaitForFunctionAsync("performance.getEntriesByType('resource').some(entry => entry.name.includes('/gone.json'))");
            await route.ContinueAsync();
        });
        await tab.GotoAsync("/");
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".hello .choice").ClickAsync();
        await Expect(tab.Locator(".facts")).ToContainTextAsync("earlyFault is not defined");
        await Expect(tab.Locator(".facts")).ToContainTextAsync("Unhandled: early promise");
        await Expect(tab.Locator(".facts")).ToContainTextAsync("/gone.json 503");
        await Expect(tab.Locator(".facts")).Not.ToContainTextAsync("secret");
        (await visit.TakeFaultsWith("early promise")).ShouldAllBe(fault => fault.Contains("early", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_goes_along_and_comes_back_as_a_link()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator("input[type=file]").SetInputFilesAsync([
            new FilePayload { Name = "Счёт 5.txt", MimeType = "text/plain", Buffer = "total 5"u8.ToArray() },
            new FilePayload { Name = "lamp.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") },
        ]);
        await Expect(tab.Locator(".chips li")).ToHaveCountAsync(2);
        await Expect(tab.Locator(".chips progress")).ToHaveCountAsync(0);
        await tab.ReloadAsync();
        await Expect(tab.Locator(".chips li")).ToHaveCountAsync(2);
        await SayAsync(tab, "The invoice and the lamp");
        await Expect(tab.Locator(".out .file")).ToHaveCountAsync(2);
        await Expect(tab.Locator(".out .picture img")).ToBeVisibleAsync();
        await visit.Screenshot(tab, "widget-files");
        var address = await tab.Locator(".out .file").First.GetAttributeAsync("href");
        var answer = await visit.Context.APIRequest.GetAsync(address!);
        (await answer.TextAsync()).ShouldBe("total 5");
        answer.Headers["content-disposition"].ShouldStartWith("attachment");
    }

    [Fact]
    public async Task A_strict_page_with_hostile_styles_still_has_its_chat()
    {
        await using var shop = await OpenShopAsync(
            head: "<style nonce='x'>* { all: unset !important; color: red !important } div, aside, section, button { display: none !important }</style>"
                + "<script nonce='x'>Array.prototype.toJSON = () => 'bent'; Object.prototype.junk = () => {}</script>",
            contentPolicy: $"default-src 'self'; script-src {desk.Address.GetLeftPart(UriPartial.Authority)} 'nonce-x'; style-src 'nonce-x'; connect-src {desk.Address.GetLeftPart(UriPartial.Authority)}; img-src 'none'; require-trusted-types-for 'script'");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "Through it all");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await visit.Screenshot(tab, "widget-hostile-page");
        (await tab.Locator(".panel").EvaluateAsync<string>("panel => getComputedStyle(panel).backgroundColor")).ShouldBe("rgb(255, 255, 255)");
    }

    [Fact]
    public async Task The_whole_way_goes_by_keyboard()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await Expect(tab.Locator(".bubble")).ToBeVisibleAsync();
        await tab.Keyboard.PressAsync("Tab");
        await tab.Keyboard.PressAsync("Tab");
        await Expect(tab.Locator(".bubble")).ToBeFocusedAsync();
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".composer textarea")).ToBeFocusedAsync();
        await tab.Keyboard.TypeAsync("By keyboard alone");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await tab.Locator("header button[aria-haspopup=menu]").FocusAsync();
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator("[role=menuitem]").First).ToBeFocusedAsync();
        await tab.Keyboard.PressAsync("ArrowDown");
        await Expect(tab.Locator("[role=menuitem]").Nth(1)).ToBeFocusedAsync();
        await tab.Keyboard.PressAsync("Escape");
        await Expect(tab.Locator("header button[aria-haspopup=menu]")).ToBeFocusedAsync();
        await tab.Keyboard.PressAsync("Escape");
        await Expect(tab.Locator(".panel")).ToBeHiddenAsync();
        await Expect(tab.Locator(".bubble")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_page_to_try_it_leads_to_another_origin_where_the_widget_runs()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var tab = await visit.Open($"/try/{desk.SiteKey}");
        new Uri(tab.Url).Host.ShouldBe("localhost");
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "Just trying");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await tab.Locator("main a").ClickAsync();
        await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".out")).ToHaveCountAsync(1);
        await visit.Screenshot(tab, "widget-try");
        await tab.ShouldBeAccessible();
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    public async Task Behind_a_public_name_the_page_to_try_it_has_an_origin_of_its_own(string language, Theme theme, int width)
    {
        var behindName = new Uri($"http://desk.localhost:{desk.Address.Port}/");
        await using var visit = await browser.Visit(behindName, new Reader(language, theme, width));
        var tab = await visit.Open($"/try/{desk.SiteKey}?language={language}");
        (await tab.EvaluateAsync<string>("self.origin")).ShouldBe("null");
        var words = $"From nowhere {language}";
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, words);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await desk.AnswerAsync(await desk.TicketAsync(words), "To a foreign page");
        await Expect(tab.Locator(".in")).ToHaveCountAsync(1);
        await visit.Screenshot(tab, "widget-try-foreign");
        await tab.ShouldBeAccessible();
        visit.TakeFaults().ShouldAllBe(fault => fault.Contains(".css", StringComparison.Ordinal)); // axe asks for the styles once more, which a foreign page may not

        // On the desk's own origin a conversation stays.
        await tab.Keyboard.PressAsync("Escape");
        await tab.Locator("main a").First.ClickAsync();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, words + " again");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await tab.ReloadAsync();
        // On a phone the panel would cover the page.
        if (width < 480)
            await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".out")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_new_wording_is_agreed_to_anew_and_so_is_what_the_desk_has_forgotten()
    {
        await using var shop = await OpenShopAsync();
        await WriteConsentAsync(1, "We keep what you write.");
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = true });
        try
        {
            await using var visit = await browser.Visit(shop.Address, new Reader());
            var tab = await visit.Open();
            await tab.Locator(".bubble").ClickAsync();
            await SayAsync(tab, "Before agreeing");
            await Expect(tab.Locator(".foot [role=alert]")).Not.ToBeEmptyAsync();
            await tab.Locator("#agree").CheckAsync();
            await tab.Locator(".send").ClickAsync();
            await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
            await Expect(tab.Locator("#agree")).ToBeHiddenAsync();

            // The page stays open while the owner writes the next version.
            await WriteConsentAsync(2, "We keep what you write for a year.");
            await SayAsync(tab, "Under the new wording");
            await Expect(tab.Locator(".agree:visible")).ToContainTextAsync("for a year");
            await Expect(tab.Locator("#agree")).Not.ToBeCheckedAsync();
            await visit.Screenshot(tab, "widget-consent-anew");
            await tab.Locator("#agree").CheckAsync();
            await tab.Locator(".mark.bad button").First.ClickAsync();
            await Expect(tab.Locator(".mark.bad")).ToHaveCountAsync(0);
            await Expect(tab.Locator(".waiting")).ToHaveCountAsync(0);
            var ticket = await desk.TicketAsync("Under the new wording");
            (await desk.RowsAsync(rows => rows.Set<ConsentRecord>().OrderBy(record => record.Id).Select(record => record.Number).ToListAsync(Cancellation))).ShouldBe([1, 2]);

            // Erased on request: the browser's secret leads nowhere any more.
            await desk.RowsAsync(rows => rows.Set<Visitor>().Where(visitor => rows.Set<Ticket>().Any(row => row.Id == ticket && row.CustomerId == visitor.CustomerId))
                .ExecuteUpdateAsync(set => set.SetProperty(visitor => visitor.TokenHash, "gone"), Cancellation));
            await tab.ReloadAsync();
            await Expect(tab.Locator("#agree")).ToBeVisibleAsync();
            await tab.Locator("#agree").CheckAsync();
            await SayAsync(tab, "As somebody new");
            await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
            (await desk.TicketAsync("As somebody new")).ShouldNotBe(ticket);
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = false });
        }
    }

    [Fact]
    public async Task The_tracking_page_goes_on_after_a_proxy_has_answered_for_the_server()
    {
        await using var shop = await OpenShopAsync();
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "Is anybody there?");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync("Is anybody there?");
        var token = await desk.RowsAsync(rows => rows.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.Token).FirstAsync(Cancellation));

        var refused = 0;
        await tab.Context.RouteAsync("**/t/*/stream*", async route =>
        {
            if (refused++ == 0)
                await route.FulfillAsync(new() { Status = 502, ContentType = "text/html", Body = "<h1>Bad gateway</h1>" });
            else
                await route.ContinueAsync();
        });
        await tab.GotoAsync($"{desk.Address}t/{token}");
        await Expect(tab.Locator("#messages")).ToContainTextAsync("Is anybody there?");
        await desk.AnswerAsync(ticket, "Yes, and the page says so by itself.");
        await Expect(tab.Locator("#messages")).ToContainTextAsync("the page says so by itself");
        refused.ShouldBeGreaterThan(1);
    }

    private async Task WriteConsentAsync(int number, string text) => await desk.RowsAsync(async rows =>
    {
        rows.Add(new ConsentText { SiteId = (await rows.Set<Site>().FirstAsync(Cancellation)).Id, Number = number, Language = "en", Text = text, CreatedAt = DateTime.UtcNow, CreatedById = 1 });
        return await rows.SaveChangesAsync(Cancellation);
    });

    private static async Task SayAsync(IPage tab, string text)
    {
        await tab.Locator(".composer textarea").FillAsync(text);
        await tab.Locator(".send").ClickAsync();
    }
}
