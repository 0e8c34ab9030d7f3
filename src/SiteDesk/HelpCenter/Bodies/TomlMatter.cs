using System.Globalization;
using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>
/// Front matter as TOML 1.0 (between <c>+++</c>, as Hugo and Zola write it): names with a text, a number, a truth or a list of these. What stands in
/// tables belongs to the tool that wrote it and is kept out, and so is a value that cannot be read.
/// </summary>
internal sealed class TomlMatter(string text)
{
    private int _at;

    public static IEnumerable<(string Name, IReadOnlyList<string> Values)> Read(string text) => new TomlMatter(text).Read();

    private IEnumerable<(string Name, IReadOnlyList<string> Values)> Read()
    {
        while (SkipBlank() && text[_at] != '[') // from the first table on, everything is in a table
        {
            var name = Name();
            if (name is not null && Values() is { } values)
                yield return (name, values);
            SkipLine();
        }
    }

    private string? Name()
    {
        var name = text[_at] is '"' or '\'' ? Quoted() : Bare("=.");
        SkipSpaces();
        if (name is null || _at >= text.Length || text[_at] != '=')
            return null;
        _at++;
        SkipSpaces();
        return name;
    }

    private List<string>? Values()
    {
        if (_at >= text.Length)
            return null;
        if (text[_at] != '[')
            return Value() is { } single ? [single] : null;
        var values = new List<string>();
        _at++;
        while (SkipBlank() && text[_at] != ']')
        {
            if (text[_at] == ',')
                _at++;
            else if (Value() is { Length: > 0 } value)
                values.Add(value);
            else
                return null;
        }

        return values;
    }

    private string? Value() => text[_at] is '"' or '\'' ? Quoted() : text[_at] is '{' or '[' ? null : Bare(",]");

    private string Bare(string ends)
    {
        var start = _at;
        while (_at < text.Length && text[_at] is not ('\n' or '#') && !ends.Contains(text[_at], StringComparison.Ordinal))
            _at++;
        return text[start.._at].Trim();
    }

    private string? Quoted()
    {
        var quote = text[_at];
        var isLong = text.AsSpan(_at).StartsWith(new string(quote, 3), StringComparison.Ordinal);
        var mark = new string(quote, isLong ? 3 : 1);
        _at += mark.Length;
        if (isLong && _at < text.Length && text[_at] == '\n') // a line end right behind the opening quotes is not part of the text
            _at++;
        var value = new StringBuilder();
        while (_at < text.Length && !text.AsSpan(_at).StartsWith(mark, StringComparison.Ordinal))
        {
            if (text[_at] == '\n' && !isLong)
                return null;
            if (text[_at] == '\\' && quote == '"' && _at + 1 < text.Length)
                Escape(value);
            else
                value.Append(text[_at++]);
        }

        _at = Math.Min(text.Length, _at + mark.Length);
        return value.ToString();
    }

    private void Escape(StringBuilder value)
    {
        _at += 2;
        var symbol = text[_at - 1];
        if (symbol == '\n') // the line goes on where its next word stands
        {
            SkipWhiteSpace();
            return;
        }

        var digits = symbol switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
            value.Append(symbol switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' or 'f' => ' ', _ => symbol });
        else if (_at + digits <= text.Length && int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
        {
            value.Append(new Rune(code).ToString());
            _at += digits;
        }
    }

    // To the next thing that is said; false at the end.
    private bool SkipBlank()
    {
        SkipWhiteSpace();
        while (_at < text.Length && text[_at] == '#')
        {
            SkipLine();
            SkipWhiteSpace();
        }

        return _at < text.Length;
    }

    private void SkipWhiteSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t')
            _at++;
    }

    private void SkipLine() => _at = text.IndexOf('\n', Math.Min(_at, text.Length)) is var end and >= 0 ? end + 1 : text.Length;
}
