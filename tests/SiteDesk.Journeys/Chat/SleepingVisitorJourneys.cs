using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Journeys.Browser;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Chat;

/// <summary>A visitor closes the lid of the computer and comes back: the page was frozen, its network gone, its stream dead.</summary>
public sealed class SleepingVisitorJourneys(SharedBrowser browser, ChatDesk desk) : IClassFixture<ChatDesk>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_came_while_the_lid_was_closed_is_there_once_and_in_order(bool isOpen)
    {
        await using var shop = await StaticPage.Serve(
            $"<!doctype html><html lang='en'><head><title>Nordlight, lamps</title></head><body><main><h1>Nordlight</h1></main>{desk.Snippet}</body></html>");
        await desk.ChangeSiteAsync(site => site.Domains = [.. site.Domains, shop.Address.Authority]);
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        var question = $"Before the lid was closed {Guid.NewGuid():N}";
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".composer textarea").FillAsync(question);
        await tab.Locator(".send").ClickAsync();
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync(question);
        await desk.AnswerAsync(ticket, "Heard awake");
        await Expect(tab.Locator(".in")).ToHaveCountAsync(1);
        // The lid is closed when the desk knows that it was read: what nobody told before the network went would be counted as new.
        await ReadToTheEndAsync(ticket);
        if (!isOpen)
            await tab.Keyboard.PressAsync("Escape");

        await using (await Lid.Close(visit, tab))
        {
            await desk.AnswerAsync(ticket, "One");
            await desk.WhileGoneAsync(() => Task.CompletedTask);
            await desk.AnswerAsync(ticket, "Two");
            await desk.AnswerAsync(ticket, "Three", StandardStatus.Solved);
        }

        if (!isOpen)
        {
            await Expect(tab.Locator(".badge")).ToHaveTextAsync("3", new() { Timeout = 90_000 });
            await tab.Locator(".bubble").ClickAsync();
        }

        string[] said = ["Heard awake", "One", "Two", "Three"];
        await Expect(tab.Locator(".in")).ToContainTextAsync(said, new() { Timeout = 90_000 });
        await Expect(tab.Locator(".in")).ToHaveCountAsync(said.Length);
        await Expect(tab.Locator(".out")).ToHaveCountAsync(1);

        // It goes on live, and what is written reaches the same ticket once.
        await desk.AnswerAsync(ticket, "Four");
        await Expect(tab.Locator(".in")).ToContainTextAsync([.. said, "Four"], new() { Timeout = 60_000 });
        await visit.Screenshot(tab, isOpen ? "widget-after-the-lid" : "widget-after-the-lid-closed-panel");
        await tab.ReloadAsync();
        await Expect(tab.Locator(".in")).ToContainTextAsync([.. said, "Four"]);
        await Expect(tab.Locator(".in")).ToHaveCountAsync(said.Length + 1);
    }

    [Fact]
    public async Task An_answer_that_came_before_the_stream_counts_as_read_where_it_is_shown()
    {
        await using var shop = await StaticPage.Serve($"<!doctype html><html lang='en'><head><title>Nordlight</title></head><body><main><h1>Nordlight</h1></main>{desk.Snippet}</body></html>");
        await desk.ChangeSiteAsync(site => site.Domains = [.. site.Domains, shop.Address.Authority]);
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var question = $"Answered at once {Guid.NewGuid():N}";
        // Between the visitor's first message and the look at the conversation; there is no stream yet that could tell of it.
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        await visit.Context.RouteAsync("**/conversation", async route =>
        {
            asked.TrySetResult();
            await answered.Task;
            await route.ContinueAsync();
        });
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".composer textarea").FillAsync(question);
        await tab.Locator(".send").ClickAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await desk.AnswerAsync(await desk.TicketAsync(question), "Here already");
        answered.SetResult();
        await Expect(tab.Locator(".in")).ToContainTextAsync("Here already");
        await ReadToTheEndAsync(await desk.TicketAsync(question));
    }

    private async Task ReadToTheEndAsync(long ticket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await desk.RowsAsync(rows => rows.Set<Ticket>().AnyAsync(row => row.Id == ticket && row.SeenByCustomerId == rows.Set<Message>().Where(message => message.TicketId == ticket).Max(message => message.Id), limit.Token)))
            await Task.Delay(100, limit.Token);
    }
}
