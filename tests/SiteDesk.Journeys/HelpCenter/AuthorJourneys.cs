using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SiteDesk.HelpCenter;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Settings;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.HelpCenter;

/// <summary>Authors of the help centre: they type, paste, order and meet each other.</summary>
public sealed class AuthorJourneys(SharedBrowser browser, SettingsDesk desk)
{
    private const string WordHtml =
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><!--StartFragment--><h1>Returns<o:p></o:p></h1><p class=MsoNormal style='margin:0;font-family:Calibri'>You have <b>14</b> days.<o:p></o:p></p>"
        + "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Pack it</p>"
        + "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·</span><![endif]>Send it</p><!--EndFragment--></body></html>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_article_is_typed_with_signs_of_Markdown_and_saves_itself()
    {
        var (id, textId) = await Begin("Typing");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.ClickAsync("#article-body");
        await page.Keyboard.TypeAsync("## How long it takes");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("Refunds take **five** days.");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("- by card");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("by bank");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("!tip Keep the receipt.");
        await Draft(textId, "<h2>How long it takes</h2><p>Refunds take <strong>five</strong> days.</p><ul><li>by card</li><li>by bank</li></ul><aside class=\"callout\" data-kind=\"tip\"><p>Keep the receipt.</p></aside>");
        await visit.Screenshot(page, "help-article-typed");

        // What the toolbar does is done without a mouse, too.
        await page.Keyboard.PressAsync("Control+z");
        await page.Keyboard.PressAsync("Alt+F10");
        await page.WaitForSelectorAsync("[role=toolbar][aria-label=Formatting] :focus");
        (await Axe.Violations(page)).ShouldBeEmpty();
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("html[data-ready]");
        await Expect(page.Locator("#article-body")).ToContainTextAsync("by bank");
    }

    [Fact]
    public async Task What_is_pasted_from_Word_is_clean_and_a_table_is_made_by_the_toolbar()
    {
        var (id, textId) = await Begin("Pasting");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.ClickAsync("#article-body");
        await Paste(page, WordHtml);
        await page.WaitForSelectorAsync("#article-body li >> text=Send it");
        await Draft(textId, "<h2>Returns</h2><p>You have <strong>14</strong> days.</p><ul><li>Pack it</li><li>Send it</li></ul>");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("[role=toolbar] button[aria-label=Table]");
        await page.Keyboard.TypeAsync("Item");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Price");
        await page.ClickAsync("[role=toolbar] button:has-text('Remove the row')");
        await page.ClickAsync("[role=toolbar] button:has-text('Column after')");
        await Expect(page.Locator("#article-body table tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#article-body table tr:first-child > *")).ToHaveCountAsync(4);
        await visit.Screenshot(page, "help-article-pasted");
    }

    [Fact]
    public async Task What_a_paste_leaves_out_is_said_and_the_arrow_leads_out_of_what_ends_the_text()
    {
        var (id, textId) = await Begin("Leaving");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.ClickAsync("#article-body");
        await Paste(page, "<p>Pack it<img src='file:///C:/clip.png'></p>");
        await Expect(page.Locator("[data-remark]")).ToContainTextAsync("1 picture was left out");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("``` let x");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.TypeAsync("!note Mind");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.TypeAsync("The end");
        await Draft(textId, "<p>Pack it</p><pre>let x</pre><aside class=\"callout\" data-kind=\"note\"><p>Mind</p></aside><p>The end</p>");
        await Expect(page.Locator("[data-remark]")).ToContainTextAsync("1 picture was left out");
        await visit.Screenshot(page, "help-article-left-out");

        // What no article holds is refused before the browser stands still over it, and a picture written out in a paste is not too much text.
        await page.EvaluateAsync("() => { const data = new DataTransfer(); data.setData('text/plain', 'word '.repeat(1000000)); document.getElementById('article-body').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }");
        await Expect(page.Locator("[data-remark]")).ToContainTextAsync("The text is too long: at most 500,000 characters");
        (await page.Locator("#article-body").InnerTextAsync()).Length.ShouldBeLessThan(1000);
        await page.EvaluateAsync("() => { const data = new DataTransfer(); data.setData('text/html', `<p>Send it<img src=\"data:image/png;base64,${'A'.repeat(4000000)}\"></p>`); document.getElementById('article-body').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }");
        await Expect(page.Locator("[data-remark]")).ToContainTextAsync("1 picture was left out");
        await Expect(page.Locator("#article-body")).ToContainTextAsync("Send it");

        // A video's address that is refused stays where it was typed.
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("[role=toolbar] button[aria-label=Video]");
        await page.FillAsync("#video-address", "https://example.org/film");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#video-problem")).ToContainTextAsync("no address of a video");
        await Expect(page.Locator("#video-address")).ToHaveValueAsync("https://example.org/film");
        await page.FillAsync("#video-address", "youtu.be/dQw4w9WgXcQ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#video-dialog")).ToBeHiddenAsync();
        await Expect(page.Locator("#article-body figure")).ToHaveAttributeAsync("data-video", "youtube:dQw4w9WgXcQ");
    }

    [Fact]
    public async Task Long_words_long_contents_and_other_directions_stay_on_a_phone()
    {
        var (id, _) = await Begin("Long", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen and Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz");
        await using var visit = await desk.SignedIn(browser, new Reader(Width: 390));
        var page = await visit.Tab();
        await page.RouteAsync("**/article-editor/**", route => route.AbortAsync());
        await page.GotoAsync($"/agent/help/articles/{id}");
        await page.FillAsync("#Body", "مرحبا بالعالم\n\n" + string.Concat(Enumerable.Range(1, 200).Select(number => $"## Entry {number}\n\nText.\n\n")));
        await page.ClickAsync("button[formaction$='/publication']");
        await page.GotoAsync((await page.GetAttributeAsync(".help-buttons a[target=_blank]", "href"))!);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0);
        (await page.EvaluateAsync<double>("document.querySelector('.help-body').getBoundingClientRect().top / innerHeight")).ShouldBeLessThan(2, "the contents do not push the text away");
        (await page.EvaluateAsync<double>("(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('.help-body p')); return innerWidth - range.getBoundingClientRect().right; })()")).ShouldBeLessThan(40, "Arabic begins on the right");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "help-article-long");
    }

    [Fact]
    public async Task Two_authors_meet_and_nothing_is_lost()
    {
        var (id, textId) = await Begin("Meeting");
        await using var first = await desk.SignedIn(browser, new Reader());
        await using var second = await desk.SignedIn(browser, new Reader("ru"));
        var page = await first.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        var other = await second.Open($"/agent/help/articles/{id}");
        await other.WaitForSelectorAsync("html[data-ready]");
        await page.ClickAsync("#article-body");
        await page.Keyboard.TypeAsync("Refunds take five days.");
        await Draft(textId, "<p>Refunds take five days.</p>");
        await other.ClickAsync("#article-body");
        await other.Keyboard.TypeAsync("Refunds take ten days.");
        await other.WaitForSelectorAsync("#conflict-dialog[open]");
        await other.WaitForSelectorAsync("#conflict-dialog ins >> text=ten");
        await second.Screenshot(other, "help-article-conflict");
        await other.ClickAsync("#conflict-dialog button[value=mine]");
        await Draft(textId, "<p>Refunds take ten days.</p>");
        (await desk.Rows(rows => rows.Set<ArticleVersion>().Where(version => version.ArticleTextId == textId).Select(version => version.Body).ToListAsync(Cancellation))).ShouldContain("<p>Refunds take five days.</p>");
    }

    [Fact]
    public async Task Articles_are_ordered_by_keyboard_and_by_dragging()
    {
        var (first, _) = await Begin("Order");
        var section = await desk.Rows(rows => rows.Set<Article>().Where(article => article.Id == first).Select(article => article.SectionId).FirstAsync(Cancellation));
        var second = (await Begin("Order", "Second")).Id;
        var third = (await Begin("Order", "Third")).Id;
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/{await SiteId()}?section={section}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.FocusAsync($".help-articles [data-order-id='{third}'] > div > a");
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await page.WaitForSelectorAsync("[data-order-status] >> text=Moved");
        (await Order(section)).ShouldBe([first, third, second]);
        await page.Locator($".help-articles [data-order-id='{first}']").DragToAsync(page.Locator($".help-articles [data-order-id='{second}']"), new LocatorDragToOptions { SourcePosition = new SourcePosition { X = 300, Y = 20 }, TargetPosition = new TargetPosition { X = 300, Y = 40 } });
        await Eventually(async () => (await Order(section)).SequenceEqual([third, second, first]));
    }

    [Fact]
    public async Task Without_script_the_plain_field_does_the_same()
    {
        var (id, textId) = await Begin("Plain");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Tab();
        await page.RouteAsync("**/article-editor/**", route => route.AbortAsync());
        await page.GotoAsync($"/agent/help/articles/{id}");
        await page.FillAsync("#Body", "## How\n\n> [!WARNING]\n> Mind the gap.\n");
        await page.ClickAsync("button:has-text('Save the draft')");
        await Draft(textId, "<h2>How</h2><aside class=\"callout\" data-kind=\"warning\"><p>Mind the gap.</p></aside>");
    }

    [Fact]
    public async Task A_picture_is_pasted_described_and_linked_beside_an_article_that_was_searched()
    {
        await Begin("Linking", "Delivery times");
        var (id, textId) = await Begin("Linking", "Pictures");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.ClickAsync("#article-body");
        await page.EvaluateAsync(
            "bytes => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], 'shot.png', { type: 'image/png' })); document.getElementById('article-body').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        await page.WaitForSelectorAsync("#picture-dialog[open]");
        await page.FillAsync("#picture-alt", "The red button");
        await page.ClickAsync("#picture-dialog button[value=ok]");
        await page.WaitForSelectorAsync("#article-body img[alt='The red button']");
        await page.Keyboard.TypeAsync(" see ");
        await page.Keyboard.PressAsync("Control+k");
        await page.WaitForSelectorAsync("#link-dialog[open]");
        await page.Keyboard.TypeAsync("delivery times");
        await page.WaitForSelectorAsync("#link-results [role=option][aria-selected=true] >> text=Delivery times of Linking");
        await visit.Screenshot(page, "help-article-link");
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("#link-dialog button[value=ok]");
        await page.WaitForSelectorAsync("#article-body a >> text=Delivery times of Linking");
        await Eventually(async () => await desk.Rows(rows => rows.Set<ArticleDraft>().AnyAsync(draft => draft.ArticleTextId == textId && draft.Body.Contains("alt=\"The red button\" width=\"1\"") && draft.Body.Contains("/en/articles/delivery-times-of-linking\">"), Cancellation)));
    }

    [Fact]
    public async Task What_was_written_without_a_network_is_there_after_a_reload_and_a_translation_stands_beside_its_source()
    {
        var (id, textId) = await Begin("Offline");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/help/articles/{id}");
        await page.WaitForSelectorAsync("html[data-ready]");
        await page.RouteAsync("**/draft", route => route.AbortAsync());
        await page.ClickAsync("#article-body");
        await page.Keyboard.TypeAsync("Written in a tunnel.");
        await page.WaitForSelectorAsync("[data-saved] >> text=No connection");
        await page.UnrouteAsync("**/draft");
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("#article-body >> text=Written in a tunnel.");
        await Draft(textId, "<p>Written in a tunnel.</p>");

        await page.ClickAsync("button[name=Language][value=ru]");
        await page.WaitForSelectorAsync("html[data-ready] .help-source >> text=Written in a tunnel.");
        await page.ClickAsync("#article-body");
        await page.Keyboard.TypeAsync("Написано в тоннеле.");
        await page.ClickAsync("button:has-text('Publish')");
        await page.WaitForSelectorAsync(".banner-good");
        (await desk.Rows(rows => rows.Set<ArticleText>().AnyAsync(text => text.ArticleId == id && text.Language == "ru" && text.PublishedVersionId != null, Cancellation))).ShouldBeTrue();
        await visit.Screenshot(page, "help-article-translation");
    }

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    public async Task Every_page_of_the_authors_is_accessible(string language, Theme theme, int width)
    {
        var (id, _) = await Begin($"Pages {language}");
        var site = await SiteId();
        await using var visit = await desk.SignedIn(browser, new Reader(language, theme, width));
        var page = await visit.Tab();
        var problems = new List<string>();
        foreach (var (name, path) in new[] { ("list", $"/agent/help/{site}"), ("new", $"/agent/help/{site}/articles/new"), ("section", $"/agent/help/{site}/sections/new"), ("article", $"/agent/help/articles/{id}"), ("versions", $"/agent/help/articles/{id}/en/versions"), ("synonyms", $"/agent/help/{site}/synonyms"), ("links", $"/agent/help/{site}/links"), ("transfer", $"/agent/help/{site}/transfer") })
        {
            var answer = await page.GotoAsync(path);
            answer!.Status.ShouldBe(200, path);
            await page.WaitForSelectorAsync("html[data-ready]");
            problems.AddRange((await Axe.Violations(page)).Select(violation => $"{path}: {violation}"));
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                problems.Add($"{path} is wider than the window");
            if (name == "article")
                (await page.Locator(".editor-bar").BoundingBoxAsync())!.Height.ShouldBeLessThan(100, "the tools stay above the text and must leave it room");
            await visit.Screenshot(page, $"help-authors-{name}", fullPage: true);
        }

        problems.ShouldBeEmpty(string.Join(Environment.NewLine, problems));
    }

    private Task<long> SiteId() => desk.Rows(rows => rows.Set<Site>().OrderBy(site => site.Id).Select(site => site.Id).FirstAsync(Cancellation));

    // A section of its own for each journey, so that they do not meet.
    private async Task<(long Id, long TextId)> Begin(string section, string title = "First")
    {
        (long, long) made = default;
        await desk.In(async services =>
        {
            var database = services.GetRequiredService<Database>();
            var site = await database.Set<Site>().OrderBy(row => row.Id).FirstAsync(Cancellation);
            var home = await database.Set<Section>().FirstOrDefaultAsync(row => row.SiteId == site.Id && row.Names.Any(name => name.Name == section), Cancellation)
                ?? (await services.GetRequiredService<KeepSection>().RunAsync(site, null, new KeepSection.Request(null, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { ["en"] = new(section) }), Cancellation)).Value;
            var article = (await services.GetRequiredService<StartArticle>().RunAsync(site, home, "en", new StartArticle.Words($"{title} of {section}", "", "", []), 1, Cancellation)).Value;
            await database.SaveChangesAsync(Cancellation);
            made = (article.Id, article.Texts[0].Id);
        });
        return made;
    }

    private Task<List<long>> Order(long section) =>
        desk.Rows(rows => rows.Set<Article>().Where(article => article.SectionId == section).OrderBy(article => article.Position).ThenBy(article => article.Id).Select(article => article.Id).ToListAsync(Cancellation));

    private Task Draft(long textId, string body) => Eventually(
        async () => await desk.Rows(rows => rows.Set<ArticleDraft>().Where(draft => draft.ArticleTextId == textId).Select(draft => draft.Body).FirstAsync(Cancellation)) == body,
        () => desk.Rows(rows => rows.Set<ArticleDraft>().Where(draft => draft.ArticleTextId == textId).Select(draft => draft.Body).FirstAsync(Cancellation)));

    private static async Task Eventually(Func<Task<bool>> holds, Func<Task<string>>? tell = null)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < until; await Task.Delay(100, Cancellation))
        {
            if (await holds())
                return;
        }

        throw new TimeoutException($"It did not come about: {(tell is null ? "" : await tell())}");
    }

    private static Task Paste(IPage page, string html) => page.EvaluateAsync(
        "html => { const data = new DataTransfer(); data.setData('text/html', html); data.setData('text/plain', 'plain'); document.getElementById('article-body').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }", html);
}
