using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>The order of lists, chosen per person and view, and the counts of saved views.</summary>
public abstract class InboxOrderTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_order_shows_what_it_says_page_after_page_without_gap_or_repeat()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        const int seed = 20_731, count = 2 * InboxReader.PageSize + 17;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await FillAsync(desk, count, random);

        foreach (var (order, expected) in await ExpectedAsync(desk))
        {
            await ChooseAsync(owner, "open", order);
            var seen = new List<long>();
            var address = "/agent/tickets?view=open";
            for (var page = 1; page <= 3; page++)
            {
                var html = await owner.GetTextAsync(address);
                seen.AddRange(RowsIn(html));
                var next = html.Split("&amp;after=").Skip(1).Select(part => part.Split('"')[0]).LastOrDefault() ?? html.Split("&after=").Skip(1).Select(part => part.Split('"')[0]).LastOrDefault();
                if (page < 3)
                    address = $"/agent/tickets?view=open&after={next.ShouldNotBeNull()}";
            }

            seen.ShouldBe(expected, $"{order}");
        }
    }

    [Fact]
    public async Task The_choice_belongs_to_one_person_and_one_view_and_lasts()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("First");
        var second = await desk.AskAsync("Second");
        using var colleague = await desk.NewStaffAsync("ivan@example.com", Role.Agent);

        await ChooseAsync(owner, "open", InboxOrder.Oldest);
        RowsIn(await owner.GetTextAsync("/agent/tickets?view=open")).ShouldBe([first.Id, second.Id]);
        RowsIn(await owner.GetTextAsync("/agent/tickets?view=unassigned")).ShouldBe([second.Id, first.Id]);
        RowsIn(await colleague.GetTextAsync("/agent/tickets?view=open")).ShouldBe([second.Id, first.Id]);
        using var again = desk.NewClient();
        await again.SignInAsync(DeskServer.Owner, DeskServer.Password);
        RowsIn(await again.GetTextAsync("/agent/tickets?view=open")).ShouldBe([first.Id, second.Id]);

        // A place in another order is no place in this one: the list begins anew.
        RowsIn(await owner.GetTextAsync("/agent/tickets?view=open&after=1-1-0-0")).ShouldBe([first.Id, second.Id]);
        foreach (var (view, order, status) in new[] { ("open", "Sideways", HttpStatusCode.BadRequest), ("nonsense", "Oldest", HttpStatusCode.NotFound), ("999", "Oldest", HttpStatusCode.NotFound) })
            (await owner.PostFormAsync("/agent/views/order", [new("view", view), new("order", order)], "/agent/tickets")).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_saved_view_says_how_much_is_in_it_to_each_what_they_may_see()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk, 30, new Random(1));
        var urgent = await SaveAsync(desk, "Urgent", new ConditionTest("priority", "is", [new TextValue("urgent")]));
        var solved = await SaveAsync(desk, "Solved", new ConditionTest("status", "is", [new TextValue("solved")]));
        var fresh = await SaveAsync(desk, "New", new ConditionTest("status", "one-of", [new TextValue("new"), new TextValue("open")]));
        var expected = await desk.InDatabaseAsync(rows => rows.Set<Ticket>().CountAsync(ticket => ticket.Priority == TicketPriority.Urgent, Cancellation));

        var streams = await owner.GetTextAsync("/agent/views/counts");
        CountIn(streams, urgent).ShouldBe(expected.ToString(CultureInfo.InvariantCulture));
        CountIn(streams, solved).ShouldBeEmpty();
        CountIn(streams, fresh).ShouldBe("30");
        (await owner.GetTextAsync("/agent/tickets")).ShouldContain($"id=\"view-count-{urgent}\"");
        using var outsider = await desk.NewStaffAsync("outside@example.com", Role.Agent, member => member.ConfinedToSites = true);
        CountIn(await outsider.GetTextAsync("/agent/views/counts"), urgent).ShouldBeEmpty();
    }

    private static async Task FillAsync(DeskServer desk, int count, Random random)
    {
        for (var number = 0; number < count; number++)
        {
            var ticket = await desk.AskAsync($"Question {number}");
            if (random.Next(3) == 0)
                await desk.UseAsync<ChangeTickets, bool>(async change => (await change.RunAsync([ticket.Id], new ChangeTickets.Changes { Priority = (TicketPriority)random.Next(4) }, desk.OwnerOf(), Cancellation)).Succeeded);
            if (random.Next(3) == 0)
                await desk.UseAsync<ReplyToTicket, bool>(async reply => (await reply.RunAsync(new ReplyToTicket.Request(ticket.Id, MessageKind.Public, "We look.", $"{number}", ThenStatus: StandardStatus.Open), desk.OwnerOf(), Cancellation)).Succeeded);
        }
    }

    private static async Task<List<(InboxOrder Order, List<long> Ids)>> ExpectedAsync(DeskServer desk)
    {
        var all = await desk.InDatabaseAsync(rows => rows.Set<Ticket>().AsNoTracking().ToListAsync(Cancellation));
        return
        [
            (InboxOrder.Newest, [.. all.OrderByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id).Select(ticket => ticket.Id)]),
            (InboxOrder.Oldest, [.. all.OrderBy(ticket => ticket.UpdatedAt).ThenBy(ticket => ticket.Id).Select(ticket => ticket.Id)]),
            (InboxOrder.Created, [.. all.OrderByDescending(ticket => ticket.CreatedAt).ThenByDescending(ticket => ticket.Id).Select(ticket => ticket.Id)]),
            (InboxOrder.Waiting, [.. all.OrderByDescending(ticket => ticket.AwaitsReply).ThenBy(ticket => ticket.LastMessageAt).ThenBy(ticket => ticket.Id).Select(ticket => ticket.Id)]),
            (InboxOrder.Priority, [.. all.OrderByDescending(ticket => ticket.Priority).ThenByDescending(ticket => ticket.UpdatedAt).ThenByDescending(ticket => ticket.Id).Select(ticket => ticket.Id)]),
        ];
    }

    private static async Task ChooseAsync(DeskClient client, string view, InboxOrder order) =>
        (await client.PostFormAsync("/agent/views/order", [new("view", view), new("order", order.ToString())], "/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

    private static Task<long> SaveAsync(DeskServer desk, string name, ConditionTest test) => desk.UseAsync<SaveView, long>(async save =>
        (await save.RunAsync(new SaveView.Request(null, name, new(new(ConditionJoin.All, [test])), IsShared: true), desk.OwnerOf(), Cancellation)).Value.Id);

    private static string CountIn(string streams, long view) => streams.Split($"target=\"view-count-{view}\"><template>")[1].Split('<')[0];

    private static List<long> RowsIn(string html) =>
        [.. html.Split("data-ticket-row=\"").Skip(1).Select(part => long.Parse(part.Split('"')[0], CultureInfo.InvariantCulture))];
}

public sealed class InboxOrderOnSqliteTests() : InboxOrderTests(() => DeskServer.StartAsync());

public sealed class InboxOrderOnPostgresTests(PostgresServer server)
    : InboxOrderTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(InboxOrderOnPostgresTests), TestContext.Current.CancellationToken)));
