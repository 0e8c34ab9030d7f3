using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>An agent writes with formatting, sees how it will look, and the customer reads it so; later the answer is searched for.</summary>
public sealed class FormattingJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_answer_is_formatted_by_keys_previewed_sent_and_read()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");
        var text = page.Locator("#composer-text");

        await text.FocusAsync();
        await page.Keyboard.TypeAsync("Please ");
        await page.Keyboard.PressAsync("Control+b");
        await page.Keyboard.TypeAsync("do not");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" send it back. ");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("The label");
        await page.Keyboard.PressAsync("End");
        await Expect(text).ToHaveValueAsync("Please **do not** send it back. [The label](https://)");
        (await page.Locator("dialog[open]").CountAsync()).ShouldBe(0, "the palette does not open over the link");
        await text.FillAsync("Please **do not** send it back. [The label](https://example.com/label) has:\n\n- the size\n- the `code`\n\n> Wrong size delivered\n\nWe are _sorry_.");

        await page.ClickAsync("[data-markup-target=toggle]");
        await page.WaitForSelectorAsync(".composer-preview strong:has-text('do not')");
        await visit.Screenshot(page, "formatting-preview");
        await page.ShouldBeAccessible();
        await page.ClickAsync("[data-markup-target=toggle]");
        await page.Locator("#composer-text:focus").WaitForAsync();
        await page.ClickAsync("#composer button[type=submit]:has-text('Send')");

        await page.WaitForSelectorAsync(".message .body.rich strong:has-text('do not')");
        await Expect(page.Locator(".message .body.rich a")).ToHaveAttributeAsync("href", "https://example.com/label");
        await visit.Screenshot(page, "formatting-sent");
        await page.ShouldBeAccessible();

        var read = await visit.Open($"/t/{(await _desk.Read(ticket)).Token}");
        await read.WaitForSelectorAsync(".bubble .rich li:has-text('the size')");
        await visit.Screenshot(read, "formatting-tracking");
        await read.ShouldBeAccessible();
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440, "refund")]
    [InlineData("ru", Theme.Dark, 1024, "оплата")]
    [InlineData("zh-Hans", Theme.Light, 390, "退款")]
    public async Task A_search_shows_where_it_found_the_words(string language, Theme theme, int width, string words)
    {
        await _desk.Morning();
        await _desk.Ask("Tom Hill", "Hello, I sent the boots back nine days ago and my card still shows nothing. When is the refund booked? I was told five working days, and the refunds of others came at once.");
        await _desk.Join("Reader", "reader@example.com", language);
        await using var visit = await browser.Visit(_desk.Address, new Reader(language, theme, width));
        var page = await DeskAtWork.SignIn(visit, $"/agent/search?query={Uri.EscapeDataString(words)}", "reader@example.com");

        await page.WaitForSelectorAsync(".row-excerpt mark");
        await page.ClickAsync(".search-help > summary");
        await visit.Screenshot(page, "search");
        await page.ShouldBeAccessible();
    }
}
