using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Customers;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Settings;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using SiteDesk.Tickets.ReplyTemplates;
using SiteDesk.Tickets.Settings;

[assembly: AssemblyFixture(typeof(SettingsDesk))]

namespace SiteDesk.Journeys.Settings;

/// <summary>
/// One desk for all journeys through the settings: sites, staff, and something in every list, so that no page is shown empty.
/// Journeys make what they change themselves, under names of their own, and do not disturb each other.
/// </summary>
public sealed class SettingsDesk : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
    readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<BrowserContextCookiesResult>>>> _sessions = new(StringComparer.Ordinal);
    WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where what the pages of one thing are about stands: <c>site</c>, <c>staff</c>, <c>team</c> and so on.</summary>
    public IReadOnlyDictionary<string, long> Ids => _ids;

    /// <summary>Key of the first site, in addresses of visitors.</summary>
    public string SiteKey { get; private set; } = "";

    readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", "http://127.0.0.1:0"], services => services.AddLogging(logging => logging.ClearProviders()));
        await SiteDeskApplication.StartAsync(_app, Cancellation);
        Address = new Uri(_app.Urls.First().TrimEnd('/') + "/");
        await In(AddSitesAndStaff);
        await In(AddContents);
    }

    /// <summary>A browser in which the owner who speaks the reader's language is signed in; passwords are typed once a run and not once a test.</summary>
    public async Task<Visit> SignedIn(SharedBrowser browser, Reader reader)
    {
        var visit = await browser.Visit(Address, reader);
        var session = _sessions.GetOrAdd(reader.Language, language => new(() => Sign(browser, language)));
        await visit.Context.AddCookiesAsync((await session.Value).Select(cookie => new Cookie
        {
            Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path, HttpOnly = cookie.HttpOnly, SameSite = cookie.SameSite,
        }));
        return visit;
    }

    public async Task<TResult> Rows<TResult>(Func<Database, Task<TResult>> read)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<Database>());
    }

    public async Task In(Func<IServiceProvider, Task> work)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    /// <summary>A customer asks the first site.</summary>
    public async Task<long> Ask(string name, string text)
    {
        long id = 0;
        await In(async services =>
        {
            var customer = new Customer { Name = name, Language = "en", CreatedAt = TimeProvider.System.Now() };
            var outcome = await services.GetRequiredService<OpenTicket>().RunAsync(
                new OpenTicket.Request(Ids["site"], customer, "chat", Guid.NewGuid().ToString(), text, Actor.Customer(0, name), Language: "en"), Cancellation);
            id = outcome.Value.Ticket.Id;
        });
        return id;
    }

    /// <summary>A delivery that was given up, to a handler of this name.</summary>
    public async Task<long> AddDeadLetter(string handler)
    {
        var letter = new EventDelivery
        {
            Event = "MessageAdded", Handler = handler, Payload = """{"ticketId":1,"messageId":1,"text":"x"}""", OccurredAt = TimeProvider.System.Now().AddHours(-9),
            Attempts = EventDelivery.MostAttempts, LastError = "HttpRequestException: Connection refused (mail.example.com:587) after 12 tries; the other end said nothing that explains it",
        };
        await In(async services =>
        {
            var rows = services.GetRequiredService<Database>();
            rows.Add(letter);
            await rows.SaveChangesAsync(Cancellation);
        });
        return letter.Id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    async Task<IReadOnlyList<BrowserContextCookiesResult>> Sign(SharedBrowser browser, string language)
    {
        await using var visit = await browser.Visit(Address, new Reader(language));
        var page = await visit.Open("/sign-in?return=%2Fagent%2Fprofile");
        await page.FillAsync("[name=email]", EmailOf(language));
        await page.FillAsync("[name=password]", Password);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForURLAsync("**/agent/profile");
        return [.. await visit.Context.CookiesAsync()];
    }

    static string EmailOf(string language) => $"owner.{language.ToLowerInvariant()}@example.com";

    async Task AddSitesAndStaff(IServiceProvider services)
    {
        var rows = services.GetRequiredService<Database>();
        var create = services.GetRequiredService<CreateSite>();
        var site = create.Run(new CreateSite.Request("Nordlight", "http://127.0.0.1", ["en", "ru", "zh-Hans"], "Europe/Berlin")).Value;
        create.Run(new CreateSite.Request("Halyard & Söhne Segelausstattung", "https://halyard.example", ["en"], "Europe/Berlin"));
        await rows.SaveChangesAsync(Cancellation);
        (SiteKey, _ids["site"]) = (site.Key, site.Id);

        foreach (var (name, language) in new[] { ("Lena Moroz", "en"), ("Анна Константинопольская", "ru"), ("王小明", "zh-Hans") })
            await Join(services, name, EmailOf(language), Role.Owner, language);
        foreach (var (name, role) in new[] { ("Ivan Kim", Role.Agent), ("Mei Chen", Role.Lead), ("Olaf Engström", Role.Engineer), ("Rita Sanchez", Role.ReadOnly) })
            await Join(services, name, $"{name.Split(' ')[0].ToLowerInvariant()}@example.com", role, "en");

        var team = new Team { Name = "Payments", CreatedAt = TimeProvider.System.Now() };
        rows.AddRange(team, new Team { Name = "Warehouse and delivery, second line", CreatedAt = TimeProvider.System.Now() });
        await rows.SaveChangesAsync(Cancellation);
        _ids["team"] = team.Id;

        var outsourced = await rows.Set<StaffMember>().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(member => member.DisplayName == "Ivan Kim", Cancellation);
        outsourced.MasksContacts = true;
        outsourced.Teams.Add(new TeamMembership { TeamId = team.Id });
        outsourced.ConfinedToTeams = true;
        await rows.SaveChangesAsync(Cancellation);
        _ids["staff"] = outsourced.Id;
    }

    async Task AddContents(IServiceProvider services)
    {
        var rows = services.GetRequiredService<Database>();
        var owner = (await rows.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(Cancellation)).AsStaff();
        var site = await rows.Set<Site>().FirstAsync(Cancellation);

        var status = await services.GetRequiredService<KeepStatus>().RunAsync(null, new StatusForm
        {
            Standard = StandardStatus.OnHold, Names = ["Waits for the warehouse", "Ждёт склада", "等待仓库"], CustomerNames = ["We are checking the shelf", "Проверяем наличие на складе", "正在核实库存"],
        }, owner, Cancellation);
        _ids["status"] = status.Value.Id;
        var field = await services.GetRequiredService<KeepField>().RunAsync(null, new FieldForm
        {
            Key = "order_number", Type = TicketFieldType.Text, Names = ["Order number", "Номер заказа", "订单号"],
        }, owner, Cancellation);
        _ids["field"] = field.Value.Id;
        var template = await services.GetRequiredService<KeepReplyTemplate>().RunAsync(null, new ReplyTemplateForm
        {
            Name = "Return label", Texts = ["Hello {customer},\n\nthe label is attached.", "Здравствуйте, {customer}!\n\nНаклейка во вложении.", "{customer}，您好：\n\n退货标签见附件。"],
        }, owner, Cancellation);
        _ids["reply-template"] = template.Value.Id;

        site.Hours = BusinessHours.AroundTheClock("Europe/Berlin");
        (await services.GetRequiredService<ChangePrivacy>().RunAsync(site, new PrivacyForm
        {
            RequiresConsent = true, TracksPages = true, PageVisitDays = 30,
            Wordings = ["We keep what you write here to answer you.", "Мы храним то, что вы здесь пишете, чтобы ответить вам.", "我们保存您在此填写的内容，以便答复您。"], PolicyAddress = "https://shop.example.com/privacy",
        }, owner, Cancellation)).Succeeded.ShouldBeTrue();

        var limits = new StaffLimits(Role.Agent, [site.Id], [_ids["team"]], ConfinedToTeams: true, MasksContacts: true);
        (await services.GetRequiredService<InviteStaff>().RunAsync("a.rather.long.address.of.somebody@subdomain.example.com", limits, owner, Cancellation)).Succeeded.ShouldBeTrue();
        (await services.GetRequiredService<BlockSender>().RunAsync("*@spam.example", "Casino advertisements, every night", owner, Cancellation)).Succeeded.ShouldBeTrue();
        foreach (var language in new[] { "en", "ru", "zh-Hans" })
        {
            var speaker = (await rows.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(member => member.Email == EmailOf(language), Cancellation)).AsStaff();
            (await services.GetRequiredService<ApiTokens>().CreateAsync("Warehouse scanner", [.. ApiScopes.All], TimeProvider.System.Now().AddDays(90), speaker, Cancellation)).Succeeded.ShouldBeTrue();
        }

        var view = await services.GetRequiredService<SaveView>().RunAsync(new SaveView.Request(null, "Urgent and mine", Platform.Conditions.Condition.Everything, IsShared: true), owner, Cancellation);
        _ids["view"] = view.Value.Id;
        await AddDeadLetter("DeliverByMail");
        await AddDeadLetter("NotifyStaffOfEverythingThatMoved");
        _ids["ticket"] = await Ask("Maria Lopez", "Wrong size delivered");
    }

    static async Task Join(IServiceProvider services, string name, string email, Role role, string language) =>
        (await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request(name, email, Password, role, language, "Europe/Berlin"))).Succeeded.ShouldBeTrue();
}
