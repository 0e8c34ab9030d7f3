using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>A ticket that an agent opens by hand.</summary>
public abstract class NewTicketTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("phone")]
    [InlineData("letter")]
    [InlineData("visit")]
    public async Task What_a_customer_said_is_the_customers_question_and_waits_for_an_answer(string channel)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await OpenAsync(desk, owner, channel, "Where is my order? See http://a.example http://b.example http://c.example http://d.example");

        ticket.Channel.ShouldBe(channel);
        (ticket.AwaitsReply, ticket.FirstRepliedAt, ticket.Junk).ShouldBe((true, null, null), "nobody has answered yet, and what a colleague wrote down is no advertising");
        var message = await desk.InDatabaseAsync(rows => rows.Set<Message>().SingleAsync(row => row.TicketId == ticket.Id, Cancellation));
        (message.AuthorKind, message.AuthorName).ShouldBe((ActorKind.Customer, "Maria Lopez"));
        WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("</b> wrote down what was said", Case.Sensitive, "the history says who took the call");

        await owner.SayAsync(ticket.Id, "It leaves today.");
        (await desk.TicketAsync(ticket.Id)).FirstRepliedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_we_write_first_is_ours()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await OpenAsync(desk, owner, "workspace", "Your parcel is late.");
        ticket.AwaitsReply.ShouldBeFalse();
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().SingleAsync(row => row.TicketId == ticket.Id, Cancellation))).AuthorKind.ShouldBe(ActorKind.Staff);
    }

    [Fact]
    public async Task Nothing_is_said_to_go_by_mail_where_no_mailbox_sends()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await OpenAsync(desk, owner, "phone", "Where is my order?");
        var answer = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}/mail-recipients");
        answer.ShouldContain("this site has no mailbox that sends mail");
        answer.ShouldNotContain("By mail");
        answer.ShouldContain("/agent/mailboxes/new");
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("workspace")]
    public async Task Pressed_again_after_a_lost_answer_it_is_the_same_ticket_though_nothing_is_known_of_the_customer(string channel)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        KeyValuePair<string, string>[] fields = [
            new("Site", "1"), new("Name", "A caller"), new("Contact", ""), new("Channel", channel), new("Subject", ""), new("Text", "The lamp flickers."), new("Submission", Tokens.New()),
        ];
        var first = await owner.PostFormAsync("/agent/tickets", fields, "/agent/tickets/new");
        var second = await owner.PostFormAsync("/agent/tickets", fields, "/agent/tickets/new");
        second.Headers.Location.ShouldNotBeNull(await second.Content.ReadAsStringAsync(Cancellation)).ShouldBe(first.Headers.Location);
        (await desk.InDatabaseAsync(rows => rows.Set<Message>().CountAsync(Cancellation))).ShouldBe(1);

        using var colleague = await desk.NewStaffAsync("kofi@example.com", Role.Agent);
        var theirs = await colleague.PostFormAsync("/agent/tickets", fields, "/agent/tickets/new");
        theirs.Headers.Location.ShouldNotBe(first.Headers.Location, "another's request is another ticket");
    }

    private static async Task<Ticket> OpenAsync(DeskServer desk, DeskClient owner, string channel, string text)
    {
        var opened = await owner.PostFormAsync("/agent/tickets", [
            new("Site", "1"), new("Name", "Maria Lopez"), new("Contact", "maria@example.com"), new("Channel", channel), new("Subject", ""), new("Text", text), new("Submission", Tokens.New()),
        ], "/agent/tickets/new");
        opened.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await opened.Content.ReadAsStringAsync(Cancellation));
        return await desk.TicketAsync(await desk.InDatabaseAsync(rows => rows.Set<Ticket>().MaxAsync(ticket => ticket.Id, Cancellation)));
    }
}

public sealed class NewTicketOnSqliteTests() : NewTicketTests(() => DeskServer.StartAsync());

public sealed class NewTicketOnPostgresTests(PostgresServer server)
    : NewTicketTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(NewTicketOnPostgresTests), TestContext.Current.CancellationToken)));
