using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.HelpCenter;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>An agent answers with an article, and makes an article of the answer, by keyboard alone; the lead publishes it and a visitor finds it.</summary>
public sealed class AnswerToArticleJourneys(SharedBrowser browser) : IAsyncLifetime
{
    const string Password = "correct horse battery";

    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_answer_with_an_article_in_it_becomes_an_article_that_visitors_find()
    {
        var key = await Prepare();
        await _desk.Ask("Maria Lopez", "My parcel was left with a neighbour?");
        var ticket = await _desk.Ask("Maria Lopez", "Parcel shop closed, where is my parcel?");

        await using var agents = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(agents, $"/agent/tickets/{ticket}", "kofi@example.com", Password);
        var text = page.Locator("#composer-text");
        await text.FocusAsync();
        await page.Keyboard.TypeAsync("Hello Maria, it moves to the next shop by itself. /shop");
        var chosen = page.Locator("#insertion-menu:popover-open .menu-item[aria-selected=true]:has-text('Another parcel shop')");
        await chosen.WaitForAsync();
        await Expect(text).ToHaveAttributeAsync("aria-activedescendant", (await chosen.GetAttributeAsync("id"))!);
        await page.ShouldBeAccessible();
        await agents.Screenshot(page, "answer-article-menu");
        await page.Keyboard.PressAsync("Enter");
        await Expect(text).ToHaveValueAsync($"Hello Maria, it moves to the next shop by itself. [Another parcel shop]({_desk.Address}help/{key}/en/articles/another-parcel-shop) ");
        (await text.GetAttributeAsync("aria-activedescendant")).ShouldBeNull("the menu is gone");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForSelectorAsync(".message:has-text('by itself')");

        // Back to the answer's own button, its menu's last line, and there it is.
        await text.FocusAsync();
        for (var step = 0; step < 40 && await page.EvaluateAsync<bool>("document.activeElement.getAttribute('popovertarget') !== 'message-menu'"); step++)
            await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#message-menu:popover-open");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/agent/help/articles/**");
        await page.WaitForSelectorAsync("html[data-ready] #article-body >> text=Hello [name], it moves to the next shop by itself.");
        await Expect(page.Locator("#article-body a")).ToHaveAttributeAsync("href", $"/help/{key}/en/articles/another-parcel-shop");
        await page.FocusAsync("#Title");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("The pick-up point has closed down");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Your parcel moves to the next one by itself.");
        await page.FocusAsync("button[formaction$='/review']");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".banner-good");
        await page.ShouldBeAccessible();
        await agents.Screenshot(page, "answer-article-asked", fullPage: true);

        await using var leads = await browser.Visit(_desk.Address, new Reader());
        var desk = await DeskAtWork.SignIn(leads, "/agent/notifications");
        await desk.Locator("a:has-text('The pick-up point has closed down')").First.ClickAsync();
        await desk.WaitForURLAsync("**/agent/help/articles/**");
        await desk.WaitForSelectorAsync("html[data-ready] #article-body >> text=by itself");
        await desk.ClickAsync("button[formaction$='/publication']");
        await desk.WaitForSelectorAsync(".banner-good");

        await using var readers = await browser.Visit(_desk.Address, new Reader());
        var help = await readers.Open($"/help/{key}/en/search?q=pickup%20point%20closed");
        await help.Locator(".help-list a", new PageLocatorOptions { HasText = "The pick-up point has closed down" }).ClickAsync();
        await help.WaitForURLAsync("**/articles/the-pick-up-point-has-closed-down**");
        await help.Locator(".help-body a:has-text('Another parcel shop')").ClickAsync();
        await help.WaitForURLAsync("**/articles/another-parcel-shop**");
    }

    // An agent who may not publish, and an article to point to.
    private async Task<string> Prepare()
    {
        var key = "";
        await _desk.In(async services =>
        {
            (await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request("Kofi Mensah", "kofi@example.com", Password, Role.Agent, "en", "Europe/Berlin"))).Succeeded.ShouldBeTrue();
            var site = await services.GetRequiredService<Database>().Set<Site>().FirstAsync(TestContext.Current.CancellationToken);
            key = site.Key;
            var names = new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { ["en"] = new("Delivery") };
            var section = (await services.GetRequiredService<KeepSection>().RunAsync(site, null, new KeepSection.Request(null, names), TestContext.Current.CancellationToken)).Value;
            var words = new StartArticle.Words("Another parcel shop", "", "<p>Choose one in the carrier's message.</p>", []);
            var article = (await services.GetRequiredService<StartArticle>().RunAsync(site, section, "en", words, 1, TestContext.Current.CancellationToken)).Value;
            await services.GetRequiredService<PublishArticle>().RunAsync(article, article.Source!, new Actor(ActorKind.Staff, 1, "Lena Moroz"), at: null, remark: "", TestContext.Current.CancellationToken);
        });
        return key;
    }
}
