namespace SiteDesk.Platform.Conditions;

/// <summary>
/// A condition as a person wrote it: a tree of groups and tests that names fields and operators by key. It knows no
/// entity, so a condition whose field has gone away is still read, shown and mended. <see cref="ConditionFields{TEntity}"/>
/// checks it and turns it into a query.
/// </summary>
/// <param name="Root">The outermost group. When it has no members the condition holds for everything.</param>
public sealed record Condition(ConditionGroup Root)
{
    /// <summary>Groups within groups, the outermost one counted.</summary>
    public const int MaximumDepth = 4;

    /// <summary>Tests in the whole tree.</summary>
    public const int MaximumTests = 50;

    /// <summary>Values of one test.</summary>
    public const int MaximumValues = 50;

    /// <summary>UTF-16 units of one text value.</summary>
    public const int MaximumTextLength = 200;

    /// <summary>UTF-16 units of the stored JSON.</summary>
    public const int MaximumJsonLength = 65_536;

    /// <summary>The condition that holds for everything.</summary>
    public static Condition Everything { get; } = new(new ConditionGroup(ConditionJoin.All, []));

    /// <summary>The tree as versioned JSON; <see cref="ConditionJson.Parse"/> reads it back.</summary>
    public string ToJson() => ConditionJson.Write(this);
}

/// <summary>A group or a test.</summary>
public abstract record ConditionNode;

/// <summary>Members joined by "and", "or" or "neither … nor".</summary>
public sealed record ConditionGroup(ConditionJoin Join, IReadOnlyList<ConditionNode> Members) : ConditionNode;

/// <summary>One statement about one field.</summary>
/// <param name="Field">Key of a registered field, for example "status".</param>
/// <param name="Operator">Key of an operator, see <see cref="ConditionOperators"/>.</param>
/// <param name="Values">As many as the operator takes.</param>
public sealed record ConditionTest(string Field, string Operator, IReadOnlyList<ConditionValue> Values) : ConditionNode;

/// <summary>How the members of a group belong together.</summary>
public enum ConditionJoin
{
    /// <summary>And.</summary>
    All,

    /// <summary>Or.</summary>
    Any,

    /// <summary>Not any of them.</summary>
    None,
}

/// <summary>A value as it was written; whether it suits its field is decided by the field.</summary>
public abstract record ConditionValue;

/// <summary>A word, the key of a choice, or a local date or time ("2026-05-04", "2026-05-04T14:30").</summary>
public sealed record TextValue(string Text) : ConditionValue;

/// <summary>A number or the id of a referenced record.</summary>
public sealed record NumberValue(decimal Number) : ConditionValue;

/// <summary>A length of time.</summary>
/// <param name="Amount">How many units.</param>
/// <param name="Unit">Key of a <see cref="ConditionUnit"/>: "minutes", "hours", "days".</param>
public sealed record SpanValue(decimal Amount, string Unit) : ConditionValue;

/// <summary>A value that depends on who reads and when.</summary>
/// <param name="Name">Key of a <see cref="ConditionRelative"/>: "me", "my-teams", "now", "today", "yesterday", "tomorrow".</param>
public sealed record RelativeValue(string Name) : ConditionValue;

/// <summary>Values that are worked out when the condition is used.</summary>
public enum ConditionRelative
{
    /// <summary>The member of staff who reads; nobody when a rule runs by itself.</summary>
    Me,

    /// <summary>The teams the reader belongs to.</summary>
    MyTeams,

    /// <summary>This moment.</summary>
    Now,

    /// <summary>The calendar day of the reader's time zone.</summary>
    Today,

    /// <summary>The day before <see cref="Today"/>.</summary>
    Yesterday,

    /// <summary>The day after <see cref="Today"/>.</summary>
    Tomorrow,
}

/// <summary>Units of a length of time. A day is 24 hours here, whatever the clocks do.</summary>
public enum ConditionUnit
{
    /// <summary>60 seconds.</summary>
    Minutes,

    /// <summary>60 minutes.</summary>
    Hours,

    /// <summary>24 hours.</summary>
    Days,
}

/// <summary>Something wrong with a condition, in words a person can be shown.</summary>
/// <param name="Place">
/// Where: "" is the whole, "0" the first member of the outermost group, "0.2" the third member of that group,
/// "0.2.values.1" the second value of that test. The editor names its form fields in the same way.
/// </param>
/// <param name="TextKey">Key of the sentence in Texts.*.json.</param>
/// <param name="Arguments">What the sentence mentions, by name.</param>
public sealed record ConditionProblem(string Place, string TextKey, params IReadOnlyList<(string Name, object Value)> Arguments)
{
    internal static ConditionProblem At(string place, string key, params IReadOnlyList<(string Name, object Value)> arguments) =>
        new(place, "conditions.problems." + key, arguments);

    internal static string Member(string group, int index) => group.Length == 0 ? $"{index}" : $"{group}.{index}";

    internal static string Value(string test, int index) => $"{test}.values.{index}";
}
