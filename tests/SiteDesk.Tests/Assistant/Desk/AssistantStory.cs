using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Desk;

/// <summary>Conversations that the assistant has had, put together from its rows: who shows them need not know how it decides.</summary>
internal static class AssistantStory
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A customer asks, and the assistant has the ticket.</summary>
    public static async Task<Ticket> AskAssistantAsync(this DeskServer desk, string text, string? email = null)
    {
        var ticket = await desk.AskAsync(text, email, "chat");
        await desk.InDatabaseAsync(async rows =>
        {
            var row = await rows.Set<Ticket>().FirstAsync(row => row.Id == ticket.Id, Cancellation);
            row.GiveToAssistant(TimeProvider.System.Now());
            rows.Signal(() => TicketSignals.Moved(row, "changed"));
            return await rows.SaveChangesAsync(Cancellation);
        });
        return ticket;
    }

    /// <summary>The assistant answers what was said last, and keeps what it made of it.</summary>
    /// <returns>The key of the turn.</returns>
    public static async Task<long> AnswerAsAssistantAsync(
        this DeskServer desk, long ticketId, string text, TurnKind kind = TurnKind.Answer, MessageOffer? offer = null, string? candidate = null, bool? helped = null,
        ReplyAsAssistant.Consequence? then = null, string language = "en")
    {
        var question = await desk.InDatabaseAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticketId && message.AuthorKind == ActorKind.Customer).MaxAsync(message => message.Id, Cancellation));
        var reply = await desk.AsAssistantAsync(async assistant =>
        {
            var outcome = await assistant.RunAsync(new ReplyAsAssistant.Request(ticketId, question, "Nora", text, Guid.NewGuid().ToString(), "chat", offer, then ?? new ReplyAsAssistant.Consequence.Stay()), Cancellation);
            outcome.Succeeded.ShouldBeTrue();
            return outcome.Value.Message!.Id;
        });
        return await desk.InDatabaseAsync(async rows =>
        {
            var turn = new AssistantTurn
            {
                TicketId = ticketId, SiteId = 1, QuestionId = question, ReplyId = reply, At = TimeProvider.System.Now(), Kind = kind, Language = language, Candidate = candidate, Probability = 0.97, KnowledgeNumber = 0, Helped = helped,
            };
            rows.Add(turn);
            await rows.SaveChangesAsync(Cancellation);
            return turn.Id;
        });
    }

    /// <summary>Speaks as the assistant does.</summary>
    public static async Task<TResult> AsAssistantAsync<TResult>(this DeskServer desk, Func<ReplyAsAssistant, Task<TResult>> speak)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await speak(ActivatorUtilities.CreateInstance<ReplyAsAssistant>(scope.ServiceProvider));
    }

    /// <summary>What the assistant remembers of a conversation, and how it ended.</summary>
    public static Task<int> RememberAsync(this DeskServer desk, long ticketId, TalkMemory memory, HandOverCause? cause = null, string language = "en") => desk.InDatabaseAsync(async rows =>
    {
        var talk = await rows.Set<AssistantTalk>().FirstOrDefaultAsync(row => row.TicketId == ticketId, Cancellation);
        if (talk is null)
            rows.Add(talk = new AssistantTalk { TicketId = ticketId, SiteId = 1, Language = language, StartedAt = TimeProvider.System.Now() });
        var heard = await rows.Set<Message>().Where(message => message.TicketId == ticketId).MaxAsync(message => message.Id, Cancellation);
        talk.Hear(heard, TimeProvider.System.Now());
        talk.Handle(heard);
        talk.Memory = memory;
        if (cause is { } why)
            talk.HandOver(why, TimeProvider.System.Now());
        return await rows.SaveChangesAsync(Cancellation);
    });

    public static async Task ChangeAssistantAsync(this DeskServer desk, Func<AssistantSettings, AssistantSettings> change)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var site = await rows.Set<Site>().FirstAsync(Cancellation);
        site.Assistant = change(site.Assistant);
        await rows.SaveChangesAsync(Cancellation);
        scope.ServiceProvider.GetRequiredService<SiteDirectory>().Forget();
    }

    /// <summary>The customer presses one of the buttons that a message offered. Stored as it is: no assistant shall answer it.</summary>
    public static Task<int> PressAsync(this DeskServer desk, long ticketId, string label, MessageChoice choice) => desk.InDatabaseAsync(async rows =>
    {
        rows.Add(new Message
        {
            TicketId = ticketId, Kind = MessageKind.Public, AuthorKind = ActorKind.Customer, AuthorName = "Anna", Text = label, CreatedAt = TimeProvider.System.Now(), Channel = "chat", ClientId = Guid.NewGuid().ToString(), Choice = choice,
        });
        return await rows.SaveChangesAsync(Cancellation);
    });
}
