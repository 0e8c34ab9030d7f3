using System.Text;

namespace SiteDesk.Mail;

/// <summary>A value with parameters: Content-Type (RFC 2045 section 5.1) or Content-Disposition (RFC 2183).</summary>
/// <param name="Value">The value in lower case, such as "text/plain" or "attachment".</param>
/// <param name="Parameters">Parameters by name (case does not matter), decoded; the first of a name counts.</param>
public sealed record ParameterizedValue(string Value, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaximumParameters = 100;

    /// <summary>The parameter, or null.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads a field's text with RFC 2231 continuations and charsets, RFC 2047 words in values (forbidden and common),
    /// missing quotes, comments, and stray semicolons.</summary>
    public static ParameterizedValue Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        var head = semicolon < 0 ? text : text[..semicolon];
        var value = StripComment(head).Trim().Trim('"').Trim();
        var blank = value.IndexOfAny([' ', '\t']);
        // "text/plain charset=utf-8": the semicolon was forgotten.
        var rest = semicolon < 0 ? string.Empty : text[(semicolon + 1)..];
        if (blank > 0)
        {
            rest = value[blank..] + ";" + rest;
            value = value[..blank];
        }
        return new ParameterizedValue(value.ToLowerInvariant(), ReadParameters(rest));
    }

    private static Dictionary<string, string> ReadParameters(string rest)
    {
        var plain = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, SortedDictionary<int, (string Text, bool Encoded)>>? sections = null;
        var at = 0;
        for (var count = 0; at < rest.Length && count < MaximumParameters; count++)
        {
            if (!TryReadPair(rest, ref at, out var name, out var value)) continue;
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star <= 0)
            {
                plain.TryAdd(name, EncodedWords.Decode(value));
                continue;
            }
            var suffix = name[(star + 1)..];
            var encoded = suffix.Length == 0 || suffix.EndsWith('*');
            var number = suffix.TrimEnd('*');
            if (!int.TryParse(number.Length == 0 ? "0" : number, out var section) || section > 1_000) continue;
            sections ??= new(StringComparer.OrdinalIgnoreCase);
            if (!sections.TryGetValue(name[..star], out var list)) sections[name[..star]] = list = [];
            list.TryAdd(section, (value, encoded));
        }
        if (sections is not null)
            // The extended form is what the sender meant (RFC 6266 section 4.3 says so for the same pair in HTTP).
            foreach (var (name, list) in sections) plain[name] = Join(list.Values);
        return plain;
    }

    private static bool TryReadPair(string text, ref int at, out string name, out string value)
    {
        name = value = string.Empty;
        while (at < text.Length && (text[at] is ';' or ' ' or '\t' or ',')) at++;
        if (at < text.Length && text[at] == '(')
        {
            at = AfterComment(text, at);
            return false;
        }
        var start = at;
        while (at < text.Length && text[at] is not ('=' or ';')) at++;
        if (at >= text.Length || text[at] == ';') return false;
        name = text[start..at].Trim();
        at++;
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        value = at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadToken(text, ref at);
        return name.Length > 0;
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var result = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol == '"')
            {
                at++;
                break;
            }
            // A backslash quotes only what needs it: Windows paths in names lose their separators otherwise.
            if (symbol == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\') at++;
            result.Append(text[at]);
        }
        while (at < text.Length && text[at] != ';' && char.IsWhiteSpace(text[at])) at++;
        return result.ToString();
    }

    private static string ReadToken(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] != ';') at++;
        var token = text[start..at];
        var comment = token.IndexOf(" (", StringComparison.Ordinal);
        if (comment > 0 && token.TrimEnd().EndsWith(')')) token = token[..comment];
        // "charset=utf-8 name=x": the semicolon was forgotten before the next pair.
        var blank = token.IndexOfAny([' ', '\t']);
        if (blank > 0 && token.IndexOf('=', blank) > blank && !token.Contains("=?", StringComparison.Ordinal))
        {
            at = start + blank;
            token = token[..blank];
        }
        return token.Trim().Trim('"');
    }

    private static string Join(IEnumerable<(string Text, bool Encoded)> sections)
    {
        var bytes = new MemoryStream();
        string? charset = null;
        var first = true;
        foreach (var (text, encoded) in sections)
        {
            var payload = text;
            if (first && encoded && text.Split('\'', 3) is [var label, _, var after])
            {
                charset = label;
                payload = after;
            }
            first = false;
            if (encoded) WritePercent(bytes, payload);
            else bytes.Write(Encoding.UTF8.GetBytes(payload));
        }
        var joined = Charsets.Decode(bytes.ToArray(), string.IsNullOrEmpty(charset) ? null : charset, out _);
        return EncodedWords.Decode(joined);
    }

    private static void WritePercent(MemoryStream target, string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 2 < text.Length + 0 && TransferDecoding.Hex(text[at + 1]) is >= 0 and var high && TransferDecoding.Hex(text[at + 2]) is >= 0 and var low)
            {
                target.WriteByte((byte)((high << 4) | low));
                at += 2;
            }
            else if (text[at] < 0x80) target.WriteByte((byte)text[at]);
            else
            {
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                target.Write(Encoding.UTF8.GetBytes(text.Substring(at, length)));
                at += length - 1;
            }
        }
    }

    private static string StripComment(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? text : text[..open] + text[Math.Min(text.Length, AfterComment(text, open))..];
    }

    internal static int AfterComment(string text, int open)
    {
        var depth = 0;
        var at = open;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0) return at + 1;
        }
        return text.Length;
    }
}
