using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>
/// The lines between <c>---</c> at the top of a file: names with a text or a list of texts. The part of YAML that such files use;
/// anything deeper is kept out.
/// </summary>
public sealed class FrontMatter
{
    private const int MostLines = 500;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The text of a name; empty when there is none.</summary>
    public string this[string name] => _values.GetValueOrDefault(name) is [var first, ..] ? first : "";

    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name) ?? [];

    public bool Has(string name) => _values.ContainsKey(name);

    public void Set(string name, params IEnumerable<string> values)
    {
        var list = values.Where(value => value.Length > 0).ToList();
        if (list.Count > 0)
            _values[name] = list;
    }

    /// <summary>Takes a file apart.</summary>
    public static (FrontMatter Matter, string Body) Read(string text)
    {
        var matter = new FrontMatter();
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!text.StartsWith("---\n", StringComparison.Ordinal))
            return (matter, text);
        var lines = text.Split('\n', MostLines + 2);
        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        if (end < 0)
            return (matter, text);
        string? name = null;
        foreach (var line in lines[1..end])
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
                continue;
            if (trimmed.StartsWith("- ", StringComparison.Ordinal) && name is not null)
            {
                matter.Add(name, Plain(trimmed[2..].Trim()));
                continue;
            }

            var colon = trimmed.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]))
                continue;
            name = trimmed[..colon].Trim();
            var value = trimmed[(colon + 1)..].Trim();
            if (value is ['[', .., ']'])
                foreach (var item in Items(value[1..^1]))
                    matter.Add(name, Plain(item));
            else if (value.Length > 0)
                matter.Add(name, Plain(value));
        }

        return (matter, string.Join('\n', lines[(end + 1)..]).TrimStart('\n'));
    }

    /// <summary>The lines with their marks, and an empty line.</summary>
    public string Write()
    {
        var text = new StringBuilder("---\n");
        foreach (var (name, values) in _values)
        {
            if (values.Count == 1 && !IsList(name))
            {
                text.Append(name).Append(": ").Append(Quoted(values[0])).Append('\n');
                continue;
            }

            text.Append(name).Append(":\n");
            foreach (var value in values)
                text.Append("  - ").Append(Quoted(value)).Append('\n');
        }

        return text.Append("---\n\n").ToString();
    }

    private static bool IsList(string name) => name is "questions" or "related" or "redirects";

    private void Add(string name, string value)
    {
        if (value.Length == 0)
            return;
        if (!_values.TryGetValue(name, out var values))
            _values[name] = values = [];
        values.Add(value);
    }

    private static string Quoted(string value) => "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string Plain(string value)
    {
        if (value is ['\'', .., '\''])
            return value[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (value is not ['"', .., '"'])
            return value.Split(" #", 2)[0].Trim();
        var text = new StringBuilder(value.Length);
        for (var at = 1; at < value.Length - 1; at++)
        {
            if (value[at] != '\\' || at + 1 >= value.Length - 1)
                text.Append(value[at]);
            else
                text.Append(value[++at] switch { 'n' => '\n', 't' => '\t', var symbol => symbol });
        }

        return text.ToString();
    }

    // Commas between quotes are no ends.
    private static IEnumerable<string> Items(string list)
    {
        var start = 0;
        var quote = '\0';
        for (var at = 0; at <= list.Length; at++)
        {
            if (at < list.Length && list[at] is '"' or '\'' && quote == '\0')
                quote = list[at];
            else if (at < list.Length && list[at] == quote && list[at - 1] != '\\')
                quote = '\0';
            else if (at == list.Length || list[at] == ',' && quote == '\0')
            {
                yield return list[start..at].Trim();
                start = at + 1;
            }
        }
    }
}
