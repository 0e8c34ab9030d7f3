using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tests.Tickets.Search;

public abstract class SearchTicketsTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Words_are_found_in_their_forms_in_three_languages()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var russian = await desk.AskAsync("Где мой товар? Ещё не привезли.");
        var chinese = await desk.AskAsync("退款三天了还没到账，能帮我查一下吗？");
        var english = await desk.AskAsync("I was charged twice, please refund order A-10293");

        (await FindAsync(desk, "товара")).ShouldBe([russian.Id]);
        (await FindAsync(desk, "еще")).ShouldBe([russian.Id]);
        (await FindAsync(desk, "退款")).ShouldBe([chinese.Id]);
        (await FindAsync(desk, "refunded")).ShouldBe([english.Id]);
        (await FindAsync(desk, "A-10293")).ShouldBe([english.Id]);
        (await FindAsync(desk, "\"charged twice\"")).ShouldBe([english.Id]);
        (await FindAsync(desk, "\"twice charged\"")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Numbers_addresses_and_filters_narrow_what_is_found()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("Invoice please", "anna@example.com");
        var second = await desk.AskAsync("Invoice with VAT please", "boris@example.com");
        await desk.UseAsync<ChangeTickets, object>(async change =>
            await change.RunAsync([second.Id], new ChangeTickets.Changes { Status = StandardStatus.OnHold, AddTags = ["vat"], Priority = TicketPriority.Urgent }, desk.OwnerOf(), CancellationToken.None));

        (await FindAsync(desk, $"#{first.Id}")).ShouldBe([first.Id]);
        (await FindAsync(desk, "anna@example.com")).ShouldBe([first.Id]);
        (await FindAsync(desk, "from:boris")).ShouldBe([second.Id]);
        (await FindAsync(desk, "invoice status:hold")).ShouldBe([second.Id]);
        (await FindAsync(desk, "invoice tag:vat priority:urgent channel:form")).ShouldBe([second.Id]);
        (await FindAsync(desk, "invoice before:2000-01-01")).ShouldBeEmpty();
        (await FindAsync(desk, "invoice after:2000-01-01")).ShouldBe([second.Id, first.Id]);
    }

    [Fact]
    public async Task Confined_staff_find_only_what_they_may_see()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.AskAsync("Invoice please");

        (await FindAsync(desk, "invoice", desk.OwnerOf() with { SiteIds = [77] })).ShouldBeEmpty();
        (await FindAsync(desk, "invoice", desk.OwnerOf() with { TeamIds = [77] })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("NEAR(a b) AND * OR -x : ^")]
    [InlineData("')); DROP TABLE tickets_tickets; --")]
    [InlineData("\0\u202E😀 & | ! <->")]
    [InlineData("status: tag: from:")]
    public async Task Rubbish_finds_nothing_and_harms_nothing(string rubbish)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.AskAsync("Invoice please");

        (await FindAsync(desk, rubbish)).ShouldBeEmpty();
        (await FindAsync(desk, string.Concat(Enumerable.Repeat(rubbish, 5000)))).ShouldBeEmpty();
        (await FindAsync(desk, "invoice")).ShouldHaveSingleItem();
    }

    private static Task<IReadOnlyList<long>> FindAsync(DeskServer desk, string text, Staff? staff = null) =>
        desk.UseAsync<SearchTickets, IReadOnlyList<long>>(search =>
            search.RunAsync(TicketSearchQuery.Parse(text, TimeZoneInfo.Utc), staff ?? desk.OwnerOf(), CancellationToken.None));
}

public sealed class SearchTicketsOnSqliteTests() : SearchTicketsTests(() => DeskServer.StartAsync());

public sealed class SearchTicketsOnPostgresTests(PostgresServer server)
    : SearchTicketsTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(SearchTicketsOnPostgresTests), TestContext.Current.CancellationToken)));
