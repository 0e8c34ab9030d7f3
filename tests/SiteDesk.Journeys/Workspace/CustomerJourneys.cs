using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>Who asks, seen through the browser: their record is corrected, made one of two, handed out and erased.</summary>
public sealed class CustomerJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_agent_corrects_a_customer_and_makes_one_record_of_two()
    {
        var first = await _desk.Ask("Maria Lopez", "Wrong size delivered", email: "maria.lopez@example.com");
        var second = await _desk.Ask("M. Lopez", "Where is my refund?", email: "maria.lopez@example.com", channel: "form");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{first}");

        await page.ClickAsync(".ticket-side a[aria-label='Open the customer']");
        await page.FillAsync("#Name", "Lopez Garcia, Maria");
        await page.FillAsync("#AddressAs", "Maria");
        await page.ClickAsync(".form button:has-text('Save')");
        await page.WaitForSelectorAsync("h1:has-text('Maria Lopez Garcia')");
        await page.FillAsync("#Contact", "+442079460958");
        await page.ClickAsync("button:has-text('Add')");
        await page.WaitForSelectorAsync(".contact-list:has-text('+44 20 7946 0958')");
        await page.Locator(".contact-list li", new() { HasText = "+44" }).Locator("button:has-text('Confirm')").ClickAsync();
        await page.WaitForSelectorAsync(".contact-list .chip-good");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "customer", fullPage: true);

        await page.ClickAsync(".banner-info a:has-text('M. Lopez')");
        await page.WaitForSelectorAsync("legend:has-text('Which record stays?')");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "customer-merger", fullPage: true);
        await page.ClickAsync("button:has-text('Merge')");
        await page.WaitForSelectorAsync("[role=status]:has-text('Both records are one now.')");
        await page.WaitForSelectorAsync($"#row-{second}");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "customer-merged");
        await page.Locator("#person-data").ScrollIntoViewIfNeededAsync();
        await visit.Screenshot(page, "customer-merged-below");

        await page.ClickAsync("button:has-text('Split again')");
        await page.WaitForSelectorAsync("[role=status]:has-text('The records are separate again.')");
        await Expect(page.Locator($"#row-{second}")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_owner_hands_a_persons_data_out_and_erases_it()
    {
        var ticket = await _desk.Ask("Maria Lopez", "Please delete me", email: "maria.lopez@example.com");
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}");
        await page.ClickAsync(".ticket-side a[aria-label='Open the customer']");
        await page.WaitForURLAsync("**/agent/customers/*");
        await page.WaitForSelectorAsync("#person-data");
        var id = page.Url.Split('/')[^1];

        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a:has-text('Download')"));
        download.SuggestedFilename.ShouldBe($"customer-{id}.zip");
        await page.ClickAsync("a:has-text('Delete this person')");
        await page.FillAsync("#confirmation", id);
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "customer-erasure", fullPage: true);
        await page.ClickAsync("button:has-text('Delete for good')");
        await page.WaitForURLAsync("**/agent/tickets");
        await Expect(page.Locator(".toast")).ToContainTextAsync("The person is deleted for good, with 1 ticket.");
        await Expect(page.Locator($"#row-{ticket}")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_pages_look_right_to_everyone()
    {
        await _desk.Morning();
        var twin = await _desk.Ask("Анна Соколова", "Оплата прошла дважды", "ru", "form", "anna.sokolova@example.ru");
        foreach (var reader in Reader.Everyone().Where((_, index) => index % 4 == 0 || index == 17))
        {
            var email = $"{reader}@example.com";
            await _desk.Join($"Reader {reader}", email, reader.Language);
            await using var visit = await browser.Visit(_desk.Address, reader);
            var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{twin}", email);
            var customer = (await page.Locator(".ticket-side header a").First.GetAttributeAsync("href"))!;
            foreach (var (path, name, waits) in new[]
            {
                (customer, "customer-everyone", ".contact-list"), ($"{customer}/merger", "customer-merger-everyone", ".contact-list"),
                ("/agent/sites/1/privacy", "privacy-everyone", "#retention-preview"), ("/agent/audit", "audit-everyone", ".table"),
            })
            {
                await page.GotoAsync(path);
                await page.WaitForSelectorAsync(waits, new() { State = WaitForSelectorState.Attached });
                if (waits == "#retention-preview")
                {
                    // Asked for when it comes into sight.
                    await page.Locator(waits).ScrollIntoViewIfNeededAsync();
                    await page.WaitForSelectorAsync($"{waits} p");
                }

                await page.ShouldBeAccessible();
                (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue($"{path} is wider than the window of {reader}");
                await visit.Screenshot(page, name, fullPage: true);
                if (path == customer)
                {
                    await page.Locator("#person-data").ScrollIntoViewIfNeededAsync();
                    await visit.Screenshot(page, $"{name}-below");
                }
            }
        }
    }
}
