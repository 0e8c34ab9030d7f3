using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.LanguageModel;
using SiteDesk.Assistant.Talk;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Talk;

/// <summary>A desk whose assistant answers in the widget, with two articles to answer from.</summary>
public abstract class AssistantDesk(Func<Task<string?>> database) : ChatDesk(database)
{
    /// <summary>Stands where a language model would: a test lets it stall.</summary>
    internal StallingModel Model { get; } = new();

    protected override void Prepare(IServiceCollection services)
    {
        services.AddSingleton(new AssistantLimits { Answer = TimeSpan.FromSeconds(30) });
        services.Replace(ServiceDescriptor.Singleton<IWordAnswers>(Model));
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var section = await Server.AddSectionAsync("Orders");
        await Server.PublishAsync(section, "en", "How to return something", "<p>Print the label in My orders and bring the parcel to any post office.</p><h2>Without a printer</h2><p>Show the code on your phone instead.</p>",
            ["how do i return an item", "i want to send something back", "return a pair of shoes", "where is the return label"]);
        await Server.PublishAsync(section, "en", "Ways to pay", "<p>Cards, PayPal and bank transfer.</p>", ["how can i pay", "do you take paypal", "which cards do you accept"]);
        await ChangeSiteAsync(site => site.Assistant = site.Assistant with { AnswersInWidget = true });
        if (LearnsFirst)
            await Server.Services.GetRequiredService<LiveKnowledge>().FreshAsync(Site.Id, TestContext.Current.CancellationToken);
    }

    /// <summary>Whether visitors come only when everything is learnt.</summary>
    protected virtual bool LearnsFirst => true;

    /// <summary>Waits until the assistant has dealt with a message, or a person has the ticket.</summary>
    internal async Task<AssistantTalk> UntilHandledAsync(JsonElement sent)
    {
        var (ticket, message) = (Widget.TicketOf(sent), sent.GetProperty("message").GetProperty("id").GetInt64());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var talk = await RowsAsync(rows => rows.Set<AssistantTalk>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket));
            if (talk is not null && (talk.HandledId >= message || talk.State is TalkState.HandedOver or TalkState.TakenOver))
                return talk;
            limit.Token.IsCancellationRequested.ShouldBeFalse($"ticket {ticket} was not answered");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task<Ticket> TicketAsync(long id) => RowsAsync(rows => rows.Set<Ticket>().AsNoTracking().FirstAsync(row => row.Id == id));

    public Task<List<Message>> MessagesAsync(long ticket) =>
        RowsAsync(rows => rows.Set<Message>().AsNoTracking().Where(row => row.TicketId == ticket).OrderBy(row => row.Id).ToListAsync());

    internal sealed class StallingModel : IWordAnswers
    {
        /// <summary>Whether it answers never.</summary>
        public bool Stalls { get; set; }

        public async Task<WordingResult> WordAsync(WordingRequest request, CancellationToken cancellation)
        {
            if (Stalls)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return WordingResult.Failed(WordingFailure.NotConnected);
        }
    }
}

public sealed class SqliteAssistantDesk() : AssistantDesk(() => Task.FromResult<string?>(null));

public sealed class PostgresAssistantDesk(PostgresServer server)
    : AssistantDesk(async () => await server.CreateDeskDatabaseAsync(typeof(PostgresAssistantDesk), TestContext.Current.CancellationToken));
