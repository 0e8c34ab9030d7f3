using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Channels.Chat;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Chat;

/// <summary>What a visitor notices when the staff takes a reply back, merges or splits: as little as possible, and nothing lost.</summary>
public abstract class ShapeOfConversationTests(ChatDesk desk)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_taken_back_leaves_the_open_widget_and_the_one_that_comes_back()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("Where is my lamp?"));
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        leaves.CancelAfter(TimeSpan.FromSeconds(30));
        var opened = new TaskCompletionSource();
        var heard = Task.Run(async () =>
        {
            var names = new List<(string Name, long Message)>();
            await foreach (var happened in visitor.ListenAsync(opened: opened, cancellation: leaves.Token))
            {
                if (happened.Name is "message" or "withdrawn")
                    names.Add((happened.Name, happened.Data.GetProperty(happened.Name == "message" ? "id" : "messageId").GetInt64()));
                if (happened.Name == "withdrawn")
                    break;
            }

            return names;
        }, Cancellation);
        await opened.Task.WaitAsync(Cancellation);

        var reply = await desk.AnswerAsync(ticketId, "It never left.");
        (await WithdrawAsync(ticketId, reply.Id)).ShouldBeTrue();

        var told = await heard;
        told[^2..].ShouldBe([("message", reply.Id), ("withdrawn", reply.Id)]);
        (await visitor.ConversationAsync()).GetProperty("messages").GetArrayLength().ShouldBe(1);
        (await visitor.PostAsync("seen", new { messageId = reply.Id })).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // A widget whose line was torn just then is told when it comes back, by stream and by poll.
        var events = (await Widget.ReadAsync(await visitor.GetAsync($"events?after={reply.Id - 1}"), HttpStatusCode.OK)).GetProperty("events").EnumerateArray().ToList();
        events.Select(happened => happened.GetProperty("type").GetString()).ShouldContain("withdrawn");
        events.Select(happened => happened.GetProperty("type").GetString()).ShouldNotContain("message");
    }

    [Fact]
    public async Task An_answer_that_was_taken_back_waits_for_no_channel()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("Is anybody there?"));
        var reply = await desk.AnswerAsync(ticketId, "No.");
        (await WithdrawAsync(ticketId, reply.Id)).ShouldBeTrue();
        await desk.DispatchAsync();
        desk.Clock.Advance(SiteDesk.Channels.UnseenAnswers.WaitingAnswers.Patience + TimeSpan.FromSeconds(5));
        await desk.DispatchAsync();
        (await desk.RowsAsync(rows => rows.Set<SiteDesk.Channels.UnseenAnswers.WaitingAnswer>().AnyAsync(answer => answer.TicketId == ticketId, Cancellation))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_visitor_whose_ticket_was_merged_goes_on_in_the_other_and_sees_everything()
    {
        using var first = desk.NewVisitor();
        using var second = desk.NewVisitor();
        var survivor = Widget.TicketOf(await first.SayAsync("From the computer: it does not light."));
        var merged = Widget.TicketOf(await second.SayAsync("From the phone: still dark."));
        await MergeAsync(merged, survivor);
        await desk.DispatchAsync();

        var id = Widget.NewId();
        var sent = await second.SayAsync("Now it lights!", id);
        Widget.TicketOf(sent).ShouldBe(survivor);
        (await second.SayAsync("Now it lights!", id)).GetProperty("message").GetProperty("id").GetInt64().ShouldBe(sent.GetProperty("message").GetProperty("id").GetInt64());
        var (author, customer) = await desk.RowsAsync(async rows => (
            await rows.Set<Message>().Where(message => message.ClientId == id).Select(message => message.AuthorId).FirstAsync(Cancellation),
            await rows.Set<Ticket>().Where(ticket => ticket.Id == merged).Select(ticket => ticket.CustomerId).FirstAsync(Cancellation)));
        author.ShouldBe(customer, "who wrote is who wrote");
        var answer = await desk.AnswerAsync(survivor, "Good.");

        foreach (var visitor in new[] { first, second })
        {
            var conversation = await visitor.ConversationAsync();
            conversation.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString())
                .ShouldBe(["From the computer: it does not light.", "From the phone: still dark.", "Now it lights!", "Good."]);
            conversation.GetProperty("conversation").GetProperty("state").GetString().ShouldBe("pending");
        }

        (await second.PostAsync("seen", new { messageId = answer.Id })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await desk.RowsAsync(rows => rows.Set<Ticket>().Where(ticket => ticket.Id == survivor).Select(ticket => ticket.SeenByCustomerId).FirstAsync(Cancellation))).ShouldBe(answer.Id);
        (await desk.RowsAsync(rows => rows.Set<ChatConversation>().CountAsync(row => row.TicketId == survivor || row.TicketId == merged, Cancellation))).ShouldBe(2, "nobody began anew");
    }

    [Fact]
    public async Task A_split_changes_nothing_of_what_the_visitor_reads()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("The lamp is dark."));
        await visitor.SayAsync("And the chair is late.");
        var second = await desk.RowsAsync(rows => rows.Set<Message>().Where(message => message.TicketId == ticketId).MaxAsync(message => message.Id, Cancellation));
        await using (var scope = desk.Server.Services.CreateAsyncScope())
        {
            var split = await scope.ServiceProvider.GetRequiredService<SplitTicket>().RunAsync(new SplitTicket.Request(ticketId, second, OnlyThis: false), await OwnerAsync(scope), Cancellation);
            split.Succeeded.ShouldBeTrue();
            await desk.DispatchAsync();
            await desk.AnswerAsync(split.Value.Id, "The chair comes tomorrow.");
        }

        await desk.AnswerAsync(ticketId, "Check the plug.");

        // The program's own dispatcher may be at the event just now.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        List<string?> texts;
        do
        {
            texts = [.. (await visitor.ConversationAsync()).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString())];
        }
        while (texts.Count < 4 && !limit.IsCancellationRequested);
        texts.ShouldBe(["The lamp is dark.", "And the chair is late.", "The chair comes tomorrow.", "Check the plug."]);
    }

    private async Task<bool> WithdrawAsync(long ticketId, long messageId)
    {
        await using var scope = desk.Server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<WithdrawReply>().RunAsync(ticketId, messageId, await OwnerAsync(scope), Cancellation)).Succeeded;
    }

    private async Task MergeAsync(long from, long into)
    {
        await using var scope = desk.Server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<MergeTickets>().RunAsync(from, into, await OwnerAsync(scope), Cancellation)).Succeeded.ShouldBeTrue();
    }

    private static async Task<Staff> OwnerAsync(AsyncServiceScope scope) =>
        (await scope.ServiceProvider.GetRequiredService<Database>().Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).FirstAsync(Cancellation)).AsStaff();
}

public sealed class ShapeOfConversationOnSqliteTests(SqliteChatDesk desk) : ShapeOfConversationTests(desk), IClassFixture<SqliteChatDesk>;

public sealed class ShapeOfConversationOnPostgresTests(PostgresChatDesk desk) : ShapeOfConversationTests(desk), IClassFixture<PostgresChatDesk>;
