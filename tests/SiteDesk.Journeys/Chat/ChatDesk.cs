using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Journeys.Chat;

/// <summary>The whole program with one owner and one site, on a free loopback port; the visitor's page is another origin.</summary>
public class ChatDesk : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-journey-").FullName;
    private WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    public string SiteKey { get; private set; } = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync(port: 0);
        await using var scope = _app!.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var created = await scope.ServiceProvider.GetRequiredService<CreateStaff>().RunAsync(
            new CreateStaff.Request("Anna Lindt", "anna@example.com", "correct horse battery", Platform.Security.Role.Owner, "en", "Europe/Berlin"));
        created.Succeeded.ShouldBeTrue();
        var site = scope.ServiceProvider.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Nordlight", "127.0.0.1", ["en", "ru", "zh-Hans"], "Europe/Berlin")).Value;
        site.Hours = BusinessHours.AroundTheClock("Europe/Berlin");
        await rows.SaveChangesAsync(Cancellation);
        SiteKey = site.Key;
    }

    /// <summary>What a site puts into its pages.</summary>
    public string Snippet => $"<script src='{Address}widget.js' data-site='{SiteKey}' async></script>";

    public async Task ChangeSiteAsync(Action<Site> change)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        change(await rows.Set<Site>().FirstAsync(Cancellation));
        await rows.SaveChangesAsync(Cancellation);
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
    }

    /// <summary>The newest ticket, once there is one with this text.</summary>
    public async Task<long> TicketAsync(string text)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Database>().Set<Message>()
            .Where(message => message.Text == text).Select(message => message.TicketId).FirstAsync(Cancellation);
    }

    public async Task<TResult> RowsAsync<TResult>(Func<Database, Task<TResult>> read)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<Database>());
    }

    public async Task AnswerAsync(long ticketId, string text, StandardStatus? then = null)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var anna = (await rows.Set<StaffMember>().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(Cancellation)).AsStaff();
        var outcome = await scope.ServiceProvider.GetRequiredService<ReplyToTicket>().RunAsync(
            new ReplyToTicket.Request(ticketId, MessageKind.Public, text, Guid.NewGuid().ToString(), ThenStatus: then), anna, Cancellation);
        outcome.Succeeded.ShouldBeTrue();
    }

    /// <summary>Nora, the assistant, says what the test puts into her mouth.</summary>
    public async Task<long> SayAsAssistantAsync(long ticketId, string text, MessageOffer? offer = null, bool handsOver = false)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var answered = await scope.ServiceProvider.GetRequiredService<Database>().Set<Message>()
            .Where(message => message.TicketId == ticketId && message.AuthorKind == Platform.Security.ActorKind.Customer).MaxAsync(message => message.Id, Cancellation);
        const int tries = 5;
        var reply = scope.ServiceProvider.GetRequiredService<ReplyAsAssistant>();
        var request = new ReplyAsAssistant.Request(
            ticketId, answered, "Nora", text, Guid.NewGuid().ToString(), "chat", offer,
            handsOver ? new ReplyAsAssistant.Consequence.HandOver(null, null, []) : new ReplyAsAssistant.Consequence.Stay());
        var outcome = await scope.ServiceProvider.GetRequiredService<Database>().AgainOnConflictAsync(tries, () => reply.RunAsync(request, Cancellation), Cancellation);
        outcome.Succeeded.ShouldBeTrue(outcome.Succeeded ? null : string.Join(", ", outcome.Problems.Select(problem => problem.Text)));
        return outcome.Value.Message!.Id;
    }

    /// <summary>Somebody asks by the form.</summary>
    public async Task<long> AskAsync(string text)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var customer = new Customers.Customer { Name = "Jonas Weber", CreatedAt = TimeProvider.System.Now() };
        var outcome = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
            new OpenTicket.Request(1, customer, "form", Guid.NewGuid().ToString(), text, Platform.Security.Actor.Customer(0, customer.Name)), Cancellation);
        outcome.Succeeded.ShouldBeTrue();
        return outcome.Value.Ticket.Id;
    }

    /// <summary>Anna begins to type, as her workspace tells it.</summary>
    public void Types(long ticketId) =>
        _app!.Services.GetRequiredService<LiveHub>().Publish(new LiveSignal(TicketSignals.Conversation(ticketId), "typing", "{\"name\":\"Anna Lindt\",\"on\":true}"));

    /// <summary>The program goes away, for as long as the work takes, and comes back at the same address with the same rows.</summary>
    public async Task WhileGoneAsync(Func<Task> work)
    {
        await _app!.StopAsync(Cancellation);
        await _app.DisposeAsync();
        await work();
        await StartAsync(Address.Port);
    }

    /// <summary>Puts more of the test's own in place.</summary>
    protected virtual void Prepare(IServiceCollection services)
    {
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(int port)
    {
        _app = SiteDeskApplication.Build(["--data", _folder, "--urls", $"http://127.0.0.1:{port}"], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            services.AddSingleton(new AbuseLimits { Messages = 1000, Conversations = 1000, Files = 1000, Requests = 10_000, Streams = 10_000 });
            Prepare(services);
        });
        await SiteDeskApplication.StartAsync(_app, Cancellation);
        Address = new Uri(_app.Urls.First().TrimEnd('/') + "/");
    }
}

/// <summary>The same with an assistant that hears, and says what the test says and nothing else.</summary>
public sealed class QuietDesk : ChatDesk
{
    protected override void Prepare(IServiceCollection services) => services.SilenceAssistant();
}
