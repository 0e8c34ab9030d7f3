using System.Globalization;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Platform.Conditions;

/// <summary>
/// The choices of the fields, read beforehand: what a sentence needs to call a key or an id by its name.
/// </summary>
public sealed class ConditionNames
{
    private readonly Dictionary<string, IReadOnlyList<ConditionChoice>> _byField = new(StringComparer.Ordinal);

    private ConditionNames()
    {
    }

    /// <summary>Reads the choices of those fields that the condition mentions.</summary>
    public static async Task<ConditionNames> ReadAsync(ConditionFields fields, Condition condition, IServiceProvider services, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(condition);
        var names = new ConditionNames();
        foreach (var key in TestsOf(condition.Root).Select(test => test.Field).Distinct(StringComparer.Ordinal))
        {
            if (fields.Find(key)?.Choices is { } choices)
                names._byField[key] = await choices(services, cancellation);
        }
        return names;
    }

    /// <summary>The choices of a field, in the order they are offered; empty when it has none.</summary>
    public IReadOnlyList<ConditionChoice> ChoicesOf(ConditionField field) => _byField.GetValueOrDefault(field.Key) ?? [];

    private static IEnumerable<ConditionTest> TestsOf(ConditionNode node) => node switch
    {
        ConditionGroup group => group.Members.SelectMany(TestsOf),
        ConditionTest test => [test],
        _ => [],
    };
}

/// <summary>Says a condition in the reader's language. Unfinished and outdated conditions are said too, with their gaps.</summary>
public sealed class ConditionSentence(ConditionFields fields, ConditionNames names, Texts texts)
{
    private const string Prefix = "conditions.sentence.";

    /// <summary>For example: Status is Open and (Tag includes any of refund, VIP or Price is more than 100).</summary>
    public string Of(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.Root.Members.Count == 0 ? texts[Prefix + "everything"] : Say(condition.Root, isOutermost: true);
    }

    private string Say(ConditionNode node) => node switch
    {
        ConditionGroup group => Say(group, isOutermost: false),
        ConditionTest test => Say(test),
        _ => "",
    };

    private string Say(ConditionGroup group, bool isOutermost)
    {
        if (group.Members.Count == 0)
            return texts[Prefix + "empty-group"];
        var joined = Join(group.Members.Select(Say), group.Join == ConditionJoin.All ? "and" : "or");
        if (group.Join == ConditionJoin.None)
            return texts[Prefix + "not", ("inner", joined)];
        return isOutermost || group.Members.Count == 1 ? joined : texts[Prefix + "group", ("inner", joined)];
    }

    private string Say(ConditionTest test)
    {
        if (test.Field.Length == 0)
            return texts[Prefix + "no-field"];
        if (fields.Find(test.Field) is not { } field)
            return texts[Prefix + "unknown-field", ("field", test.Field)];
        var label = Of(field.Label);
        if (ConditionOperators.Find(test.Operator) is not { } operation || !field.Operators.Contains(operation))
            return texts[Prefix + "unknown-operator", ("field", label)];

        var ahead = operation is ConditionOperator.WithinNext or ConditionOperator.FurtherAhead;
        var values = test.Values.Select(value => Say(field, value, ahead)).ToList();
        var missing = texts[Prefix + "no-value"];
        return ConditionOperators.OperandOf(operation) switch
        {
            ConditionOperand.Two => texts[Prefix + test.Operator, ("field", label), ("from", values.ElementAtOrDefault(0) ?? missing), ("to", values.ElementAtOrDefault(1) ?? missing)],
            ConditionOperand.Nothing => texts[Prefix + test.Operator, ("field", label)],
            _ => texts[
                Prefix + test.Operator,
                ("field", label),
                ("value", values.Count == 0 ? missing : Join(values, "list")),
                ("kind", test.Values.FirstOrDefault() is RelativeValue ? "relative" : "other")],
        };
    }

    private string Say(ConditionField field, ConditionValue value, bool ahead)
    {
        switch (value)
        {
            case RelativeValue relative:
                return ConditionKeys.Find<ConditionRelative>(relative.Name) is null ? Gone(relative.Name) : texts["conditions.relative." + relative.Name];
            case SpanValue span when ConditionKeys.Find<ConditionUnit>(span.Unit) is not null:
                return texts[(ahead ? "conditions.ahead." : "conditions.length.") + span.Unit, ("count", span.Amount)];
            case NumberValue number when !field.TakesIds:
                return number.Number.ToString("#,0.############", texts.Culture);
            case TextValue { Text: "" }:
                return texts[Prefix + "no-value"];
            case TextValue text when field.Type == ConditionType.Moment && ConditionMoment.ParseLocal(text.Text, out var isDay) is { } local:
                return Date(local, isDay);
            case TextValue text when field.Type == ConditionType.Text:
                return texts[Prefix + "quote", ("text", text.Text)];
            case TextValue text when field.TakesIds:
                return Name(field, text.Text);
            case TextValue text when field.Choices is not null:
                return Name(field, text.Text);
            case TextValue text:
                return text.Text;
            case NumberValue id:
                return Name(field, id.Number.ToString(CultureInfo.InvariantCulture));
            default:
                return texts[Prefix + "no-value"];
        }
    }

    private string Name(ConditionField field, string key) =>
        names.ChoicesOf(field).FirstOrDefault(choice => choice.Key == key) is { } choice ? Of(choice.Label) : Gone(key);

    private string Gone(string key) => texts[Prefix + "gone", ("key", key)];

    private string Date(DateTime local, bool isDay)
    {
        var utc = ConditionMoment.ToUtc(local, texts.TimeZone);
        return isDay ? texts.Date(utc) : texts.DateAndTime(utc);
    }

    private string Join(IEnumerable<string> parts, string key) =>
        parts.Aggregate((left, right) => texts[Prefix + key, ("left", left), ("right", right)]);

    private string Of(ConditionLabel label) => label.TextKey is { } key ? texts[key] : label.Words ?? "";
}
