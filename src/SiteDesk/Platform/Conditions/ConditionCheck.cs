namespace SiteDesk.Platform.Conditions;

/// <summary>Holds a condition against the fields it names.</summary>
internal sealed class ConditionCheck(ConditionFields fields)
{
    private const int MaximumWords = 10;
    private static readonly decimal LongestSpanInSeconds = (decimal)TimeSpan.FromDays(36_525).TotalSeconds;

    private readonly List<ConditionProblem> _problems = [];
    private int _tests;

    public static IReadOnlyList<ConditionProblem> Run(Condition condition, ConditionFields fields)
    {
        var check = new ConditionCheck(fields);
        check.CheckGroup(condition.Root, "", 1);
        return check._problems;
    }

    private void CheckGroup(ConditionGroup group, string place, int depth)
    {
        if (depth > Condition.MaximumDepth)
        {
            Report(place, "too-deep", ("maximum", Condition.MaximumDepth));
            return;
        }
        if (depth > 1 && group.Members.Count == 0)
            Report(place, "empty-group");
        for (var i = 0; i < group.Members.Count; i++)
        {
            var member = ConditionProblem.Member(place, i);
            switch (group.Members[i])
            {
                case ConditionGroup inner:
                    CheckGroup(inner, member, depth + 1);
                    break;
                case ConditionTest test:
                    if (++_tests == Condition.MaximumTests + 1)
                        Report(member, "too-many-tests", ("maximum", Condition.MaximumTests));
                    CheckTest(test, member);
                    break;
            }
        }
    }

    private void CheckTest(ConditionTest test, string place)
    {
        if (test.Field.Length == 0)
        {
            Report(place, "no-field");
            return;
        }
        if (fields.Find(test.Field) is not { } field)
        {
            Report(place, "unknown-field", ("field", test.Field));
            return;
        }
        if (ConditionOperators.Find(test.Operator) is not { } operation || !field.Operators.Contains(operation))
        {
            Report(place, "unknown-operator", ("operator", test.Operator));
            return;
        }
        var operand = ConditionOperators.OperandOf(operation);
        if (CountProblem(operand, test.Values.Count) is { } countProblem)
        {
            Report(place, countProblem, ("maximum", Condition.MaximumValues));
            return;
        }
        var before = _problems.Count;
        for (var i = 0; i < test.Values.Count; i++)
        {
            if (ValueProblem(field, operation, operand, test.Values[i]) is { } problem)
                Report(ConditionProblem.Value(place, i), problem.Key, problem.Arguments);
        }
        if (operand == ConditionOperand.Two && _problems.Count == before && IsBackwards(field, test.Values))
            Report(place, "backwards");
    }

    private static string? CountProblem(ConditionOperand operand, int count) => operand switch
    {
        ConditionOperand.Nothing => count == 0 ? null : "value-not-taken",
        ConditionOperand.One or ConditionOperand.Span => count == 1 ? null : count == 0 ? "value-missing" : "one-value",
        ConditionOperand.Two => count == 2 ? null : "two-values",
        _ => count == 0 ? "value-missing" : count > Condition.MaximumValues ? "too-many-values" : null,
    };

    private static Finding? ValueProblem(ConditionField field, ConditionOperator operation, ConditionOperand operand, ConditionValue value)
    {
        if (value is TextValue text)
        {
            if (string.IsNullOrWhiteSpace(text.Text))
                return new("value-missing");
            if (ConditionText.ProblemOf(text.Text) is { } problem)
                return new(problem, ("maximum", Condition.MaximumTextLength));
        }
        if (operand == ConditionOperand.Span || field.Type == ConditionType.Duration)
            return SpanProblem(value);
        if (value is RelativeValue relative)
        {
            if (ConditionKeys.Find<ConditionRelative>(relative.Name) is not { } name || !field.Relatives.Contains(name) || (name == ConditionRelative.MyTeams && operand == ConditionOperand.One))
                return new("unknown-relative", ("name", relative.Name));
            return operation == ConditionOperator.On && name == ConditionRelative.Now ? new("date") : null;
        }
        return field.Type switch
        {
            ConditionType.Text => TextProblem(operation, value),
            ConditionType.Number => NumberProblem(field, value),
            ConditionType.Moment => MomentProblem(operation == ConditionOperator.On || field.IsDay, value),
            _ => KeyProblem(field, value),
        };
    }

    private static Finding? TextProblem(ConditionOperator operation, ConditionValue value)
    {
        if (value is not TextValue text)
            return new("text-expected", ("name", ""));
        var inWords = operation is ConditionOperator.ContainsAllWords or ConditionOperator.ContainsAnyWord or ConditionOperator.ContainsNoWord;
        return inWords && ConditionText.WordsOf(text.Text).Count > MaximumWords ? new("too-many-words", ("maximum", MaximumWords)) : null;
    }

    private static Finding? NumberProblem(ConditionField field, ConditionValue value)
    {
        if (value is not NumberValue { Number: var number })
            return new("number");
        if (field.ValueType == typeof(decimal) || field.ValueType == typeof(double))
            return null;
        if (number != decimal.Truncate(number))
            return new("whole-number");
        var (least, most) = field.ValueType == typeof(int) ? ((decimal)int.MinValue, (decimal)int.MaxValue) : (long.MinValue, long.MaxValue);
        return number < least || number > most ? new("number-range") : null;
    }

    private static Finding? MomentProblem(bool takesDaysOnly, ConditionValue value)
    {
        if (value is not TextValue text || ConditionMoment.ParseLocal(text.Text, out var isDay) is null)
            return new("date");
        return takesDaysOnly && !isDay ? new("date") : null;
    }

    private static Finding? SpanProblem(ConditionValue value)
    {
        if (value is not SpanValue span)
            return new("whole-number");
        if (ConditionKeys.Find<ConditionUnit>(span.Unit) is not { } unit)
            return new("unknown-unit", ("unit", span.Unit));
        if (span.Amount != decimal.Truncate(span.Amount))
            return new("whole-number");
        // Compared before multiplying: the product of a hostile amount would overflow.
        return span.Amount < 0 || span.Amount > LongestSpanInSeconds / SecondsOf(unit) ? new("span-range") : null;
    }

    private static Finding? KeyProblem(ConditionField field, ConditionValue value)
    {
        if (field.TakesIds)
            return IdOf(value) is null ? new("choice") : null;
        if (value is not TextValue { Text: var key })
            return new("choice");
        if (field.KnownKeys is { } known && !known.Contains(key))
            return new("unknown-choice", ("choice", key));
        return field.ValueType.IsEnum && !ConditionEnum.TryParse(field.ValueType, key, out _) ? new("unknown-choice", ("choice", key)) : null;
    }

    private static bool IsBackwards(ConditionField field, IReadOnlyList<ConditionValue> values) => (values[0], values[1]) switch
    {
        (NumberValue from, NumberValue to) => from.Number > to.Number,
        (SpanValue from, SpanValue to) => SecondsOf(from) > SecondsOf(to),
        // Dates and times as written sort by time; a date and a time of the same day are in either order.
        (TextValue from, TextValue to) when field.Type == ConditionType.Moment => string.CompareOrdinal(from.Text[..10], to.Text[..10]) > 0
            || (from.Text.Length == to.Text.Length && string.CompareOrdinal(from.Text, to.Text) > 0),
        _ => false,
    };

    /// <summary>An id written as a number or in digits (the form's way).</summary>
    internal static long? IdOf(ConditionValue value) => value switch
    {
        NumberValue { Number: var number } when number == decimal.Truncate(number) && number is > 0 and <= long.MaxValue => (long)number,
        TextValue { Text: var text } when long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) && id > 0 => id,
        _ => null,
    };

    internal static long SecondsOf(SpanValue span) => (long)span.Amount * SecondsOf(ConditionKeys.Find<ConditionUnit>(span.Unit)!.Value);

    private static int SecondsOf(ConditionUnit unit) => unit switch { ConditionUnit.Minutes => 60, ConditionUnit.Hours => 3600, _ => 86_400 };

    private void Report(string place, string key, params (string Name, object Value)[] arguments) =>
        _problems.Add(ConditionProblem.At(place, key, arguments));

    private sealed record Finding(string Key, params (string Name, object Value)[] Arguments);
}

/// <summary>Enum members by the key that choices use.</summary>
internal static class ConditionEnum
{
    public static bool TryParse(Type type, string key, out object? value)
    {
        // "on-hold" is OnHold; digits, which Enum.TryParse would take, are no key.
        value = null;
        return key.Length > 0 && char.IsAsciiLetterLower(key[0])
            && Enum.TryParse(type, key.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out value)
            && Enum.IsDefined(type, value!);
    }
}
