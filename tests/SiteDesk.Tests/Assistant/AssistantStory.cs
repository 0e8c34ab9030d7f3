using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant;

/// <summary>A desk with a help centre and questions that the assistant had: the rows are made directly, as if it had talked.</summary>
internal sealed class AssistantStory(DeskServer desk, DeskClient owner)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DeskServer Desk => desk;

    public DeskClient Owner => owner;

    /// <summary>An article on returns, which the return intent finds by itself.</summary>
    public Article Returns { get; private set; } = null!;

    /// <summary>An article that belongs to no intent.</summary>
    public Article Engraving { get; private set; } = null!;

    public static async Task<AssistantStory> BeginAsync(DeskServer desk)
    {
        var story = new AssistantStory(desk, await desk.SetUpAsync());
        var section = await desk.AddSectionAsync("Orders");
        story.Returns = await desk.PublishAsync(section, "en", "How to return something", "<p>You may return what you bought within 30 days. Put it into its box, print the return label and bring the parcel to the post office.</p>", ["How do I return an item?", "Can I send something back?"]);
        story.Engraving = await desk.PublishAsync(section, "en", "Engraving on lamps", "<p>We engrave lamps with a name of up to twelve letters. It takes two days more.</p>", ["Do you engrave lamps?"]);
        await desk.SettleAsync();
        await story.KnownAsync(); // learning takes its time on a busy machine, and a page does not wait so long
        return story;
    }

    /// <summary>What the assistant knows now, with all that is published.</summary>
    public Task<SiteKnowledge> KnownAsync() => desk.Services.GetRequiredService<LiveKnowledge>().FreshAsync(1, Cancellation);

    /// <summary>Somebody asks, and the assistant makes something of it.</summary>
    public async Task<AssistantTurn> AskAsync(
        string text, TurnKind kind = TurnKind.Rephrase, string? candidate = null, bool isOpen = true, bool? helped = null, string language = "en", string channel = "chat",
        Action<AssistantTalk>? end = null, int milliseconds = 40, TimeSpan ago = default)
    {
        var ticket = await desk.AskAsync(text, channel: channel);
        return await desk.InDatabaseAsync(async database =>
        {
            var question = database.Set<Message>().Single(message => message.TicketId == ticket.Id);
            var at = question.CreatedAt - ago;
            var talk = new AssistantTalk { TicketId = ticket.Id, SiteId = ticket.SiteId, Language = language, StartedAt = at };
            talk.Hear(question.Id, at);
            talk.Handle(question.Id);
            end?.Invoke(talk);
            var turn = new AssistantTurn
            {
                TicketId = ticket.Id, SiteId = ticket.SiteId, QuestionId = question.Id, ReplyId = kind == TurnKind.HandOver ? null : question.Id, At = at, Kind = kind, Language = language,
                Candidate = candidate, KnowledgeNumber = 0, IsOpen = isOpen, Helped = helped, Milliseconds = milliseconds,
            };
            database.Add(talk);
            database.Add(turn);
            await database.SaveChangesAsync(Cancellation);
            return turn;
        });
    }

    public Task<AssistantTurn> TurnAsync(long id) => desk.InDatabaseAsync(database => Task.FromResult(database.Set<AssistantTurn>().Single(turn => turn.Id == id)));
}
