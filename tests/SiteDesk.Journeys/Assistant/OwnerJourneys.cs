using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Assistant;

/// <summary>The owner decides on one page how an intent is recognised, answered and handed over, and reads what the assistant is worth.</summary>
public sealed class OwnerJourneys(SharedBrowser browser, OwnerJourneys.OwnDesk owner) : IClassFixture<OwnerJourneys.OwnDesk>
{
    [Fact]
    public async Task The_owner_sets_an_intent_up_on_its_page_publishes_it_and_reads_the_figures()
    {
        var desk = owner.Desk;
        await using var visit = await desk.SignedIn(browser, new Reader(), TeachingDesk.Owner);
        var page = await visit.Open("/agent/assistant/intents/return");
        await page.WaitForSelectorAsync("html[data-ready]");

        // Answers per language, and what is asked for first.
        await page.FillAsync("#Words-0", "Send it back within **30 days**.");
        await page.FillAsync("#Words-1", "Верните товар за **30 дней**.");
        await page.FillAsync("#Words-2", "**30天**内可以退货。");
        await page.CheckAsync("[name=Asks][value=own]");
        await page.CheckAsync("[name=AsksFor][value=order]");
        await page.UncheckAsync("[name=AsksFor][value=contact]"); // ships checked
        await SaveAsync("form[action*='/answer']");

        // Phrases of people.
        await page.FillAsync("#Own-en", "take these boots back please");
        await SaveAsync("form[action*='/phrases/en']");

        // When a person takes over.
        await page.CheckAsync("[name=HandOver][value=WhenOpen]");
        await SaveAsync("form[action*='/hand-over']");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "assistant-owner-intent", fullPage: true);

        await page.ClickAsync(".banner-info a");
        await page.WaitForSelectorAsync(".diff .added");
        await page.FillAsync("#Note", "Returns in our words");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/agent/assistant/versions?*");
        var live = await desk.Rows(rows => rows.Set<KnowledgeVersion>().Where(version => version.IsLive).Select(version => version.Document).SingleAsync());
        var answer = live.Of("return").At(1);
        answer.Texts.Keys.Order().ShouldBe(["en", "ru", "zh-Hans"]);
        answer.AsksFor.ShouldBe(["order"]);
        answer.HandOver.ShouldBe(HandOverWhen.WhenOpen);
        live.Of("return").Added["en"].ShouldBe(["take these boots back please"]);

        // Confirmed and assumed apart, hand-overs by reason, and every figure opens to its rows.
        page = await visit.Open("/agent/assistant");
        await page.WaitForSelectorAsync("html[data-ready]");
        await Assertions.Expect(page.Locator("dl.figures")).ToContainTextAsync("1");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "assistant-owner-figures", fullPage: true);
        await page.ClickAsync("dl.figures a[href*='kind=confirmed']");
        await page.WaitForURLAsync("**/agent/assistant/conversations?*confirmed*");
        (await page.InnerTextAsync("main")).ShouldContain("The newest 1 conversation");

        async Task SaveAsync(string form)
        {
            // The last save's word is taken away, or it would pass for this one's.
            await page.EvaluateAsync("document.querySelector('.banner-good')?.remove()");
            // The condition editor has buttons of its own before it.
            await page.Locator($"{form} button.button[type=submit]").Last.ClickAsync();
            await page.WaitForSelectorAsync(".banner-good");
            await page.WaitForSelectorAsync("html[data-ready]");
        }
    }

    /// <summary>A desk of its own: what is published here would change what others are answered.</summary>
    public sealed class OwnDesk : IAsyncLifetime
    {
        public TeachingDesk Desk { get; } = new();

        public ValueTask InitializeAsync() => Desk.InitializeAsync();

        public ValueTask DisposeAsync() => Desk.DisposeAsync();
    }
}
