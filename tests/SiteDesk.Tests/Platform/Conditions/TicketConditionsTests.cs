using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>Whatever can be asked of a ticket, the program's own database answers.</summary>
public abstract class TicketConditionsTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Every_field_and_operator_is_answered_by_the_database()
    {
        await using var desk = await start();
        var reader = ConditionReader.At(TimeProvider.System, TimeZoneInfo.Utc, 1, [1]);
        foreach (var field in TicketConditions.Fields.All)
        {
            foreach (var operation in field.Operators)
            {
                var test = new ConditionTest(field.Key, ConditionOperators.KeyOf(operation), Values(field, operation));
                var condition = new Condition(new ConditionGroup(ConditionJoin.All, [test]));
                TicketConditions.Fields.Check(condition).ShouldBeEmpty(condition.ToJson());
                (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync(TicketConditions.Fields.ToQuery(condition, reader), TestContext.Current.CancellationToken))).ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Every_field_and_choice_has_its_words_in_every_language()
    {
        var catalog = new TextCatalog();
        var keys = TicketConditions.Fields.All.Select(field => field.Label.TextKey).OfType<string>().ToList();
        foreach (var language in Languages.All)
            keys.Where(key => catalog.Find(language, key) is null).ShouldBeEmpty(language);
    }

    private static List<ConditionValue> Values(ConditionField field, ConditionOperator operation)
    {
        ConditionValue value = ConditionForm.ControlOf(field, operation) switch
        {
            ConditionControl.Span => new SpanValue(3, "days"),
            ConditionControl.Moment => new RelativeValue("today"),
            ConditionControl.Number => new NumberValue(3),
            _ when field.TakesIds => new NumberValue(1),
            _ => new TextValue(field.KnownKeys?.First() ?? "Возврат"),
        };
        return ConditionOperators.OperandOf(operation) switch
        {
            ConditionOperand.Nothing => [],
            ConditionOperand.Two => [value, value],
            ConditionOperand.Many when !field.TakesIds => [value, field.KnownKeys is { } known ? new TextValue(known.Last()) : new TextValue("退款")],
            ConditionOperand.Many => [value, new NumberValue(2)],
            _ => [value],
        };
    }
}

public sealed class TicketConditionsOnSqliteTests() : TicketConditionsTests(() => DeskServer.StartAsync());

public sealed class TicketConditionsOnPostgresTests(PostgresServer server)
    : TicketConditionsTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TicketConditionsOnPostgresTests), TestContext.Current.CancellationToken)));
