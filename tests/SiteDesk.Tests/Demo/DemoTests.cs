using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Demo;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tests.Demo;

/// <summary>What somebody finds who tries the program with <c>--demo</c>.</summary>
public abstract class DemoTests(FilledDesk filled)
{
    private static DateTime Now => FilledDesk.Now;

    private DeskServer Desk => filled.Desk;

    [Fact]
    public async Task Made_twice_at_the_same_moment_it_says_the_same()
    {
        await using var other = await filled.StartAsync("--demo");

        var first = await Desk.InDatabaseAsync(DescribeAsync);
        var second = await other.InDatabaseAsync(DescribeAsync);

        first.Count.ShouldBeGreaterThan(3000);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Every_ticket_tells_a_story_that_could_have_happened()
    {
        var tickets = await Desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking()
            .Include(ticket => ticket.Customer).Include(ticket => ticket.Changes).Include(ticket => ticket.Tags).Include(ticket => ticket.Fields).ToListAsync());
        var messages = (await Desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Include(message => message.Tokens).OrderBy(message => message.Id).ToListAsync()))
            .ToLookup(message => message.TicketId);

        tickets.Count.ShouldBeInRange(380, 500);
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
        ticket.Preview.ShouldBe(spoken[^1].Words.UpTo(Ticket.PreviewLength), story);
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
        var isSolvedByAssistant = spoken.TrueForAll(message => message.AuthorKind != ActorKind.Staff) && spoken.Exists(message => message.AuthorKind == ActorKind.Assistant);
        if (ticket.Junk is null && ticket.Status != StandardStatus.New && !isSolvedByAssistant)
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
        // The assistant's sentences and passages are always the same.
        var messages = await Desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking()
            .Where(message => message.Text.Length > 30 && message.AuthorKind != ActorKind.Assistant).Select(message => new { message.Ticket!.SiteId, message.Text }).ToListAsync());
        messages.GroupBy(message => (message.SiteId, message.Text)).Where(group => group.Count() > 1).Select(group => group.Key.Text).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everybody_of_the_list_can_sign_in_and_sees_the_inbox()
    {
        var people = await Desk.InDatabaseAsync(database => database.Set<StaffMember>().AsNoTracking().ToListAsync());
        people.Select(person => person.Role).Distinct().Count().ShouldBe(Enum.GetValues<Role>().Length);
        foreach (var person in people)
        {
            DemoData.DescribeSignIns().ShouldContain(person.Email!);
            using var client = Desk.NewClient();
            await client.SignInAsync(person.Email!, DemoData.Password);
            (await client.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Its_pages_open_in_the_language_of_who_looks()
    {
        foreach (var key in new[] { "anna", "olga", "chenwei" })
        {
            using var client = Desk.NewClient();
            await client.SignInAsync($"{key}@nordlight.example.com", DemoData.Password);
            var owner = await Desk.InDatabaseAsync(database => database.Set<StaffMember>().AsNoTracking().FirstAsync(person => person.Email!.StartsWith(key)));
            var ticket = await Desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().OrderByDescending(ticket => ticket.UpdatedAt)
                .FirstAsync(ticket => ticket.Language == owner.Language && ticket.Status == StandardStatus.Open));
            foreach (var page in new[] { "/agent/tickets", $"/agent/tickets/{ticket.Id}", "/agent/notifications", "/agent/search?q=NL-104402" })
            {
                var answer = await client.GetAsync(page);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{key} {page}");
                (await answer.Content.ReadAsStringAsync()).ShouldContain($"lang=\"{owner.Language}\"", Case.Sensitive, $"{key} {page}");
            }
        }
    }

    [Fact]
    public async Task Saved_views_are_understood_and_find_something()
    {
        var views = await Desk.InDatabaseAsync(database => database.Set<TicketView>().AsNoTracking().ToListAsync());
        views.Count.ShouldBeGreaterThan(3);
        foreach (var view in views)
        {
            var condition = ConditionJson.Parse(view.Condition).Condition.ShouldNotBeNull(view.Name);
            TicketConditions.Fields.Check(condition).ShouldBeEmpty(view.Name);
            var reader = ConditionReader.At(new FilledDesk.StoppedClock(), TimeZoneInfo.Utc, view.StaffId ?? 1, []);
            (await Desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync(TicketConditions.Fields.ToQuery(condition, reader)))).ShouldBeGreaterThan(0, view.Name);
        }
    }

    [Fact]
    public async Task News_are_about_tickets_their_readers_may_see()
    {
        var people = (await Desk.InDatabaseAsync(database => database.Set<StaffMember>().AsNoTracking().Include(person => person.Sites).Include(person => person.Teams).ToListAsync()))
            .ToDictionary(person => person.Id, person => person.AsStaff());
        var news = await Desk.InDatabaseAsync(database => database.Set<StaffNotification>().AsNoTracking().ToListAsync());
        news.ShouldContain(one => one.ReadAt == null);
        foreach (var one in news)
        {
            one.CreatedAt.ShouldBeLessThan(Now);
            var ticket = await Desk.InDatabaseAsync(database => database.Set<Ticket>().VisibleTo(people[one.StaffId]).FirstOrDefaultAsync(ticket => ticket.Id == one.TicketId));
            ticket.ShouldNotBeNull($"{people[one.StaffId].Name}: {one.Kind} #{one.TicketId}");
        }
    }

    [Theory]
    [InlineData("discount codes")]
    [InlineData("ботинками")]
    [InlineData("возвраты")]
    [InlineData("发票")]
    [InlineData("羽绒服")]
    [InlineData("NL-104402")]
    public async Task Words_are_found_in_every_language(string words)
    {
        var owner = await Desk.InDatabaseAsync(database => database.Set<StaffMember>().FirstAsync(person => person.Role == Role.Owner));
        var found = await Desk.UseAsync<SearchTickets, IReadOnlyList<long>>(search =>
            search.RunAsync(TicketSearchQuery.Parse(words, TimeZoneInfo.Utc), owner.AsStaff(), TestContext.Current.CancellationToken));
        found.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Files_of_conversations_are_real_and_open()
    {
        using var client = Desk.NewClient();
        await client.SignInAsync("anna@nordlight.example.com", DemoData.Password);
        var messages = await Desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).Where(message => message.Files.Count > 0).ToListAsync());
        messages.Count.ShouldBeGreaterThan(7);
        var files = messages.SelectMany(message => message.Files).Select(file => file.File).ToList();
        files.Select(file => Path.GetExtension(file.Name)).Distinct().Order().ShouldBe([".csv", ".pdf", ".png", ".txt"]);
        foreach (var file in files)
        {
            file.AttachedAt.ShouldNotBeNull(file.Name);
            if (file.IsPicture)
                (file.Width, file.Height).ShouldBe((480, 320));
            await using var content = Desk.Services.GetRequiredService<IServiceScopeFactory>().CreateScope().ServiceProvider.GetRequiredService<SiteDesk.Platform.Files.FileStore>().Open(file);
            var start = new byte[4];
            await content.ReadExactlyAsync(start, TestContext.Current.CancellationToken);
            if (file.Name.EndsWith(".png", StringComparison.Ordinal))
                start.ShouldBe([0x89, 0x50, 0x4E, 0x47]);
            if (file.Name.EndsWith(".pdf", StringComparison.Ordinal))
                System.Text.Encoding.ASCII.GetString(start).ShouldBe("%PDF");
        }

        messages.ShouldAllBe(message => !message.Text.Contains("[["));
    }

    [Fact]
    public async Task A_database_with_data_is_refused_and_left_as_it_was()
    {
        await using var desk = await filled.StartAsync();
        using var owner = await desk.SetUpAsync();
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => desk.Services.FillDemoAsync(TestContext.Current.CancellationToken));
        refusal.Message.ShouldContain("--data");
        (await desk.InDatabaseAsync(database => database.Set<Site>().CountAsync())).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Started_again_with_the_demonstration_nothing_is_added()
    {
        var before = await Desk.InDatabaseAsync(DescribeAsync);
        await Desk.Services.FillDemoAsync(TestContext.Current.CancellationToken);
        (await Desk.InDatabaseAsync(DescribeAsync)).ShouldBe(before);
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
        lines.AddRange((await database.Set<TicketView>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"view {row.Name} {row.StaffId} {row.Condition}"));
        lines.AddRange((await database.Set<StaffNotification>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"news {row.StaffId} {row.Kind} {row.TicketId} {row.CreatedAt:O} {row.ReadAt:O}"));
        lines.AddRange((await database.Set<PageVisit>().OrderBy(row => row.Id).ToListAsync()).Select(row => $"visit {row.CustomerId} {row.Address} {row.Title} {row.At:O}"));
        return lines;
    }
}

public sealed class DemoOnSqliteTests(FilledDeskOnSqlite filled) : DemoTests(filled), IClassFixture<FilledDeskOnSqlite>;

public sealed class DemoOnPostgresTests(FilledDeskOnPostgres filled) : DemoTests(filled), IClassFixture<FilledDeskOnPostgres>;

/// <summary>A desk with the demonstration, for the tests of a class to look at, and a way to start others like it.</summary>
public abstract class FilledDesk(Func<Task<string?>> newDatabase) : IAsyncLifetime
{
    /// <summary>A Wednesday afternoon at which the clock stands.</summary>
    public static readonly DateTime Now = new(2026, 3, 18, 13, 40, 0, DateTimeKind.Utc);

    public DeskServer Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Desk = await StartAsync("--demo");

    public async Task<DeskServer> StartAsync(params string[] arguments) =>
        await DeskServer.StartAsync(await newDatabase(), services => services.AddSingleton<TimeProvider>(new StoppedClock()), arguments);

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    public sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
    }
}

public sealed class FilledDeskOnSqlite() : FilledDesk(() => Task.FromResult<string?>(null));

public sealed class FilledDeskOnPostgres(PostgresServer server)
    : FilledDesk(async () => await server.CreateDeskDatabaseAsync(typeof(FilledDeskOnPostgres), TestContext.Current.CancellationToken));
