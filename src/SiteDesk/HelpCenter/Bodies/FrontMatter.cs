using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>
/// The lines between <c>---</c> at the top of a file: names with a text or a list of texts. The part of YAML that such files use;
/// anything deeper is kept out. Between <c>+++</c> they are TOML.
/// </summary>
public sealed partial class FrontMatter
{
    private const int MostLines = 500;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The text of a name; empty when there is none.</summary>
    public string this[string name] => _values.GetValueOrDefault(name) is [var first, ..] ? first : "";

    public IReadOnlyList<string> List(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>The first of some names that has a text: what this program writes, then what other tools call it. Empty when there is none.</summary>
    public string Any(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (this[name].Length > 0)
                return this[name];
        }

        return "";
    }

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
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimStart('\n');
        var lines = text.Split('\n', MostLines + 2);
        var isToml = lines[0].TrimEnd() == "+++";
        if (!isToml && lines[0].TrimEnd() != "---")
            return (matter, text);
        var end = Array.FindIndex(lines, 1, line => isToml ? line.TrimEnd() == "+++" : line.TrimEnd() is "---" or "...");
        if (end < 0)
            return (matter, text);
        var body = string.Join('\n', lines[(end + 1)..]).TrimStart('\n');
        if (isToml)
        {
            foreach (var (key, values) in TomlMatter.Read(string.Join('\n', lines[1..end])))
                matter.Set(key, values);
            return (matter, body);
        }

        string? name = null;
        for (var at = 1; at < end; at++)
        {
            var line = lines[at];
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
                continue;
            if (trimmed.StartsWith("- ", StringComparison.Ordinal) && name is not null) // a list stands under its name, indented or not
            {
                matter.Add(name, Plain(trimmed[2..].Trim()));
                continue;
            }

            var colon = trimmed.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]))
                continue;
            name = trimmed[..colon].Trim();
            var value = trimmed[(colon + 1)..].Trim();
            if (BlockPattern().IsMatch(value))
            {
                matter.Add(name, Block(lines, ref at, end, isFolded: value[0] == '>'));
                continue;
            }

            // A list in brackets may go on in the next lines.
            while (value is ['[', ..] && value[^1] != ']' && at + 1 < end)
                value += " " + lines[++at].Trim();
            if (value is ['[', .., ']'])
                foreach (var item in Items(value[1..^1]))
                    matter.Add(name, Plain(item));
            else if (value.Length > 0)
                matter.Add(name, Plain(value));
        }

        return (matter, body);
    }

    // The text of the indented lines below (YAML 1.2, section 8.1): kept line by line, or folded into one.
    private static string Block(string[] lines, ref int at, int end, bool isFolded)
    {
        var block = new List<string>();
        while (at + 1 < end && (lines[at + 1].Trim().Length == 0 || char.IsWhiteSpace(lines[at + 1][0])))
            block.Add(lines[++at].Trim());
        return string.Join(isFolded ? ' ' : '\n', block.Where(line => !isFolded || line.Length > 0)).Trim();
    }

    [GeneratedRegex("^[|>][+-]?[1-9]?[+-]?( +#.*)?$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex BlockPattern();

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
