using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace SiteDesk.Platform.Conditions;

/// <summary>What an editor's form says.</summary>
/// <param name="Condition">The condition as it was filled in, with all its mistakes; check it before use.</param>
/// <param name="IsEdited">A button of the editor was pressed (add, remove): show the form again instead of saving.</param>
/// <param name="ShowsProblems">The form has been refused before, so its problems stay visible while they are mended.</param>
/// <param name="FocusPlace">Where the work goes on after an edit; null when nowhere in particular.</param>
public sealed record ConditionReading(Condition Condition, bool IsEdited, bool ShowsProblems, string? FocusPlace);

/// <summary>
/// The ordinary form fields of the editor. A node's fields begin with the editor's name and the node's place
/// (<c>condition.0.2.field</c>), and a value's field is named after the control it came from, so that a value never
/// slips into a control of another kind.
/// </summary>
public static class ConditionForm
{
    /// <summary>Before a relative value's key in a list of choices: ids are digits, so it cannot be mistaken for one.</summary>
    internal const char RelativeMark = '@';

    /// <summary>Reads the form.</summary>
    /// <param name="form">The posted fields; others are ignored.</param>
    /// <param name="fields">The fields of the entity.</param>
    /// <param name="culture">How the reader writes numbers.</param>
    /// <param name="name">The name the editor was given.</param>
    public static ConditionReading Read(IFormCollection form, ConditionFields fields, CultureInfo culture, string name = "condition")
    {
        ArgumentNullException.ThrowIfNull(form);
        var condition = new Condition(new Reader(form, fields, culture).ReadGroup(name, 1));
        var (edited, focus) = ConditionEdit.Apply(condition, form[$"{name}.edit"]);
        return new(edited, form.ContainsKey($"{name}.edit"), form[$"{name}.checked"] == "1", focus);
    }

    /// <summary>The control that suits a field and an operator.</summary>
    internal static ConditionControl ControlOf(ConditionField field, ConditionOperator operation) => (ConditionOperators.OperandOf(operation), field.Type) switch
    {
        (ConditionOperand.Nothing, _) => ConditionControl.None,
        (ConditionOperand.Span, _) or (_, ConditionType.Duration) => ConditionControl.Span,
        (_, ConditionType.Moment) => ConditionControl.Moment,
        (_, ConditionType.Number) => ConditionControl.Number,
        (ConditionOperand.Many, _) when field.Choices is null => ConditionControl.Lines,
        (_, ConditionType.Text) => ConditionControl.Text,
        (ConditionOperand.Many, _) => ConditionControl.Choices,
        _ => field.Choices is null ? ConditionControl.Text : ConditionControl.Choice,
    };

    private sealed class Reader(IFormCollection form, ConditionFields fields, CultureInfo culture)
    {
        private int _nodes;

        public ConditionGroup ReadGroup(string prefix, int depth)
        {
            var members = new List<ConditionNode>();
            // One more than allowed is read, so that the check finds it and says so; a flood of fields is not read.
            for (var i = 0; _nodes <= 2 * Condition.MaximumTests; i++)
            {
                var member = $"{prefix}.{i}";
                _nodes++;
                if (form.ContainsKey(member + ".join") && depth <= Condition.MaximumDepth)
                    members.Add(ReadGroup(member, depth + 1));
                else if (form.ContainsKey(member + ".field"))
                    members.Add(ReadTest(member));
                else
                    break;
            }
            return new ConditionGroup(ConditionKeys.Find<ConditionJoin>(form[prefix + ".join"]) ?? ConditionJoin.All, members);
        }

        private ConditionTest ReadTest(string prefix)
        {
            var key = form[prefix + ".field"].ToString();
            var isSame = form[prefix + ".was"] == key;
            if (fields.Find(key) is not { } field)
                return (isSame ? Kept(prefix) : null) ?? new ConditionTest(key, "", []);
            var operatorKey = form[prefix + ".operator"].ToString();
            var operation = ConditionOperators.Find(operatorKey);
            if (isSame && (operation is null || !field.Operators.Contains(operation.Value)) && Kept(prefix) is { } kept)
                return kept;
            if (!isSame || operation is null || !field.Operators.Contains(operation.Value))
                operation = field.Operators[0];
            var values = isSame ? Values(prefix, field, operation.Value) : [];
            return new ConditionTest(key, ConditionOperators.KeyOf(operation.Value), values);
        }

        /// <summary>A test the editor has no controls for travels through the form as it was stored.</summary>
        private ConditionTest? Kept(string prefix) =>
            form[prefix + ".kept"].ToString() is { Length: > 0 } json && ConditionJson.Parse(json).Condition is { Root.Members: [ConditionTest test] } ? test : null;

        private List<ConditionValue> Values(string prefix, ConditionField field, ConditionOperator operation)
        {
            var count = ConditionOperators.OperandOf(operation) == ConditionOperand.Two ? 2 : 1;
            return ControlOf(field, operation) switch
            {
                ConditionControl.None => [],
                ConditionControl.Choices => form[prefix + ".choices"].Select(key => Choice(field, key ?? "")).Take(Condition.MaximumValues + 1).ToList(),
                ConditionControl.Lines => Lines(form[prefix + ".lines"]),
                var control => Enumerable.Range(0, count).Select(index => Value($"{prefix}.{index}", control, field)).ToList(),
            };
        }

        private ConditionValue Value(string prefix, ConditionControl control, ConditionField field) => control switch
        {
            ConditionControl.Number => Number(form[prefix + ".number"]),
            ConditionControl.Choice => Choice(field, form[prefix + ".choice"].ToString()),
            ConditionControl.Moment => Moment(prefix),
            ConditionControl.Span => Span(prefix),
            _ => new TextValue(form[prefix + ".text"].ToString().Trim()),
        };

        private ConditionValue Number(StringValues text) => ParseNumber(text) is { } number ? new NumberValue(number) : new TextValue(text.ToString().Trim());

        private ConditionValue Span(string prefix)
        {
            var text = form[prefix + ".amount"];
            return ParseNumber(text) is { } amount ? new SpanValue(amount, form[prefix + ".unit"].ToString()) : new TextValue(text.ToString().Trim());
        }

        private ConditionValue Moment(string prefix)
        {
            var kind = form[prefix + ".moment"].ToString();
            if (kind is [RelativeMark, ..])
                return new RelativeValue(kind[1..]);
            // Browsers add seconds to a time when somebody typed them.
            var text = form[prefix + (kind == "time" ? ".time" : ".date")].ToString();
            return new TextValue(text.Length > 16 ? text[..16] : text);
        }

        private static ConditionValue Choice(ConditionField field, string key)
        {
            if (field.Relatives.Count > 0 && key is [RelativeMark, ..])
                return new RelativeValue(key[1..]);
            return field.TakesIds && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new NumberValue(id) : new TextValue(key);
        }

        private static List<ConditionValue> Lines(StringValues text) =>
            text.ToString().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Take(Condition.MaximumValues + 1).Select(ConditionValue (line) => new TextValue(line)).ToList();

        private decimal? ParseNumber(StringValues text)
        {
            const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
            return decimal.TryParse(text, Style, culture, out var number) || decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out number) ? number : null;
        }
    }
}

/// <summary>What a value is filled in with.</summary>
internal enum ConditionControl
{
    None,
    Text,
    Lines,
    Number,
    Choice,
    Choices,
    Moment,
    Span,
}

/// <summary>The editor's buttons: they change the tree by place, on the server, so that they work without scripts.</summary>
internal static class ConditionEdit
{
    public const string AddTest = "add-test";
    public const string AddGroup = "add-group";
    public const string Remove = "remove";

    /// <summary>Only what depends on a chosen field or operator is drawn anew.</summary>
    public const string Show = "show";

    private static readonly ConditionTest Unfinished = new("", "", []);

    /// <returns>The changed condition and the place to go on at; the same condition when the edit is none.</returns>
    public static (Condition Condition, string? FocusPlace) Apply(Condition condition, string? edit)
    {
        if (edit?.Split(':', 2) is not [var action, var place] || PathOf(place) is not { } path)
            return (condition, null);
        var changed = action switch
        {
            AddTest => Change(condition.Root, path, group => group with { Members = [.. group.Members, Unfinished] }),
            AddGroup => Change(condition.Root, path, group => group with { Members = [.. group.Members, new ConditionGroup(ConditionJoin.Any, [Unfinished])] }),
            Remove when path.Count > 0 => Change(condition.Root, path[..^1], group => group with { Members = group.Members.Where((_, index) => index != path[^1]).ToList() }),
            _ => null,
        };
        return changed is null ? (condition, null) : (new Condition(changed), FocusAfter(changed, action, path));
    }

    private static List<int>? PathOf(string place)
    {
        var path = new List<int>();
        foreach (var part in place.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || path.Count > Condition.MaximumDepth)
                return null;
            path.Add(index);
        }
        return path;
    }

    private static ConditionGroup? Change(ConditionGroup group, List<int> path, Func<ConditionGroup, ConditionGroup> change)
    {
        if (path.Count == 0)
            return change(group);
        if (path[0] >= group.Members.Count || group.Members[path[0]] is not ConditionGroup inner || Change(inner, path[1..], change) is not { } changed)
            return null;
        return group with { Members = group.Members.Select((member, index) => index == path[0] ? changed : member).ToList() };
    }

    /// <summary>What was added; after a removal what has moved up, else what stands before, else the group.</summary>
    private static string FocusAfter(ConditionGroup root, string action, List<int> path)
    {
        var groupPath = action == Remove ? path[..^1] : path;
        var group = groupPath.Aggregate(root, (inner, index) => (ConditionGroup)inner.Members[index]);
        var index = action == Remove ? Math.Min(path[^1], group.Members.Count - 1) : group.Members.Count - 1;
        var places = index < 0 ? groupPath : [.. groupPath, index];
        if (action == AddGroup)
            places.Add(0);
        return string.Join('.', places);
    }
}
