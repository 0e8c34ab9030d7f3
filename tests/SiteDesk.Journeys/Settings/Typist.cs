using Microsoft.Playwright;

namespace SiteDesk.Journeys.Settings;

/// <summary>
/// Somebody without a mouse: reaches everything with Tab and does everything with keys. What Tab cannot reach, or what shows no
/// focus when it is reached, fails the journey.
/// </summary>
public sealed class Typist(IPage page)
{
    const int MostSteps = 250;

    /// <summary>Presses Tab until the focus is on the element, and checks that a person can see where it is.</summary>
    public async Task To(string selector)
    {
        // While an answer is under way the page is about to be another, and what is found on it goes with it.
        await page.WaitForFunctionAsync("() => !document.querySelector('html[aria-busy], form[aria-busy]')");
        await page.Locator(selector).First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        var passed = new List<string>();
        for (var step = 0; step < MostSteps; step++)
        {
            if (await page.Locator(selector).EvaluateAllAsync<bool>("elements => elements.includes(document.activeElement)"))
            {
                await ShouldShowFocus(selector);
                return;
            }

            passed.Add(await page.EvaluateAsync<string>("`${document.activeElement?.tagName}#${document.activeElement?.id}`"));
            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"Tab does not reach {selector} at {page.Url}. It passed {string.Join(", ", passed.Distinct(StringComparer.Ordinal).Take(60))}");
    }

    /// <summary>Replaces what stands in a field.</summary>
    public async Task Type(string selector, string text)
    {
        await To(selector);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Types into a date or time field, part after part as its language orders them.</summary>
    public async Task TypeParts(string selector, string digits)
    {
        await To(selector);
        await page.Keyboard.TypeAsync(digits);
    }

    /// <summary>Presses a button or follows a link.</summary>
    public async Task Press(string selector)
    {
        await To(selector);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Ticks or unticks a box, chooses a radio button.</summary>
    public async Task Tick(string selector)
    {
        await To(selector);
        await page.Keyboard.PressAsync("Space");
    }

    /// <summary>Chooses in a select by the beginning of the option's words.</summary>
    public async Task Choose(string selector, string words)
    {
        await To(selector);
        const string Chosen = "document.activeElement.selectedOptions[0].textContent.trim()";
        await page.Keyboard.PressAsync("Home");
        for (string? before = null, now = await page.EvaluateAsync<string>(Chosen); !now.StartsWith(words, StringComparison.Ordinal); now = await page.EvaluateAsync<string>(Chosen))
        {
            now.ShouldNotBe(before, $"{selector} has no option that begins with {words}");
            before = now;
            await page.Keyboard.PressAsync("ArrowDown");
        }
    }

    /// <summary>The element that has the focus differs visibly: an outline, a shadow or a border of its own, in it or around it.</summary>
    public Task ShouldShowFocus(string what) => ShouldShowFocus(page, what);

    public static async Task ShouldShowFocus(IPage page, string what) =>
        (await page.EvaluateAsync<bool>(ShowsFocus)).ShouldBeTrue($"{what} has the focus at {page.Url}, and nothing shows it");

    /// <summary>The question of <see cref="ShouldShowFocus(string)"/> as a function of the page, for those who ask several things at once.</summary>
    public const string ShowsFocus = """
        () => {
            const focused = document.activeElement;
            const shows = element => {
                const style = getComputedStyle(element);
                return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
            };
            for (let element = focused; element && element !== document.body; element = element.parentElement)
                if (shows(element)) return true;
            return false;
        }
        """;
}
