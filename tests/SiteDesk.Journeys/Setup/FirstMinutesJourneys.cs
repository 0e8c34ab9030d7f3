using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Setup;

/// <summary>From an empty folder to the first answered chat, as a newcomer goes: no page is opened but those the program leads to.</summary>
public sealed class FirstMinutesJourneys(SharedBrowser browser) : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
    WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", "http://127.0.0.1:0"], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            services.AddSingleton<TimeProvider>(new OfficeHours());
        });
        await SiteDeskApplication.StartAsync(_app, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    public async Task A_newcomer_sets_it_up_tries_the_widget_and_answers_the_first_chat(string language, Theme theme, int width)
    {
        await using var visit = await browser.Visit(new Uri(_app.Urls.First()), new Reader(language, theme, width, "Europe/Berlin"));
        var page = await visit.Open("/");
        page.Url.ShouldEndWith("/set-up");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "first-set-up", fullPage: true);
        await page.FillAsync("#name", "Olga Owner");
        await page.FillAsync("#email", "olga@example.com");
        await page.FillAsync("#password", "correct horse battery");
        await page.FillAsync("#siteName", "Nordlight");
        await page.FillAsync("#siteAddress", "shop.example.com");
        await page.ClickAsync("main button[type=submit]");

        // The next step is in sight: the line for the site, and the page to try it on.
        var tryIt = page.Locator("a[href^='/try/']").First;
        await tryIt.WaitForAsync();
        (await page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe(language);
        (await page.InputValueAsync("#snippet")).ShouldContain("/widget.js");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "first-snippet", fullPage: true);

        // Nothing has come yet: what is worth doing first, beside the empty list or, on a phone, beneath it.
        if (width < 760)
        {
            await page.GotoAsync("/agent/tickets");
            await Assertions.Expect(page.Locator(".first-steps a[href='/agent/mailboxes/new']")).ToBeInViewportAsync();
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "first-steps");
            await page.GoBackAsync();
        }

        var shop = await page.RunAndWaitForPopupAsync(() => tryIt.ClickAsync());
        await shop.Locator(".bubble").ClickAsync();
        await shop.Locator(".composer textarea").FillAsync("Is anybody there?");
        await visit.Screenshot(shop, "first-widget");
        await shop.Locator(".send").ClickAsync();
        await shop.Locator(".out").First.WaitForAsync();

        await page.GotoAsync("/");
        await page.WaitForSelectorAsync("html[data-ready] .desk");
        var row = page.Locator("[id^='row-']:has-text('Is anybody there?')");
        await row.WaitForAsync();
        if (width >= 1024)
            await Assertions.Expect(page.Locator(".first-steps a[href='/agent/mailboxes/new']")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "first-workspace");
        await row.Locator(".row-link").ClickAsync();
        await page.FillAsync("#composer-text", "Yes, me.");
        await visit.Screenshot(page, "first-ticket");
        await page.Locator("#composer-text").PressAsync("Control+Enter");
        await shop.GetByText("Yes, me.").First.WaitForAsync();
        await visit.Screenshot(shop, "first-answer");
        await shop.CloseAsync();
    }

    // A new site's hours are those of an office: somebody is there on a Wednesday at noon, whenever the test runs.
    sealed class OfficeHours : TimeProvider
    {
        readonly DateTimeOffset _began = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 16, 11, 0, 0, TimeSpan.Zero) + (System.GetUtcNow() - _began);
    }
}
