using System.Text.Json;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Settings;

/// <summary>Every page of the settings: no accessibility rule broken, nothing wider than the window, everything within reach of Tab.</summary>
public sealed class SettingsPagesTests(SharedBrowser browser, SettingsDesk desk)
{
    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 1440)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    [InlineData("ru", Theme.Light, 390)]
    [InlineData("zh-Hans", Theme.Dark, 390)]
    public async Task Every_page_looks_right_and_is_accessible(string language, Theme theme, int width)
    {
        await using var visit = await desk.SignedIn(browser, new Reader(language, theme, width, "Europe/Berlin"));
        var page = await visit.Tab();
        var problems = new List<string>();
        foreach (var (name, path) in Pages())
        {
            var answer = await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            answer!.Status.ShouldBe(200, path);
            await page.WaitForSelectorAsync("html[data-ready]");
            problems.AddRange((await Axe.Violations(page)).Select(violation => $"{path}: {violation}"));
            if (await WiderThanTheWindow(page) is { Length: > 0 } wide)
                problems.Add($"{path} is wider than the window: {wide}");
            if (await CutWords(page) is { Length: > 0 } cut)
                problems.Add($"{path} cuts words off: {cut}");
            if (WidthOf(await visit.Screenshot(page, $"settings-{name}", fullPage: true)) is var drawn && drawn != width)
                problems.Add($"{path} is drawn {drawn} pixels wide in a window of {width}");
        }

        problems.ShouldBeEmpty(string.Join(Environment.NewLine, problems));
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Tab_reaches_everything_that_can_be_used_and_shows_where_it_is(int width)
    {
        await using var visit = await desk.SignedIn(browser, new Reader("en", Theme.Light, width));
        var page = await visit.Tab();
        foreach (var (_, path) in Pages())
        {
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            await page.WaitForSelectorAsync("html[data-ready]");
            // A frame that loads when it comes into sight moves what is below it.
            foreach (var frame in await page.Locator("turbo-frame[loading=lazy]").AllAsync())
                await frame.ScrollIntoViewIfNeededAsync();
            await page.Locator("turbo-frame[src]:not([complete])").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
            await page.EvaluateAsync("scrollTo(0, 0)");
            var unreached = await page.EvaluateAsync<int>("() => { window.unreached = new Set(" + Usable + "); window.wanted = [...window.unreached]; return window.unreached.size; }");
            unreached.ShouldBeGreaterThan(3, path);

            // One element may take several steps (the parts of a date), and some steps lead out of the page.
            var most = unreached * 4 + 10;
            for (var step = 0; step < most && unreached > 0; step++)
            {
                await page.Keyboard.PressAsync("Tab");
                var stop = await page.EvaluateAsync<JsonElement>(Stop);
                stop.GetProperty("showsFocus").GetBoolean().ShouldBeTrue($"{stop.GetProperty("html").GetString()} has the focus at {path}, and nothing shows it");
                stop.GetProperty("hidden").GetString().ShouldBeEmpty($"{path}: has the focus and lies under something else");
                unreached = stop.GetProperty("unreached").GetInt32();
            }

            (await page.EvaluateAsync<string>("[...window.unreached].map(element => element.outerHTML.slice(0, 120)).join('\\n')")).ShouldBeEmpty($"{path}: Tab does not reach this");
        }
    }

    [Fact]
    public async Task On_a_phone_a_button_names_the_room_and_opens_the_others()
    {
        await using var visit = await desk.SignedIn(browser, new Reader("en", Theme.Light, 390));
        var page = await visit.Open("/agent/teams");
        await page.WaitForSelectorAsync("html[data-ready]");
        var rooms = page.Locator("#rooms");
        await Assertions.Expect(rooms).ToBeHiddenAsync();
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Settings: Teams" });
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(rooms.GetByRole(AriaRole.Link, new() { Name = "Teams" })).ToBeInViewportAsync();
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "settings-rooms");

        // The first Tab leads into what has opened, Escape out of it.
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(rooms).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(rooms.GetByRole(AriaRole.Link).And(page.Locator(":focus"))).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(desk.Address, "agent/sites").AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Settings: Sites" })).ToBeVisibleAsync();
    }

    IEnumerable<(string Name, string Path)> Pages() =>
    [
        ("sites", "/agent/sites"), ("site-new", "/agent/sites/new"), ("site", $"/agent/sites/{desk.Ids["site"]}"), ("site-widget", $"/agent/sites/{desk.Ids["site"]}/widget"),
        ("site-hours", $"/agent/sites/{desk.Ids["site"]}/hours"), ("site-help", $"/agent/sites/{desk.Ids["site"]}/help"), ("site-privacy", $"/agent/sites/{desk.Ids["site"]}/privacy"),
        ("statuses", "/agent/statuses"), ("status-new", "/agent/statuses/new"), ("status", $"/agent/statuses/{desk.Ids["status"]}"),
        ("fields", "/agent/fields"), ("field-new", "/agent/fields/new"), ("field", $"/agent/fields/{desk.Ids["field"]}"),
        ("reply-templates", "/agent/reply-templates"), ("reply-template-new", "/agent/reply-templates/new"), ("reply-template", $"/agent/reply-templates/{desk.Ids["reply-template"]}"),
        ("teams", "/agent/teams"), ("team", $"/agent/teams/{desk.Ids["team"]}"),
        ("staff", "/agent/staff"), ("staff-member", $"/agent/staff/{desk.Ids["staff"]}"), ("invite", "/agent/invitations/new"),
        ("permissions", "/agent/permissions"), ("audit", "/agent/audit"), ("api", "/agent/settings/api"), ("model", "/agent/settings/assistant/model"), ("events", "/agent/events"),
        ("profile", "/agent/profile"), ("view", $"/agent/views/{desk.Ids["view"]}"), ("blocked", "/agent/blocked-senders"),
    ];

    // What a mouse can use. A group of radio buttons is one stop; what is hidden or disabled is none.
    const string Usable = """
        [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(element =>
            element.tabIndex >= 0 && !element.disabled && !element.closest('fieldset:disabled, [hidden], dialog:not([open])') && element.type !== 'hidden'
            && (element.type !== 'radio' || element.checked)
            && element.checkVisibility({ visibilityProperty: true }))
        """;

    // Whether what has the focus is covered at its top, middle and bottom by something that is not part of it, a bar at the
    // window's edge for instance (WCAG 2.2, 2.4.11: not entirely hidden).
    const string Hidden = """
        () => {
            const at = document.activeElement;
            if (!at || at === document.body || at.closest('.visually-hidden, .skip-link')) return '';
            const box = at.getBoundingClientRect();
            const covering = y => {
                const over = document.elementFromPoint(Math.max(0, box.left + Math.min(box.width / 2, 40)), y);
                return !over || at.contains(over) || over.contains(at) || over.closest('label, .skip-link') ? null : over;
            };
            const inset = Math.min(8, box.height / 4);
            const covers = [box.top + inset, box.top + box.height / 2, box.bottom - inset].map(covering);
            return covers.every(over => over) ? `${at.outerHTML.slice(0, 120)} under ${covers[0].outerHTML.slice(0, 80)}` : '';
        }
        """;

    // Asked together: a thousand stops a run, and every question of its own is a way to the browser and back.
    const string Stop = "() => { const hidden = (" + Hidden + ")(), showsFocus = (" + Typist.ShowsFocus + """
        )(), at = document.activeElement, isInPage = at !== document.body && at !== document.documentElement;
            window.unreached.delete(at);
            return { showsFocus: !isInPage || showsFocus, hidden, html: at?.outerHTML.slice(0, 160), unreached: window.unreached.size };
        }
        """;

    // A full-page picture is as wide as the page can be scrolled; the width stands at byte 16 of a PNG file (RFC 2083, section 11.2.1).
    static int WidthOf(string picture) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(picture).AsSpan(16, 4));

    static Task<string> WiderThanTheWindow(IPage page) => page.EvaluateAsync<string>("""
        () => document.documentElement.scrollWidth <= innerWidth ? '' : [...document.body.querySelectorAll('*')]
            .filter(element => element.getBoundingClientRect().right > innerWidth + 1).map(element => `${element.tagName}.${element.className}`).slice(0, 5).join(', ')
        """);

    // A button or heading whose words do not fit, unless it says with an ellipsis that there is more.
    static Task<string> CutWords(IPage page) => page.EvaluateAsync<string>("""
        () => [...document.querySelectorAll('h1, h2, .button, label, .chip, th, .tabs a')]
            .filter(element => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2
                && getComputedStyle(element).display !== 'inline' && getComputedStyle(element).overflowX !== 'visible' && getComputedStyle(element).textOverflow !== 'ellipsis')
            .map(element => `${element.tagName} "${element.textContent.trim().slice(0, 40)}"`).slice(0, 5).join(', ')
        """);
}
