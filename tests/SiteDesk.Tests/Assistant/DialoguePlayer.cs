using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant;

/// <summary>What the assistant did with one message.</summary>
/// <param name="Said">What it said; null when it said nothing.</param>
/// <param name="Articles">Keys of the articles it named as sources.</param>
internal sealed record PlayedStep(AssistantTurn? Turn, Message? Said, IReadOnlyList<string> Articles, HandOverCause? Cause)
{
    public bool IsAsExpected(Expected expected) => expected switch
    {
        ExpectedAnswer answer => Turn?.Kind == TurnKind.Answer && Articles.Any(article => answer.Articles.Contains(article, StringComparer.Ordinal)),
        ExpectedQuestion { Intents: ["something-else"] } => Turn?.Kind is TurnKind.Rephrase or TurnKind.Ask,
        ExpectedQuestion question => Turn?.Kind == TurnKind.Ask && Said?.Offer?.Choices.Any(choice => question.Intents.Contains(choice.Key[2..], StringComparer.Ordinal)) == true,
        ExpectedForm => Turn?.Kind == TurnKind.Collect,
        ExpectedCourtesy => Turn?.Kind == TurnKind.Courtesy,
        ExpectedHandOver => Turn?.Kind == TurnKind.HandOver,
        _ => Said is null && Turn is null,
    };

    public override string ToString() => $"{Turn?.Kind} {Turn?.Candidate} p={Turn?.Probability:0.00} [{string.Join(", ", Articles)}] {Cause} {Said?.Text.ReplaceLineEndings(" ")}";
}

/// <summary>A line of a story, what came of it, and what came of the button pressed or the form filled in where the assistant asked back.</summary>
internal sealed record PlayedTurn(DialogueTurn Line, PlayedStep Step, PlayedStep? Next)
{
    /// <summary>Whether what the story says came true at once.</summary>
    public bool IsAsWritten => Line.Expected.All(Step.IsAsExpected);

    /// <summary>Whether it came true at once or with one press.</summary>
    public bool IsReached => IsAsWritten || Next is not null && Line.Expected.All(Next.IsAsExpected);

    public IEnumerable<PlayedStep> Steps => Next is null ? [Step] : [Step, Next];

    public override string ToString() => $"{(IsAsWritten ? "  " : IsReached ? "· " : "✗ ")}{Line.Text}\n      expected {string.Join(", ", Line.Expected)}\n      got {Step}{(Next is null ? "" : $"\n      then {Next}")}";
}

internal sealed record PlayedDialogue(Dialogue Dialogue, IReadOnlyList<PlayedTurn> Turns);

/// <summary>
/// Plays stories against the running program, each as a customer of its own. Who is asked back presses what is meant or fills the form in,
/// and who wants a person and is not understood presses the button that is always there: as people do.
/// </summary>
internal sealed class DialoguePlayer(DeskServer server, IReadOnlyDictionary<string, Site> sites, IReadOnlyDictionary<(string Site, string Title), string> articleKeys)
{
    private const int MostPresses = 3;

    public async Task<PlayedDialogue> PlayAsync(Dialogue dialogue, CancellationToken cancellation)
    {
        using IWriter writer = dialogue.Channel == "email" ? new MailWriter(server, sites[dialogue.Site], dialogue.Language) : new WidgetWriter(server, sites[dialogue.Site], dialogue.Language);
        var turns = new List<PlayedTurn>();
        foreach (var line in dialogue.Turns)
        {
            if (line.IsAgent)
            {
                await AnswerAsAgentAsync(writer.Ticket, line.Text, cancellation);
                continue;
            }

            var step = await ReadAsync(dialogue, writer, await writer.WriteAsync(line.Text, choice: null), cancellation);
            var turn = new PlayedTurn(line, step, Next: null);
            // A form may be followed by the question whether to do it: three presses at most, and each leads on.
            for (var (press, last) = (0, step); press < MostPresses && !turn.IsReached && NextChoice(dialogue, line, last) is var (text, choice); press++)
            {
                last = await ReadAsync(dialogue, writer, await writer.WriteAsync(text, choice), cancellation);
                turn = turn with { Next = last };
            }

            turns.Add(turn);
        }

        return new PlayedDialogue(dialogue, turns);
    }

    /// <summary>What a person would press; null when there is nothing to press that leads on.</summary>
    private (string Text, MessageChoice Choice)? NextChoice(Dialogue dialogue, DialogueTurn line, PlayedStep step)
    {
        if (step.Said?.Offer is not { } offer)
            return null;
        if (line.Expected.OfType<ExpectedAnswer>().FirstOrDefault() is { } answer)
        {
            var fitting = offer.Choices.FirstOrDefault(choice => TalkWords.CandidateOf(choice.Key) is [var candidate] && KeysOf(dialogue, candidate).Any(answer.Articles.Contains));
            return fitting is null ? null : (fitting.Label, new MessageChoice(step.Said.Id, fitting.Key));
        }

        if (!line.Expected.Any(expected => expected is ExpectedHandOver))
            return null;
        return offer.Form is { } form
            ? ("NL-20999", new MessageChoice(step.Said.Id, form.Key, form.Fields.ToDictionary(field => field.Key, field => field.Value ?? field.Kind switch { "order" => "NL-20999", "phone" => "+44 20 7946 0018", "contact" => "someone@example.com", _ => "as soon as you can" }, StringComparer.Ordinal)))
            : offer.Choices.FirstOrDefault(choice => TalkWords.ConfirmedOf(choice.Key) is not null) is { } confirm ? (confirm.Label, new MessageChoice(step.Said.Id, confirm.Key))
            : ("A person, please.", new MessageChoice(0, MessageChoice.Person));
    }

    private IEnumerable<string> KeysOf(Dialogue dialogue, string candidate)
    {
        var knowledge = server.Services.GetRequiredService<LiveKnowledge>().Find(sites[dialogue.Site].Id)!;
        IReadOnlyList<long> ids = IntentRanking.ArticleOf(candidate) is { } id ? [id] : knowledge.ArticlesOf(candidate);
        return ids.Select(article => knowledge.Articles.Shelves[dialogue.Language].ArticlesById[article].Title).Select(title => articleKeys[(dialogue.Site, title)]);
    }

    private async Task<PlayedStep> ReadAsync(Dialogue dialogue, IWriter writer, long message, CancellationToken cancellation)
    {
        var talk = await UntilHandledAsync(writer.Ticket, message, cancellation);
        var (turn, said) = await server.InDatabaseAsync(async database => (
            await database.Set<AssistantTurn>().AsNoTracking().FirstOrDefaultAsync(row => row.QuestionId == message, cancellation),
            await database.Set<Message>().AsNoTracking().Where(row => row.TicketId == writer.Ticket && row.Id > message && row.AuthorKind == ActorKind.Assistant).OrderBy(row => row.Id).FirstOrDefaultAsync(cancellation)));
        return new PlayedStep(
            turn, said, [.. (said?.Offer?.Sources ?? []).Select(source => articleKeys.GetValueOrDefault((dialogue.Site, source.Title), source.Title))],
            turn?.Kind == TurnKind.HandOver ? talk.Cause : null);
    }

    private async Task<AssistantTalk> UntilHandledAsync(long ticket, long message, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            // The ticket first: both are stored together, so the talk read after it is never the older of the two.
            var (isWithAssistant, talk) = await server.InDatabaseAsync(async database => (
                await database.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.IsWithAssistant).FirstAsync(cancellation),
                await database.Set<AssistantTalk>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket, cancellation)));
            if (talk is not null && (talk.HandledId >= message || !isWithAssistant))
                return talk;
            limit.Token.IsCancellationRequested.ShouldBeFalse($"ticket {ticket} was not answered");
            await Task.Delay(10, cancellation);
        }
    }

    private async Task AnswerAsAgentAsync(long ticket, string text, CancellationToken cancellation)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var member = await scope.ServiceProvider.GetRequiredService<Database>().Set<SiteDesk.Accounts.StaffMember>().AsNoTracking().FirstAsync(row => row.Role == Role.Owner, cancellation);
        var staff = new Staff(member.Id, member.DisplayName, member.Email!, Role.Owner, "en", "Etc/UTC", null, null, [], MasksContacts: false);
        var outcome = await scope.ServiceProvider.GetRequiredService<ReplyToTicket>().RunAsync(
            new ReplyToTicket.Request(ticket, MessageKind.Public, text, Guid.NewGuid().ToString("N")), staff, cancellation);
        outcome.Succeeded.ShouldBeTrue();
    }

    /// <summary>How a customer writes.</summary>
    private interface IWriter : IDisposable
    {
        long Ticket { get; }

        /// <returns>The message's key.</returns>
        Task<long> WriteAsync(string text, MessageChoice? choice);
    }

    private sealed class WidgetWriter(DeskServer server, Site site, string language) : IWriter
    {
        private readonly Widget _widget = new(server.Address, site.Key, language, $"https://{site.Domains[0]}");

        public long Ticket { get; private set; }

        public async Task<long> WriteAsync(string text, MessageChoice? choice)
        {
            var answer = await Widget.ReadAsync(await _widget.PostAsync("messages", new { id = Widget.NewId(), text, choice }), System.Net.HttpStatusCode.Created);
            Ticket = Widget.TicketOf(answer);
            return answer.GetProperty("message").GetProperty("id").GetInt64();
        }

        public void Dispose() => _widget.Dispose();
    }

    /// <summary>As the mail channel does once a mail is read.</summary>
    private sealed class MailWriter(DeskServer server, Site site, string language) : IWriter
    {
        public long Ticket { get; private set; }

        public async Task<long> WriteAsync(string text, MessageChoice? choice)
        {
            await using var scope = server.Services.CreateAsyncScope();
            var id = Guid.NewGuid().ToString("N");
            if (Ticket > 0)
                return (await scope.ServiceProvider.GetRequiredService<AddCustomerMessage>().RunAsync(new AddCustomerMessage.Request(Ticket, text, id, "email"), default)).Value.Message.Id;
            var customer = new Customer { Name = "Somebody", Language = language, CreatedAt = DateTime.UtcNow };
            customer.AddContact(ContactAddress.ParseEmail($"{id}@example.com")!, DateTime.UtcNow);
            var opened = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
                new OpenTicket.Request(site.Id, customer, "email", id, text, Actor.Customer(0, "Somebody"), Language: language, IsForAssistant: site.Assistant.AnswersMail), default);
            Ticket = opened.Value.Ticket.Id;
            return opened.Value.Message.Id;
        }

        public void Dispose()
        {
        }
    }
}
