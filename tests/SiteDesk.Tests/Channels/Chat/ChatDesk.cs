using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Chat;

/// <summary>A program that has been set up, for the tests of one class: its site is https://shop.example.com.</summary>
public abstract class ChatDesk(Func<Task<string?>> database) : IAsyncLifetime
{
    private DeskServer? _server;

    public ShiftedClock Clock { get; } = new();

    public DeskServer Server => _server!;

    public Site Site { get; private set; } = null!;

    /// <summary>Limits high enough for a class of tests that all come from one address.</summary>
    protected virtual AbuseLimits Limits { get; } = new()
    {
        Messages = 100_000, Conversations = 100_000, Files = 100_000, Requests = 100_000, Streams = 100_000, MessagesOfSite = 100_000,
    };

    /// <summary>Puts more of the test's own in place.</summary>
    protected virtual void Prepare(IServiceCollection services)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        _server = await DeskServer.StartAsync(await database(), services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton(Limits);
            Prepare(services);
        });
        using var owner = await _server.SetUpAsync();
        await ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Europe/Berlin"));
    }

    public Widget NewVisitor(string language = "en") => new(Server.Address, Site.Key, language);

    public async Task ChangeSiteAsync(Action<Site> change)
    {
        Site = await Server.InDatabaseAsync(async rows =>
        {
            var site = await rows.Set<Site>().FirstAsync(TestContext.Current.CancellationToken);
            change(site);
            await rows.SaveChangesAsync(TestContext.Current.CancellationToken);
            return site;
        });
        await using var scope = Server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
    }

    /// <summary>The owner answers in the workspace's own way.</summary>
    public async Task<Message> AnswerAsync(long ticketId, string text, StandardStatus? then = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var scope = Server.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var staff = (await rows.Set<StaffMember>().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(cancellation)).AsStaff();
        var outcome = await scope.ServiceProvider.GetRequiredService<ReplyToTicket>().RunAsync(
            new ReplyToTicket.Request(ticketId, MessageKind.Public, text, Guid.NewGuid().ToString(), ThenStatus: then), staff, cancellation);
        return outcome.Value.Message!;
    }

    public Task<TResult> RowsAsync<TResult>(Func<Database, Task<TResult>> read) => Server.InDatabaseAsync(read);

    /// <summary>Runs the handlers that are due, until none is left.</summary>
    public async Task DispatchAsync()
    {
        var dispatcher = Server.Services.GetRequiredService<EventDispatcher>();
        while (await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken) > 0)
        {
            // Handlers may publish further events.
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

public sealed class SqliteChatDesk() : ChatDesk(() => Task.FromResult<string?>(null));

public sealed class PostgresChatDesk(PostgresServer server)
    : ChatDesk(async () => await server.CreateDeskDatabaseAsync(typeof(PostgresChatDesk), TestContext.Current.CancellationToken));

/// <summary>The real clock, put forward by a test.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _ticks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
