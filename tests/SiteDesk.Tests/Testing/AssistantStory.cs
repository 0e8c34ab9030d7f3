using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Testing;

/// <summary>The assistant's words, put into its mouth: what it says by itself is the assistant's own tests' business.</summary>
internal static class AssistantStory
{
    /// <summary>The site's assistant answers first, as the test says where.</summary>
    public static async Task LetAssistantAnswerAsync(this DeskServer desk, Func<AssistantSettings, AssistantSettings> where)
    {
        await desk.InDatabaseAsync(async rows =>
        {
            var site = await rows.Set<Site>().FirstAsync();
            site.Assistant = where(site.Assistant);
            return await rows.SaveChangesAsync();
        });
        await desk.UseAsync<SiteDirectory, bool>(sites =>
        {
            sites.Forget();
            return Task.FromResult(true);
        });
    }

    /// <summary>Says something as the assistant, to the customer's newest message.</summary>
    public static async Task<Message> SayAsAssistantAsync(
        this DeskServer desk, long ticketId, string text, MessageOffer? offer = null, ReplyAsAssistant.Consequence? then = null, string channel = "chat")
    {
        var answered = await desk.InDatabaseAsync(rows => rows.Set<Message>()
            .Where(message => message.TicketId == ticketId && message.AuthorKind == ActorKind.Customer).MaxAsync(message => message.Id));
        const int tries = 5;
        await using var scope = desk.Services.CreateAsyncScope();
        var reply = scope.ServiceProvider.GetRequiredService<ReplyAsAssistant>();
        var request = new ReplyAsAssistant.Request(ticketId, answered, "Nora", text, Guid.NewGuid().ToString(), channel, offer, then ?? new ReplyAsAssistant.Consequence.Stay());
        var outcome = await scope.ServiceProvider.GetRequiredService<Database>().AgainOnConflictAsync(tries, () => reply.RunAsync(request, CancellationToken.None), CancellationToken.None);
        outcome.Succeeded.ShouldBeTrue(outcome.Succeeded ? null : string.Join(", ", outcome.Problems.Select(problem => problem.Text)));
        return outcome.Value.Message.ShouldNotBeNull();
    }

    /// <summary>An article, two ways to go on.</summary>
    public static MessageOffer Choices { get; } = new()
    {
        Sources = [new("Returning a lamp", "/help/nordlight/en/returns"), new("返品", "/help/nordlight/zh-Hans/returns", "zh-Hans")],
        Choices = [new("intent:return", "Return an order"), new("intent:exchange", "Exchange it <b>")],
    };

    /// <summary>A step of a form: an order number that was not accepted, a way to be reached, and words that may be left out.</summary>
    public static MessageOffer Form { get; } = new()
    {
        Form = new OfferedForm(
            "order", [
                new("order", "Order number", "order", true, "12", "An order number has six digits."), new("contact", "E-mail or phone?", "contact", true),
                new("words", "Anything else", "long", false),
            ], "Look it up", "Something else"),
    };
}
