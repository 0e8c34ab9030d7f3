using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Security;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Settings;

/// <summary>Who works here: teams, invitations, roles and their limits, as the owner and the invited see them.</summary>
public sealed class PeopleJourneys(SharedBrowser browser, SettingsDesk desk)
{
    [Fact]
    public async Task A_colleague_is_invited_accepts_signs_in_and_sees_no_more_than_they_may()
    {
        const string Email = "zoe@agency.example";
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/staff");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Press("a[href='/agent/invitations/new']");
        await keys.Type("#Email", Email);
        await keys.To("[name=Role]:checked");
        await keys.Tick("[name=ConfinedToSites]");
        await keys.Tick("[name=SiteIds]");
        await keys.Tick("[name=MasksContacts]");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync("#link");
        await page.ShouldBeAccessible();
        var link = await page.InputValueAsync("#link");
        link.ShouldStartWith(desk.Address + "invitation/");
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await keys.Press(".copy-field button");
        await page.WaitForSelectorAsync(".copy-field button:has-text('Copied')");
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe(link);
        await visit.Screenshot(page, "staff-invited");

        // The link is shown this once.
        await page.ReloadAsync();
        await Expect(page.Locator("#link")).ToHaveCountAsync(0);

        await using var theirs = await browser.Visit(desk.Address, new Reader("ru", Theme.Light, 390));
        var gate = await theirs.Open(link);
        await gate.ShouldBeAccessible();
        await theirs.Screenshot(gate, "invitation");
        var fingers = new Typist(gate);
        await fingers.Type("#name", "Zoe Agency");
        await fingers.Type("#password", "short");
        await fingers.Press("main button[type=submit]");
        (await gate.EvaluateAsync<bool>("document.querySelector('#password').validity.tooShort")).ShouldBeTrue();
        await fingers.Type("#password", "a long and private sentence");
        await fingers.Press("main button[type=submit]");
        await gate.WaitForSelectorAsync("html[lang=ru] .desk");
        (await gate.GotoAsync("/agent/staff"))!.Status.ShouldBe(403);
        (await gate.GotoAsync("/agent/sites"))!.Status.ShouldBe(403);
        (await gate.GotoAsync(link))!.Status.ShouldBe(404);

        await using var later = await browser.Visit(desk.Address, new Reader("ru"));
        var signIn = await later.Open("/sign-in");
        await signIn.ShouldBeAccessible();
        var hands = new Typist(signIn);
        await hands.Type("[name=email]", Email);
        await hands.Type("[name=password]", "a long and private sentence");
        await signIn.Keyboard.PressAsync("Enter");
        await signIn.WaitForSelectorAsync("html[lang=ru] .desk");

        var zoe = await desk.Rows(rows => rows.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).FirstAsync(member => member.Email == Email));
        zoe.MasksContacts.ShouldBeTrue();
        zoe.Sites.Count.ShouldBe(1);

        // The owner closes the door: the next page is the sign-in.
        await page.GotoAsync($"/agent/staff/{zoe.Id}");
        await keys.Press("form[action$='/deactivation'] button");
        await page.WaitForSelectorAsync("form[action$='/reactivation']");
        await signIn.GotoAsync("/agent/tickets");
        signIn.Url.ShouldContain("/sign-in");
    }

    [Fact]
    public async Task A_team_is_made_filled_and_removed()
    {
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/teams");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Type("#Name", "Night watch");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=Night watch");
        if (await page.Locator("main .table a:has-text('Night watch')").CountAsync() > 0)
            await page.Locator("main .table a:has-text('Night watch')").PressAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Night watch')");
        await keys.Tick("[name=Members]");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".banner-good");
        await page.GotoAsync("/agent/teams");
        await Expect(page.Locator("tr:has-text('Night watch') .number")).ToHaveTextAsync("1");

        await page.Locator("main .table a:has-text('Night watch')").PressAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Night watch')");
        await keys.Press("form[action$='/removal'] button");
        await page.WaitForURLAsync("**/agent/teams*");
        await Expect(page.Locator("main .table a:has-text('Night watch')")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_permissions_table_marks_the_readers_role_and_scrolls_by_keyboard()
    {
        await using var visit = await desk.SignedIn(browser, new Reader("en", Theme.Light, 390));
        var page = await visit.Open("/agent/permissions");
        await page.WaitForSelectorAsync("html[data-ready]");
        (await page.Locator("thead th[aria-current=true]").InnerTextAsync()).ShouldBe("Owner");
        (await page.Locator(".permissions tbody tr:not(.group)").CountAsync()).ShouldBe(Permission.All.Count());

        await new Typist(page).To("[role=region]");
        var scrolled = 0d;
        for (var press = 0; press < 200 && scrolled < 100; press++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            scrolled = await page.EvaluateAsync<double>("document.querySelector('[role=region]').scrollLeft");
        }

        scrolled.ShouldBeGreaterThanOrEqualTo(100);
        // What is permitted stays in sight while the roles pass by.
        (await page.EvaluateAsync<bool>("document.querySelector('tbody th[scope=row]').getBoundingClientRect().left >= 0")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_audit_log_is_narrowed_to_a_person_and_an_action()
    {
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/audit");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);
        await keys.Choose("#person", "Lena");
        await keys.Choose("#action", "Blocked");
        await keys.Press(".filter-bar button");
        await page.WaitForURLAsync("**/agent/audit?*");
        // The rows of before stand there until the answer is drawn.
        await Expect(page.Locator("tbody tr").Filter(new() { HasNotText = "Blocked a sender" })).ToHaveCountAsync(0);
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("Blocked a sender");
        foreach (var row in await page.Locator("tbody tr").AllInnerTextsAsync())
            row.ShouldContain("Lena Moroz");

        await keys.TypeParts("#to", "01012020");
        await Expect(page.Locator("#to")).ToHaveValueAsync("2020-01-01");
        await keys.Press(".filter-bar button");
        await page.WaitForSelectorAsync(".empty");
        await page.ShouldBeAccessible();
    }

    [Fact]
    public async Task The_profile_changes_language_and_theme_at_once()
    {
        await using var visit = await browser.Visit(desk.Address, new Reader());
        var page = await visit.Open("/sign-in?return=%2Fagent%2Fprofile");
        var keys = new Typist(page);
        await keys.Type("[name=email]", "mei@example.com");
        await keys.Type("[name=password]", SettingsDesk.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("html[data-ready] h1:has-text('My profile')");
        await keys.Choose("#Language", "简");
        await keys.To("[name=Theme]:checked");
        await page.Keyboard.PressAsync("ArrowLeft");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync("h1:has-text('我的资料')");
        await page.WaitForSelectorAsync("html[lang=zh-Hans][data-theme=dark]", new() { State = WaitForSelectorState.Attached });
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "profile-changed");
    }
}
