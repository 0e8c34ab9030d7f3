using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Customers;
using SiteDesk.HelpCenter;
using SiteDesk.Journeys.Browser;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

[assembly: AssemblyFixture(typeof(SiteDesk.Journeys.Assistant.TeachingDesk))]

namespace SiteDesk.Journeys.Assistant;

/// <summary>A desk with articles and with questions that the assistant had, answered and not, for those who teach it.</summary>
public sealed class TeachingDesk : IAsyncLifetime
{
    public const string Owner = "owner@example.com";
    public const string Lead = "lead@example.com";
    const string Password = "correct horse battery";

    readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
    WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", "http://127.0.0.1:0"], services => services.AddLogging(logging => logging.ClearProviders()));
        await SiteDeskApplication.StartAsync(_app, Cancellation);
        Address = new Uri(_app.Urls.First().TrimEnd('/') + "/");
        await using var scope = _app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var database = services.GetRequiredService<Database>();
        var site = services.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Nordlight", "https://shop.example.com", ["en", "ru", "zh-Hans"], "Europe/Berlin")).Value;
        services.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Nordlight Wholesale", "https://trade.example.com", ["en"], "Europe/Berlin"));
        await database.SaveChangesAsync(Cancellation);
        await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request("Olga", Owner, Password, Role.Owner, "en", "Europe/Berlin"));
        await services.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request("Lena", Lead, Password, Role.Lead, "en", "Europe/Berlin"));
        var section = (await services.GetRequiredService<KeepSection>().RunAsync(site, section: null, new KeepSection.Request(null, new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { ["en"] = new("Orders") }), Cancellation)).Value;
        await PublishAsync(services, site, section, "How to return something", "<p>You may return what you bought within 30 days: print the label and bring the parcel to the post office.</p>", "How do I return an item?");
        await PublishAsync(services, site, section, "Engraving on lamps", "<p>We engrave lamps with a name of up to twelve letters.</p>", "Do you engrave lamps?");
        foreach (var text in new[] { "Can you engrave my lamp for Anna, order 48213?", "can you engrave my lamp please", "could you engrave my lamp", "can you engrave my lamp with a date", "please engrave my lamp" })
            await AskAsync(services, site, text, "en", TurnKind.Rephrase, null, isOpen: true, helped: null);
        foreach (var text in new[] { "можно сделать надпись на лампе?", "сделайте, пожалуйста, надпись на лампе" })
            await AskAsync(services, site, text, "ru", TurnKind.HandOver, null, isOpen: true, helped: null);
        await AskAsync(services, site, "可以在台灯上刻字吗", "zh-Hans", TurnKind.Rephrase, null, isOpen: true, helped: null);
        await AskAsync(services, site, "what does the blue lamp cost with delivery to Norway", "en", TurnKind.Answer, "price", isOpen: true, helped: false, talk => talk.HandOver(HandOverCause.Failed, DateTime.UtcNow));
        await AskAsync(services, site, "how do I return my lamp", "en", TurnKind.Answer, "return", isOpen: false, helped: true, talk => talk.Solve(TalkResolution.Confirmed, DateTime.UtcNow));
        await AskAsync(services, site, "I want to send it back", "en", TurnKind.Answer, "return", isOpen: false, helped: null, talk => talk.Solve(TalkResolution.Assumed, DateTime.UtcNow));
        await FirstAsync("learn"); // pages do not wait until it has learnt
    }

    /// <summary>A browser in which one of the staff is signed in, reading the reader's language.</summary>
    public async Task<Visit> SignedIn(SharedBrowser browser, Reader reader, string who)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var member = await database.Set<StaffMember>().FirstAsync(member => member.Email == who, Cancellation);
        member.Language = reader.Language;
        await database.SaveChangesAsync(Cancellation);
        var visit = await browser.Visit(Address, reader);
        var page = await visit.Open("/sign-in");
        await page.FillAsync("[name=email]", who);
        await page.FillAsync("[name=password]", Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("html[data-ready] .desk");
        await page.CloseAsync();
        return visit;
    }

    /// <summary>What the assistant answers with all that is published.</summary>
    public async Task<string> FirstAsync(string text) =>
        (await _app!.Services.GetRequiredService<LiveKnowledge>().FreshAsync(1, Cancellation)).Understand(text, "en").First;

    public async Task<TResult> Rows<TResult>(Func<Database, Task<TResult>> read)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<Database>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(Cancellation);
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    static async Task PublishAsync(IServiceProvider services, Site site, Section section, string title, string body, string question)
    {
        var article = (await services.GetRequiredService<StartArticle>().RunAsync(site, section, "en", new StartArticle.Words(title, "", body, [question]), 1, Cancellation)).Value;
        await services.GetRequiredService<PublishArticle>().RunAsync(article, article.Source!, new Actor(ActorKind.Staff, 1, "Olga"), at: null, remark: "", Cancellation);
    }

    static async Task AskAsync(IServiceProvider services, Site site, string text, string language, TurnKind kind, string? candidate, bool isOpen, bool? helped, Action<AssistantTalk>? end = null)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var customer = new Customer { Name = "Anna", CreatedAt = TimeProvider.System.Now() };
        var ticket = (await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(new OpenTicket.Request(site.Id, customer, "chat", Guid.NewGuid().ToString(), text, Actor.Customer(0, "Anna"), ""), Cancellation)).Value.Ticket;
        var question = await database.Set<Message>().SingleAsync(message => message.TicketId == ticket.Id, Cancellation);
        var talk = new AssistantTalk { TicketId = ticket.Id, SiteId = site.Id, Language = language, StartedAt = question.CreatedAt };
        talk.Hear(question.Id, question.CreatedAt);
        talk.Handle(question.Id);
        end?.Invoke(talk);
        database.Add(talk);
        database.Add(new AssistantTurn
        {
            TicketId = ticket.Id, SiteId = site.Id, QuestionId = question.Id, ReplyId = question.Id, At = question.CreatedAt, Kind = kind, Language = language, Candidate = candidate,
            KnowledgeNumber = 0, IsOpen = isOpen, Helped = helped, Milliseconds = 40,
        });
        await database.SaveChangesAsync(Cancellation);
    }
}
