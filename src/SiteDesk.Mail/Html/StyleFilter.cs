using System.Text;

namespace SiteDesk.Mail;

/// <summary>Keeps the harmless declarations of a style attribute (CSS Style Attributes, section 3).</summary>
/// <remarks>A value is kept only if all of it is understood: names, numbers, colours, quoted font names. Escapes, addresses, unknown functions and
/// negative lengths are not, so a style can neither load anything nor draw outside its place.</remarks>
internal static class StyleFilter
{
    private const int MaximumCharacters = 8_000;

    public static string Filter(string style, IReadOnlySet<string> properties)
    {
        if (style.Length > MaximumCharacters) return string.Empty;
        var result = new StringBuilder();
        foreach (var declaration in Declarations(WithoutComments(style)))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            var name = declaration[..colon].Trim().ToLowerInvariant();
            var value = declaration[(colon + 1)..].Trim();
            if (!properties.Contains(name) || !IsHarmless(name, value)) continue;
            if (result.Length > 0) result.Append(';');
            result.Append(name).Append(':').Append(value);
        }
        return result.ToString();
    }

    private static string WithoutComments(string style)
    {
        if (!style.Contains("/*", StringComparison.Ordinal)) return style;
        var result = new StringBuilder();
        var at = 0;
        while (at < style.Length)
        {
            var open = style.IndexOf("/*", at, StringComparison.Ordinal);
            if (open < 0) break;
            result.Append(style, at, open - at);
            var close = style.IndexOf("*/", open + 2, StringComparison.Ordinal);
            if (close < 0) return result.ToString();
            at = close + 2;
        }
        return result.Append(style, at, style.Length - at).ToString();
    }

    private static IEnumerable<string> Declarations(string style)
    {
        var start = 0;
        var depth = 0;
        var quote = '\0';
        for (var at = 0; at < style.Length; at++)
        {
            var symbol = style[at];
            if (quote != '\0') quote = symbol == quote ? '\0' : quote;
            else if (symbol is '"' or '\'') quote = symbol;
            else if (symbol == '(') depth++;
            else if (symbol == ')') depth = Math.Max(0, depth - 1);
            else if (symbol == ';' && depth == 0)
            {
                yield return style[start..at];
                start = at + 1;
            }
        }
        yield return style[start..];
    }

    private static bool IsHarmless(string name, string value)
    {
        if (value.Length is 0 or > 500) return false;
        var quote = '\0';
        var depth = 0;
        for (var at = 0; at < value.Length; at++)
        {
            var symbol = value[at];
            if (symbol is '\\' or '<' or '>' or '{' or '}' or '@' or ';' or '&' or '`' or '=' || char.IsControl(symbol)) return false;
            if (quote != '\0')
            {
                if (symbol == quote) quote = '\0';
                continue;
            }
            if (symbol is '"' or '\'') quote = symbol;
            else if (symbol == '(')
            {
                if (++depth > 1 || !IsKnownFunction(value, at)) return false;
            }
            else if (symbol == ')') depth--;
            else if (!char.IsLetterOrDigit(symbol) && symbol is not (' ' or '#' or '%' or '.' or ',' or '-' or '+' or '/' or '!' or '_')) return false;
            else if (symbol == '-' && IsSign(value, at) && IsPlacing(name)) return false;
        }
        if (quote != '\0' || depth != 0) return false;
        return name != "display" || value.Replace("!important", string.Empty).Trim().ToLowerInvariant() is "block" or "inline" or "inline-block" or "none" or "table" or "table-row" or "table-cell" or "inline-table" or "list-item" or "table-row-group";
    }

    private static bool IsKnownFunction(string value, int open)
    {
        var start = open;
        while (start > 0 && (char.IsLetter(value[start - 1]) || value[start - 1] == '-')) start--;
        return value[start..open].ToLowerInvariant() is "rgb" or "rgba" or "hsl" or "hsla" or "oklch" or "lab" or "lch";
    }

    private static bool IsSign(string value, int at) => at + 1 < value.Length && (char.IsAsciiDigit(value[at + 1]) || value[at + 1] == '.') && (at == 0 || value[at - 1] is ' ' or ',');

    private static bool IsPlacing(string name) => name.StartsWith("margin", StringComparison.Ordinal) || name is "text-indent" or "letter-spacing" or "word-spacing" or "line-height";
}

/// <summary>Judges addresses as a browser will read them (WHATWG URL, section 4.4).</summary>
internal static class UrlFilter
{
    private const int MaximumCharacters = 4_000;
    private const int MaximumDataCharacters = 400_000;

    /// <summary>The address a link may have, or null.</summary>
    public static string? Link(string value, HtmlPolicy policy)
    {
        var url = Clean(value);
        if (url.Length is 0 or > MaximumCharacters) return null;
        if (url.StartsWith("//", StringComparison.Ordinal) || url.StartsWith("\\\\", StringComparison.Ordinal)) url = "https:" + url.Replace('\\', '/');
        var scheme = SchemeOf(url);
        if (scheme is null) return policy.AllowRelativeUrls && url[0] is '/' or '#' or '?' ? url : null;
        return policy.LinkSchemes.Contains(scheme) ? url : null;
    }

    /// <summary>The address an image may have, or null.</summary>
    public static string? Image(string value, HtmlPolicy policy, out bool isRemote)
    {
        isRemote = false;
        var url = Clean(value);
        if (url.Length is 0 or > MaximumDataCharacters) return null;
        if (url.StartsWith("//", StringComparison.Ordinal) || url.StartsWith("\\\\", StringComparison.Ordinal)) url = "https:" + url.Replace('\\', '/');
        switch (SchemeOf(url))
        {
            case null:
                return policy.AllowRelativeUrls && url[0] == '/' ? url : null;
            case "cid":
                return policy.ResolveContentId?.Invoke(Uri.UnescapeDataString(url[4..].Trim('<', '>')));
            case "data":
                return policy.AllowDataImages && IsDataImage(url) ? url : null;
            case "http" or "https" when url.Length <= MaximumCharacters:
                isRemote = true;
                return policy.RewriteRemoteImage?.Invoke(url);
            default:
                return null;
        }
    }

    /// <summary>Without what browsers strip: controls and blanks around, tabs and line ends anywhere.</summary>
    private static string Clean(string value)
    {
        var clean = new StringBuilder(value.Length);
        foreach (var symbol in value)
            if (symbol is not ('\t' or '\r' or '\n' or '\0')) clean.Append(symbol);
        var start = 0;
        while (start < clean.Length && clean[start] <= ' ') start++;
        var end = clean.Length;
        while (end > start && clean[end - 1] <= ' ') end--;
        return clean.ToString(start, end - start);
    }

    private static string? SchemeOf(string url)
    {
        for (var at = 0; at < url.Length; at++)
        {
            if (url[at] == ':') return at == 0 ? string.Empty : url[..at].ToLowerInvariant();
            if (url[at] is '/' or '?' or '#' or '\\') return null;
            // What is no scheme for a browser may still be none for us: "java script:" stays unknown and is refused.
        }
        return null;
    }

    private static bool IsDataImage(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        return comma is > 0 and < 60 && url[..comma].ToLowerInvariant() is "data:image/png;base64" or "data:image/gif;base64" or "data:image/jpeg;base64" or "data:image/jpg;base64" or "data:image/webp;base64" or "data:image/bmp;base64"
            && url.AsSpan(comma + 1).IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= %") < 0;
    }
}
