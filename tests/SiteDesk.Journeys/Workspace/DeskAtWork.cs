using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Journeys.Workspace;

/// <summary>The program with a site, a staff and some customers who asked, in its own folder.</summary>
public sealed class DeskAtWork : IAsyncDisposable
{
    const string Password = "correct horse battery";

    readonly string _folder;
    readonly WebApplication _app;

    DeskAtWork(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    public Uri Address { get; private set; } = null!;

    public static Task<DeskAtWork> Start(params string[] arguments) => Start(_ => { }, arguments);

    /// <param name="prepare">Puts something of the test's own in place.</param>
    public static async Task<DeskAtWork> Start(Action<IServiceCollection> prepare, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
        await MigratedDatabase.WriteSqliteAsync(Path.Combine(folder, "sitedesk.db"));
        var app = SiteDeskApplication.Build(["--data", folder, "--urls", "http://127.0.0.1:0", .. arguments], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            prepare(services);
        });
        await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        var desk = new DeskAtWork(folder, app) { Address = new Uri(app.Urls.First().TrimEnd('/') + "/") };
        await desk.In(async services =>
        {
            var database = services.GetRequiredService<Database>();
            services.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Nordlight", "https://shop.example.com", ["en", "ru", "zh-Hans"], "Europe/Berlin"));
            await database.SaveChangesAsync();
            foreach (var name in new[] { "Payments", "Delivery" })
                database.Add(new Team { Name = name, CreatedAt = TimeProvider.System.Now() });
            await database.SaveChangesAsync();
        });
        await desk.Join("Lena Moroz", "lena@example.com", "en");
        return desk;
    }

    public Task Join(string name, string email, string language) => In(async services =>
        (await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request(name, email, Password, Role.Owner, language, "Europe/Berlin"))).Succeeded.ShouldBeTrue());

    /// <summary>A customer asks.</summary>
    public async Task<long> Ask(string name, string text, string language = "en", string channel = "chat", string? email = null)
    {
        long id = 0;
        await In(async services =>
        {
            var customer = new Customer { Name = name, Language = language, TimeZone = language switch { "ru" => "Asia/Yekaterinburg", "zh-Hans" => "Asia/Shanghai", _ => "Europe/Madrid" }, CreatedAt = TimeProvider.System.Now() };
            if (email is not null)
                customer.AddContact(ContactAddress.ParseEmail(email)!, customer.CreatedAt);
            var outcome = await services.GetRequiredService<OpenTicket>().RunAsync(
                new OpenTicket.Request(1, customer, channel, Guid.NewGuid().ToString(), text, Actor.Customer(0, name), Language: language), CancellationToken.None);
            id = outcome.Value.Ticket.Id;
        });
        return id;
    }

    /// <summary>The customer of a ticket writes again.</summary>
    public Task Add(long ticket, string text) => In(async services =>
        (await services.GetRequiredService<AddCustomerMessage>().RunAsync(new AddCustomerMessage.Request(ticket, text, Guid.NewGuid().ToString(), "chat"), CancellationToken.None)).Succeeded.ShouldBeTrue());

    public async Task<Ticket> Read(long ticket)
    {
        Ticket? found = null;
        await In(async services => found = await services.GetRequiredService<Database>().Set<Ticket>().AsNoTracking().Include(row => row.Tags).FirstAsync(row => row.Id == ticket));
        return found!;
    }

    public async Task<List<string>> Texts(long ticket)
    {
        List<string> texts = [];
        await In(async services => texts = await services.GetRequiredService<Database>().Set<Message>().Where(row => row.TicketId == ticket).OrderBy(row => row.Id).Select(row => row.Text).ToListAsync());
        return texts;
    }

    /// <summary>A desk on an ordinary morning, in three languages.</summary>
    public async Task<long> Morning()
    {
        await Ask("Jonas Weber", "Invoice with VAT number", email: "jonas@example.de", channel: "form");
        await Ask("李娜", "收到的商品与描述不符，可以换货吗？", "zh-Hans");
        await Ask("Игорь Петров", "Как изменить адрес доставки после оплаты", "ru", "form");
        await Ask("Maria Lopez", "Wrong size delivered, exchange before Friday?", email: "maria.lopez@example.com");
        await Ask("王伟", "退款三天了还没到账，能帮我查一下吗？", "zh-Hans");
        var main = await Ask("Анна Соколова", "Не проходит оплата заказа 10293: «ошибка 3-D Secure». Деньги не списались, завтра день рождения, очень нужно успеть.", "ru", email: "anna.sokolova@example.ru");
        await In(async services =>
        {
            var staff = (await services.GetRequiredService<Database>().Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).FirstAsync()).AsStaff();
            await services.GetRequiredService<ChangeTickets>().RunAsync([main], new ChangeTickets.Changes { Priority = TicketPriority.Urgent, AssigneeId = staff.Id, TeamId = 1, AddTags = ["3-D Secure"] }, staff, CancellationToken.None);
            await services.GetRequiredService<ReplyToTicket>().RunAsync(
                new ReplyToTicket.Request(main, MessageKind.Note, "Same acquirer error on 14 tickets since 13:10, incident 88. Bank confirmed, fix expected 14:30.", "note"), staff, CancellationToken.None);
        });
        return main;
    }

    /// <summary>Signs a browser in and opens a page.</summary>
    public static async Task<IPage> SignIn(Visit visit, string path, string email = "lena@example.com", string password = Password)
    {
        var page = await visit.Open($"/sign-in?return={Uri.EscapeDataString(path)}");
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", password);
        await page.ClickAsync("button[type=submit]");
        await Ready(page);
        return page;
    }

    /// <summary>Waits until the scripts have started: keys pressed earlier go nowhere, as on every page.</summary>
    public static Task Ready(IPage page) => page.WaitForSelectorAsync("html[data-ready] .desk");

    /// <summary>Does something with the program's own services.</summary>
    public async Task In(Func<IServiceProvider, Task> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
