using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Workspace;

/// <summary>An answer that is given often is written down once, and put into replies by keyboard in the customer's language.</summary>
public sealed class ReplyTemplateJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 1024)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task A_template_is_written_once_and_put_into_a_reply_in_the_customers_language(string language, Theme theme, int width)
    {
        var ticket = await _desk.Ask("Соколова Анна Игоревна", "Как вернуть куртку?", "ru");
        await _desk.Join("Reader", "reader@example.com", language);
        await using var visit = await browser.Visit(_desk.Address, new Reader(language, theme, width));
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets", "reader@example.com");
        await page.GotoAsync("/agent/reply-templates");
        await page.WaitForSelectorAsync(".empty");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "reply-templates-none");

        await page.ClickAsync("a[href='/agent/reply-templates/new']");
        await page.WaitForSelectorAsync("#Texts-0");
        await page.FillAsync("#Name", "Return label · возврат");
        await page.FillAsync("#Texts-0", "Hello {customer},\n\nthe label for #{number} is attached.\n\n{agent}");
        await page.FillAsync("#Texts-1", "Здравствуйте, {customer}!\n\nНаклейка для обращения №{number} во вложении.\n\n{nobody}");
        await page.ClickAsync(".save-bar button");
        await page.WaitForSelectorAsync(".field:has(#Texts-1) .error");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "reply-template-problem", fullPage: true);
        await page.FillAsync("#Texts-1", "Здравствуйте, {customer}!\n\nНаклейка для обращения №{number} во вложении.");
        await page.ClickAsync(".save-bar button");
        await page.WaitForSelectorAsync("tr:has-text('Return label')");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "reply-templates");

        await page.GotoAsync($"/agent/tickets/{ticket}");
        await page.WaitForSelectorAsync("html[data-ready] #composer-text");
        var text = page.Locator("#composer-text");
        await text.FocusAsync();
        await page.Keyboard.TypeAsync("/возв");
        await page.WaitForSelectorAsync("#insertion-menu:popover-open .menu-item[aria-selected=true]:has-text('Return label')");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "reply-template-menu");
        await page.Keyboard.PressAsync("Enter");
        (await text.InputValueAsync()).ShouldBe($"Здравствуйте, Анна Игоревна!\n\nНаклейка для обращения №{ticket} во вложении. ");

        // The editor's own undo takes it back; the button offers templates alone.
        await page.Keyboard.PressAsync("Control+z");
        (await text.InputValueAsync()).ShouldBe("/возв");
        await text.FillAsync("");
        await page.Locator("button[data-insertions-address-param^='/agent/reply-templates']").ClickAsync();
        await page.WaitForSelectorAsync("#insertion-menu:popover-open .menu-item");
        (await page.Locator("#insertion-menu .menu-item").CountAsync()).ShouldBe(1);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForSelectorAsync(".message:has-text('Наклейка')");
        (await _desk.Texts(ticket))[^1].ShouldBe($"Здравствуйте, Анна Игоревна!\n\nНаклейка для обращения №{ticket} во вложении.");
        await visit.Screenshot(page, "reply-template-sent");
    }
}
