using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Demo;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tests.Demo;

/// <summary>What somebody finds who tries the program with <c>--demo</c>.</summary>
public abstract class DemoTests(Func<Action<IServiceCollection>?, string[], Task<DeskServer>> start)
{
    private static readonly DateTime Now = new(2026, 3, 18, 13, 40, 0, DateTimeKind.Utc);

    private Task<DeskServer> StartDemoAsync() =>
        start(services => services.AddSingleton<TimeProvider>(new StoppedClock(Now)), ["--demo"]);

    [Fact]
    public async Task Made_twice_at_the_same_moment_it_says_the_same()
    {
        await using var one = await StartDemoAsync();
        await using var other = await StartDemoAsync();

        var first = await one.InDatabaseAsync(DescribeAsync);
        var second = await other.InDatabaseAsync(DescribeAsync);

        first.Count.ShouldBeGreaterThan(3000);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Every_ticket_tells_a_story_that_could_have_happened()
    {
        await using var desk = await StartDemoAsync();
        var tickets = await desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking()
            .Include(ticket => ticket.Customer).Include(ticket => ticket.Changes).Include(ticket => ticket.Tags).Include(ticket => ticket.Fields).ToListAsync());
        var messages = (await desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Include(message => message.Tokens).OrderBy(message => message.Id).ToListAsync()))
            .ToLookup(message => message.TicketId);

        tickets.Count.ShouldBeInRange(300, 400);
        tickets.OrderBy(ticket => ticket.Id).Select(ticket => ticket.CreatedAt).ShouldBeInOrder();
        foreach (var ticket in tickets)
            Check(ticket, [.. messages[ticket.Id]]);
        foreach (var status in Enum.GetValues<StandardStatus>())
            tickets.ShouldContain(ticket => ticket.Status == status);
        foreach (var language in new[] { "en", "ru", "zh-Hans" })
            tickets.Count(ticket => ticket.Language == language).ShouldBeGreaterThan(90);
    }

    private static void Check(Ticket ticket, List<Message> messages)
    {
        var story = $"#{ticket.Id} {ticket.Subject}";
        ticket.Customer.ShouldNotBeNull(story);
        messages.ShouldNotBeEmpty(story);
        messages.Select(message => message.CreatedAt).ShouldBeInOrder(SortDirection.Ascending, story);
        messages.ShouldAllBe(message => message.Tokens != null && message.Text.Length > 0, story);
        messages[0].AuthorKind.ShouldBe(ActorKind.Customer, story);
        messages[0].AuthorId.ShouldBe(ticket.CustomerId, story);
        messages[0].CreatedAt.ShouldBe(ticket.CreatedAt, story);

        var spoken = messages.Where(message => message.Kind == MessageKind.Public).ToList();
        ticket.LastMessageAt.ShouldBe(spoken[^1].CreatedAt, story);
        ticket.Preview.ShouldBe(spoken[^1].Text.Length <= Ticket.PreviewLength ? spoken[^1].Text : spoken[^1].Text[..Ticket.PreviewLength], story);
        ticket.FirstRepliedAt.ShouldBe(spoken.Find(message => message.AuthorKind == ActorKind.Staff)?.CreatedAt, story);
        ticket.UpdatedAt.ShouldBeLessThanOrEqualTo(Now, story);
        ticket.UpdatedAt.ShouldBe(messages.Select(message => message.CreatedAt).Concat(ticket.Changes.Select(change => change.At)).Max(), story);
        ticket.SeenByCustomerId.ShouldBeInRange(0, spoken[^1].Id, story);

        var changes = ticket.Changes.OrderBy(change => change.Id).ToList();
        changes.Select(change => change.At).ShouldBeInOrder(SortDirection.Ascending, story);
        Replay(changes, "status", nameof(StandardStatus.New)).ShouldBe(ticket.CustomStatusId is null ? ticket.Status.ToString() : $"{ticket.Status}:{ticket.CustomStatusId}", story);
        Replay(changes, "priority", nameof(TicketPriority.Normal)).ShouldBe(ticket.Priority.ToString(), story);
        Replay(changes, "assignee", null).ShouldBe(ticket.AssigneeId?.ToString(), story);
        Replay(changes, "team", null).ShouldBe(ticket.TeamId?.ToString(), story);
        changes.Where(change => change.Field == "tag").Select(change => change.To).ShouldBe(ticket.Tags.Select(tag => tag.Name), ignoreOrder: true, story);
        (ticket.SolvedAt is not null).ShouldBe(ticket.Status is StandardStatus.Solved or StandardStatus.Closed, story);
        if (ticket.Junk is null && ticket.Status != StandardStatus.New)
            ticket.AssigneeId.ShouldNotBeNull(story);
        if (ticket.Status == StandardStatus.Open)
            ticket.AwaitsReply.ShouldBeTrue(story);
    }

    /// <summary>Goes through the history of one property, each step beginning where the one before ended.</summary>
    private static string? Replay(List<TicketChange> changes, string field, string? value)
    {
        foreach (var change in changes.Where(change => change.Field == field))
        {
            change.From.ShouldBe(value);
            value = change.To;
        }

        return value;
    }

    [Fact]
    public async Task Nothing_is_printed_twice_on_one_site()
    {
        await using var desk = await StartDemoAsync();
        var messages = await desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking()
            .Where(message => message.Text.Length > 30).Select(message => new { message.Ticket!.SiteId, message.Text }).ToListAsync());
        messages.GroupBy(message => (message.SiteId, message.Text)).Where(group => group.Count() > 1).Select(group => group.Key.Text).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everybody_of_the_list_can_sign_in_and_sees_the_inbox()
    {
        await using var desk = await StartDemoAsync();
        var people = await desk.InDatabaseAsync(database => database.Set<StaffMember>().AsNoTracking().ToListAsync());
        people.Select(person => person.Role).Distinct().Count().ShouldBe(Enum.GetValues<Role>().Length);
        foreach (var person in people)
        {
            DemoData.DescribeSignIns().ShouldContain(person.Email!);
            using var client = desk.NewClient();
            await client.SignInAsync(person.Email!, DemoData.Password);
            (await client.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("promo code")]
    [InlineData("ботинками")]
    [InlineData("возвраты")]
    [InlineData("发票")]
    [InlineData("羽绒服")]
    [InlineData("NL-104318")]
    public async Task Words_are_found_in_every_language(string words)
    {
        await using var desk = await StartDemoAsync();
        var owner = await desk.InDatabaseAsync(database => database.Set<StaffMember>().FirstAsync(person => person.Role == Role.Owner));
        var found = await desk.UseAsync<SearchTickets, IReadOnlyList<long>>(search =>
            search.RunAsync(TicketSearchQuery.Parse(words, TimeZoneInfo.Utc), owner.AsStaff(), TestContext.Current.CancellationToken));
        found.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_database_with_data_is_refused_and_left_as_it_was()
    {
        await using var desk = await start(null, []);
        using var owner = await desk.SetUpAsync();
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => desk.Services.FillDemoAsync(TestContext.Current.CancellationToken));
        refusal.Message.ShouldContain("--data");
        (await desk.InDatabaseAsync(database => database.Set<Site>().CountAsync())).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Started_again_with_the_demonstration_nothing_is_added()
    {
        await using var desk = await StartDemoAsync();
        var before = await desk.InDatabaseAsync(DescribeAsync);
        await desk.Services.FillDemoAsync(TestContext.Current.CancellationToken);
        (await desk.InDatabaseAsync(DescribeAsync)).ShouldBe(before);
    }

    /// <summary>All that people could read of it, a line each; without what must not be guessable.</summary>
    private static async Task<List<string>> DescribeAsync(Database database)
    {
        var lines = new List<string>();
        lines.AddRange((await database.Set<Site>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"site {row.Id} {row.Name} {row.Color} {string.Join(' ', row.Domains)}"));
        lines.AddRange((await database.Set<StaffMember>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"staff {row.Id} {row.DisplayName} {row.Email} {row.Role} {row.CreatedAt:O}"));
        lines.AddRange((await database.Set<Customer>().Include(row => row.Contacts).OrderBy(row => row.Id).ToListAsync())
            .Select(row => $"customer {row.Id} {row.Name} {row.TimeZone} {row.CreatedAt:O} {string.Join(' ', row.Contacts.OrderBy(contact => contact.Id).Select(contact => contact.Value))}"));
        lines.AddRange((await database.Set<Ticket>().Include(row => row.Tags).OrderBy(row => row.Id).ToListAsync())
            .Select(row => $"ticket {row.Id} {row.Subject} {row.Status} {row.CustomerId} {row.AssigneeId} {row.CreatedAt:O} {row.UpdatedAt:O} {row.SeenByCustomerId} {string.Join(' ', row.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal))}"));
        lines.AddRange((await database.Set<TicketChange>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"change {row.TicketId} {row.Field} {row.From} {row.To} {row.ActorName} {row.At:O}"));
        lines.AddRange((await database.Set<Message>().Include(row => row.Tokens).OrderBy(row => row.Id).ToListAsync())
            .Select(row => $"message {row.Id} {row.TicketId} {row.Kind} {row.AuthorName} {row.CreatedAt:O} {row.Text} {row.Tokens!.Tokens} {row.Report}"));
        lines.AddRange((await database.Set<PageVisit>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"visit {row.CustomerId} {row.Address} {row.Title} {row.At:O}"));
        return lines;
    }

    private sealed class StoppedClock(DateTime at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(at, TimeSpan.Zero);
    }
}

public sealed class DemoOnSqliteTests() : DemoTests((replace, arguments) => DeskServer.StartAsync(null, replace, arguments));

public sealed class DemoOnPostgresTests(PostgresServer server)
    : DemoTests(async (replace, arguments) => await DeskServer.StartAsync(
        await server.CreateDatabaseAsync(typeof(DemoOnPostgresTests), TestContext.Current.CancellationToken), replace, arguments));
