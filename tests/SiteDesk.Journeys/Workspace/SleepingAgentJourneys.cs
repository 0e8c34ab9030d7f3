using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Workspace;

/// <summary>An agent's tab sleeps through a busy morning and shows, when it wakes, what a fresh one shows.</summary>
public sealed class SleepingAgentJourneys(SharedBrowser browser) : IAsyncLifetime
{
    const int Changes = 200;

    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task After_two_hundred_changes_the_list_the_counts_and_the_ticket_are_as_in_a_fresh_tab()
    {
        var ticket = await _desk.Morning();
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, $"/agent/tickets/{ticket}?view=open");
        await page.Locator("#composer-text").PressSequentiallyAsync("Half a thought");
        await page.WaitForSelectorAsync(".draft-state:has-text('Draft saved')");

        await using (await Lid.Close(visit, page))
            await BusyMorning(ticket);

        await page.WaitForSelectorAsync($".message .body:has-text('Change {Changes - 1}.')", new() { Timeout = 90_000 });
        await Expect(page.Locator("#composer-text")).ToHaveValueAsync("Half a thought");
        var fresh = await visit.Open($"/agent/tickets/{ticket}?view=open");
        await DeskAtWork.Ready(fresh);
        var wanted = await Shown(fresh);
        wanted.Rows.ShouldNotBeEmpty();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        Picture now;
        while (!(now = await Shown(page)).Equals(wanted))
        {
            limit.IsCancellationRequested.ShouldBeFalse($"woke with\n{now}\nand a fresh tab has\n{wanted}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await visit.Screenshot(page, "agent-after-the-lid");
    }

    /// <summary>Every fourth change is the open ticket's; the others open, solve and assign tickets.</summary>
    async Task BusyMorning(long ticket)
    {
        for (var change = 0; change < Changes; change++)
        {
            if (change % 4 == 3)
            {
                await _desk.Add(ticket, $"Change {change}.");
                continue;
            }

            var asked = await _desk.Ask($"Customer {change}", $"Question {change}");
            if (change % 4 == 0)
                continue;
            await _desk.In(async services =>
            {
                var staff = (await services.GetRequiredService<Database>().Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).FirstAsync()).AsStaff();
                var changes = change % 4 == 1 ? new ChangeTickets.Changes { AssigneeId = staff.Id } : new ChangeTickets.Changes { Priority = TicketPriority.Urgent };
                await services.GetRequiredService<ChangeTickets>().RunAsync([asked], changes, staff, CancellationToken.None);
            });
        }
    }

    static async Task<Picture> Shown(IPage page) => new(
        string.Join('\n', await page.Locator("[id^='row-']").EvaluateAllAsync<string[]>("rows => rows.map(row => row.id)")),
        string.Join('\n', await page.Locator(".views a, nav a").AllInnerTextsAsync()),
        string.Join('\n', await page.Locator(".message .body").AllInnerTextsAsync()));

    sealed record Picture(string Rows, string Counts, string Messages);
}
