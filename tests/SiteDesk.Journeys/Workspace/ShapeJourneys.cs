using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Chat;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>Replies taken back, tickets split, linked and merged, lists in another order: agent and visitor side by side.</summary>
public sealed class ShapeJourneys(SharedBrowser browser, ChatDesk desk) : IClassFixture<ChatDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 1024)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task A_reply_is_taken_back_before_the_visitor_reads_it(string language, Theme theme, int width)
    {
        await using var shop = await OpenShopAsync(language);
        await using var outside = await browser.Visit(shop.Address, new Reader(language));
        var tab = await outside.Open();
        await tab.Locator(".bubble").ClickAsync();
        var question = $"Where is it? {Guid.NewGuid():N}";
        await SayAsync(tab, question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await tab.Keyboard.PressAsync("Escape");
        var ticket = await desk.TicketAsync(question);
        var tracking = await TrackUnseenAsync(outside, ticket);

        await using var inside = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var page = await DeskAtWork.SignIn(inside, $"/agent/tickets/{ticket}", "anna@example.com");
        await page.SetInputFilesAsync("#composer input[type=file]", new FilePayload { Name = "label.txt", MimeType = "text/plain", Buffer = "size M"u8.ToArray() });
        await page.WaitForSelectorAsync("#composer .file input[name=files][value]:not([value=''])", new() { State = WaitForSelectorState.Attached });
        await page.FillAsync("#composer-text", "It never left, sorry.");
        await page.ClickAsync("#composer [data-composer-target=send]");
        await page.WaitForSelectorAsync(".message .body:has-text('It never left')");
        await Expect(tab.Locator(".badge")).ToHaveTextAsync("1");
        await Expect(tracking.Locator("#messages")).ToContainTextAsync("It never left");
        await page.Locator("#composer-text").PressSequentiallyAsync("P.S.");
        await inside.Screenshot(page, "reply-undo-offered");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("z");

        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("It never left, sorry.\n\nP.S.");
        await Expect(page.Locator("#composer .file")).ToContainTextAsync("label.txt");
        await Expect(page.Locator(".message .body:has-text('It never left')")).ToHaveCountAsync(0);
        await Expect(tab.Locator(".badge")).ToBeHiddenAsync();
        await Expect(tracking.Locator("#messages")).Not.ToContainTextAsync("It never left");
        await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".in:not(.hello *)")).ToHaveCountAsync(0);
        await inside.Screenshot(page, "reply-taken-back");
        await page.ShouldBeAccessible();

        // It is a draft: there after a reload, and sent with its file.
        await Expect(page.Locator(".draft-state")).Not.ToBeEmptyAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await desk.RowsAsync(rows => rows.Set<Draft>().AnyAsync(draft => draft.TicketId == ticket && draft.Text.EndsWith("P.S.") && draft.Text.StartsWith("It never left"), Cancellation)))
            await Task.Delay(20, limit.Token);
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("It never left, sorry.\n\nP.S.");
        await page.FillAsync("#composer-text", "It comes tomorrow.");
        await page.ClickAsync("#composer [data-composer-target=send]");
        await page.WaitForSelectorAsync(".message .file:has-text('label.txt')");
        await Expect(tab.Locator(".in")).ToContainTextAsync("It comes tomorrow.");
    }

    [Theory]
    [InlineData("en", Theme.Dark, 1440)]
    [InlineData("ru", Theme.Light, 1024)]
    [InlineData("zh-Hans", Theme.Dark, 390)]
    public async Task Two_matters_become_two_tickets_that_name_each_other(string language, Theme theme, int width)
    {
        await using var shop = await OpenShopAsync(language);
        await using var outside = await browser.Visit(shop.Address, new Reader(language));
        var tab = await outside.Open();
        await tab.Locator(".bubble").ClickAsync();
        var (lamp, chair) = ($"The lamp is dark {Guid.NewGuid():N}", $"The chair is late {Guid.NewGuid():N}");
        foreach (var text in new[] { lamp, chair })
        {
            await SayAsync(tab, text);
            await Expect(tab.Locator(".out").Last).ToContainTextAsync(text);
            await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        }

        var ticket = await desk.TicketAsync(chair);
        await using var inside = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var page = await DeskAtWork.SignIn(inside, $"/agent/tickets/{ticket}", "anna@example.com");
        var message = page.Locator($".message:has-text('{chair}')");
        await message.HoverAsync();
        await message.Locator("[popovertarget=message-menu]").ClickAsync();
        await page.WaitForSelectorAsync("#message-menu:popover-open");
        await inside.Screenshot(page, "split-menu");
        await page.ShouldBeAccessible();
        await page.ClickAsync("#message-menu [value=false]");
        await page.WaitForURLAsync(url => url.Contains("/agent/tickets/", StringComparison.Ordinal) && !url.EndsWith($"/{ticket}", StringComparison.Ordinal));
        await DeskAtWork.Ready(page);
        await Expect(page.Locator(".message .body")).ToHaveTextAsync([chair]);
        await Expect(page.Locator(".event").First).ToContainTextAsync($"#{ticket}");
        await inside.Screenshot(page, "split-off");
        await page.ShouldBeAccessible();

        // The visitor notices nothing, and hears the answer to both.
        await page.FillAsync("#composer-text", "The chair comes tomorrow.");
        await page.ClickAsync("#composer [data-composer-target=send]");
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("The chair comes tomorrow.");
        await Expect(tab.Locator(".out")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Tickets_are_linked_with_the_keyboard_and_merged_and_the_visitor_writes_on()
    {
        await using var shop = await OpenShopAsync("en");
        await using var outside = await browser.Visit(shop.Address, new Reader());
        var tab = await outside.Open();
        await tab.Locator(".bubble").ClickAsync();
        var question = $"Still dark {Guid.NewGuid():N}";
        await SayAsync(tab, question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync(question);
        var other = await desk.AskAsync("It does not light");

        await using var inside = await browser.Visit(desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(inside, $"/agent/tickets/{ticket}", "anna@example.com");
        await page.Keyboard.PressAsync("Shift+L");
        await page.WaitForSelectorAsync("#link-dialog[open]");
        await page.Keyboard.TypeAsync("999999");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#link-problem")).Not.ToBeEmptyAsync();
        await page.ShouldBeAccessible();
        await inside.Screenshot(page, "link-dialog");
        await page.FillAsync("#link-number", $"#{other}");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#link-dialog:not([open])", new() { State = WaitForSelectorState.Attached });
        await Expect(page.Locator("#panel-links")).ToContainTextAsync("It does not light");
        await inside.Screenshot(page, "linked");
        await page.ClickAsync("#panel-links form button");
        await Expect(page.Locator("#panel-links")).Not.ToContainTextAsync("It does not light");
        await page.Keyboard.PressAsync("z");
        await Expect(page.Locator("#panel-links")).ToContainTextAsync("It does not light");

        await page.GotoAsync($"/agent/tickets/{ticket}/merger");
        await page.FillAsync("#into", $"{other}");
        await page.ClickAsync(".form-actions button[type=submit]");
        await page.WaitForURLAsync(url => url.EndsWith($"/{other}", StringComparison.Ordinal));
        await DeskAtWork.Ready(page);
        await Expect(page.Locator(".message .body")).ToHaveTextAsync([question, "It does not light"]);
        await Expect(tab.Locator(".out")).ToHaveCountAsync(2);
        await SayAsync(tab, "Now it lights!");
        await page.WaitForSelectorAsync(".message .body:has-text('Now it lights!')");
        // An answer is in view of what was on the screen for a moment.
        await Expect(page.Locator("#seen")).ToHaveValueAsync((await page.Locator("#talk").GetAttributeAsync("data-newest"))!);
        await page.FillAsync("#composer-text", "Glad to hear.");
        await page.ClickAsync("#composer [data-composer-target=send]");
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Glad to hear.");
        await inside.Screenshot(page, "merged");
        await page.ShouldBeAccessible();
    }

    [Fact]
    public async Task A_list_keeps_the_order_somebody_chose_and_saved_views_show_their_counts()
    {
        var first = await desk.AskAsync($"First {Guid.NewGuid():N}");
        var second = await desk.AskAsync($"Second {Guid.NewGuid():N}");
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/views/new", "anna@example.com");
        await page.FillAsync("#name", "Fresh");
        await page.ClickAsync(".form-actions button[type=submit]");
        await page.WaitForURLAsync(url => url.Contains("view=", StringComparison.Ordinal));
        await DeskAtWork.Ready(page);
        var count = page.Locator("[id^=view-count-]").First;
        await Expect(count).Not.ToBeEmptyAsync();
        var before = int.Parse(await count.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

        await OrderAsync(page, second, first);
        await page.Keyboard.PressAsync("Shift+S");
        await page.WaitForSelectorAsync("#list-order:popover-open");
        await visit.Screenshot(page, "list-order");
        await page.ShouldBeAccessible();
        await page.ClickAsync("#list-order [value=Oldest]");
        await page.WaitForSelectorAsync("#list-order [value=Oldest][aria-checked=true]", new() { State = WaitForSelectorState.Attached });
        await OrderAsync(page, first, second);
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await OrderAsync(page, first, second);

        await desk.AskAsync($"Third {Guid.NewGuid():N}");
        await Expect(count).ToHaveTextAsync($"{before + 1}");

        // Deleted by a slip: one key brings it back under the address it had.
        var address = page.Url;
        await page.GotoAsync($"/agent/views/{new Uri(address).Query.Split("view=")[1]}");
        await DeskAtWork.Ready(page);
        await page.ClickAsync("button:has-text('Delete the view')");
        await Expect(page.Locator(".toast")).ToContainTextAsync("Deleted the view “Fresh”.");
        await page.WaitForURLAsync("**/agent/tickets");
        await visit.Screenshot(page, "view-deleted");
        await page.Keyboard.PressAsync("z");
        await page.WaitForURLAsync(address);
        await OrderAsync(page, first, second);
    }

    [Fact]
    public async Task An_answer_that_comes_late_does_not_land_on_the_next_ticket()
    {
        var (first, second) = (await desk.AskAsync("The first matter"), await desk.AskAsync("The second matter"));
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{first}?view=open", "anna@example.com");
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync($"**/agent/tickets/{first}/refresh", async route =>
        {
            asked.TrySetResult();
            await goOn.Task;
            await route.ContinueAsync();
        });
        await desk.AnswerAsync(first, "Of the first matter.");
        await asked.Task.WaitAsync(Cancellation);
        await page.ClickAsync($"#row-{second} .row-link");
        await page.WaitForSelectorAsync($"[data-ticket='{second}']");
        var answered = page.WaitForResponseAsync(response => response.Url.EndsWith("/refresh", StringComparison.Ordinal));
        goOn.SetResult();
        await (await answered).FinishedAsync();
        await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await Expect(page.Locator("#ticket-head h1")).ToContainTextAsync("The second matter");
        await Expect(page.Locator(".message .body")).ToHaveTextAsync(["The second matter"]);
    }

    /// <summary>Waits until these stand in the list in this order, whatever stands between them.</summary>
    private static Task OrderAsync(IPage page, params long[] order) => page.WaitForFunctionAsync(
        "order => [...document.querySelectorAll('[data-ticket-row]')].map(row => row.dataset.ticketRow).filter(row => order.includes(row)).join() === order.join()",
        order.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray());

    /// <summary>The tracking page in a tab that nobody looks at: what it shows is not seen.</summary>
    private async Task<IPage> TrackUnseenAsync(Visit visit, long ticket)
    {
        var token = await desk.RowsAsync(rows => rows.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.Token).FirstAsync(Cancellation));
        var page = await visit.Tab();
        await page.AddInitScriptAsync("Object.defineProperty(Document.prototype, 'hidden', { get: () => true })");
        await page.GotoAsync(new Uri(desk.Address, $"t/{token}").ToString());
        return page;
    }

    private async Task<StaticPage> OpenShopAsync(string language)
    {
        var shop = await StaticPage.Serve($"<!doctype html><html lang='{language}'><head><title>Nordlight</title></head><body><main><h1>Nordlight</h1></main>{desk.Snippet}</body></html>", null);
        await desk.ChangeSiteAsync(site => site.Domains = [.. site.Domains, shop.Address.Authority]);
        return shop;
    }

    private static async Task SayAsync(IPage tab, string text)
    {
        await tab.Locator(".composer textarea").FillAsync(text);
        await tab.Locator(".send").ClickAsync();
    }
}
