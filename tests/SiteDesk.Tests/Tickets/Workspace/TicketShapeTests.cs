using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>A reply taken back, a ticket split, two linked or merged, as a browser asks for it.</summary>
public abstract class TicketShapeTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_taken_back_is_nowhere_but_in_its_writers_draft()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        var file = await owner.UploadAsync("label.txt", "size M"u8.ToArray());
        var toast = await owner.SayAsync(ticket.Id, "The zeppelin leaves tomorrow.", ("files", file));
        var undo = toast.Split("class=\"toast\"")[1].Split("action=\"/agent/tickets/")[1].Split('"')[0];
        undo.ShouldEndWith("/withdrawal");
        (await owner.SubmitAsStreamAsync(HttpMethod.Put, $"/agent/tickets/{ticket.Id}/draft", ("kind", "reply"), ("text", "P.S."))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var back = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{undo}");
        var streams = await back.Content.ReadAsStringAsync(Cancellation);
        back.StatusCode.ShouldBe(HttpStatusCode.OK, streams);
        streams.ShouldContain("data-returned-text=\"The zeppelin leaves tomorrow.");
        streams.ShouldContain($"value=\"{file}\"");

        var now = await desk.TicketAsync(ticket.Id);
        (now.Status, now.AssigneeId, now.AwaitsReply, now.Preview, now.FirstRepliedAt).ShouldBe((StandardStatus.New, null, true, "Where is my order?", null));
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/tickets/{ticket.Id}"));
        page.ShouldContain("The zeppelin leaves tomorrow.\n\nP.S.</textarea>");
        page.ShouldContain("label.txt");
        page.ShouldContain("withdrew a reply");
        page.Split("<li class=\"message\"").Length.ShouldBe(2, "only the question is left to read");
        (await owner.GetTextAsync($"/t/{ticket.Token}")).ShouldNotContain("zeppelin");
        (await desk.UseAsync<SearchTickets, IReadOnlyList<long>>(search => search.RunAsync(TicketSearchQuery.Parse("zeppelin", TimeZoneInfo.Utc), desk.OwnerOf(), Cancellation))).ShouldBeEmpty();
        (await owner.GetTextAsync("/agent/tickets?view=unassigned")).ShouldContain($"id=\"row-{ticket.Id}\"");

        // Written again with the same file, and once more undone too late.
        var again = await owner.SayAsync(ticket.Id, "It leaves today.", ("files", file));
        again.ShouldContain("label.txt");
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().CountAsync(message => message.TicketId == ticket.Id, Cancellation))).ShouldBe(2);
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().IgnoreQueryFilters().CountAsync(message => message.TicketId == ticket.Id, Cancellation))).ShouldBe(3);
    }

    [Fact]
    public async Task A_repeat_of_a_reply_taken_back_does_not_send_it_again()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        await owner.SayAsync(ticket.Id, "Tomorrow.", ("submission", "one"));
        var reply = await desk.InDatabaseAsync(rows => rows.Set<Message>().MaxAsync(message => message.Id, Cancellation));
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/messages/{reply}/withdrawal")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await owner.SayAsync(ticket.Id, "Tomorrow.", ("submission", "one"));
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().CountAsync(message => message.TicketId == ticket.Id, Cancellation))).ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_that_was_read_or_is_old_or_is_somebody_elses_stays()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");

        async Task<long> ReplyAsync(string text)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await owner.SayAsync(ticket.Id, text);
            return await desk.InDatabaseAsync(rows => rows.Set<Message>().MaxAsync(message => message.Id, Cancellation));
        }

        Task<HttpResponseMessage> WithdrawAsync(DeskClient client, long message) => client.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/messages/{message}/withdrawal");

        var read = await ReplyAsync("Tomorrow.");
        await desk.InDatabaseAsync(rows => rows.Set<Ticket>().Where(row => row.Id == ticket.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenByCustomerId, read), Cancellation));
        var refused = await WithdrawAsync(owner, read);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("has read it already");

        var old = await ReplyAsync("Or the day after.");
        clock.Advance(WithdrawReply.Longest + TimeSpan.FromMilliseconds(1));
        (await (await WithdrawAsync(owner, old)).Content.ReadAsStringAsync(Cancellation)).ShouldContain("can no longer be undone");

        var mine = await ReplyAsync("Surely.");
        using var other = await desk.NewStaffAsync("ivan@example.com", Role.Agent);
        (await WithdrawAsync(other, mine)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var reader = await desk.NewStaffAsync("reader@example.com", Role.ReadOnly);
        (await WithdrawAsync(reader, mine)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await WithdrawAsync(owner, 1)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "the customer's own words");
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().CountAsync(Cancellation))).ShouldBe(4);
    }

    [Fact]
    public async Task What_somebody_changed_since_the_reply_stays_when_it_is_taken_back()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        await owner.SayAsync(ticket.Id, "Tomorrow.");
        var reply = await desk.InDatabaseAsync(rows => rows.Set<Message>().MaxAsync(message => message.Id, Cancellation));
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("status", "OnHold"));

        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/messages/{reply}/withdrawal")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var now = await desk.TicketAsync(ticket.Id);
        (now.Status, now.AssigneeId).ShouldBe((StandardStatus.OnHold, null));
    }

    [Theory]
    [InlineData(false, new[] { "First", "Anna says: first answer" }, new[] { "Another thing", "And more of it" })]
    [InlineData(true, new[] { "First", "Anna says: first answer", "And more of it" }, new[] { "Another thing" })]
    public async Task A_ticket_with_two_matters_becomes_two(bool onlyThis, string[] stays, string[] goes)
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("First");
        await owner.SayAsync(ticket.Id, "Anna says: first answer");
        await desk.GoOnAsync(ticket.Id, "Another thing");
        await desk.GoOnAsync(ticket.Id, "And more of it");
        var message = await desk.MessageAsync("Another thing");

        var split = await owner.PostFormAsync($"/agent/tickets/{ticket.Id}/parts", [new("message", $"{message}"), new("only", onlyThis ? "true" : "false")], $"/agent/tickets/{ticket.Id}");
        split.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await split.Content.ReadAsStringAsync(Cancellation));
        var fresh = long.Parse(split.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

        (await desk.TextsAsync(ticket.Id)).ShouldBe(stays);
        (await desk.TextsAsync(fresh)).ShouldBe(goes);
        var (old, other) = (await desk.TicketAsync(ticket.Id), await desk.TicketAsync(fresh));
        (other.CustomerId, other.SiteId, other.Channel, other.Subject, other.AssigneeId, other.AwaitsReply, other.FirstRepliedAt).ShouldBe((old.CustomerId, old.SiteId, old.Channel, "Another thing", old.AssigneeId, true, null));
        (old.Preview, old.AwaitsReply, old.FirstRepliedAt is null).ShouldBe((stays[^1], onlyThis, false));
        var oldPage = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        oldPage.ShouldContain($"split a part off into #{fresh}");
        oldPage.ShouldContain($"/agent/tickets/{ticket.Id}/links/{fresh}/removal");
        (await owner.GetTextAsync($"/agent/tickets/{fresh}")).ShouldContain($"split this ticket off #{ticket.Id}");
        var tracking = await owner.GetTextAsync($"/t/{ticket.Token}");
        tracking.ShouldContain($"/t/{other.Token}");
        (await owner.GetTextAsync($"/t/{other.Token}")).ShouldContain("Another thing");
    }

    [Fact]
    public async Task A_split_is_taken_back_with_what_was_said_since_and_both_numbers_lead_to_one_conversation()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        using var owner = await desk.SetUpAsync();
        using var colleague = await desk.NewStaffAsync("colleague@example.com", Role.Agent);
        var ticket = await desk.AskAsync("First");
        await desk.GoOnAsync(ticket.Id, "Another thing");
        var fresh = await SplitAsync(desk, owner, ticket, "Another thing");
        await desk.GoOnAsync(fresh, "Said since");
        (await owner.GetTextAsync($"/agent/tickets/{fresh}")).ShouldContain($"/agent/tickets/{fresh}/reunion");
        (await colleague.GetTextAsync($"/agent/tickets/{fresh}")).ShouldNotContain("/reunion", customMessage: "only who split it");
        (await colleague.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{fresh}/reunion")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var undone = await owner.PostFormAsync($"/agent/tickets/{fresh}/reunion", [], $"/agent/tickets/{fresh}");
        undone.Headers.Location!.ToString().ShouldEndWith($"/agent/tickets/{ticket.Id}");
        (await desk.TextsAsync(ticket.Id)).ShouldBe(["First", "Another thing", "Said since"]);
        (await desk.TextsAsync(fresh)).ShouldBeEmpty();
        var (first, gone) = (await desk.TicketAsync(ticket.Id), await desk.TicketAsync(fresh));
        (gone.MergedIntoId, gone.Status, first.Preview, first.AwaitsReply).ShouldBe((ticket.Id, StandardStatus.Closed, "Said since", true));
        (await desk.InDatabaseAsync(rows => rows.Set<TicketLink>().CountAsync(Cancellation))).ShouldBe(0);
        var tracking = await owner.GetTextAsync($"/t/{gone.Token}");
        tracking.ShouldContain("Said since");
        tracking.ShouldNotContain($"href=\"/t/{gone.Token}");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{fresh}/reunion")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "once");

        await desk.GoOnAsync(ticket.Id, "A third thing");
        var late = await SplitAsync(desk, owner, ticket, "A third thing");
        clock.Advance(UndoChanges.Longest + TimeSpan.FromSeconds(1));
        (await owner.GetTextAsync($"/agent/tickets/{late}")).ShouldNotContain("/reunion");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{late}/reunion")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "too late");
    }

    private static async Task<long> SplitAsync(DeskServer desk, DeskClient client, Ticket ticket, string from)
    {
        var answer = await client.PostFormAsync($"/agent/tickets/{ticket.Id}/parts", [new("message", $"{await desk.MessageAsync(from)}"), new("only", "false")], $"/agent/tickets/{ticket.Id}");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync(Cancellation));
        return long.Parse(answer.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_split_that_leaves_nothing_or_takes_nothing_is_refused()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("First");
        var other = await desk.AskAsync("Of somebody else");
        await owner.SayAsync(ticket.Id, "Only for us", ("kind", "note"));
        foreach (var (message, words) in new[] { (await desk.MessageAsync("First"), "Nothing would be left"), (await desk.MessageAsync("Only for us"), "nothing the customer can read"), (await desk.MessageAsync("Of somebody else"), "nothing the customer can read"), (999L, "nothing the customer can read") })
        {
            var answer = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/parts", ("message", $"{message}"), ("only", "false"));
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(words);
        }

        (await desk.InDatabaseAsync(rows => rows.Set<Ticket>().CountAsync(Cancellation))).ShouldBe(2);
        (await desk.TextsAsync(other.Id)).ShouldBe(["Of somebody else"]);
    }

    [Fact]
    public async Task Linked_tickets_name_each_other_until_the_link_is_removed()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("Card is refused");
        var second = await desk.AskAsync("Payment does not work");

        var linked = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{second.Id}/links", ("number", $" #{first.Id} "));
        linked.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await linked.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"/agent/tickets/{second.Id}/links/{first.Id}/removal");
        foreach (var (one, other) in new[] { (first, second), (second, first) })
        {
            var page = await owner.GetTextAsync($"/agent/tickets/{one.Id}");
            page.ShouldContain(other.Subject);
            page.ShouldContain($"linked #{other.Id}");
        }

        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{first.Id}/links", ("number", $"{second.Id}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.InDatabaseAsync(rows => rows.Set<TicketLink>().CountAsync(Cancellation))).ShouldBe(1);
        foreach (var wrong in new[] { $"{first.Id}", "999", "nothing", "" })
        {
            var refused = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{first.Id}/links", ("number", wrong));
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
            (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("link-problem");
        }

        using var outsider = await desk.NewStaffAsync("outside@example.com", Role.Agent, member => member.ConfinedToSites = true);
        (await outsider.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{first.Id}/links/{second.Id}/removal")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var removed = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{first.Id}/links/{second.Id}/removal");
        (await removed.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"action=\"/agent/tickets/{first.Id}/links/{second.Id}\"");
        (await desk.InDatabaseAsync(rows => rows.Set<TicketLink>().CountAsync(Cancellation))).ShouldBe(0);
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{first.Id}/links/{second.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.GetTextAsync($"/agent/tickets/{second.Id}")).ShouldContain($"removed the link to #{first.Id}");
    }

    [Fact]
    public async Task A_merged_conversation_is_read_whole_and_in_order_and_its_customers_write_on()
    {
        await using var desk = await start(null);
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("One: where is it?");
        var second = await desk.AskAsync("Two: where is it, second try?");
        var third = await desk.AskAsync("Three: hello?");
        await owner.SayAsync(first.Id, "Four: we look.");
        await owner.SayAsync(second.Id, "Five: for us only", ("kind", "note"));
        foreach (var (from, into) in new[] { (third, second), (second, first) })
            (await owner.PostFormAsync($"/agent/tickets/{from.Id}/merger", [new("into", $"{into.Id}")])).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        var page = await owner.GetTextAsync($"/agent/tickets/{first.Id}");
        InOrder(page, "One: where", "Two: where", "Three: hello", "Four: we look", "Five: for us");
        page.ShouldContain($"href=\"/agent/tickets/{third.Id}\"");
        var survivor = await desk.TicketAsync(first.Id);
        (survivor.MergedCount, survivor.Status, survivor.AwaitsReply).ShouldBe((2, StandardStatus.Open, true));
        (await desk.TicketAsync(third.Id)).MergedIntoId.ShouldBe(first.Id, "nobody follows a chain");

        foreach (var token in new[] { first.Token, second.Token, third.Token })
        {
            var tracking = await owner.GetTextAsync($"/t/{token}");
            InOrder(tracking, "One: where", "Two: where", "Three: hello", "Four: we look");
            tracking.ShouldNotContain("for us only");
        }

        using var customer = desk.NewClient();
        (await customer.PostFormAsync($"/t/{third.Token}/messages", [new("id", "later"), new("text", "Six: it has come.")], $"/t/{third.Token}")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await desk.GoOnAsync(second.Id, "Seven: thank you.");
        (await desk.TextsAsync(first.Id)).ShouldBe(["One: where is it?", "Four: we look.", "Six: it has come.", "Seven: thank you."]);
        (await desk.InDatabaseAsync(rows => rows.Set<Ticket>().CountAsync(Cancellation))).ShouldBe(3);
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().Where(message => message.Text.StartsWith("Six")).Select(message => message.AuthorId).FirstAsync(Cancellation))).ShouldBe(third.CustomerId, "who wrote is who wrote");
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().Where(message => message.Text.StartsWith("Seven")).Select(message => message.AuthorId).FirstAsync(Cancellation))).ShouldBe(second.CustomerId, "who wrote is who wrote");
    }

    private static void InOrder(string page, params string[] parts)
    {
        var at = -1;
        foreach (var part in parts)
        {
            var next = page.IndexOf(part, at + 1, StringComparison.Ordinal);
            next.ShouldBeGreaterThan(at, $"{part} follows");
            at = next;
        }
    }
}

public sealed class TicketShapeOnSqliteTests() : TicketShapeTests(replace => DeskServer.StartAsync(null, replace));

public sealed class TicketShapeOnPostgresTests(PostgresServer server)
    : TicketShapeTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TicketShapeOnPostgresTests), TestContext.Current.CancellationToken), replace));
