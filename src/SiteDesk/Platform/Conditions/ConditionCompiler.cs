using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace SiteDesk.Platform.Conditions;

/// <summary>
/// Turns a checked condition into an expression. Every test is made to be true or false and never unknown, by asking for
/// a value first; then "and", "or" and "not" mean the same in SQL and in memory.
/// </summary>
internal sealed class ConditionCompiler<TEntity>(ConditionFields<TEntity> fields, ConditionReader reader, bool inMemory) where TEntity : class
{
    private readonly ParameterExpression _entity = Expression.Parameter(typeof(TEntity), "entity");

    public Expression<Func<TEntity, bool>> Compile(Condition condition)
    {
        var body = condition.Root.Members.Count == 0 ? Expression.Constant(true) : Compile(condition.Root);
        return Expression.Lambda<Func<TEntity, bool>>(body, _entity);
    }

    private Expression Compile(ConditionNode node) => node switch
    {
        ConditionGroup { Join: ConditionJoin.All } group => group.Members.Select(Compile).Aggregate(Expression.AndAlso),
        ConditionGroup { Join: ConditionJoin.Any } group => group.Members.Select(Compile).Aggregate(Expression.OrElse),
        ConditionGroup group => Expression.Not(group.Members.Select(Compile).Aggregate(Expression.OrElse)),
        ConditionTest test => Compile(test),
        _ => throw new InvalidOperationException($"Unknown node {node}."),
    };

    private Expression Compile(ConditionTest test)
    {
        var field = (ConditionField<TEntity>)fields.Find(test.Field)!;
        var operation = ConditionOperators.Find(test.Operator)!.Value;
        var positive = operation switch
        {
            ConditionOperator.IsNot => ConditionOperator.Is,
            ConditionOperator.NoneOf => ConditionOperator.OneOf,
            ConditionOperator.ContainsNoWord => ConditionOperator.ContainsAnyWord,
            ConditionOperator.IsNotEmpty => ConditionOperator.IsEmpty,
            ConditionOperator.IncludesNone => ConditionOperator.IncludesAny,
            _ => operation,
        };
        var holds = field.Rows is null ? Holds(field, ReplaceParameter.In(field.Value, _entity), positive, test.Values) : HoldsInRow(field, positive, test.Values);
        return positive == operation ? holds : Expression.Not(holds);
    }

    private Expression Holds(ConditionField field, Expression value, ConditionOperator operation, IReadOnlyList<ConditionValue> values) =>
        operation == ConditionOperator.IsEmpty ? IsEmpty(field, value) : Compile(field, value, operation, values);

    /// <summary>Without a row the value is empty, and nothing else holds of it.</summary>
    private Expression HoldsInRow(ConditionField<TEntity> field, ConditionOperator operation, IReadOnlyList<ConditionValue> values)
    {
        var rows = ReplaceParameter.In(field.Rows!, _entity);
        var row = field.Value.Parameters[0];
        var holds = Holds(field, field.Value.Body, operation, values);
        var any = Expression.Call(typeof(Enumerable), nameof(Enumerable.Any), [row.Type], rows, Expression.Lambda(operation == ConditionOperator.IsEmpty ? Expression.Not(holds) : holds, row));
        return operation == ConditionOperator.IsEmpty ? Expression.Not(any) : any;
    }

    private Expression IsEmpty(ConditionField field, Expression value) => field.Type switch
    {
        ConditionType.Set => Expression.Not(Expression.Call(typeof(Enumerable), nameof(Enumerable.Any), [field.ValueType], Members(field, value))),
        ConditionType.Text => Expression.OrElse(IsNull(value), Expression.Equal(value, Expression.Constant(""))),
        _ => IsNull(value),
    };

    private Expression Compile(ConditionField field, Expression value, ConditionOperator operation, IReadOnlyList<ConditionValue> values) => field.Type switch
    {
        ConditionType.Set => CompileSet(field, Members(field, value), operation, values),
        ConditionType.Text => WithValue(value, present => CompileText(present, operation, values)),
        ConditionType.Number => WithValue(value, present => CompileSize(present, operation, values.Select(each => Number(field, each)).ToList())),
        ConditionType.Duration => WithValue(value, present => CompileSize(present, operation, values.Select(Seconds).ToList())),
        ConditionType.Moment => WithValue(value, present => CompileMoment(present, operation, values, field.IsDay ? ByTheClockOnTheWall() : reader)),
        ConditionType.Boolean => WithValue(value, present => operation == ConditionOperator.IsTrue ? present : Expression.Not(present)),
        ConditionType.Reference => WithValue(value, present => IsIn(present, Ids(values))),
        ConditionType.Choice => WithValue(value, present => IsIn(present, Keys(field, values))),
        _ => throw new InvalidOperationException($"Unknown type {field.Type}."),
    };

    private Expression CompileSet(ConditionField field, Expression members, ConditionOperator operation, IReadOnlyList<ConditionValue> values)
    {
        var keys = field.TakesIds ? Ids(values) : Keys(field, values);
        if (operation != ConditionOperator.IncludesAll)
            return AnyMember(members, field.ValueType, member => IsIn(member, keys));
        return keys.Length == 0
            ? Expression.Constant(false)
            : keys.Cast<object>().Select(key => AnyMember(members, field.ValueType, member => Expression.Equal(member, Captured(key, field.ValueType)))).Aggregate<Expression>(Expression.AndAlso);
    }

    private Expression CompileText(Expression text, ConditionOperator operation, IReadOnlyList<ConditionValue> values)
    {
        var folded = Expression.Call(typeof(ConditionText), nameof(ConditionText.Fold), null, text);
        var texts = values.Select(value => ((TextValue)value).Text).ToList();
        return operation switch
        {
            ConditionOperator.Is => Expression.Equal(folded, Captured(ConditionText.Fold(texts[0]))),
            ConditionOperator.OneOf => IsIn(folded, texts.Select(ConditionText.Fold).ToArray()),
            ConditionOperator.StartsWith => StartsWith(folded, Captured(ConditionText.Fold(texts[0]))),
            ConditionOperator.ContainsAllWords => ContainsWords(folded, texts[0]).Aggregate(Expression.AndAlso),
            ConditionOperator.ContainsAnyWord => ContainsWords(folded, texts[0]).Aggregate(Expression.OrElse),
            _ => throw Unexpected(operation),
        };
    }

    private static IEnumerable<Expression> ContainsWords(Expression folded, string words) =>
        ConditionText.WordsOf(words).Select(word => Expression.Call(folded, nameof(string.Contains), null, Captured(word)));

    // EF Core translates the one and not the other; in memory the short form would compare by culture.
    private MethodCallExpression StartsWith(Expression folded, Expression start) => inMemory
        ? Expression.Call(folded, nameof(string.StartsWith), null, start, Expression.Constant(StringComparison.Ordinal))
        : Expression.Call(folded, nameof(string.StartsWith), null, start);

    /// <summary>Equality of decimals is asked as a range: SQLite keeps them as text, where 1.5 and 1.50 differ.</summary>
    private static BinaryExpression CompileSize(Expression value, ConditionOperator operation, List<Expression> values) => operation switch
    {
        ConditionOperator.Is when value.Type == typeof(decimal) => Expression.AndAlso(Expression.GreaterThanOrEqual(value, values[0]), Expression.LessThanOrEqual(value, values[0])),
        ConditionOperator.Is => Expression.Equal(value, values[0]),
        ConditionOperator.MoreThan => Expression.GreaterThan(value, values[0]),
        ConditionOperator.LessThan => Expression.LessThan(value, values[0]),
        ConditionOperator.AtLeast => Expression.GreaterThanOrEqual(value, values[0]),
        ConditionOperator.AtMost => Expression.LessThanOrEqual(value, values[0]),
        ConditionOperator.Between => Expression.AndAlso(Expression.GreaterThanOrEqual(value, values[0]), Expression.LessThanOrEqual(value, values[1])),
        _ => throw Unexpected(operation),
    };

    /// <summary>
    /// Only "from" (included) and "until" (excluded) with bounds in whole milliseconds are used. Then a row compares alike
    /// whether its moment still has the clock's full precision or has been through a database that keeps less.
    /// </summary>
    private static BinaryExpression CompileMoment(Expression moment, ConditionOperator operation, IReadOnlyList<ConditionValue> values, ConditionReader reader)
    {
        var span = values[0] is SpanValue given ? TimeSpan.FromSeconds(ConditionCheck.SecondsOf(given)) : TimeSpan.Zero;
        var now = reader.Now;
        var nowIncluded = now.AddMilliseconds(1);
        switch (operation)
        {
            case ConditionOperator.WithinLast:
                return Range(now - span, nowIncluded);
            case ConditionOperator.WithinNext:
                return Range(now, nowIncluded + span);
            case ConditionOperator.LongerAgo:
                return Until(now - span);
            case ConditionOperator.FurtherAhead:
                return From(nowIncluded + span);
        }
        var first = ConditionMoment.Resolve(values[0], reader);
        switch (operation)
        {
            case ConditionOperator.On:
                return Range(first.Start, first.End);
            case ConditionOperator.Before:
                return Until(first.Start);
            case ConditionOperator.After:
                return From(first.End);
            case ConditionOperator.Between:
                var last = ConditionMoment.Resolve(values[1], reader);
                return Range(first.Start, last.IsDay ? last.End : last.End.AddMilliseconds(1));
            default:
                throw Unexpected(operation);
        }

        BinaryExpression From(DateTime from) => Expression.GreaterThanOrEqual(moment, Captured(from));
        BinaryExpression Until(DateTime until) => Expression.LessThan(moment, Captured(until));
        BinaryExpression Range(DateTime from, DateTime until) => Expression.AndAlso(From(from), Until(until));
    }

    /// <summary>The reader's local time taken for UTC, as calendar days are stored.</summary>
    private ConditionReader ByTheClockOnTheWall() => reader with
    {
        Now = DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(reader.Now, reader.Zone), DateTimeKind.Utc),
        Zone = TimeZoneInfo.Utc,
    };

    private static Expression Seconds(ConditionValue value) => Captured(ConditionCheck.SecondsOf((SpanValue)value));

    private static Expression Number(ConditionField field, ConditionValue value) =>
        Captured(Convert.ChangeType(((NumberValue)value).Number, field.ValueType, CultureInfo.InvariantCulture), field.ValueType);

    private long[] Ids(IReadOnlyList<ConditionValue> values) =>
        values.SelectMany(value => value is RelativeValue relative
            ? reader.IdsOf(ConditionKeys.Find<ConditionRelative>(relative.Name)!.Value)
            : [ConditionCheck.IdOf(value)!.Value]).Distinct().ToArray();

    private static Array Keys(ConditionField field, IReadOnlyList<ConditionValue> values)
    {
        var keys = values.Select(value => ((TextValue)value).Text).Distinct(StringComparer.Ordinal).ToArray();
        if (!field.ValueType.IsEnum)
            return keys;
        var members = Array.CreateInstance(field.ValueType, keys.Length);
        for (var i = 0; i < keys.Length; i++)
            members.SetValue(ConditionEnum.TryParse(field.ValueType, keys[i], out var member) ? member : throw new InvalidOperationException($"Unknown key {keys[i]}."), i);
        return members;
    }

    private Expression Members(ConditionField field, Expression value) => inMemory
        ? Expression.Coalesce(value, Expression.Constant(Array.CreateInstance(field.ValueType, 0), typeof(IEnumerable<>).MakeGenericType(field.ValueType)))
        : value;

    private static MethodCallExpression AnyMember(Expression members, Type type, Func<Expression, Expression> test)
    {
        var member = Expression.Parameter(type, "member");
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Any), [type], members, Expression.Lambda(test(member), member));
    }

    private static Expression IsIn(Expression value, Array keys) => keys.Length == 1
        ? Expression.Equal(value, Captured(keys.GetValue(0)!, value.Type))
        : Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [value.Type], Captured(keys, keys.GetType()), value);

    private static Expression WithValue(Expression value, Func<Expression, Expression> test)
    {
        if (value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null)
            return test(value);
        var present = value.Type.IsValueType ? Expression.Property(value, nameof(Nullable<>.Value)) : value;
        return Expression.AndAlso(Expression.Not(IsNull(value)), test(present));
    }

    private static BinaryExpression IsNull(Expression value) => Expression.Equal(value, Expression.Constant(null, value.Type));

    private static MemberExpression Captured<TValue>(TValue value) => Captured(value!, typeof(TValue));

    /// <summary>A value that EF Core sees as a parameter and not as a part of the query.</summary>
    private static MemberExpression Captured(object value, Type type)
    {
        var box = typeof(CapturedValue<>).MakeGenericType(type);
        return Expression.Field(Expression.Constant(Activator.CreateInstance(box, value)), box.GetField(nameof(CapturedValue<>.Value), BindingFlags.Public | BindingFlags.Instance)!);
    }

    private static InvalidOperationException Unexpected(ConditionOperator operation) => new($"The operator {operation} does not go with this field.");

    private sealed class ReplaceParameter(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        public static Expression In(LambdaExpression lambda, ParameterExpression parameter) =>
            new ReplaceParameter(lambda.Parameters[0], parameter).Visit(lambda.Body);

        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}

/// <summary>Holds one value the way a closure would.</summary>
internal sealed class CapturedValue<TValue>(TValue value)
{
    public readonly TValue Value = value;
}
