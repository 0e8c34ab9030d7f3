using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Assistant;

/// <summary>Those who teach the assistant: the lead at the teaching desk, the owner at an intent's page.</summary>
public sealed class TeachingJourneys(SharedBrowser browser, TeachingDesk desk)
{
    [Fact]
    public async Task The_lead_ties_a_group_tries_it_publishes_it_and_the_answer_changes_and_the_owner_words_it()
    {
        const string Asked = "could you engrave my lamp";
        (await desk.FirstAsync(Asked)).ShouldStartWith("article:", customMessage: "the search alone finds it so far");
        await using (var visit = await desk.SignedIn(browser, new Reader(), TeachingDesk.Lead))
        {
            var page = await visit.Open("/agent/assistant/teaching");
            await page.WaitForSelectorAsync("html[data-ready]");
            var group = page.Locator(".question-groups > li").First;
            await Assertions.Expect(group.Locator(".group-count")).ToContainTextAsync("6");
            await visit.Screenshot(page, "assistant-lead-desk", fullPage: true);

            // By keyboard: what does not belong is left out, the rest is tied by Enter in the field.
            const string Strange = "what does the blue lamp cost with delivery to Norway";
            var box = group.GetByRole(AriaRole.Checkbox, new LocatorGetByRoleOptions { Name = Strange });
            await Assertions.Expect(box).ToBeCheckedAsync();
            await box.FocusAsync();
            await page.Keyboard.PressAsync("Space");
            await Assertions.Expect(box).Not.ToBeCheckedAsync();
            await group.Locator("[name=Other]").FillAsync("Engraving on lamps");
            await group.Locator("[name=Other]").PressAsync("Enter");
            await page.WaitForSelectorAsync(".banner-good");
            await Assertions.Expect(page.Locator(".question-groups > li").Filter(new LocatorFilterOptions { HasText = Strange })).ToHaveCountAsync(1);
            await page.ShouldBeAccessible();

            await page.ClickAsync(".banner-info a");
            await page.WaitForSelectorAsync("#trial");
            await page.ClickAsync("#trial form[action*='/trials'] button");
            await page.WaitForSelectorAsync("#trial table.trial", new PageWaitForSelectorOptions { Timeout = 120_000 });
            (await page.InnerTextAsync("#trial")).ShouldContain("0 worse");
            (await page.InnerTextAsync("#trial")).ShouldContain("better");
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "assistant-lead-trial", fullPage: true);
            await page.FillAsync("#Note", "Engraving is answered");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/agent/assistant/versions?*");
            await page.WaitForSelectorAsync("main .chip-good");
            await page.ShouldBeAccessible();
        }

        (await desk.FirstAsync(Asked)).ShouldBe("own-1");

        await using (var visit = await desk.SignedIn(browser, new Reader(), TeachingDesk.Owner))
        {
            var page = await visit.Open("/agent/assistant/intents/own-1");
            await page.WaitForSelectorAsync("html[data-ready]");
            await page.FillAsync("#Words-0", "We engrave up to **twelve** letters; it takes two days more.");
            await page.ClickAsync("form[action*='/answer'] button[type=submit]");
            await page.WaitForSelectorAsync(".banner-good");
            await page.ClickAsync(".banner-info a");
            await page.WaitForSelectorAsync(".diff .added");
            (await page.InnerTextAsync(".diff")).ShouldContain("twelve");
            await page.FillAsync("#Note", "In our own words");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/agent/assistant/versions?*");
            await page.WaitForSelectorAsync("main .chip-good");
            (await desk.Rows(rows => rows.Set<KnowledgeVersion>().Where(version => version.IsLive).Select(version => version.Number).SingleAsync())).ShouldBe(2);

            // The way back: the version before is published again.
            await page.ClickAsync("main tbody tr:nth-child(2) a");
            await page.WaitForSelectorAsync("#return-title");
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "assistant-owner-version", fullPage: true);
            await page.FillAsync("#Note", "The article says it better");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/agent/assistant/versions?*done=assist-returned*");
        }

        (await desk.FirstAsync(Asked)).ShouldBe("own-1");
        (await desk.Rows(rows => rows.Set<KnowledgeVersion>().Where(version => version.IsLive).Select(version => version.Document).SingleAsync())).Of("own-1").At(1).Texts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 1440)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    [InlineData("ru", Theme.Light, 390)]
    [InlineData("zh-Hans", Theme.Dark, 390)]
    public async Task Every_page_looks_right_and_is_accessible(string language, Theme theme, int width)
    {
        await using var visit = await desk.SignedIn(browser, new Reader(language, theme, width, "Europe/Berlin"), TeachingDesk.Owner);
        var turn = await desk.Rows(rows => rows.Set<AssistantTurn>().Where(turn => turn.Candidate == "price").Select(turn => turn.Id).FirstAsync());
        var page = await visit.Tab();
        var problems = new List<string>();
        foreach (var (name, path) in new[]
        {
            ("figures", "/agent/assistant"), ("conversations", "/agent/assistant/conversations?kind=confirmed"), ("teaching", "/agent/assistant/teaching?days=90"), ("intents", "/agent/assistant/intents"),
            ("intent", "/agent/assistant/intents/return"), ("draft", "/agent/assistant/draft"), ("versions", "/agent/assistant/versions"), ("version", "/agent/assistant/versions/0"),
            ("settings", "/agent/assistant/settings"), ("correction", $"/agent/assistant/turns/{turn}/correction"),
        })
        {
            var answer = await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            answer!.Status.ShouldBe(200, path);
            await page.WaitForSelectorAsync("html[data-ready]");
            foreach (var frame in await page.Locator("turbo-frame[loading=lazy]").AllAsync())
                await frame.ScrollIntoViewIfNeededAsync();
            await page.Locator("turbo-frame[src]:not([complete])").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
            problems.AddRange((await Axe.Violations(page)).Select(violation => $"{path}: {violation}"));
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                problems.Add($"{path} is wider than the window");
            await visit.Screenshot(page, $"assistant-{name}", fullPage: true);
        }

        problems.ShouldBeEmpty(string.Join(Environment.NewLine, problems));
    }
}
