using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SiteDesk.Platform.Conditions;

/// <summary>
/// The stored form: <c>{"version":1,"where":{"all":[{"field":"status","operator":"is","values":["open"]},{"any":[…]}]}}</c>.
/// Values are strings, numbers, <c>{"relative":"me"}</c> or <c>{"amount":3,"unit":"days"}</c>. Reading is strict: what is
/// not understood is an error with its place, never guessed.
/// </summary>
public static class ConditionJson
{
    /// <summary>The version that is written, and the only one read so far.</summary>
    public const int Version = 1;

    // Every level of groups takes two levels of JSON; a value takes three more.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 2 * Condition.MaximumDepth + 8, AllowDuplicateProperties = false };

    /// <summary>Reads a stored condition.</summary>
    /// <returns>The condition, or null with at least one problem. Unknown fields and operators are not a matter of reading.</returns>
    public static (Condition? Condition, IReadOnlyList<ConditionProblem> Problems) Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > Condition.MaximumJsonLength)
            return Failed(ConditionProblem.At("", "too-long", ("maximum", Condition.MaximumJsonLength)));
        if (!ConditionText.IsWellFormed(json))
            return Failed(ConditionProblem.At("", "characters"));
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var reader = new Reader();
            var root = reader.ReadDocument(document.RootElement);
            return reader.Problems.Count == 0 && root is not null ? (new Condition(root), []) : (null, reader.Problems);
        }
        catch (JsonException problem)
        {
            return Failed(ConditionProblem.At("", "json", ("line", (problem.LineNumber ?? 0) + 1), ("column", (problem.BytePositionInLine ?? 0) + 1)));
        }
    }

    internal static string Write(Condition condition)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WritePropertyName("where");
            WriteNode(writer, condition.Root);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static (Condition?, IReadOnlyList<ConditionProblem>) Failed(ConditionProblem problem) => (null, [problem]);

    private static void WriteNode(Utf8JsonWriter writer, ConditionNode node)
    {
        writer.WriteStartObject();
        switch (node)
        {
            case ConditionGroup group:
                writer.WriteStartArray(ConditionKeys.Of(group.Join));
                foreach (var member in group.Members)
                    WriteNode(writer, member);
                writer.WriteEndArray();
                break;
            case ConditionTest test:
                writer.WriteString("field", test.Field);
                writer.WriteString("operator", test.Operator);
                if (test.Values.Count > 0)
                {
                    writer.WriteStartArray("values");
                    foreach (var value in test.Values)
                        WriteValue(writer, value);
                    writer.WriteEndArray();
                }
                break;
        }
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, ConditionValue value)
    {
        switch (value)
        {
            case TextValue text:
                writer.WriteStringValue(text.Text);
                break;
            case NumberValue number:
                writer.WriteNumberValue(number.Number);
                break;
            case RelativeValue relative:
                writer.WriteStartObject();
                writer.WriteString("relative", relative.Name);
                writer.WriteEndObject();
                break;
            case SpanValue span:
                writer.WriteStartObject();
                writer.WriteNumber("amount", span.Amount);
                writer.WriteString("unit", span.Unit);
                writer.WriteEndObject();
                break;
        }
    }

    private sealed class Reader
    {
        private int _tests;

        public List<ConditionProblem> Problems { get; } = [];

        public ConditionGroup? ReadDocument(JsonElement document)
        {
            if (!IsObject(document, "", "version", "where"))
                return null;
            if (!document.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != Version)
                return Problem<ConditionGroup>("", "version", ("version", version.ValueKind == JsonValueKind.Undefined ? "" : version.GetRawText()));
            if (!document.TryGetProperty("where", out var where))
                return Problem<ConditionGroup>("", "missing", ("name", "where"));
            if (where.ValueKind != JsonValueKind.Object || JoinOf(where) is null)
                return Problem<ConditionGroup>("", "group-expected");
            return ReadGroup(where, "", 1);
        }

        private ConditionGroup? ReadGroup(JsonElement element, string place, int depth)
        {
            if (depth > Condition.MaximumDepth)
                return Problem<ConditionGroup>(place, "too-deep", ("maximum", Condition.MaximumDepth));
            var join = JoinOf(element)!.Value;
            if (!IsObject(element, place, ConditionKeys.Of(join)))
                return null;
            var members = element.GetProperty(ConditionKeys.Of(join));
            if (members.ValueKind != JsonValueKind.Array)
                return Problem<ConditionGroup>(place, "list-expected", ("name", ConditionKeys.Of(join)));
            var nodes = new List<ConditionNode>();
            foreach (var member in members.EnumerateArray())
            {
                // Counting first keeps a hostile list from being read to its end.
                if (_tests > Condition.MaximumTests || nodes.Count > Condition.MaximumTests)
                    break;
                if (ReadNode(member, ConditionProblem.Member(place, nodes.Count), depth) is { } node)
                    nodes.Add(node);
                else
                    return null;
            }
            if (nodes.Count > Condition.MaximumTests)
                return Problem<ConditionGroup>(place, "too-many-tests", ("maximum", Condition.MaximumTests));
            return new ConditionGroup(join, nodes);
        }

        private ConditionNode? ReadNode(JsonElement element, string place, int depth)
        {
            if (element.ValueKind != JsonValueKind.Object)
                return Problem<ConditionNode>(place, "object-expected");
            return JoinOf(element) is null ? ReadTest(element, place) : ReadGroup(element, place, depth + 1);
        }

        private ConditionTest? ReadTest(JsonElement element, string place)
        {
            if (++_tests > Condition.MaximumTests)
                return Problem<ConditionTest>(place, "too-many-tests", ("maximum", Condition.MaximumTests));
            if (!IsObject(element, place, "field", "operator", "values")
                || ReadText(element, "field", place) is not { } field
                || ReadText(element, "operator", place) is not { } operatorKey)
            {
                return null;
            }
            if (!element.TryGetProperty("values", out var list))
                return new ConditionTest(field, operatorKey, []);
            if (list.ValueKind != JsonValueKind.Array)
                return Problem<ConditionTest>(place, "list-expected", ("name", "values"));
            if (list.GetArrayLength() > Condition.MaximumValues)
                return Problem<ConditionTest>(place, "too-many-values", ("maximum", Condition.MaximumValues));
            var values = new List<ConditionValue>();
            foreach (var item in list.EnumerateArray())
            {
                if (ReadValue(item, ConditionProblem.Value(place, values.Count)) is not { } value)
                    return null;
                values.Add(value);
            }
            return new ConditionTest(field, operatorKey, values);
        }

        private ConditionValue? ReadValue(JsonElement element, string place)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    return ReadText(element, place) is { } text ? new TextValue(text) : null;
                case JsonValueKind.Number when element.TryGetDecimal(out var number):
                    return new NumberValue(number);
                case JsonValueKind.Object when element.TryGetProperty("relative", out _):
                    return IsObject(element, place, "relative") && ReadText(element, "relative", place) is { } name ? new RelativeValue(name) : null;
                case JsonValueKind.Object when element.TryGetProperty("amount", out var amount):
                    if (!IsObject(element, place, "amount", "unit") || ReadText(element, "unit", place) is not { } unit)
                        return null;
                    if (amount.ValueKind == JsonValueKind.Number && amount.TryGetDecimal(out var units))
                        return new SpanValue(units, unit);
                    return Problem<ConditionValue>(place, "number");
                default:
                    return Problem<ConditionValue>(place, "value");
            }
        }

        private string? ReadText(JsonElement element, string name, string place)
        {
            if (!element.TryGetProperty(name, out var value))
                return Problem<string>(place, "missing", ("name", name));
            return value.ValueKind == JsonValueKind.String ? ReadText(value, place) : Problem<string>(place, "text-expected", ("name", name));
        }

        private string? ReadText(JsonElement element, string place)
        {
            string text;
            try
            {
                text = element.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // JSON may escape half of a surrogate pair, which is no text.
                return Problem<string>(place, "characters");
            }
            return ConditionText.ProblemOf(text) is { } problem
                ? Problem<string>(place, problem, ("maximum", Condition.MaximumTextLength))
                : text;
        }

        private bool IsObject(JsonElement element, string place, params ReadOnlySpan<string> names)
        {
            if (element.ValueKind != JsonValueKind.Object)
                return Problem<object>(place, "object-expected") is not null;
            foreach (var property in element.EnumerateObject())
            {
                if (!names.Contains(property.Name))
                    return Problem<object>(place, "unknown-property", ("name", Shortened(property.Name))) is not null;
            }
            return true;
        }

        private static ConditionJoin? JoinOf(JsonElement element)
        {
            foreach (var join in Enum.GetValues<ConditionJoin>())
            {
                if (element.TryGetProperty(ConditionKeys.Of(join), out _))
                    return join;
            }
            return null;
        }

        private static string Shortened(string name) => name.Length <= 40 ? name : name[..40] + "…";

        private T? Problem<T>(string place, string key, params (string Name, object Value)[] arguments) where T : class
        {
            Problems.Add(ConditionProblem.At(place, key, arguments));
            return null;
        }
    }
}

/// <summary>The spelling of enum values in JSON, forms and text keys: "my-teams" for MyTeams.</summary>
internal static class ConditionKeys
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Keys<TEnum>.ByValue[value];

    public static TEnum? Find<TEnum>(string? key) where TEnum : struct, Enum =>
        key is not null && Keys<TEnum>.ByKey.TryGetValue(key, out var value) ? value : null;

    private static class Keys<TEnum> where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>().ToDictionary(value => value, Spell);
        public static readonly Dictionary<string, TEnum> ByKey = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

        private static string Spell(TEnum value)
        {
            var key = new StringBuilder();
            foreach (var letter in value.ToString())
            {
                if (char.IsUpper(letter) && key.Length > 0)
                    key.Append('-');
                key.Append(char.ToLower(letter, CultureInfo.InvariantCulture));
            }
            return key.ToString();
        }
    }
}
