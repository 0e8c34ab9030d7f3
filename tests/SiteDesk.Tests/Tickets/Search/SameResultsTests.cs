using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tests.Tickets.Search;

/// <summary>Both databases find the same tickets in the same order, whatever is asked.</summary>
public sealed class SameResultsTests(PostgresServer server)
{
    private const int Tickets = 500, Queries = 500;

    private static readonly string[][] Words =
    [
        ["order", "orders", "ordered", "refund", "refunded", "lamp", "lamps", "late", "parcel", "charged", "twice", "invoice", "the", "A-10293", "anna@example.com", "don't", "café", "2e10"],
        ["заказ", "заказы", "возврат", "возвраты", "лампа", "лампы", "поздно", "ещё", "еще", "посылка", "счёт", "дважды", "где", "мой", "платёж"],
        ["退款", "退货", "订单", "发票", "物流", "没到", "怎么", "訂單", "包裹", "台灯", "的", "账单", "优惠码"],
    ];

    [Fact]
    public async Task Hundreds_of_searches_agree()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var cancellation = TestContext.Current.CancellationToken;
        await using var onSqlite = await DeskServer.StartAsync();
        await using var onPostgres = await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SameResultsTests), cancellation));
        foreach (var desk in new[] { onSqlite, onPostgres })
        {
            using var owner = await desk.SetUpAsync();
            await FillAsync(desk, new Random(seed));
        }

        var random = new Random(seed + 1);
        var found = 0;
        for (var i = 0; i < Queries; i++)
        {
            var (query, isTyping) = (Query(random), random.Next(2) == 0);
            var (left, right) = (await FindAsync(onSqlite, query, isTyping), await FindAsync(onPostgres, query, isTyping));
            right.ShouldBe(left, $"'{query}', typing: {isTyping}, seed {seed}");
            found += left.Count > 0 ? 1 : 0;
        }

        found.ShouldBeGreaterThan(Queries / 2, "the queries ask for what there is");
    }

    private static string Query(Random random)
    {
        var words = Words[random.Next(Words.Length)];
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => words[random.Next(words.Length)]).ToList();
        if (random.Next(4) == 0)
            parts[^1] = parts[^1][..Math.Max(1, parts[^1].Length - 1)];
        if (random.Next(5) == 0)
            parts = [$"\"{string.Join(' ', parts)}\""];
        string[] filters = ["status:new", "-tag:vat", "tag:vat", "assignee:none", "-assignee:me", "from:known", "-has:attachment", "priority:urgent", "channel:form", "site:nord", "after:2000-01-01"];
        if (random.Next(3) == 0)
            parts.Add(filters[random.Next(filters.Length)]);
        return string.Join(' ', parts);
    }

    private static async Task<IReadOnlyList<FoundTicket>> FindAsync(DeskServer desk, string query, bool isTyping) =>
        await desk.UseAsync<SearchTickets, IReadOnlyList<FoundTicket>>(search => search.FindAsync(query, TimeZoneInfo.Utc, desk.OwnerOf(), isTyping, CancellationToken.None));

    /// <summary>The same tickets, at the same times, with the same keys on both.</summary>
    private static async Task FillAsync(DeskServer desk, Random random)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<Database>();
        var begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var number = 1; number <= Tickets; number++)
        {
            var customer = new Customer { Name = "Anna", CreatedAt = begin };
            if (number % 40 == 0)
                customer.AddContact(ContactAddress.ParseEmail($"known{number}@example.com")!, begin);
            var at = begin.AddHours(number);
            var ticket = new Ticket { Token = $"ticket-{number}", SiteId = 1, Customer = customer, Channel = "form", Subject = Text(random, 3), Language = "en", CreatedAt = at, UpdatedAt = at };
            if (number % 7 == 0)
                ticket.Tag("vat", Actor.System, at);
            var message = NewMessage(ticket, random, number, at);
            ticket.Received(message);
            rows.Add(message);
            await rows.SaveChangesAsync();
            rows.ChangeTracker.Clear();
        }
    }

    private static Message NewMessage(Ticket ticket, Random random, int number, DateTime at)
    {
        var text = Text(random, random.Next(3, 30));
        return new Message
        {
            Ticket = ticket, Kind = MessageKind.Public, AuthorKind = ActorKind.Customer, AuthorName = "Anna", Text = text, CreatedAt = at, Channel = "form", ClientId = $"message-{number}",
            Tokens = new MessageTokens { Tokens = SearchText.ForIndex($"{ticket.Subject}\n{text}") },
        };
    }

    private static string Text(Random random, int length)
    {
        var words = Words[random.Next(Words.Length)];
        return string.Join(' ', Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)]));
    }
}
