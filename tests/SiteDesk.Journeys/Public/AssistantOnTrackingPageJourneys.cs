using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Chat;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Public;

/// <summary>Who wrote by the form stays on the tracking page, and the assistant's answer comes to them there.</summary>
public sealed class AssistantOnTrackingPageJourneys(SharedBrowser browser, QuietDesk desk) : IClassFixture<QuietDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    public async Task The_answer_comes_by_itself_and_is_answered_with_a_press(string language, Theme theme, int width)
    {
        var nora = new AssistantOffers(language);
        await desk.ChangeSiteAsync(site => site.Assistant = site.Assistant with { AnswersForms = true });
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width));
        var tab = await visit.Open($"/contact/{desk.SiteKey}");
        var question = $"{nora.Question} {Guid.NewGuid().ToString("N")[..6]}";
        await tab.FillAsync("#text", question);
        await tab.FillAsync("#contact", "anna@example.com");
        await tab.ClickAsync("main form button[type=submit]");
        await Expect(tab.Locator("#messages .bubble")).ToHaveCountAsync(1);
        await Expect(tab.Locator(".banner-good")).ToBeVisibleAsync();
        await Expect(tab.Locator("#offers button")).ToHaveCountAsync(1);
        await visit.Screenshot(tab, "tracking-assistant-sent", fullPage: true);
        await tab.EvaluateAsync("window.sameDocument = true");
        var ticket = await desk.TicketAsync(question);

        await desk.SayAsAssistantAsync(ticket, nora.Which, nora.Choices);
        await Expect(tab.Locator("#offers [role=group] button")).ToHaveCountAsync(3);
        await Expect(tab.Locator("#messages .sources a")).ToHaveCountAsync(2);
        (await tab.EvaluateAsync<bool>("window.sameDocument")).ShouldBeTrue("it came without loading the page anew");
        await visit.Screenshot(tab, "tracking-assistant-choices", fullPage: true);
        await tab.ShouldBeAccessible();
        (await tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();

        await tab.Locator("#offers [role=group] button").First.ClickAsync();
        await Expect(tab.Locator("#messages .bubble-own").Last).ToContainTextAsync(nora.First);
        await Expect(tab.Locator("#offers [role=group]")).ToHaveCountAsync(0);

        await desk.SayAsAssistantAsync(ticket, nora.Asked, nora.Form("12"));
        await Expect(tab.Locator("#value-order-problem")).ToHaveTextAsync(nora.Problem);
        await tab.FillAsync("#value-order", "123456");
        await tab.FillAsync("#value-email", "anna@example.com");
        await visit.Screenshot(tab, "tracking-assistant-form", fullPage: true);
        await tab.ShouldBeAccessible();
        await tab.Locator("#value-email").PressAsync("Enter");
        await Expect(tab.Locator("#messages .bubble-own").Last).ToContainTextAsync("123456");

        // Somebody takes it: the way to a person is no longer needed, and goes by itself.
        await Expect(tab.Locator("#offers button")).ToHaveCountAsync(1);
        await desk.SayAsAssistantAsync(ticket, nora.Handed, handsOver: true);
        await Expect(tab.Locator("#messages .bubble").Last).ToContainTextAsync(nora.Handed);
        await Expect(tab.Locator("#offers button")).ToHaveCountAsync(0);
        (await desk.RowsAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticket && message.Choice != null).Select(message => message.Choice!.Key).ToListAsync(Cancellation)))
            .ShouldBe(["intent:return", "order"]);
    }
}
