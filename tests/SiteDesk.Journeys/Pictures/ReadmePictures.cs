using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Pictures;

/// <summary>The pictures of the README, taken from the demonstration: <c>SiteDesk.Journeys -explicit only -class "*ReadmePictures"</c> after the product has changed.</summary>
public sealed class ReadmePictures(SharedBrowser browser) : IAsyncLifetime
{
    const string Owner = "anna@nordlight.example.com";
    const string Password = "northern-lights";

    readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-pictures-").FullName;
    WebApplication _app = null!;
    Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", "http://127.0.0.1:0", "--demo"], services => services.AddLogging(logging => logging.ClearProviders()));
        await SiteDeskApplication.StartAsync(_app, CancellationToken.None);
        _address = new Uri(_app.Urls.First().TrimEnd('/') + "/");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task They_show_the_product_as_it_is()
    {
        await using (var visit = await browser.Visit(_address, new Reader(TimeZone: "Europe/Berlin")))
        {
            var page = await SignedIn(visit);
            // The assistant reads its phrases and articles for some seconds after a first start; only then is there anything to see.
            do
                await page.GotoAsync("/agent/assistant/teaching?days=90");
            while (await page.Locator("text=The assistant is learning").CountAsync() > 0);
            await Keep(page, "teaching");
        }

        foreach (var (theme, name) in new[] { (Theme.Light, "workspace"), (Theme.Dark, "workspace-dark") })
        {
            await using var visit = await browser.Visit(_address, new Reader(Theme: theme, TimeZone: "Europe/Berlin"));
            var page = await SignedIn(visit);
            await Open(page, await LivelyTicket());
            await Keep(page, name);
        }

        await using (var visit = await browser.Visit(_address, new Reader(Width: 390, TimeZone: "Europe/Berlin")))
        {
            var page = await SignedIn(visit);
            await Open(page, await LivelyTicket());
            await Keep(page, "phone");
        }

        await Ask();
        await using var reading = await browser.Visit(_address, new Reader("zh-Hans", TimeZone: "Asia/Shanghai"));
        var help = await reading.Open($"/help/{await SiteKey()}/zh-Hans");
        await Keep(help, "help");
    }

    /// <summary>A visitor asks on the page to try the widget; the assistant answers with its source.</summary>
    async Task Ask()
    {
        await using var visit = await browser.Visit(_address, new Reader());
        var page = await visit.Open($"/try/{await SiteKey()}");
        await page.Locator(".bubble").ClickAsync();
        await page.Locator(".composer textarea").FillAsync("How long does delivery to Spain take?");
        await page.Locator(".send").ClickAsync();
        await Expect(page.Locator(".in").First).ToBeVisibleAsync();
        await Keep(page, "widget");
    }

    Task<string> SiteKey() => Read(rows => rows.Set<Site>().OrderBy(site => site.Id).Select(site => site.Key).FirstAsync());

    static Task<IPage> SignedIn(Visit visit) => DeskAtWork.SignIn(visit, "/agent/tickets?view=open", Owner, Password);

    /// <summary>A talk in English that the assistant began and a colleague ended.</summary>
    Task<long> LivelyTicket() => Read(rows => rows.Set<Message>()
        .Where(message => message.AuthorKind == ActorKind.Assistant && message.Ticket!.Language == "en" && message.Ticket.AssigneeId != null && message.Ticket.Customer!.Name != null && message.Ticket.Customer.Name != "")
        .GroupBy(message => message.TicketId).OrderByDescending(talk => talk.Count()).ThenByDescending(talk => talk.Key).Select(talk => talk.Key).FirstAsync());

    async Task<T> Read<T>(Func<Database, Task<T>> read)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<Database>());
    }

    static async Task Open(IPage page, long ticket)
    {
        await page.GotoAsync($"/agent/tickets/{ticket}?view=open");
        await DeskAtWork.Ready(page);
        await page.WaitForSelectorAsync(".message");
        await page.Locator("#panel-assistant:not([complete])").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("text=Looking for suggestions").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    static Task Keep(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.PathTo("docs", "pictures", $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
}
