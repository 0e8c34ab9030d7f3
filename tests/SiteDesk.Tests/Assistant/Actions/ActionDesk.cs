using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Channels.Chat;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Channels.Email;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Actions;

/// <summary>A shop whose assistant answers in the widget, with a mailbox that sends; one for the tests of a class.</summary>
public abstract class ActionDesk(Func<Task<string?>> database) : IAsyncLifetime
{
    private const int MostEarlier = 20;

    /// <summary>Tickets from before anybody wrote in the widget, which goes on in the ticket with the highest number.</summary>
    private readonly Queue<long> _earlier = new();

    public MailDesk Mail { get; private set; } = null!;

    public Site Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Mail = await MailDesk.StartAsync(await database(), services => services
            .AddSingleton(new AbuseLimits { Messages = 100_000, Conversations = 100_000, Files = 100_000, Requests = 100_000, Streams = 100_000, MessagesOfSite = 100_000, EqualTexts = 100_000 })
            .AddSingleton(new AssistantLimits { Answer = TimeSpan.FromMinutes(1) }));
        Site = await RowsAsync(async rows =>
        {
            var site = await rows.Set<Site>().FirstAsync();
            site.Assistant = site.Assistant with { AnswersInWidget = true };
            site.Hours = BusinessHours.AroundTheClock("Etc/UTC");
            await rows.SaveChangesAsync();
            return site;
        });
        await using var scope = Mail.Desk.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
        await Mail.Desk.Services.GetRequiredService<LiveKnowledge>().FreshAsync(Site.Id, TestContext.Current.CancellationToken);
        while (_earlier.Count < MostEarlier)
            _earlier.Enqueue((await OpenOfStrangerAsync("Earlier")).Id);
    }

    public Task<TResult> RowsAsync<TResult>(Func<Database, Task<TResult>> read) => Mail.Desk.InDatabaseAsync(read);

    public Task<List<CustomerContact>> ContactsOfAsync(ChatVisitor visitor) => RowsAsync(rows => rows.Set<CustomerContact>().AsNoTracking()
        .Where(contact => rows.Set<Ticket>().Any(ticket => ticket.Id == visitor.Ticket && ticket.CustomerId == contact.CustomerId)).OrderBy(contact => contact.Id).ToListAsync());

    /// <summary>What the customers said in a ticket.</summary>
    public Task<List<string>> SaidInAsync(long ticket) => RowsAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticket && message.AuthorKind == ActorKind.Customer).OrderBy(message => message.Id).Select(message => message.Text).ToListAsync());

    public async Task ProveAsync(ChatVisitor visitor, string address)
    {
        await using var scope = Mail.Desk.Services.CreateAsyncScope();
        var customer = await RowsAsync(rows => rows.Set<Ticket>().Where(ticket => ticket.Id == visitor.Ticket).Select(ticket => ticket.CustomerId).FirstAsync());
        var outcome = await scope.ServiceProvider.GetRequiredService<ProveContact>().RunAsync(
            new ProveContact.Request(customer, ContactAddress.ParseEmail(address)!, ContactProof.Link, Actor.Customer(customer, "")), TestContext.Current.CancellationToken);
        outcome.Succeeded.ShouldBeTrue();
    }

    /// <summary>An earlier ticket of the customer's, as if it had come by the form; with <paramref name="isOfBrowser"/> their browser takes part in it.</summary>
    public async Task<Ticket> OpenAnotherAsync(ChatVisitor visitor, string text, bool isOfBrowser = true)
    {
        var earlier = _earlier.Dequeue();
        return await RowsAsync(async rows =>
        {
            var ticket = await rows.Set<Ticket>().FirstAsync(row => row.Id == earlier);
            ticket.CustomerId = await rows.Set<Ticket>().Where(row => row.Id == visitor.Ticket).Select(row => row.CustomerId).FirstAsync();
            ticket.Subject = text;
            await rows.Set<Message>().Where(message => message.TicketId == earlier).ExecuteUpdateAsync(set => set.SetProperty(message => message.Text, text));
            if (isOfBrowser)
            {
                var browser = await rows.Set<ChatConversation>().Where(conversation => conversation.TicketId == visitor.Ticket).Select(conversation => conversation.VisitorId).FirstAsync();
                rows.Add(new ChatConversation { VisitorId = browser, TicketId = earlier, StartedAt = ticket.CreatedAt });
            }

            await rows.SaveChangesAsync();
            return ticket;
        });
    }

    /// <summary>Somebody else's ticket.</summary>
    public async Task<Ticket> OpenOfStrangerAsync(string text)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var scope = Mail.Desk.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var customer = new Customer { CreatedAt = DateTime.UtcNow };
        rows.Add(customer);
        await rows.SaveChangesAsync(cancellation);
        var opened = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
            new OpenTicket.Request(Site.Id, customer, "form", Guid.NewGuid().ToString(), text, Actor.Customer(customer.Id, ""), Language: "en"), cancellation);
        opened.Succeeded.ShouldBeTrue();
        return opened.Value.Ticket;
    }

    public ChatVisitor NewVisitor(string language = "en") => new(this, new Widget(Mail.Desk.Address, Site.Key, language));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mail.DisposeAsync();
    }
}

public sealed class SqliteActionDesk() : ActionDesk(() => Task.FromResult<string?>(null));

public sealed class PostgresActionDesk(PostgresServer server)
    : ActionDesk(async () => await server.CreateDeskDatabaseAsync(typeof(PostgresActionDesk), TestContext.Current.CancellationToken));

/// <summary>Somebody before the widget who reads what the assistant says.</summary>
public sealed class ChatVisitor(ActionDesk desk, Widget widget) : IDisposable
{
    public Widget Widget => widget;

    public long Ticket { get; private set; }

    public async Task<Message> SayAsync(string text, object? contact = null) => await AnswerToAsync(await widget.SayAsync(text, contact: contact));

    /// <summary>Asks for an action in words; where the assistant asks back, what is meant is pressed.</summary>
    public async Task<Message> AskForAsync(string intent, string words)
    {
        var said = await SayAsync(words);
        return said.Offer?.Choices.FirstOrDefault(choice => choice.Key == $"c:{intent}") is { } meant ? await PressAsync(said, meant.Key) : said;
    }

    public Task<Message> PressAsync(Message offer, string key, string? id = null) => TakeAsync(offer, key, null, id);

    public Task<Message> FillAsync(Message offer, params (string Name, string Value)[] values) =>
        TakeAsync(offer, offer.Offer.ShouldNotBeNull().Form.ShouldNotBeNull().Key, values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal), null);

    private async Task<Message> TakeAsync(Message offer, string key, Dictionary<string, string>? values, string? id)
    {
        var answer = await widget.PostAsync("messages", new { id = id ?? Widget.NewId(), text = key, choice = new { offerId = offer.Id, key, values } });
        return await AnswerToAsync(await Widget.ReadAsync(answer, answer.StatusCode == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Created));
    }

    private async Task<Message> AnswerToAsync(System.Text.Json.JsonElement answer)
    {
        Ticket = Widget.TicketOf(answer);
        var message = answer.GetProperty("message").GetProperty("id").GetInt64();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var (handled, said) = await desk.RowsAsync(async rows => (
                await rows.Set<AssistantTalk>().AsNoTracking().AnyAsync(talk => talk.TicketId == Ticket && (talk.HandledId >= message || talk.EndedAt != null)),
                await rows.Set<Message>().AsNoTracking().Where(row => row.TicketId == Ticket && row.Id > message && row.AuthorKind == ActorKind.Assistant).OrderBy(row => row.Id).FirstOrDefaultAsync()));
            if (handled && said is not null)
                return said;
            limit.IsCancellationRequested.ShouldBeFalse(string.Create(CultureInfo.InvariantCulture, $"ticket {Ticket} was not answered"));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => widget.Dispose();
}
