using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Search;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Search;

/// <summary>Own fields: set on a ticket, found by search, asked for in views.</summary>
public abstract class OwnFieldTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Values_are_found_by_their_field_and_by_plain_words_until_they_are_changed()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var fields = await AddFieldsAsync(desk);
        var first = await desk.AskAsync("The parcel is late");
        var second = await desk.AskAsync("Another one");
        await SetAsync(owner, first, (fields["invoice"], "INV-4711"), (fields["amount"], "99.5"), (fields["due"], "2026-05-04"), (fields["kind"], "Gift card"), (fields["urgent"], "true"));
        await SetAsync(owner, second, (fields["invoice"], "INV-4712"), (fields["amount"], "100.25"), (fields["due"], "2026-06-01"));

        foreach (var (query, expected) in new (string, long[])[]
        {
            ("invoice:INV-4711", [first.Id]), ("invoice:inv-4711", [first.Id]), ("invoice:INV-47", []),
            ("amount:99.5", [first.Id]), ("amount:99.50", [first.Id]), ("amount:>99.5", [second.Id]), ("amount:>=99,5", [first.Id, second.Id]), ("amount:<100", [first.Id]),
            ("due:2026-05-04", [first.Id]), ("due:<2026-06-01", [first.Id]), ("due:>=2026-06-01", [second.Id]),
            ("kind:\"Gift card\"", [first.Id]), ("urgent:yes", [first.Id]), ("urgent:нет", [second.Id]),
            ("invoice:INV-4711 amount:<1", []), ("INV-4712", [second.Id]), ("gift", [first.Id]), ("parcel gift", [first.Id]), ("amount:many", []),
        })
            (await FoundAsync(owner, query)).Order().ShouldBe(expected.Order(), query);

        await SetAsync(owner, second, (fields["invoice"], "INV-9999"));
        (await FoundAsync(owner, "INV-4712")).ShouldBeEmpty();
        (await FoundAsync(owner, "INV-9999")).ShouldBe([second.Id]);
        (await FoundAsync(owner, "another")).ShouldBe([second.Id], "the words of the message stay");
    }

    [Fact]
    public async Task A_value_that_does_not_suit_its_field_is_refused()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var fields = await AddFieldsAsync(desk);
        var ticket = await desk.AskAsync("Hello");
        foreach (var (field, value) in new[] { ("amount", "many"), ("due", "tomorrow"), ("due", "2026-02-30"), ("urgent", "maybe"), ("invoice", new string('x', 1001)) })
            ((int)(await owner.PostFormAsync("/agent/tickets/changes", [new("numbers", $"{ticket.Id}"), new($"field-{fields[field]}", value)], "/agent/tickets")).StatusCode).ShouldBeLessThan(500, field);
        (await desk.InDatabaseAsync(database => database.Set<TicketFieldValue>().CountAsync())).ShouldBe(0);
        await SetAsync(owner, ticket, (fields["amount"], "12.5"));
        (await desk.InDatabaseAsync(database => database.Set<TicketFieldValue>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_view_asks_numbers_as_numbers_and_days_as_days()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var fields = await AddFieldsAsync(desk);
        var (small, large, none) = (await desk.AskAsync("Small"), await desk.AskAsync("Large"), await desk.AskAsync("None"));
        await SetAsync(owner, small, (fields["amount"], "9"), (fields["due"], "2026-05-04"), (fields["kind"], "Card"));
        await SetAsync(owner, large, (fields["amount"], "10"), (fields["due"], "2026-05-05"), (fields["urgent"], "true"));

        foreach (var (field, operation, value, expected) in new (string, string, ConditionValue?, long[])[]
        {
            ("own.amount", "more-than", new NumberValue(9), [large.Id]), ("own.amount", "is", new NumberValue(9.0m), [small.Id]), ("own.amount", "is-not", new NumberValue(9), [large.Id, none.Id]),
            ("own.amount", "is-empty", null, [none.Id]), ("own.due", "on", new TextValue("2026-05-04"), [small.Id]), ("own.due", "after", new TextValue("2026-05-04"), [large.Id]),
            ("own.kind", "one-of", new TextValue("Card"), [small.Id]), ("own.urgent", "is-true", null, [large.Id]), ("own.urgent", "is-false", null, [small.Id, none.Id]),
            ("own.invoice", "is-empty", null, [small.Id, large.Id, none.Id]),
        })
        {
            var condition = new Condition(new ConditionGroup(ConditionJoin.All, [new ConditionTest(field, operation, value is null ? [] : [value])]));
            var saved = await desk.UseAsync<SaveView, SiteDesk.Platform.Outcome<TicketView>>(save => save.RunAsync(new SaveView.Request(null, $"{field} {operation}", condition, true), desk.OwnerOf(), CancellationToken.None));
            saved.Succeeded.ShouldBeTrue(condition.ToJson());
            RowsIn(await owner.GetTextAsync($"/agent/tickets?view={saved.Value.Id}")).Order().ShouldBe(expected.Order(), condition.ToJson());
        }

        (await owner.GetTextAsync("/agent/views/new")).ShouldContain("own.amount");
    }

    [Theory]
    [InlineData("America/Los_Angeles")]
    [InlineData("Asia/Shanghai")]
    [InlineData("UTC")]
    public void A_day_is_the_same_day_for_every_reader(string zone)
    {
        var field = new TicketField { Id = 7, Key = "due", Type = TicketFieldType.Date };
        var fields = new ConditionFields<Ticket>("tickets", ConditionField<Ticket>.InRow(ticket => ticket.Fields.Where(value => value.FieldId == field.Id), ConditionField<TicketFieldValue>.Day("due", ConditionLabel.Of("Due"), value => value.Day)));
        var ticket = new Ticket { Token = "t", SiteId = 1, Channel = "form", Subject = "s", CreatedAt = DateTime.UnixEpoch, UpdatedAt = DateTime.UnixEpoch };
        ticket.Fields.Add(new TicketFieldValue { FieldId = 7, Value = "2026-05-04" });
        var reader = new ConditionReader(new DateTime(2026, 5, 4, 12, 0, 0, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById(zone), 1, []);
        bool Holds(string operation, ConditionValue value) => fields.ToTest(new Condition(new ConditionGroup(ConditionJoin.All, [new ConditionTest("due", operation, [value])])), reader)(ticket);

        Holds("on", new TextValue("2026-05-04")).ShouldBeTrue();
        Holds("on", new RelativeValue("today")).ShouldBeTrue();
        Holds("after", new TextValue("2026-05-03")).ShouldBeTrue();
        Holds("before", new TextValue("2026-05-04")).ShouldBeFalse();
        Holds("after", new TextValue("2026-05-04")).ShouldBeFalse();
        Holds("before", new TextValue("2026-05-05")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_search_for_a_value_begins_with_the_index_over_it()
    {
        await using var desk = await start();
        foreach (var (type, written, index) in new[]
        {
            (TicketFieldType.Text, "INV-1", "IX_tickets_field_values_FieldId_Value"), (TicketFieldType.Number, ">=100", "IX_tickets_field_values_FieldId_Number"),
            (TicketFieldType.Date, "<2026-01-01", "IX_tickets_field_values_FieldId_Day"),
        })
        {
            var filter = OwnFieldFilter.Parse(new TicketField { Id = 7, Key = "own", Type = type }, written)!;
            var plan = await desk.InDatabaseAsync(database => PlanAsync(database, filter.Confine(database.Set<Ticket>(), database.Set<TicketFieldValue>()).OrderByDescending(ticket => ticket.UpdatedAt).Take(50)));

            // PostgreSQL knows nothing of an empty table and takes any of the three that begin with the field.
            plan.ShouldContain(await desk.InDatabaseAsync(database => Task.FromResult(database.Engine)) == DatabaseEngine.Sqlite ? index : "IX_tickets_field_values_FieldId");
            plan.ShouldNotContain("SCAN t", Case.Sensitive);
            plan.ShouldNotContain("Seq Scan on tickets_tickets", Case.Sensitive);
        }
    }

    private static async Task<string> PlanAsync(Database database, IQueryable<Ticket> query)
    {
        await database.Database.OpenConnectionAsync();
        await using var command = query.Select(ticket => ticket.Id).CreateDbCommand();
        if (database.Engine == DatabaseEngine.Postgres)
        {
            // Over an empty table reading everything is cheapest: asked what it would do over a large one.
            await database.Database.ExecuteSqlRawAsync("SET enable_seqscan = off");
        }

        command.CommandText = (database.Engine == DatabaseEngine.Postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + command.CommandText;
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(reader.FieldCount - 1));
        return string.Join(Environment.NewLine, lines);
    }

    private static Task<Dictionary<string, long>> AddFieldsAsync(DeskServer desk) => desk.InDatabaseAsync(async database =>
    {
        foreach (var (key, type) in new[] { ("invoice", TicketFieldType.Text), ("amount", TicketFieldType.Number), ("due", TicketFieldType.Date), ("kind", TicketFieldType.Choice), ("urgent", TicketFieldType.Checkbox) })
            database.Add(new TicketField { Key = key, Type = type, Names = { ["en"] = key }, Choices = type == TicketFieldType.Choice ? ["Gift card", "Card"] : [] });
        await database.SaveChangesAsync();
        return await database.Set<TicketField>().ToDictionaryAsync(field => field.Key, field => field.Id);
    });

    private static async Task SetAsync(DeskClient client, Ticket ticket, params (long Field, string Value)[] values)
    {
        var answer = await client.PostFormAsync("/agent/tickets/changes", [new("numbers", $"{ticket.Id}"), .. values.Select(value => new KeyValuePair<string, string>($"field-{value.Field}", value.Value))], "/agent/tickets");
        ((int)answer.StatusCode).ShouldBeLessThan(400, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<List<long>> FoundAsync(DeskClient client, string query) =>
        RowsIn(await client.GetTextAsync($"/agent/search?query={Uri.EscapeDataString(query)}"));

    private static List<long> RowsIn(string html) =>
        [.. html.Split("data-ticket-row=\"").Skip(1).Select(part => long.Parse(part.Split('"')[0], System.Globalization.CultureInfo.InvariantCulture))];
}

public sealed class OwnFieldOnSqliteTests() : OwnFieldTests(() => DeskServer.StartAsync());

public sealed class OwnFieldOnPostgresTests(PostgresServer server)
    : OwnFieldTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(OwnFieldOnPostgresTests), TestContext.Current.CancellationToken)));
