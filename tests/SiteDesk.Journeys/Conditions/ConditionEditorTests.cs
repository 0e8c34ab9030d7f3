using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Conditions;

/// <summary>Somebody puts a condition together, reads it in words, and mends a mistake.</summary>
public sealed class ConditionEditorTests(SharedBrowser browser) : IAsyncLifetime
{
    ConditionTrial _trial = null!;

    public async ValueTask InitializeAsync() => _trial = await ConditionTrial.Start();

    public ValueTask DisposeAsync() => _trial.DisposeAsync();

    [Fact]
    public async Task A_condition_is_made_with_the_keyboard_alone()
    {
        await using var visit = await browser.Visit(_trial.Address, new Reader());
        var page = await visit.Open("/trial");
        var words = page.Locator("output");
        await Expect(words, "Everything, without conditions");

        await page.Locator("button", new() { HasTextString = "Add condition" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Focused(page, "condition-0-field");
        await page.Keyboard.TypeAsync("Sta");
        await page.Locator("#condition-0-operator").WaitForAsync();
        await Focused(page, "condition-0-field");
        await Expect(words, "Status is …");

        await page.Keyboard.PressAsync("Tab");
        await Focused(page, "condition-0-operator");
        await page.Keyboard.PressAsync("Tab");
        await Focused(page, "condition-0-0-choice");
        await page.Keyboard.TypeAsync("Open");
        await Expect(words, "Status is Open");

        await page.Locator("button", new() { HasTextString = "Add group" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Focused(page, "condition-1-0-field");
        await page.Keyboard.TypeAsync("Tag");
        await page.Locator("#condition-1-0-operator").WaitForAsync();
        await page.Locator("#condition-1-0-chosen").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await Expect(words, "Status is Open and Tag includes any of refund, VIP");
        await Expect(page.Locator("#condition-1-0-chosen"), "refund, VIP");
        await Assertions.Expect(page.Locator("#condition-1-0-choices[open]")).ToHaveCountAsync(1); // the list stays open while one chooses
        await visit.Screenshot(page, "conditions-keyboard");

        await page.Locator("[aria-label='Remove condition 1']").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(words, "Tag includes any of refund, VIP");
        await page.Locator("button", new() { HasTextString = "Save" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/trial/saved**");
        (await page.Locator("pre").TextContentAsync()).ShouldBe("""{"version":1,"where":{"all":[{"any":[{"field":"tags","operator":"includes-any","values":["refund","VIP"]}]}]}}""");
    }

    [Fact]
    public async Task Enter_in_a_field_saves_and_a_mistake_is_shown_at_its_row()
    {
        await using var visit = await browser.Visit(_trial.Address, new Reader());
        var page = await visit.Open("/trial");
        await page.Locator("button", new() { HasTextString = "Add condition" }).ClickAsync();
        await page.Locator("#condition-0-field").SelectOptionAsync("number");
        await page.Locator("#condition-0-0-number").FillAsync("many");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("#condition-0-error"), "Fill in a number, for example 3 or 2.5.");
        await Assertions.Expect(page.Locator("#condition-0-0-number")).ToHaveValueAsync("many");
        await Assertions.Expect(page.Locator("#condition-0-0-number")).ToHaveAttributeAsync("aria-describedby", "condition-0-error");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "conditions-mistake");

        await page.Locator("#condition-0-0-number").FillAsync("7");
        await Expect(page.Locator("output"), "Number is 7");
        await Assertions.Expect(page.Locator("#condition-0-error")).ToHaveCountAsync(0);
        var answer = await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("Enter"), response => response.Request.Method == "POST" && response.Url.EndsWith("/trial", StringComparison.Ordinal));
        answer.Status.ShouldBe(303);
        await page.WaitForURLAsync("**/trial/saved**");
    }

    [Fact]
    public async Task What_is_typed_while_the_server_thinks_is_not_lost()
    {
        await using var visit = await browser.Visit(_trial.Address, new Reader());
        var page = await visit.Tab();
        await page.Clock.InstallAsync();
        await page.GotoAsync("/trial?sample");
        var held = new TaskCompletionSource();
        var isFirst = true;
        await page.RouteAsync("**/editor", async route =>
        {
            if (isFirst)
            {
                isFirst = false;
                await held.Task;
            }
            await route.ContinueAsync();
        });
        var asked = page.WaitForRequestAsync("**/editor");
        await page.Locator("button", new() { HasTextString = "Add condition" }).Last.ClickAsync();
        await asked;
        await page.Locator("#condition-4-0-text").FillAsync("typed meanwhile");
        await page.Clock.FastForwardAsync(1_000); // longer than the editor waits for the next letter: the answer comes late
        held.SetResult();

        await page.Locator("#condition-5-field").WaitForAsync();
        await Assertions.Expect(page.Locator("#condition-4-0-text")).ToHaveValueAsync("typed meanwhile");
    }

    [Fact]
    public async Task Without_the_server_the_reader_is_told_and_keeps_the_form()
    {
        await using var visit = await browser.Visit(_trial.Address, new Reader());
        var page = await visit.Open("/trial?sample");
        await page.RouteAsync("**/editor", route => route.AbortAsync());
        await page.Locator("#condition-4-0-text").FillAsync("kept");
        await Expect(page.Locator("output"), "The server does not answer. What you filled in is still here; try again in a moment.");
        await Assertions.Expect(page.Locator("#condition-4-0-text")).ToHaveValueAsync("kept");
    }

    [Fact]
    public async Task The_editor_looks_right_and_is_accessible_to_every_reader()
    {
        foreach (var reader in Reader.Everyone())
        {
            await using var visit = await browser.Visit(_trial.Address, reader);
            var page = await visit.Open("/trial?sample&problems");
            await page.ShouldBeAccessible();
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{reader} has to scroll sideways");
            await visit.Screenshot(page, "conditions", fullPage: true);
        }
    }

    static async Task Expect(ILocator locator, string text) => await Assertions.Expect(locator).ToHaveTextAsync(text);

    static async Task Focused(IPage page, string id) => await Assertions.Expect(page.Locator($"#{id}")).ToBeFocusedAsync();
}
