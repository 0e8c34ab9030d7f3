using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Channels.Email;
using SiteDesk.HelpCenter;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>A visitor knows the help centre by a name of its own, which Chromium finds on this machine.</summary>
public sealed class HelpHostJourneys(SharedBrowser browser, HelpJourneyDesk desk) : IClassFixture<HelpJourneyDesk>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task They_search_read_change_the_language_ask_and_are_offered_to_sign_in_there(string language, Theme theme, int width)
    {
        var origin = await Prepare();
        var (title, other, query) = HelpJourneyDesk.Words[language];
        await using var visit = await browser.Visit(new Uri(origin), new Reader(language, theme, width));
        var page = await visit.Open("/");
        await page.WaitForURLAsync($"{origin}/{language}");
        await page.FocusAsync("#_q");
        await page.Keyboard.TypeAsync(query);
        await Expect(page.Locator(".help-typing li").First).ToContainTextAsync(title);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync(title);
        page.Url.ShouldStartWith($"{origin}/{language}/articles/");
        await Expect(page.Locator(".help-body img")).ToHaveJSPropertyAsync("complete", true);
        (await page.EvaluateAsync<int>("document.querySelector('.help-body img').naturalWidth")).ShouldBe(320, "pictures answer there, too");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "help-host-article");

        var next = language == "en" ? "ru" : "en";
        await page.ClickAsync($".site-header nav a[hreflang={next}]");
        await Expect(page.Locator("h1")).ToHaveTextAsync(HelpJourneyDesk.Words[next].Title);
        page.Url.ShouldStartWith($"{origin}/{next}/articles/");
        await page.ClickAsync($".site-header nav a[hreflang={language}]");
        await page.ClickAsync(".help-vote button[value=false]");
        await Expect(page.Locator(".help-vote input[type=radio]").First).ToBeVisibleAsync();

        // What was stored or sent before still leads here.
        await page.GotoAsync($"{desk.Address}help/{desk.SiteKey}/{language}");
        page.Url.ShouldBe($"{origin}/{language}");
        await page.ClickAsync(".site-footer a >> nth=0");
        page.Url.ShouldStartWith($"{origin}/contact/");
        await page.FillAsync("#text", query);
        await Expect(page.Locator(".suggestions a").First).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex($"^{origin}/{language}/articles/", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

        await page.GotoAsync($"{origin}/{language}/articles/{Uri.EscapeDataString(Slugs.Of(other))}");
        await Expect(page.Locator("input[type=email]")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "help-sign-in");
        await page.FillAsync("input[type=email]", "nobody@example.com");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/sign-in?asked=true");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "help-sign-in-asked");
        await page.GotoAsync($"{origin}/{language}/sign-in/forged");
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();

        await page.GotoAsync($"{origin}/agent");
        await Expect(page.Locator("main a.button")).ToHaveAttributeAsync("href", "/");
    }

    /// <summary>The name, one article for customers, and a mailbox, whose server nobody needs.</summary>
    async Task<string> Prepare()
    {
        var origin = $"http://help.localhost:{desk.Address.Port}";
        await desk.Rows(async database =>
        {
            if (await database.Set<Mailbox>().AnyAsync(Cancellation))
                return true;
            var site = await database.Set<Site>().FirstAsync(Cancellation);
            site.HelpOrigin = origin;
            var closed = await database.Set<ArticleText>().Where(text => text.Language == "en" && text.Slug == Slugs.Of(HelpJourneyDesk.Words["en"].Other, "article")).Select(text => text.ArticleId).SingleAsync(Cancellation);
            (await database.Set<Article>().SingleAsync(article => article.Id == closed, Cancellation)).Audience = Audience.SignedIn;
            database.Add(new Mailbox
            {
                SiteId = site.Id, Address = "help@shop.example.com", AddressKey = "help@shop.example.com", Outgoing = new ServerAddress("127.0.0.1", 9, ConnectionSecurity.None), PostSecretHash = Tokens.Hash("nobody's"),
                DeskAddress = desk.Address.ToString(), CreatedAt = TimeProvider.System.Now(),
            });
            await database.SaveChangesAsync(Cancellation);
            return true;
        });
        return origin;
    }
}
