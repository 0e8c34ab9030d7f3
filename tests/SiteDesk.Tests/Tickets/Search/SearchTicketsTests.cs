using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Files;
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
        (await FindAsync(desk, "invoice after:2000-01-01")).Order().ShouldBe([first.Id, second.Id]);
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

    [Fact]
    public async Task People_teams_sites_and_files_narrow_too_and_a_minus_turns_a_filter_round()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var mine = await desk.AskAsync("Invoice one", "anna@example.com");
        var tagged = await desk.AskAsync("Invoice two", "boris@example.com");
        var team = await desk.InDatabaseAsync(async rows =>
        {
            var added = rows.Add(new Team { Name = "Delivery desk", CreatedAt = TimeProvider.System.GetUtcNow().UtcDateTime }).Entity;
            await rows.SaveChangesAsync(TestContext.Current.CancellationToken);
            return added.Id;
        });
        await ChangeAsync(desk, mine, new() { AssigneeId = desk.OwnerOf().Id, TeamId = team });
        await ChangeAsync(desk, tagged, new() { AddTags = ["vat"] });
        await desk.InDatabaseAsync(async rows =>
        {
            var message = await rows.Set<Message>().Include(message => message.Files).FirstAsync(message => message.TicketId == tagged.Id, TestContext.Current.CancellationToken);
            message.Files.Add(new MessageFile { File = new StoredFile { Token = "file-token", Name = "scan.pdf", ContentType = "application/pdf", Size = 1, Sha256 = new string('a', 64), CreatedAt = TimeProvider.System.GetUtcNow().UtcDateTime } });
            return await rows.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        foreach (var (filter, fits) in new[]
        {
            ("assignee:me", mine), ("assignee:olga", mine), ("assignee:owner", mine), ("assignee:none", tagged), ("-assignee:me", tagged), ("-assignee:none", mine),
            ("team:delivery", mine), ("team:none", tagged), ("-team:desk", tagged), ("has:attachment", tagged), ("-has:attachment", mine),
            ("tag:vat", tagged), ("-tag:vat", mine), ("-from:boris", mine), ("-from:anna@example.com", tagged), ("from:anna", mine), ("site:nord tag:vat", tagged),
        })
        {
            (await FindTypedAsync(desk, $"invoice {filter}")).ShouldBe([fits.Id], filter);
            (await FindTypedAsync(desk, filter)).ShouldBe([fits.Id], filter);
        }

        (await FindTypedAsync(desk, "invoice -site:nordlight")).ShouldBeEmpty();
        (await FindTypedAsync(desk, "invoice -status:new -status:open")).ShouldBeEmpty();
        (await FindTypedAsync(desk, "invoice -channel:form")).ShouldBeEmpty();
        (await FindTypedAsync(desk, "invoice -after:2000-01-01")).ShouldBeEmpty();
        (await FindTypedAsync(desk, "invoice assignee:nobody-of-this-name")).ShouldBeEmpty("what is no filter is a word");
    }

    [Fact]
    public async Task A_word_is_completed_while_it_is_typed_and_otherwise_only_when_nothing_else_is_found()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var whole = await desk.AskAsync("The lamp came");
        var longer = await desk.AskAsync("The lampshade came");

        (await FindTypedAsync(desk, "lamp", isTyping: true)).Order().ShouldBe([whole.Id, longer.Id]);
        (await FindTypedAsync(desk, "lamp")).ShouldBe([whole.Id]);
        (await FindTypedAsync(desk, "lampsh")).ShouldBe([longer.Id]);
        (await owner.GetTextAsync("/agent/palette?query=lamps")).ShouldContain($"#{longer.Id}");
    }

    [Fact]
    public async Task Where_the_words_stand_close_together_or_in_the_subject_comes_first()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var close = await desk.AskAsync("Since yesterday the heating valve drips, and the carpet under it is wet.");
        var apart = await desk.AskAsync("The heating in the hall is cold. I have already looked at the fuse, called my neighbour and read the whole manual; perhaps it is some valve?");
        var subject = await desk.AskAsync("It drips. The heating was looked at, and they said that it was a valve of another kind.", subject: "Heating valve");
        await desk.AskAsync("The valve of my bicycle");

        (await FindAsync(desk, "heating valve")).ShouldBe([subject.Id, close.Id, apart.Id]);
    }

    [Fact]
    public async Task The_page_marks_the_words_where_they_were_found_and_lets_no_markup_through()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.AskAsync("Hello. <b>Both</b> parcels were opened; please send the missing parcel's lamp again.");

        var page = await owner.GetTextAsync("/agent/search?query=parcel");

        page.ShouldContain("<mark>parcels</mark>");
        page.ShouldContain("&lt;b&gt;Both&lt;/b&gt;");
        page.ShouldContain("<code>has:attachment</code>");
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

    private static async Task<IReadOnlyList<long>> FindTypedAsync(DeskServer desk, string text, bool isTyping = false) =>
        [.. (await desk.UseAsync<SearchTickets, IReadOnlyList<FoundTicket>>(search => search.FindAsync(text, TimeZoneInfo.Utc, desk.OwnerOf(), isTyping, CancellationToken.None))).Select(found => found.TicketId)];

    private static Task<object> ChangeAsync(DeskServer desk, Ticket ticket, ChangeTickets.Changes changes) =>
        desk.UseAsync<ChangeTickets, object>(async change => await change.RunAsync([ticket.Id], changes, desk.OwnerOf(), CancellationToken.None));

    private static Task<IReadOnlyList<long>> FindAsync(DeskServer desk, string text, Staff? staff = null) =>
        desk.UseAsync<SearchTickets, IReadOnlyList<long>>(search =>
            search.RunAsync(TicketSearchQuery.Parse(text, TimeZoneInfo.Utc), staff ?? desk.OwnerOf(), CancellationToken.None));
}

public sealed class SearchTicketsOnSqliteTests() : SearchTicketsTests(() => DeskServer.StartAsync());

public sealed class SearchTicketsOnPostgresTests(PostgresServer server)
    : SearchTicketsTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SearchTicketsOnPostgresTests), TestContext.Current.CancellationToken)));
