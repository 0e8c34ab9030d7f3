using System.Linq.Expressions;

namespace SiteDesk.Platform.Conditions;

/// <summary>Words of a field or choice: a key of Texts.*.json, or words a person gave (own fields, tags, names).</summary>
/// <param name="TextKey">Key of the text, or null.</param>
/// <param name="Words">The words themselves when there is no key.</param>
public readonly record struct ConditionLabel(string? TextKey, string? Words)
{
    /// <summary>A key of Texts.*.json.</summary>
    public static implicit operator ConditionLabel(string textKey) => new(textKey, null);

    /// <summary>Words shown as they are in every language.</summary>
    public static ConditionLabel Of(string words) => new(null, words);
}

/// <summary>One possible value of a choice, set or reference.</summary>
/// <param name="Key">The stored key; for references the id in decimal digits.</param>
/// <param name="Label">What a person sees.</param>
public sealed record ConditionChoice(string Key, ConditionLabel Label);

/// <summary>Where the choices of a field come from. They may be read from the database through the request's services.</summary>
public delegate ValueTask<IReadOnlyList<ConditionChoice>> ConditionChoices(IServiceProvider services, CancellationToken cancellation);

/// <summary>What editor, check and sentence need to know of a field.</summary>
public abstract class ConditionField
{
    private protected ConditionField(string key, ConditionType type, ConditionLabel label, Type valueType, bool mayBeEmpty)
    {
        Key = key;
        Type = type;
        Label = label;
        ValueType = valueType;
        MayBeEmpty = mayBeEmpty;
        Operators = ConditionOperators.Of(type, mayBeEmpty);
    }

    /// <summary>Stable name used in stored conditions.</summary>
    public string Key { get; }

    /// <summary>Decides the operators.</summary>
    public ConditionType Type { get; }

    /// <summary>What a person sees.</summary>
    public ConditionLabel Label { get; }

    /// <summary>Whether "is empty" makes sense.</summary>
    public bool MayBeEmpty { get; }

    /// <summary>What can be said about it, in the order it is offered.</summary>
    public IReadOnlyList<ConditionOperator> Operators { get; }

    /// <summary>Where the choices come from; null when values are typed in.</summary>
    public ConditionChoices? Choices { get; internal init; }

    /// <summary>The keys that are allowed, where they are known beforehand; null when any key is.</summary>
    public IReadOnlySet<string>? KnownKeys { get; internal init; }

    /// <summary>Values such as "me" which the field takes.</summary>
    public IReadOnlyList<ConditionRelative> Relatives { get; internal init; } = [];

    /// <summary>
    /// A moment field that holds calendar days, stored as their midnight in UTC: the reader's clock counts as if it stood in UTC, so
    /// that the same day is the same day for every reader. Times of day are not asked for.
    /// </summary>
    public bool IsDay { get; internal init; }

    /// <summary>Type of one value in the entity, without Nullable.</summary>
    internal Type ValueType { get; }

    /// <summary>Whether values are ids.</summary>
    internal bool TakesIds => Type is ConditionType.Reference or ConditionType.Set && ValueType == typeof(long);
}

/// <summary>
/// A field of an entity about which conditions can be made. The expression is used in database queries and in memory, so
/// it must be translatable, and must not fail in memory where a navigation is null:
/// <c>ticket => ticket.Customer == null ? null : ticket.Customer.Name</c>.
/// </summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public sealed class ConditionField<TEntity> : ConditionField where TEntity : class
{
    private static readonly ConditionRelative[] Times =
        [ConditionRelative.Now, ConditionRelative.Today, ConditionRelative.Yesterday, ConditionRelative.Tomorrow];

    private ConditionField(string key, ConditionType type, ConditionLabel label, LambdaExpression value, Type valueType, bool mayBeEmpty)
        : base(key, type, label, valueType, mayBeEmpty) => Value = value;

    /// <summary>From the entity, or from one of <see cref="Rows"/>, to the value.</summary>
    internal LambdaExpression Value { get; }

    /// <summary>From the entity to the rows that hold the value; null when the entity holds it itself.</summary>
    internal LambdaExpression? Rows { get; private init; }

    /// <summary>
    /// A field whose value lies in a row of its own, if there is one: an own field. The question becomes "is there such a row" and not
    /// "what is in the row", so that a planner may begin with the rows (PostgreSQL) or look one up for each entity by key (SQLite).
    /// </summary>
    /// <param name="rows">For example <c>ticket => ticket.Fields.Where(value => value.FieldId == 7)</c>; at most one row.</param>
    /// <param name="field">The field as one of the row, whose value may be empty.</param>
    public static ConditionField<TEntity> InRow<TRow>(Expression<Func<TEntity, IEnumerable<TRow>>> rows, ConditionField<TRow> field) where TRow : class =>
        new(field.Key, field.Type, field.Label, field.Value, field.ValueType, mayBeEmpty: true)
        {
            Rows = rows,
            Choices = field.Choices,
            KnownKeys = field.KnownKeys,
            Relatives = field.Relatives,
            IsDay = field.IsDay,
        };

    /// <summary>Words, compared without regard to case.</summary>
    public static ConditionField<TEntity> Text(string key, ConditionLabel label, Expression<Func<TEntity, string?>> value) =>
        new(key, ConditionType.Text, label, value, typeof(string), mayBeEmpty: true);

    /// <summary>A number: <see cref="int"/>, <see cref="long"/>, <see cref="decimal"/> or <see cref="double"/> (made from a decimal), nullable or not.</summary>
    public static ConditionField<TEntity> Number<TNumber>(string key, ConditionLabel label, Expression<Func<TEntity, TNumber>> value)
    {
        var type = Underlying<TNumber>(out var mayBeEmpty);
        return type == typeof(int) || type == typeof(long) || type == typeof(decimal) || type == typeof(double)
            ? new(key, ConditionType.Number, label, value, type, mayBeEmpty)
            : throw new NotSupportedException($"A number field is int, long, decimal or double, not {type}.");
    }

    /// <summary>One of some keys: a string, or an enum whose names are the keys ("OnHold" is "on-hold").</summary>
    /// <param name="key">Stable name.</param>
    /// <param name="label">What a person sees.</param>
    /// <param name="value">From the entity to the value.</param>
    /// <param name="choices">The allowed keys.</param>
    /// <param name="mayBeEmpty">For strings only: whether null occurs. Enums say it by their type.</param>
    public static ConditionField<TEntity> Choice<TChoice>(
        string key, ConditionLabel label, Expression<Func<TEntity, TChoice>> value, IReadOnlyList<ConditionChoice> choices, bool mayBeEmpty = false) =>
        new(key, ConditionType.Choice, label, value, ChoiceType<TChoice>(ref mayBeEmpty), mayBeEmpty)
        {
            Choices = (_, _) => ValueTask.FromResult(choices),
            KnownKeys = choices.Select(choice => choice.Key).ToHashSet(StringComparer.Ordinal),
        };

    /// <summary>One of some keys that are read when they are needed, such as own categories.</summary>
    public static ConditionField<TEntity> Choice<TChoice>(
        string key, ConditionLabel label, Expression<Func<TEntity, TChoice>> value, ConditionChoices choices, bool mayBeEmpty = false) =>
        new(key, ConditionType.Choice, label, value, ChoiceType<TChoice>(ref mayBeEmpty), mayBeEmpty) { Choices = choices };

    /// <summary>Yes or no; null is neither.</summary>
    public static ConditionField<TEntity> Boolean<TBoolean>(string key, ConditionLabel label, Expression<Func<TEntity, TBoolean>> value) =>
        new(key, ConditionType.Boolean, label, value, Expect<TBoolean, bool>(out var mayBeEmpty), mayBeEmpty);

    /// <summary>A <see cref="DateTime"/> in UTC, nullable or not.</summary>
    public static ConditionField<TEntity> Moment<TMoment>(string key, ConditionLabel label, Expression<Func<TEntity, TMoment>> value) =>
        new(key, ConditionType.Moment, label, value, Expect<TMoment, DateTime>(out var mayBeEmpty), mayBeEmpty) { Relatives = Times };

    /// <summary>A calendar day as a <see cref="DateTime"/>: its midnight, written as UTC; nullable or not.</summary>
    public static ConditionField<TEntity> Day<TMoment>(string key, ConditionLabel label, Expression<Func<TEntity, TMoment>> value) =>
        new(key, ConditionType.Moment, label, value, Expect<TMoment, DateTime>(out var mayBeEmpty), mayBeEmpty) { Relatives = Times.Where(time => time != ConditionRelative.Now).ToArray(), IsDay = true };

    /// <summary>A length of time stored as whole seconds in a <see cref="long"/>, nullable or not; the engines compare no TimeSpan alike.</summary>
    public static ConditionField<TEntity> Duration<TSeconds>(string key, ConditionLabel label, Expression<Func<TEntity, TSeconds>> value) =>
        new(key, ConditionType.Duration, label, value, Expect<TSeconds, long>(out var mayBeEmpty), mayBeEmpty);

    /// <summary>The id of another record: a <see cref="long"/>, nullable or not.</summary>
    /// <param name="key">Stable name.</param>
    /// <param name="label">What a person sees.</param>
    /// <param name="value">From the entity to the id.</param>
    /// <param name="choices">The records that can be chosen.</param>
    /// <param name="relatives"><see cref="ConditionRelative.Me"/> or <see cref="ConditionRelative.MyTeams"/>, where they suit.</param>
    public static ConditionField<TEntity> Reference<TId>(
        string key, ConditionLabel label, Expression<Func<TEntity, TId>> value, ConditionChoices choices, params IReadOnlyList<ConditionRelative> relatives) =>
        new(key, ConditionType.Reference, label, value, Expect<TId, long>(out var mayBeEmpty), mayBeEmpty) { Choices = choices, Relatives = relatives };

    /// <summary>Any number of keys, for example <c>ticket => ticket.Tags.Select(tag => tag.Name)</c>, or a mapped list of strings.</summary>
    /// <param name="key">Stable name.</param>
    /// <param name="label">What a person sees.</param>
    /// <param name="values">Strings, compared exactly: store them in one spelling. Null, in memory, counts as no members.</param>
    /// <param name="choices">What can be chosen; null when keys are typed in.</param>
    public static ConditionField<TEntity> Set(
        string key, ConditionLabel label, Expression<Func<TEntity, IEnumerable<string>>> values, ConditionChoices? choices) =>
        new(key, ConditionType.Set, label, values, typeof(string), mayBeEmpty: true) { Choices = choices };

    /// <summary>Any number of ids, for example followers.</summary>
    public static ConditionField<TEntity> Set(
        string key, ConditionLabel label, Expression<Func<TEntity, IEnumerable<long>>> values, ConditionChoices choices, params IReadOnlyList<ConditionRelative> relatives) =>
        new(key, ConditionType.Set, label, values, typeof(long), mayBeEmpty: true) { Choices = choices, Relatives = relatives };

    private static Type Underlying<TValue>(out bool mayBeEmpty)
    {
        var underlying = Nullable.GetUnderlyingType(typeof(TValue));
        mayBeEmpty = underlying is not null;
        return underlying ?? typeof(TValue);
    }

    private static Type Expect<TValue, TExpected>(out bool mayBeEmpty)
    {
        var type = Underlying<TValue>(out mayBeEmpty);
        return type == typeof(TExpected) ? type : throw new NotSupportedException($"The field's value is {type}, expected {typeof(TExpected)}.");
    }

    private static Type ChoiceType<TChoice>(ref bool mayBeEmpty)
    {
        if (typeof(TChoice) == typeof(string))
            return typeof(string);
        var type = Underlying<TChoice>(out mayBeEmpty);
        return type.IsEnum ? type : throw new NotSupportedException($"A choice is a string or an enum, not {type}.");
    }
}
