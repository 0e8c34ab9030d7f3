namespace SiteDesk.Platform.Conditions;

/// <summary>What kind of value a field has; decides the operators it offers.</summary>
public enum ConditionType
{
    /// <summary>Words; compared without regard to case in every script.</summary>
    Text,

    /// <summary>A whole or decimal number.</summary>
    Number,

    /// <summary>One of a list of keys.</summary>
    Choice,

    /// <summary>Any number of keys or ids, such as tags or followers.</summary>
    Set,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>A point in time, UTC.</summary>
    Moment,

    /// <summary>A length of time, in seconds.</summary>
    Duration,

    /// <summary>The id of another record, such as a member of staff or a team.</summary>
    Reference,
}

/// <summary>What can be said about a field. Every negative is the exact opposite of its positive: "is not" holds for an empty field.</summary>
public enum ConditionOperator
{
    /// <summary>Equal.</summary>
    Is,

    /// <summary>Not <see cref="Is"/>; empty included.</summary>
    IsNot,

    /// <summary>Equal to one of several.</summary>
    OneOf,

    /// <summary>Not <see cref="OneOf"/>; empty included.</summary>
    NoneOf,

    /// <summary>Every word of the value is found somewhere, as a part of a word too (Chinese has no spaces, Russian has endings).</summary>
    ContainsAllWords,

    /// <summary>At least one word of the value is found.</summary>
    ContainsAnyWord,

    /// <summary>Not <see cref="ContainsAnyWord"/>; empty included.</summary>
    ContainsNoWord,

    /// <summary>Begins with the value.</summary>
    StartsWith,

    /// <summary>Has no value; for texts also the empty text, for sets no member.</summary>
    IsEmpty,

    /// <summary>Not <see cref="IsEmpty"/>.</summary>
    IsNotEmpty,

    /// <summary>Greater, or longer.</summary>
    MoreThan,

    /// <summary>Smaller, or shorter.</summary>
    LessThan,

    /// <summary>Not smaller.</summary>
    AtLeast,

    /// <summary>Not greater.</summary>
    AtMost,

    /// <summary>From the first to the second value, both included; a day is included to its end.</summary>
    Between,

    /// <summary>On the calendar day.</summary>
    On,

    /// <summary>Earlier than the beginning of the value.</summary>
    Before,

    /// <summary>Not before the end of the value: after a day means from the next day on, after a time means from that time on.</summary>
    After,

    /// <summary>At most so long ago, and not in the future.</summary>
    WithinLast,

    /// <summary>Not in the past, and at most so far ahead.</summary>
    WithinNext,

    /// <summary>Longer ago than.</summary>
    LongerAgo,

    /// <summary>Further ahead than.</summary>
    FurtherAhead,

    /// <summary>Has at least one of the values.</summary>
    IncludesAny,

    /// <summary>Has every one of the values.</summary>
    IncludesAll,

    /// <summary>Not <see cref="IncludesAny"/>.</summary>
    IncludesNone,

    /// <summary>Yes.</summary>
    IsTrue,

    /// <summary>No; a field without a value is neither.</summary>
    IsFalse,
}

/// <summary>How many and what values an operator takes.</summary>
public enum ConditionOperand
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Exactly one.</summary>
    One,

    /// <summary>Exactly two: from and to.</summary>
    Two,

    /// <summary>One or more.</summary>
    Many,

    /// <summary>Exactly one length of time.</summary>
    Span,
}

/// <summary>Which operators go with which type, and what they take.</summary>
public static class ConditionOperators
{
    private static readonly ConditionOperator[] Emptiness = [ConditionOperator.IsEmpty, ConditionOperator.IsNotEmpty];

    private static readonly ConditionOperator[] Sameness = [ConditionOperator.Is, ConditionOperator.IsNot, ConditionOperator.OneOf, ConditionOperator.NoneOf];

    private static readonly ConditionOperator[] Size =
        [ConditionOperator.MoreThan, ConditionOperator.LessThan, ConditionOperator.AtLeast, ConditionOperator.AtMost, ConditionOperator.Between];

    /// <summary>Operators in the order they are offered.</summary>
    /// <param name="type">The field's type.</param>
    /// <param name="mayBeEmpty">Whether the field can be without a value.</param>
    public static IReadOnlyList<ConditionOperator> Of(ConditionType type, bool mayBeEmpty)
    {
        ConditionOperator[] operators = type switch
        {
            ConditionType.Text =>
            [
                ConditionOperator.ContainsAllWords, ConditionOperator.ContainsAnyWord, ConditionOperator.ContainsNoWord,
                ConditionOperator.StartsWith, .. Sameness,
            ],
            ConditionType.Number => [ConditionOperator.Is, ConditionOperator.IsNot, .. Size],
            ConditionType.Choice or ConditionType.Reference => Sameness,
            ConditionType.Set => [ConditionOperator.IncludesAny, ConditionOperator.IncludesAll, ConditionOperator.IncludesNone],
            ConditionType.Boolean => [ConditionOperator.IsTrue, ConditionOperator.IsFalse],
            ConditionType.Moment =>
            [
                ConditionOperator.WithinLast, ConditionOperator.LongerAgo, ConditionOperator.On, ConditionOperator.Before,
                ConditionOperator.After, ConditionOperator.Between, ConditionOperator.WithinNext, ConditionOperator.FurtherAhead,
            ],
            ConditionType.Duration => Size,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a condition type."),
        };
        return mayBeEmpty ? [.. operators, .. Emptiness] : operators;
    }

    /// <summary>What the operator takes.</summary>
    public static ConditionOperand OperandOf(ConditionOperator operation) => operation switch
    {
        ConditionOperator.IsEmpty or ConditionOperator.IsNotEmpty or ConditionOperator.IsTrue or ConditionOperator.IsFalse => ConditionOperand.Nothing,
        ConditionOperator.OneOf or ConditionOperator.NoneOf or ConditionOperator.IncludesAny or ConditionOperator.IncludesAll
            or ConditionOperator.IncludesNone => ConditionOperand.Many,
        ConditionOperator.Between => ConditionOperand.Two,
        ConditionOperator.WithinLast or ConditionOperator.WithinNext or ConditionOperator.LongerAgo or ConditionOperator.FurtherAhead => ConditionOperand.Span,
        _ => ConditionOperand.One,
    };

    /// <summary>The key of an operator in JSON and in forms, for example "is-not".</summary>
    public static string KeyOf(ConditionOperator operation) => ConditionKeys.Of(operation);

    /// <returns>The operator of a key, or null.</returns>
    public static ConditionOperator? Find(string? key) => ConditionKeys.Find<ConditionOperator>(key);
}
