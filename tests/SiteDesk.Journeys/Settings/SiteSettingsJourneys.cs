using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Sites;

namespace SiteDesk.Journeys.Settings;

/// <summary>An owner sets a site up, without a mouse: names, hours, the widget as visitors will see it, privacy.</summary>
public sealed class SiteSettingsJourneys(SharedBrowser browser, SettingsDesk desk)
{
    [Fact]
    public async Task A_site_is_added_named_dressed_and_archived()
    {
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open("/agent/sites");
        var keys = new Typist(page);
        await keys.Press("a[href='/agent/sites/new']");
        await keys.Type("#siteName", "Harbour Tools");
        await keys.Type("#siteAddress", "harbour.example");
        await keys.Press("main button[type=submit]");
        await page.WaitForSelectorAsync("h1:has-text('Harbour Tools')");

        var site = await desk.Rows(rows => rows.Set<Site>().AsNoTracking().FirstAsync(row => row.Name == "Harbour Tools"));
        await page.GotoAsync($"/agent/sites/{site.Id}");
        await keys.Type("#Name", "Harbour Tools & Ropes");
        await keys.Type("#Domains", "harbour.example\n*.harbour.example");
        await keys.Tick("input[name=Languages][value=ru]");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".banner-good:has-text('Saved.')");
        await page.WaitForSelectorAsync("h1:has-text('Harbour Tools & Ropes')");
        (await Site(site.Id)).Domains.ShouldBe(["harbour.example", "*.harbour.example"]);
        (await Site(site.Id)).Languages.ShouldContain("ru");

        await page.SetInputFilesAsync("#Logo", new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Convert.FromBase64String(RedDot) });
        await keys.Press("form[enctype] button");
        await page.WaitForSelectorAsync(".logo-shown");
        await Expect(page.Locator(".logo-shown")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await visit.Screenshot(page, "site-dressed", fullPage: true);

        await keys.Press("form[action$='/archive'] button");
        await page.WaitForSelectorAsync("form[action$='/restoration']");
        (await Site(site.Id)).ArchivedAt.ShouldNotBeNull();
        await keys.Press("form[action$='/restoration'] button");
        await page.WaitForSelectorAsync("form[action$='/archive']");
        (await Site(site.Id)).ArchivedAt.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_site_cannot_be_is_said_at_the_field_and_what_was_typed_stays()
    {
        var site = await Add("Refusals");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/sites/{site.Id}");
        var keys = new Typist(page);
        await keys.Type("#Domains", "*");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".error:has-text('is not a host')");
        await Expect(page.Locator("#Domains")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^\s*\*\s*$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "site-refused");
        (await Site(site.Id)).Domains.ShouldNotContain("*");
    }

    [Fact]
    public async Task Hours_are_typed_and_visitors_are_told_when_somebody_comes()
    {
        var site = await Add("Opening hours");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/sites/{site.Id}/hours");
        var keys = new Typist(page);
        await keys.TypeParts("[name='opens-1-0']", "0800AM");
        await keys.TypeParts("[name='closes-1-0']", "1230PM");
        await keys.TypeParts("[name='special-0']", "12252030");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".banner-good:has-text('Saved.')");

        var hours = (await Site(site.Id)).Hours;
        hours.Week.ShouldContain(new OpenPeriod(1, new(8, 0), new(12, 30)));
        hours.SpecialDays.ShouldHaveSingleItem().Date.ShouldBe(new DateOnly(2030, 12, 25));
        await Expect(page.Locator("[name='opens-1-0']")).ToHaveValueAsync("08:00");
    }

    [Fact]
    public async Task The_sketch_follows_the_choices_and_the_visitor_sees_them()
    {
        var site = await Add("Sketched", languages: ["en", "ru"]);
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/sites/{site.Id}/widget");
        await page.WaitForSelectorAsync("html[data-ready]");
        var keys = new Typist(page);

        await keys.Type("#greeting-0", "Ahoy! What broke?");
        await page.WaitForSelectorAsync(".sketch-in:has-text('Ahoy! What broke?')");
        await keys.Type("#greeting-1", "Привет! Что сломалось?");
        await keys.To("[name=Position]:checked");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForSelectorAsync(".widget-sketch[data-position=start]");
        await keys.To("[name=Theme]:checked");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.WaitForSelectorAsync(".widget-sketch[data-theme=dark]");
        await keys.Tick("[name=OffersProblemReport]");
        await page.WaitForSelectorAsync(".sketch-report", new PageWaitForSelectorOptions { State = WaitForSelectorState.Hidden });
        await keys.Choose("#sketch-language", "Ру");
        await page.WaitForSelectorAsync(".sketch-in:has-text('Привет! Что сломалось?')");
        await page.WaitForSelectorAsync(".sketch-out:has-text('Здравствуйте')");
        await visit.Screenshot(page, "widget-sketch");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".banner-good:has-text('Saved.')");

        await using var visitor = await browser.Visit(desk.Address, new Reader("ru"));
        var tried = await visitor.Open($"/try/{site.Key}");
        await tried.Locator(".bubble").ClickAsync();
        await tried.GetByText("Привет! Что сломалось?").WaitForAsync();
        (await tried.GetByText("Сообщить о").CountAsync()).ShouldBe(0);
        await visitor.Screenshot(tried, "widget-tried");
    }

    [Fact]
    public async Task A_changed_consent_text_is_a_new_version_and_the_old_one_stays_readable()
    {
        var site = await Add("Consent");
        await using var visit = await desk.SignedIn(browser, new Reader());
        var page = await visit.Open($"/agent/sites/{site.Id}/privacy");
        var keys = new Typist(page);
        await keys.Type("#TicketMonths", "6");
        await page.WaitForSelectorAsync("#retention-preview:has-text('Saving this removes no ticket for now')");
        await keys.Type("#TicketMonths", "0");
        await keys.Tick("[name=RequiresConsent]");
        await keys.Type("#wording-0", "We keep your words for a year.");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".version:has-text('We keep your words for a year.')");

        await keys.Type("#wording-0", "We keep your words for two years.");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".version[open]:has-text('two years')");
        await Expect(page.Locator(".version")).ToHaveCountAsync(2);
        await keys.Press(".version:nth-of-type(2) summary");
        await page.GetByText("We keep your words for a year.").WaitForAsync();

        // Without a text there is nothing to agree to.
        await keys.Type("#wording-0", "");
        await keys.Press(".save-bar button");
        await page.WaitForSelectorAsync(".error");
        await page.ShouldBeAccessible();
    }

    async Task<Site> Add(string name, params string[] languages)
    {
        Site? site = null;
        await desk.In(async services =>
        {
            site = Resolve<CreateSite>(services).Run(new CreateSite.Request(name, "http://127.0.0.1", languages.Length == 0 ? ["en"] : languages, "Europe/Berlin")).Value;
            await Resolve<Platform.Data.Database>(services).SaveChangesAsync();
        });
        return site!;
    }

    static T Resolve<T>(IServiceProvider services) where T : notnull => (T)services.GetService(typeof(T))!;

    Task<Site> Site(long id) => desk.Rows(rows => rows.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == id));

    // The smallest picture there is: one red pixel.
    const string RedDot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
}
