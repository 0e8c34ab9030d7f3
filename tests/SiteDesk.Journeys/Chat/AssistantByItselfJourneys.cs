using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Chat;

/// <summary>The whole way in the widget with nobody to prompt the assistant: it is the program's own.</summary>
public sealed class AssistantByItselfJourneys(SharedBrowser browser, ChatDesk desk) : IClassFixture<ChatDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", Theme.Light, 390, "I would like to talk to a person.")]
    [InlineData("ru", Theme.Dark, 1024, "Хочу поговорить с человеком.")]
    [InlineData("zh-Hans", Theme.Light, 1440, "我想和人工客服沟通。")]
    public async Task A_person_is_had_with_the_first_press_before_any_word(string language, Theme theme, int width, string words)
    {
        await using var shop = await StaticPage.Serve($"<!doctype html><html lang='{language}'><head><title>Nordlight, lamps</title></head><body><main><h1>Nordlight</h1></main>{desk.Snippet}</body></html>");
        await desk.ChangeSiteAsync(site =>
        {
            site.Domains = [.. site.Domains, shop.Address.Authority];
            site.Assistant = site.Assistant with { AnswersInWidget = true };
        });
        await using var visit = await browser.Visit(shop.Address, new Reader(language, theme, width));
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await tab.Locator(".person button").ClickAsync();

        await Expect(tab.Locator(".out")).ToContainTextAsync(words);
        await Expect(tab.Locator(".who .bot")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(tab.Locator(".person")).ToBeHiddenAsync();
        await visit.Screenshot(tab, "widget-assistant-hands-over");
        await tab.ShouldBeAccessible();
        var ticket = await desk.TicketAsync(words);
        (await desk.RowsAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticket).OrderBy(message => message.Id).Select(message => message.Choice).FirstAsync(Cancellation)))
            .ShouldBe(new MessageChoice(0, "person"));
        (await desk.RowsAsync(rows => rows.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.IsWithAssistant).FirstAsync(Cancellation))).ShouldBeFalse();

        // A person has it: the assistant's answer is the last automatic one, and the way to a person is gone for good.
        await desk.AnswerAsync(ticket, "Anna");
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Anna");
        await tab.ReloadAsync();
        // On a phone the panel would cover the page.
        if (width < 480)
            await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Anna");
        await Expect(tab.Locator(".person")).ToBeHiddenAsync();
    }
}
