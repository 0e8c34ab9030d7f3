using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>A working day in the inbox, seen through the browser.</summary>
public sealed class AgentJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_agent_answers_and_the_next_question_appears_by_itself()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");

        await page.ClickAsync($"#row-{ticket} .row-link");
        await page.WaitForSelectorAsync($"[data-ticket='{ticket}']");
        await page.WaitForURLAsync($"**/agent/tickets/{ticket}*");
        await page.FillAsync("#composer-text", "I have reserved the right size for you.");
        await page.ClickAsync("#composer button[type=submit]:has-text('Send')");
        await page.WaitForSelectorAsync(".message .body:has-text('I have reserved')");
        await page.WaitForSelectorAsync(".toast:has-text('Sent.')");
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("");
        (await _desk.Read(ticket)).Status.ShouldBe(StandardStatus.Pending);

        var next = await _desk.Ask("Jonas Weber", "Invoice with VAT number");
        await page.WaitForSelectorAsync($"#row-{next}");
        await _desk.Add(ticket, "Thank you so much!");
        await page.WaitForSelectorAsync(".message .body:has-text('Thank you so much!')");
        await page.WaitForSelectorAsync($"#row-{ticket}.row-unread, #row-{ticket} .row-unread");
        await visit.Screenshot(page, "agent-answers");
    }

    [Fact]
    public async Task A_draft_survives_a_reload()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");

        await page.Locator("#composer-text").PressSequentiallyAsync("Half a thought");
        await page.WaitForSelectorAsync(".draft-state:has-text('Draft saved')");
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("Half a thought");

        // Gone on with by the key, at its end and not before it.
        await page.Keyboard.PressAsync("r");
        await page.WaitForSelectorAsync("#composer-text:focus");
        await page.Keyboard.TypeAsync(", whole now");
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("Half a thought, whole now");
    }

    [Fact]
    public async Task What_was_written_in_the_moment_of_leaving_is_on_the_page_that_comes()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");
        await page.RouteAsync("**/draft", route => route.AbortAsync());
        await page.Locator("#composer-text").PressSequentiallyAsync("Half a thought");
        await Expect(page.Locator(".draft-state")).Not.ToBeEmptyAsync(); // the server did not take it
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("Half a thought");

        await page.UnrouteAsync("**/draft");
        await page.Locator("#composer-text").PressSequentiallyAsync("!");
        await page.WaitForSelectorAsync(".draft-state:has-text('Draft saved')");
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("Half a thought!");
    }

    [Fact]
    public async Task What_is_sent_while_it_is_stored_is_no_draft_any_more()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/draft", async route =>
        {
            asked.TrySetResult();
            await goOn.Task;
            await route.ContinueAsync();
        });
        await page.Locator("#composer-text").PressSequentiallyAsync("It leaves today.");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForSelectorAsync(".message .body:has-text('It leaves today.')");
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("");

        var stored = page.WaitForResponseAsync(response => response.Url.EndsWith("/draft", StringComparison.Ordinal) && response.Request.PostData!.Contains("text=&", StringComparison.Ordinal));
        goOn.SetResult();
        await (await stored).FinishedAsync();
        await page.ReloadAsync();
        await DeskAtWork.Ready(page);
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("");
        await Expect(page.Locator(".draft-state")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Two_agents_do_not_answer_over_each_other()
    {
        await _desk.Join("Ivan Kim", "ivan@example.com", "en");
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var first = await browser.Visit(_desk.Address, new Reader());
        await using var second = await browser.Visit(_desk.Address, new Reader());
        var lena = await DeskAtWork.SignIn(first, $"/agent/tickets/{ticket}");
        var ivan = await DeskAtWork.SignIn(second, $"/agent/tickets/{ticket}", "ivan@example.com");
        await lena.WaitForSelectorAsync("#others:has-text('Ivan Kim is looking')");
        await ivan.Locator("#composer-text").PressSequentiallyAsync("I take care");
        await lena.WaitForSelectorAsync("#others:has-text('Ivan Kim is typing')");
        await lena.FillAsync("#composer-text", "I am on it.");

        // Lena presses before she has seen Ivan's answer, which is stored by then: what would show it to her takes its time.
        var shown = new TaskCompletionSource();
        await lena.RouteAsync($"**/agent/tickets/{ticket}/refresh", async route =>
        {
            await shown.Task;
            await route.ContinueAsync();
        });
        await ivan.Keyboard.PressAsync("Control+Enter");
        await ivan.WaitForSelectorAsync(".message .body:has-text('I take care')");
        await lena.ClickAsync("#composer button[type=submit]:has-text('Send')");
        await lena.WaitForSelectorAsync(".held:has-text('I take care')");
        shown.SetResult();
        await Expect(lena.Locator("#composer-text")).ToHaveValueAsync("I am on it.");
        (await _desk.Texts(ticket)).ShouldBe(["Wrong size delivered", "I take care"]);
        await first.Screenshot(lena, "agents-collide");
        await lena.ShouldBeAccessible();

        await lena.ClickAsync(".held button:has-text('Send anyway')");
        await lena.WaitForSelectorAsync(".message .body:has-text('I am on it.')");
        await ivan.WaitForSelectorAsync(".message .body:has-text('I am on it.')");
        await Expect(lena.Locator(".held")).ToHaveCountAsync(0);
        (await _desk.Texts(ticket)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_ticket_is_handled_with_the_keyboard_alone()
    {
        await _desk.Join("Ivan Kim", "ivan@example.com", "en");
        await _desk.Ask("Jonas Weber", "Invoice with VAT number");
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync($"[data-ticket='{ticket}']");
        await page.Keyboard.PressAsync("i");
        await page.WaitForSelectorAsync(".chips button:has-text('You')");
        await page.Keyboard.PressAsync("p");
        await page.WaitForSelectorAsync("#menu-priority:popover-open :focus");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".chips button:has-text('Urgent')");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.TypeAsync("iva"); // at once: the people come later, and these are no keys of the ticket
        await page.WaitForSelectorAsync("#menu-assignee:popover-open .menu-item:visible:has-text('Ivan Kim')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".chips button:has-text('Ivan Kim')");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.TypeAsync("vip, wholesale");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".chips button:has-text('wholesale')");
        await page.WaitForSelectorAsync(".chips button:has-text('vip')");
        await page.Keyboard.PressAsync("r");
        await page.WaitForSelectorAsync("#composer-text:focus");
        await Expect(page.Locator("#composer button[aria-label='Mention a colleague']")).ToBeHiddenAsync(); // the customer would read it
        await page.Keyboard.TypeAsync("Tomorrow by courier.");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForSelectorAsync(".message .body:has-text('Tomorrow by courier.')");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("e");
        await page.WaitForSelectorAsync(".toast:has-text('Solved: 1 ticket')");
        (await _desk.Read(ticket)).Status.ShouldBe(StandardStatus.Solved);
        await page.Keyboard.PressAsync("z");
        await page.WaitForSelectorAsync(".toast:has-text('Undone: 1 ticket')");
        (await _desk.Read(ticket)).Status.ShouldBe(StandardStatus.Pending);

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("invoice");
        await page.WaitForSelectorAsync("#palette-found .menu-item:has-text('Invoice with VAT')");
        await visit.Screenshot(page, "agent-palette");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("#palette dialog", new() { State = WaitForSelectorState.Hidden }); // until then keys belong to it
        await page.Keyboard.PressAsync("?");
        await page.WaitForSelectorAsync("#key-map[open]");
        await visit.Screenshot(page, "agent-keys");
        await page.Keyboard.PressAsync("Escape");
    }

    [Fact]
    public async Task Keys_work_with_a_russian_layout()
    {
        await _desk.Ask("Jonas Weber", "Invoice with VAT number");
        await using var visit = await browser.Visit(_desk.Address, new Reader("ru"));
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");
        await page.EvaluateAsync("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true, cancelable: true }))");
        await page.WaitForSelectorAsync(".row-link:focus");
    }

    [Fact]
    public async Task A_selection_is_solved_and_undone()
    {
        var first = await _desk.Ask("Jonas Weber", "Invoice with VAT number");
        var second = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("Shift+J");
        await page.WaitForSelectorAsync(".bulk-bar:has-text('2')");
        await visit.Screenshot(page, "agent-selection");
        await page.ClickAsync(".bulk-bar button:has-text('Mark as solved')");
        await page.WaitForSelectorAsync("text=Nothing is open");
        (await _desk.Read(first)).Status.ShouldBe(StandardStatus.Solved);
        await page.ClickAsync(".toast button:has-text('Undo')");
        await page.WaitForSelectorAsync($"#row-{second}");
        (await _desk.Read(second)).Status.ShouldBe(StandardStatus.New);
    }

    [Fact]
    public async Task Keys_mean_the_selection_and_not_the_ticket_that_is_open()
    {
        await _desk.Join("Ivan Kim", "ivan@example.com", "en");
        var first = await _desk.Ask("Jonas Weber", "Invoice with VAT number");
        var second = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        var open = await _desk.Ask("Wang Fang", "Where is my parcel?");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{open}?view=open");

        await page.CheckAsync($"#row-{first} input[type=checkbox]");
        await page.CheckAsync($"#row-{second} input[type=checkbox]");
        await page.Keyboard.PressAsync("p"); // opens what the selection can be given, at the priorities
        await page.WaitForSelectorAsync("#bulk-more:popover-open [value=Urgent]:focus");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.TypeAsync("iva");
        await page.WaitForSelectorAsync("#bulk-more:popover-open .menu-item:visible:has-text('Ivan Kim')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".toast:has-text('Assigned: 2 tickets')");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.TypeAsync("sale, return");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".toast:has-text('Changed: 2 tickets')");
        (await _desk.Read(second)).Tags.Select(tag => tag.Name).ShouldBe(["sale", "return"], ignoreOrder: true);
        (await _desk.Read(open)).AssigneeId.ShouldBeNull();
        await page.Keyboard.PressAsync("e");
        await page.WaitForSelectorAsync(".toast:has-text('Solved: 2 tickets')");
        (await _desk.Read(first)).Status.ShouldBe(StandardStatus.Solved);
        (await _desk.Read(open)).Status.ShouldBe(StandardStatus.New);

        // Nothing is selected any more: the key is the open ticket's again.
        await page.WaitForSelectorAsync(".bulk-bar", new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("e");
        await page.WaitForSelectorAsync(".toast:has-text('Solved: 1 ticket')");
        (await _desk.Read(open)).Status.ShouldBe(StandardStatus.Solved);

        // With neither a selection nor an open ticket it is that of the row under the cursor.
        var last = await _desk.Ask("Ada Ng", "A lamp for the desk");
        await page.GotoAsync("/agent/tickets?view=open");
        await page.WaitForSelectorAsync($"#row-{last}");
        await page.Keyboard.PressAsync("j");
        await page.WaitForSelectorAsync($"#row-{last} :focus");
        await page.Keyboard.PressAsync("e");
        await page.WaitForSelectorAsync(".toast:has-text('Solved: 1 ticket')");
        (await _desk.Read(last)).Status.ShouldBe(StandardStatus.Solved);
    }

    [Fact]
    public async Task A_file_goes_up_with_the_note_that_mentions_a_colleague()
    {
        await _desk.Join("Ivan Kim", "ivan@example.com", "en");
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");

        await page.Keyboard.PressAsync("n");
        await page.WaitForSelectorAsync("#composer[data-kind=note] #composer-text:focus");
        await page.Keyboard.TypeAsync("@iva");
        await page.WaitForSelectorAsync("#mention-menu .menu-item");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("@Ivan Kim ");
        var arrives = new TaskCompletionSource();
        await page.RouteAsync("**/agent/files", async route =>
        {
            await arrives.Task;
            await route.ContinueAsync();
        });
        await page.SetInputFilesAsync("#composer input[type=file]", new FilePayload { Name = "label.txt", MimeType = "text/plain", Buffer = "size M"u8.ToArray() });
        await page.Locator("#composer-text").PressSequentiallyAsync("see the label");
        await page.Keyboard.PressAsync("Control+Enter"); // while the file is on its way
        await page.WaitForSelectorAsync("#composer:has-text('It goes out as soon as the files are up')");
        arrives.SetResult();
        await page.WaitForSelectorAsync(".message.note .mention:has-text('@Ivan Kim')");
        await page.WaitForSelectorAsync(".message.note .file:has-text('label.txt')");
        (await _desk.Read(ticket)).Status.ShouldBe(StandardStatus.New);
    }

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

    [Fact]
    public async Task Eight_tabs_share_one_stream()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Wrong size delivered");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var streams = 0;
        visit.Context.Request += (_, request) => streams += request.Url.Contains("/agent/live", StringComparison.Ordinal) ? 1 : 0;
        List<IPage> tabs = [await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}")];
        while (tabs.Count < 8)
        {
            tabs.Add(await visit.Open($"/agent/tickets/{ticket}"));
            await DeskAtWork.Ready(tabs[^1]);
        }

        await _desk.Add(ticket, "Are you there?");
        foreach (var tab in tabs)
            await tab.WaitForSelectorAsync(".message .body:has-text('Are you there?')");
        streams.ShouldBe(1);

        // The tab that reads the stream closes: another takes over, and nothing is missed.
        await tabs[0].CloseAsync();
        await _desk.Add(ticket, "Hello?");
        foreach (var tab in tabs.Skip(1))
            await tab.WaitForSelectorAsync(".message .body:has-text('Hello?')");
        streams.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task The_workspace_looks_right_and_is_accessible(string language, Theme theme, int width)
    {
        var reader = new Reader(language, theme, width, "Europe/Berlin");
        await _desk.Join("Лена Мороз", "reader@example.com", language);
        var ticket = await _desk.Morning();
        await using var visit = await browser.Visit(_desk.Address, reader);
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets?view=open", "reader@example.com");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "workspace-list");
        foreach (var (name, path) in new[]
        {
            ("ticket", $"/agent/tickets/{ticket}?view=open"), ("views", "/agent"), ("search", "/agent/search?query=3-D"), ("new-ticket", "/agent/tickets/new"),
            ("blocked", "/agent/blocked-senders"), ("notifications", "/agent/notifications"), ("new-view", "/agent/views/new"), ("merger", $"/agent/tickets/{ticket}/merger"),
        })
        {
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, $"workspace-{name}");
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue($"{name} is wider than the window");
        }
    }

    public static TheoryData<string, Theme, int> Readers()
    {
        var data = new TheoryData<string, Theme, int>();
        foreach (var reader in Reader.Everyone())
            data.Add(reader.Language, reader.Theme, reader.Width);
        return data;
    }
}
