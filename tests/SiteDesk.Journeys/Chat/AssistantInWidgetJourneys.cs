using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Chat;

/// <summary>A visitor and the assistant in the widget: what it offers is pressed, filled in, left, and a person is had.</summary>
public sealed class AssistantInWidgetJourneys(SharedBrowser browser, QuietDesk desk) : IClassFixture<QuietDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The shop, on a port of its own, with an assistant that answers first.</summary>
    private async Task<StaticPage> OpenShopAsync(string language)
    {
        var shop = await StaticPage.Serve($"<!doctype html><html lang='{language}'><head><title>Nordlight, lamps</title></head><body><main><h1>Nordlight</h1><p>Lamps and chairs.</p></main>{desk.Snippet}</body></html>");
        await desk.ChangeSiteAsync(site =>
        {
            site.Domains = [.. site.Domains, shop.Address.Authority];
            site.Assistant = site.Assistant with { AnswersInWidget = true, Name = new() { ["en"] = "Nora", ["ru"] = "Нора", ["zh-Hans"] = "小诺" } };
        });
        return shop;
    }

    [Fact]
    public async Task An_answer_with_lists_reads_as_lists()
    {
        await using var shop = await OpenShopAsync("en");
        await using var visit = await browser.Visit(shop.Address, new Reader(Width: 390));
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        var question = $"How long does delivery take {Guid.NewGuid().ToString("N")[..6]}";
        await SayAsync(tab, question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        await desk.SayAsAssistantAsync(await desk.TicketAsync(question), "It takes:\n\n- **Standard** — 3 to 5 days\n- Express — see https://example.com/express\n\nThen:\n\n3. Pack\n4. Send\n\nOrders before 14:00 leave the same day.");
        await Expect(tab.Locator(".in ul li")).ToHaveTextAsync(["Standard — 3 to 5 days", "Express — see https://example.com/express"]);
        await Expect(tab.Locator(".in ul li b")).ToHaveTextAsync("Standard");
        await Expect(tab.Locator(".in ul li a")).ToHaveAttributeAsync("href", "https://example.com/express");
        await Expect(tab.Locator(".in ol")).ToHaveAttributeAsync("start", "3");
        await Expect(tab.Locator(".in ol li")).ToHaveTextAsync(["Pack", "Send"]);
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Orders before 14:00 leave the same day.");
        await visit.Screenshot(tab, "widget-assistant-list");
        await tab.ShouldBeAccessible();
    }

    [Fact]
    public async Task A_source_stands_below_the_answer_without_a_mark_of_a_list_and_the_way_to_a_person_is_there_once()
    {
        await using var shop = await OpenShopAsync("en");
        await using var visit = await browser.Visit(shop.Address, new Reader(Width: 390));
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        var question = $"Was my card charged twice {Guid.NewGuid().ToString("N")[..6]}";
        await SayAsync(tab, question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var offer = new AssistantOffers("en").Choices with { Choices = [new(MessageChoice.Person, "Talk to a person")] };
        await desk.SayAsAssistantAsync(await desk.TicketAsync(question), "Look whether one of the two is still pending.", offer);

        await Expect(tab.Locator(".in .from a").First).ToBeVisibleAsync();
        await Expect(tab.Locator(".in .from").First).ToHaveCSSAsync("list-style-type", "none");
        await Expect(tab.GetByRole(AriaRole.Button, new() { Name = "Talk to a person" })).ToHaveCountAsync(1);
        await visit.Screenshot(tab, "widget-assistant-source");
        await tab.Locator(".person button").ClickAsync();
        await NewestAsync(await desk.TicketAsync(question), message => message.Choice == new MessageChoice(0, MessageChoice.Person));
    }

    [Theory]
    [InlineData("en", Theme.Light, 1024)]
    [InlineData("en", Theme.Dark, 390)]
    [InlineData("ru", Theme.Dark, 1440)]
    [InlineData("ru", Theme.Light, 390)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    public async Task A_visitor_chooses_fills_a_form_after_a_mistake_goes_back_and_gets_a_person(string language, Theme theme, int width)
    {
        var nora = new AssistantOffers(language);
        await using var shop = await OpenShopAsync(language);
        await using var visit = await browser.Visit(shop.Address, new Reader(language, theme, width));
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await Expect(tab.Locator(".hello .who")).ToContainTextAsync(nora.Name);
        await Expect(tab.Locator(".person button")).ToBeVisibleAsync();
        await visit.Screenshot(tab, "widget-assistant-hello");
        await tab.ShouldBeAccessible();

        var question = $"{nora.Question} {Guid.NewGuid().ToString("N")[..6]}";
        await SayAsync(tab, question);
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync(question);
        await desk.SayAsAssistantAsync(ticket, nora.Which, nora.Choices);
        await Expect(tab.Locator(".offers [role=group] button")).ToHaveTextAsync([nora.First, nora.Second, nora.Choices.Choices[2].Label]);
        await Expect(tab.Locator(".from a").First).ToHaveAttributeAsync("href", $"{desk.Address}help/nordlight/returns");
        await Expect(tab.Locator(".who .bot")).ToBeVisibleAsync();
        await Expect(tab.Locator(".card:visible")).ToHaveCountAsync(0);
        await visit.Screenshot(tab, "widget-assistant-choices");
        await tab.ShouldBeAccessible();

        await tab.Locator(".offers button").First.ClickAsync();
        await Expect(tab.Locator(".out").Last).ToContainTextAsync(nora.First);
        await Expect(tab.Locator(".offers button")).ToHaveCountAsync(0);
        await NewestAsync(ticket, message => message.Choice?.Key == "intent:return");

        var asked = await desk.SayAsAssistantAsync(ticket, nora.Asked, nora.Form());
        await Expect(tab.Locator(".ask")).ToBeVisibleAsync();
        await tab.Locator(".ask .strong").ClickAsync();
        var order = tab.Locator($"#ask-{asked}-order");
        await Expect(order).ToBeFocusedAsync();
        await Expect(order).ToHaveAttributeAsync("aria-invalid", "true");
        await order.FillAsync("12");
        await tab.Locator($"#ask-{asked}-email").FillAsync("anna@example");
        await tab.Locator(".ask .strong").ClickAsync();
        await Expect(tab.Locator($"#ask-{asked}-email")).ToBeFocusedAsync();
        await Expect(tab.Locator($"#ask-{asked}-email-problem")).ToContainTextAsync("name@example.com");
        await Expect(order).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Screenshot(tab, "widget-assistant-form-mistake");
        await tab.ShouldBeAccessible();

        // What was begun is there after a reload.
        await tab.ReloadAsync();
        // On a phone the panel would cover the page.
        if (width < 480)
            await tab.Locator(".bubble").ClickAsync();
        await Expect(order).ToHaveValueAsync("12");
        await tab.Locator($"#ask-{asked}-email").FillAsync("anna@example.com");
        await tab.Locator($"#ask-{asked}-email").PressAsync("Enter");
        var sent = await NewestAsync(ticket, message => message.Choice?.OfferId == asked);
        sent.Text.ShouldBe($"{nora.Form().Form!.Fields[0].Label}: 12\n{nora.Form().Form!.Fields[1].Label}: anna@example.com");
        sent.Choice!.Values.ShouldNotBeNull()["email"].ShouldBe("anna@example.com");

        // The server knows more: its problem stands at the field. Then back.
        var again = await desk.SayAsAssistantAsync(ticket, nora.Asked, nora.Form("12"));
        await Expect(tab.Locator($"#ask-{again}-order-problem")).ToHaveTextAsync(nora.Problem);
        await Expect(tab.Locator($"#ask-{again}-order")).ToHaveAttributeAsync("aria-describedby", $"ask-{again}-order-problem");
        await visit.Screenshot(tab, "widget-assistant-form-again");
        await tab.Locator(".ask button[type=button]").ClickAsync();
        await NewestAsync(ticket, message => message.Choice == new MessageChoice(again, "back"));

        await tab.Locator(".person button").ClickAsync();
        await NewestAsync(ticket, message => message.Choice == new MessageChoice(0, "person"));
        await Expect(tab.Locator(".person")).ToBeHiddenAsync();
        await desk.SayAsAssistantAsync(ticket, nora.Handed, handsOver: true);
        await desk.AnswerAsync(ticket, "Anna");
        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Anna");
        await Expect(tab.Locator(".person")).ToBeHiddenAsync();
        await visit.Screenshot(tab, "widget-assistant-person");
        await tab.ShouldBeAccessible();
    }

    [Fact]
    public async Task The_whole_way_goes_by_keyboard_and_the_focus_stays_where_it_was()
    {
        var nora = new AssistantOffers("en");
        await using var shop = await OpenShopAsync("en");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").FocusAsync();
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".composer textarea")).ToBeFocusedAsync();
        await tab.Keyboard.TypeAsync("By keyboard to the assistant");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync("By keyboard to the assistant");
        await desk.SayAsAssistantAsync(ticket, nora.Which, nora.Choices);
        await Expect(tab.Locator(".offers button")).ToHaveCountAsync(3);
        await Expect(tab.Locator(".composer textarea")).ToBeFocusedAsync();

        // Backwards from the field: the person, then the last choice, then the one before.
        await WalkAsync(tab, "Shift+Tab", ".offers button:nth-child(2)");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".out").Last).ToContainTextAsync(nora.Second);
        await Expect(tab.Locator(".offers")).ToBeFocusedAsync();
        await NewestAsync(ticket, message => message.Choice?.Key == "intent:exchange");

        // The next step comes to where the last one was: one step of the keyboard and one is in it.
        var asked = await desk.SayAsAssistantAsync(ticket, nora.Asked, nora.Form());
        await Expect(tab.Locator(".ask")).ToBeVisibleAsync();
        await Expect(tab.Locator(".offers")).ToBeFocusedAsync();
        await tab.Keyboard.PressAsync("Tab");
        await Expect(tab.Locator($"#ask-{asked}-order")).ToBeFocusedAsync();
        await tab.Keyboard.TypeAsync("123456");
        await tab.Keyboard.PressAsync("Tab");
        await tab.Keyboard.TypeAsync("anna@example.com");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".offers")).ToBeFocusedAsync();
        (await NewestAsync(ticket, message => message.Choice?.OfferId == asked)).Choice!.Values!["order"].ShouldBe("123456");

        await WalkAsync(tab, "Tab", ".person button");
        await tab.Keyboard.PressAsync("Space");
        await Expect(tab.Locator(".offers")).ToBeFocusedAsync();
        await NewestAsync(ticket, message => message.Choice?.Key == "person");
        await tab.Keyboard.PressAsync("Escape");
        await Expect(tab.Locator(".bubble")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_was_pressed_without_a_network_goes_out_once_and_leaves_no_buttons_in_another_tab()
    {
        var nora = new AssistantOffers("en");
        await using var shop = await OpenShopAsync("en");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "On a train");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync("On a train");
        await desk.SayAsAssistantAsync(ticket, nora.Which, nora.Choices);
        await Expect(tab.Locator(".offers button")).ToHaveCountAsync(3);
        var other = await visit.Open();
        await other.Locator(".bubble").ClickAsync();
        await Expect(other.Locator(".offers button")).ToHaveCountAsync(3);

        await visit.Context.SetOfflineAsync(true);
        await tab.Locator(".offers button").First.ClickAsync();
        await Expect(tab.Locator(".waiting")).ToHaveTextAsync(nora.First);
        await Expect(tab.Locator(".offers button")).ToHaveCountAsync(0);
        await Expect(other.Locator(".offers button")).ToHaveCountAsync(0);
        await visit.Context.SetOfflineAsync(false);
        await NewestAsync(ticket, message => message.Choice?.Key == "intent:return");
        await Expect(tab.Locator(".waiting")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(other.Locator(".out")).ToHaveCountAsync(2);
        (await desk.RowsAsync(rows => rows.Set<Message>().CountAsync(message => message.TicketId == ticket && message.Text == nora.First, Cancellation))).ShouldBe(1);
        visit.TakeFaults();
    }

    [Fact]
    public async Task What_was_typed_into_a_form_is_kept_when_a_person_writes_first()
    {
        var nora = new AssistantOffers("en");
        await using var shop = await OpenShopAsync("en");
        await using var visit = await browser.Visit(shop.Address, new Reader());
        var tab = await visit.Open();
        await tab.Locator(".bubble").ClickAsync();
        await SayAsync(tab, "Somebody takes over");
        await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
        var ticket = await desk.TicketAsync("Somebody takes over");
        var asked = await desk.SayAsAssistantAsync(ticket, nora.Asked, nora.Form());
        await tab.Locator($"#ask-{asked}-words").FillAsync("The shade is torn");

        await desk.AnswerAsync(ticket, "Anna here, may I help?");

        await Expect(tab.Locator(".in").Last).ToContainTextAsync("Anna here");
        await Expect(tab.Locator(".ask")).ToHaveCountAsync(0);
        await Expect(tab.Locator(".person")).ToBeHiddenAsync();
        await Expect(tab.Locator(".composer textarea")).ToHaveValueAsync("Anything else we should know: The shade is torn");
    }

    [Fact]
    public async Task With_nobody_on_duty_the_assistant_answers_before_an_address_is_asked_for()
    {
        await using var shop = await OpenShopAsync("en");
        await desk.ChangeSiteAsync(site => site.Hours = new BusinessHours { TimeZone = "Europe/Berlin", Week = [] });
        try
        {
            await using var visit = await browser.Visit(shop.Address, new Reader(Width: 390));
            var tab = await visit.Open();
            await tab.Locator(".bubble").ClickAsync();
            await Expect(tab.Locator("#must-way")).ToBeHiddenAsync();
            await SayAsync(tab, "In the middle of the night");
            await Expect(tab.Locator(".log > .mark")).ToBeVisibleAsync();
            await Expect(tab.Locator("#late-way")).ToBeHiddenAsync();
            var ticket = await desk.TicketAsync("In the middle of the night");

            // A person will read it in the morning: now it matters where the answer may go.
            await desk.SayAsAssistantAsync(ticket, "A colleague reads this tomorrow.", handsOver: true);
            await Expect(tab.Locator("#late-way")).ToBeVisibleAsync();
            await Expect(tab.Locator(".more")).ToBeHiddenAsync();
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Europe/Berlin"));
        }
    }

    /// <summary>The newest message of the ticket, once it is so.</summary>
    private async Task<Message> NewestAsync(long ticket, Func<Message, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var newest = await desk.RowsAsync(rows => rows.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticket).OrderByDescending(message => message.Id).FirstAsync(Cancellation));
            if (isSo(newest))
                return newest;
            limit.Token.IsCancellationRequested.ShouldBeFalse($"the newest message is “{newest.Text}” with {newest.Choice}");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Goes on by one key until the focus is where it shall be.</summary>
    private static async Task WalkAsync(IPage tab, string key, string to)
    {
        for (var step = 0; step < 20; step++)
        {
            if (await tab.Locator(to).EvaluateAsync<bool>("element => element.getRootNode().activeElement === element"))
                return;
            await tab.Keyboard.PressAsync(key);
        }

        throw new InvalidOperationException($"{key} does not lead to {to}.");
    }

    private static async Task SayAsync(IPage tab, string text)
    {
        await tab.Locator(".composer textarea").FillAsync(text);
        await tab.Locator(".send").ClickAsync();
    }
}
