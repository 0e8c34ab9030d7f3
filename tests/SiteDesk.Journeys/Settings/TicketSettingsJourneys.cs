using Microsoft.EntityFrameworkCore;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Settings;

/// <summary>How tickets are handled here: own statuses, own fields, views, blocked senders, all without a mouse.</summary>
public sealed class TicketSettingsJourneys(SharedBrowser browser, SettingsDesk desk)
{
    [Fact]
    public async Task An_own_status_can_be_given_to_a_ticket()
    {
        var ticket = await desk.Ask("Jonas Weber", "Where is my parcel?");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/statuses");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Press("a[href='/agent/statuses/new']");
        await keys.Choose("#Standard", "Pending");
        await keys.Type("#Names-0", "Photo wanted");
        await keys.Type("#Names-1", "Ждём фото");
        await keys.Type("#CustomerNames-0", "Please send us a photo");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync("tr:has-text('Please send us a photo')");

        await page.GotoAsync($"/agent/tickets/{ticket}");
        await page.WaitForSelectorAsync("html[data-ready] [data-ticket]");
        await page.Keyboard.PressAsync("s");
        await page.WaitForSelectorAsync("#menu-status:popover-open :focus");
        await page.Keyboard.PressAsync("p"); // Pending
        await page.Keyboard.PressAsync("p");
        await page.WaitForSelectorAsync("#menu-status :focus:has-text('Photo wanted')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".chips button:has-text('Photo wanted')");
        await visit.Screenshot(page, "own-status-given");
    }

    [Fact]
    public async Task An_own_field_appears_at_the_ticket_and_keeps_what_is_chosen()
    {
        var ticket = await desk.Ask("Jonas Weber", "The lamp is broken");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/fields");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Press("a[href='/agent/fields/new']");
        await keys.Type("#Names-0", "Product");
        await keys.Choose("#Type", "Choice");
        await keys.Type("#Key", "product");
        await keys.Type("#Choices", "Lamp\nChair");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync("tr:has-text('Product')");

        var id = await desk.Rows(rows => rows.Set<TicketField>().Where(field => field.Key == "product").Select(field => field.Id).FirstAsync());
        await page.GotoAsync($"/agent/tickets/{ticket}");
        await page.WaitForSelectorAsync("html[data-ready] [data-ticket]");
        var choice = page.GetByLabel("Product").First;
        await choice.SelectOptionAsync("Chair");
        await page.WaitForSelectorAsync(".toast");
        (await desk.Rows(rows => rows.Set<TicketFieldValue>().Where(value => value.TicketId == ticket && value.FieldId == id).Select(value => value.Value).FirstAsync())).ShouldBe("Chair");
    }

    [Fact]
    public async Task A_view_is_made_from_conditions_counted_and_deleted()
    {
        await desk.Ask("Jonas Weber", "Conditions and views");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/views/new");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Type("#name", "Fresh ones");
        await keys.Press(".form-actions button[type=submit]");
        await page.WaitForURLAsync("**/agent/tickets?view=*");
        await page.WaitForSelectorAsync(".row-link");
        await Expect(page.Locator("nav a[aria-current=page]").First).ToContainTextAsync("Fresh ones");
        await page.ShouldBeAccessible();

        var id = await desk.Rows(rows => rows.Set<TicketView>().Where(view => view.Name == "Fresh ones").Select(view => view.Id).FirstAsync());
        await page.GotoAsync($"/agent/views/{id}");
        await keys.Press("form[action$='/removal'] button");
        await page.WaitForURLAsync("**/agent/tickets");
        await Expect(page.GetByText("Fresh ones")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_sender_is_blocked_a_mistake_is_named_and_the_block_is_lifted()
    {
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/blocked-senders");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Type("#pattern", "who knows");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#pattern[aria-invalid=true]");
        await Expect(page.Locator("#pattern")).ToHaveValueAsync("who knows");
        await page.ShouldBeAccessible();
        await keys.Type("#pattern", "198.51.100.0/24");
        await keys.Type("#reason", "Floods");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("tr:has-text('198.51.100.0/24')");
        await keys.Press("tr:has(th) button[aria-label$='198.51.100.0/24']");
        await page.Locator("tr:has-text('198.51.100.0/24')").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
    }
}
