using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>An agent drops files, places pictures in an answer, and writes it in two tabs without losing a word.</summary>
public sealed class PictureJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Files_are_dropped_on_the_conversation_and_lead_nobody_away()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}?view=open");
        Task<bool> Drop(string place, string name, int bytes) => page.EvaluateAsync<bool>(
            """
            ([place, name, bytes]) => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
              return !document.querySelector(place).dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
            }
            """, new object[] { place, name, bytes });

        (await Drop("[data-list-target=row]", "missed.txt", 6)).ShouldBeTrue(); // or the browser would open it in the place of the page
        (await Drop(".talk", "label.txt", 6)).ShouldBeTrue();
        await page.WaitForSelectorAsync("#composer .file:has-text('6 bytes')");
        (await Drop("#composer-text", "film.bin", 21 * 1024 * 1024)).ShouldBeTrue();
        await page.WaitForSelectorAsync("#composer .file-failed:has-text('“film.bin” is too large. The limit is 20 MB.')");
        for (var number = 2; number <= 11; number++)
            await Drop("#composer-text", $"page{number}.txt", 1);
        await page.WaitForSelectorAsync("#composer .file-failed:has-text('Attach at most 10 files')");
        await visit.Screenshot(page, "agent-files");
        await Expect(page.Locator("#composer .file:has-text('missed.txt')")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 1024)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task A_picture_is_pasted_into_the_text_another_placed_by_its_button_and_both_are_read_where_they_stand(string language, Theme theme, int width)
    {
        var ticket = await _desk.Ask("Maria Lopez", "Where is the switch?");
        await _desk.Join("Reader", "reader@example.com", language);
        await using var visit = await browser.Visit(_desk.Address, new Reader(language, theme, width));
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}", "reader@example.com");
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Clip = new Clip { X = 0, Y = 0, Width = 300, Height = 120 } });
        var text = page.Locator("#composer-text");
        await text.FillAsync("Here: ");
        await text.EvaluateAsync(Paste, Convert.ToBase64String(picture));
        await Expect(text).ToHaveValueAsync(Ends(@"^Here: !\[switch\.png\]\(picture:[\w-]{8}\)$"));

        await page.SetInputFilesAsync("[data-attachments-target=picker]", new FilePayload { Name = "plan.png", MimeType = "image/png", Buffer = picture });
        await page.ClickAsync(".composer .file:has-text('plan.png') .file-place");
        await Expect(text).ToHaveValueAsync(Ends(@"\) !\[plan\.png\]\(picture:[\w-]{8}\)$"));
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "picture-composer");
        await page.ClickAsync("[data-markup-target=toggle]");
        await Loaded(page, ".composer-preview img[alt='switch.png']");
        await visit.Screenshot(page, "picture-preview");
        await page.ClickAsync("[data-markup-target=toggle]");
        await page.ClickAsync("#composer button[type=submit]:has([data-composer-target=sendLabel])");

        await Loaded(page, ".message .body.rich img[alt='plan.png']");
        (await page.Locator(".message .files").CountAsync()).ShouldBe(0, "they are not listed below it again");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "picture-sent");
        var read = await visit.Open($"/t/{(await _desk.Read(ticket)).Token}?language={language}");
        await Loaded(read, ".bubble .rich img[alt='switch.png']");
        await read.ShouldBeAccessible();
        await visit.Screenshot(read, "picture-tracking");
    }

    [Fact]
    public async Task What_is_typed_in_two_tabs_stays_in_both()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var first = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");
        var second = await visit.Open($"/agent/tickets/{ticket}");
        await DeskAtWork.Ready(second);
        await Write(first, "Please keep it.");
        await Expect(first.Locator(".draft-state")).ToHaveTextAsync("Draft saved");
        await Write(second, "We are sorry.");
        await Expect(second.Locator("#composer-text")).ToHaveValueAsync("Please keep it.\n\nWe are sorry.");
        await Expect(second.Locator(".draft-state")).ToHaveTextAsync("Draft saved");
        await Write(first, " A new one leaves.");
        await Expect(first.Locator("#composer-text")).ToHaveValueAsync("Please keep it. A new one leaves.\n\nWe are sorry.");
        await Expect(first.Locator(".draft-state")).ToHaveTextAsync("Draft saved");

        await first.ClickAsync("#composer button[type=submit]:has-text('Send')");
        await first.WaitForSelectorAsync(".message .body:has-text('A new one leaves')");
        await first.ReloadAsync();
        await Expect(first.Locator("#composer-text")).ToHaveValueAsync("");
    }

    static Regex Ends(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    static async Task Write(IPage page, string words)
    {
        await page.Locator("#composer-text").FocusAsync();
        await page.Keyboard.TypeAsync(words);
    }

    static async Task Loaded(IPage page, string selector)
    {
        var picture = page.Locator(selector).First;
        await picture.WaitForAsync();
        await page.WaitForFunctionAsync("picture => picture.complete && picture.naturalWidth > 0", await picture.ElementHandleAsync());
    }

    /// <summary>What a browser does when a picture is pasted from the clipboard.</summary>
    const string Paste = """
        (field, base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], "switch.png", { type: "image/png" }));
          field.focus();
          field.setSelectionRange(field.value.length, field.value.length);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }
        """;
}
