using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>Who is blocked writes to junk: in new tickets and in those they have, by whatever is known of them.</summary>
public abstract class BlockedSendersTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_blocked_sender_lands_in_junk()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        foreach (var pattern in new[] { "Seller@Example.com", "@spam.example", "203.0.113.0/24", "+7 912 345-67-89" })
            (await BlockAsync(owner, pattern)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await (await BlockAsync(owner, "0.0.0.0/0")).Content.ReadAsStringAsync()).ShouldContain("too wide: at least /8");
        (await BlockAsync(owner, "what is this")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await desk.AskAsync("Buy", "seller@example.com")).Junk!.Reason.ShouldBe("blocked");
        (await desk.AskAsync("Buy", "anyone@spam.example")).Junk.ShouldNotBeNull();
        (await AskFromAsync(desk, "::ffff:203.0.113.7")).Junk.ShouldNotBeNull("a socket that hears both protocols writes IPv4 as IPv6");
        (await AskFromAsync(desk, "203.0.114.7")).Junk.ShouldBeNull();
        (await desk.AskAsync("Help", "anna@example.org")).Junk.ShouldBeNull();
        (await owner.GetTextAsync("/agent/blocked-senders")).ShouldContain("203.0.113.0/24");
    }

    [Fact]
    public async Task Who_is_blocked_goes_on_in_junk_until_somebody_restores_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        var ticket = await desk.AskAsync("Cheap watches", "seller@example.com");
        var other = await desk.AskAsync("Where is my order?", "anna@example.com");
        await BlockAsync(owner, "seller@example.com");

        await GoOnAsync(visitor, other, "I wait.");
        await GoOnAsync(visitor, ticket, "Even cheaper!");
        (await owner.GetTextAsync("/agent/tickets?view=junk")).ShouldContain("Cheap watches");
        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("Even cheaper!");
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("Where is my order?");

        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("junk", "false"));
        await GoOnAsync(visitor, ticket, "Now I am honest.");
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("Cheap watches");
    }

    [Fact]
    public async Task A_tickets_sender_is_blocked_by_what_is_known_of_them_the_network_too()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Cheap watches", "seller@example.com");
        await desk.InDatabaseAsync(database =>
        {
            database.Add(new Visitor { SiteId = 1, CustomerId = ticket.CustomerId, TokenHash = "hash", CreatedAt = ticket.CreatedAt, LastSeenAt = ticket.CreatedAt, Address = "::ffff:203.0.113.7" });
            return database.SaveChangesAsync();
        });

        var page = await owner.GetTextAsync($"/agent/blocked-senders?ticket={ticket.Id}");
        foreach (var pattern in new[] { "seller@example.com", "203.0.113.7", "203.0.113.0/24" })
            page.ShouldContain($"name=\"chosen\" value=\"{pattern}\"");
        var blocked = await owner.PostFormAsync("/agent/blocked-senders", [new("pattern", ""), new("chosen", "203.0.113.0/24"), new("ticket", $"{ticket.Id}")]);
        blocked.Headers.Location!.ToString().ShouldBe($"/agent/blocked-senders?ticket={ticket.Id}");
        page = await owner.GetTextAsync($"/agent/blocked-senders?ticket={ticket.Id}");
        page.ShouldContain("203.0.113.0/24</th>");
        page.ShouldNotContain("name=\"chosen\" value=\"203.0.113.0/24\"");
    }

    [Fact]
    public async Task Masked_staff_read_no_address_among_the_blocked()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        foreach (var pattern in new[] { "pest@example.com", "@spam.example", "203.0.113.0/24", "+7 912 555-21-77" })
            await BlockAsync(owner, pattern);
        await desk.UseAsync<CreateStaff, bool>(async create => (await create.RunAsync(new CreateStaff.Request("Colleague", "masked@example.com", DeskServer.Password, Role.Lead, "en", "Europe/Berlin"))).Succeeded);
        await desk.InDatabaseAsync(database => database.Set<StaffMember>().Where(member => member.Email == "masked@example.com").ExecuteUpdateAsync(set => set.SetProperty(member => member.MasksContacts, true)));
        using var masked = desk.NewClient();
        await masked.SignInAsync("masked@example.com", DeskServer.Password);

        var page = await masked.GetTextAsync("/agent/blocked-senders");
        page.ShouldNotContain("pest@");
        page.ShouldNotContain("912555");
        page.ShouldContain("p•••@e•••.com");
        page.ShouldContain("@spam.example");
        page.ShouldContain("203.0.113.0/24");
    }

    private static Task<HttpResponseMessage> BlockAsync(DeskClient staff, string pattern) =>
        staff.PostFormAsync("/agent/blocked-senders", [new("pattern", pattern), new("reason", "advertising")]);

    private static async Task GoOnAsync(DeskClient visitor, Ticket ticket, string text) =>
        (await visitor.PostFormAsync($"/t/{ticket.Token}/messages", [new("text", text), new("id", Guid.NewGuid().ToString())], $"/t/{ticket.Token}")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

    private static Task<Ticket> AskFromAsync(DeskServer desk, string address) => desk.UseAsync<OpenTicket, Ticket>(async open =>
        (await open.RunAsync(
            new OpenTicket.Request(1, new Customer { Name = "Anna", CreatedAt = TimeProvider.System.Now() }, "chat", Guid.NewGuid().ToString(), "Hello", Actor.Customer(0, "Anna"), SenderAddress: address),
            CancellationToken.None)).Value.Ticket);
}

public sealed class BlockedSendersOnSqliteTests() : BlockedSendersTests(() => DeskServer.StartAsync());

public sealed class BlockedSendersOnPostgresTests(PostgresServer server)
    : BlockedSendersTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(BlockedSendersOnPostgresTests), TestContext.Current.CancellationToken)));
