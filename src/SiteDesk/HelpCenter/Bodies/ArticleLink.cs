using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Which addresses may stand in an article, and how they are written.</summary>
public static class ArticleLink
{
    private const int Longest = 2000;
    private static readonly string[] Schemes = ["http", "https", "mailto", "tel"];

    /// <summary>Where the pictures of articles are fetched from.</summary>
    public const string Files = "/help-files/";

    /// <summary>An address in one spelling: ASCII, percent-encoded, international hosts in their ASCII form.</summary>
    /// <returns>Null when it leads to nothing an article may lead to: scripts, files of the author's machine, unknown schemes.</returns>
    public static string? Clean(string? address)
    {
        // Browsers skip line ends and tabs inside an address: "java\nscript:" is one.
        var text = new string([.. (address ?? "").Where(symbol => !char.IsControl(symbol))]).Trim();
        if (text.Length is 0 or > Longest)
            return null;
        if (text.StartsWith("//", StringComparison.Ordinal))
            text = "https:" + text;
        if (text.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            text = "https://" + text;
        if (text[0] == '#' || text[0] == '/' && !text.Contains('\\', StringComparison.Ordinal))
            return Encode(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !Schemes.Contains(text[..colon].ToLowerInvariant(), StringComparer.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return null;
        if (uri.Scheme is "mailto" or "tel")
            return Encode(uri.Scheme + text[colon..]);
        if (uri.IdnHost.Length == 0 || uri.UserInfo.Length > 0)
            return null;
        if (Behind(uri) is { } target)
            return Clean(target);
        // A bare host and the host with a slash are one address.
        return Encode(uri.Scheme + "://" + uri.IdnHost.ToLowerInvariant() + (uri.IsDefaultPort ? "" : ":" + uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)) + AfterHost(text, colon));
    }

    // What leaves Google Docs as HTML has every link behind one that counts its readers.
    private static string? Behind(Uri uri) =>
        uri is { Host: "www.google.com", AbsolutePath: "/url" } && Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query).TryGetValue("q", out var target)
        && target.ToString() is { } text && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? text
            : null;

    /// <summary>The address of a picture: only files of the help centre are shown.</summary>
    public static string? Source(string? address) =>
        address?.Trim() is { Length: < 400 } source && source.StartsWith(Files, StringComparison.Ordinal) && source.Count(symbol => symbol == '/') == 3
        && !source.Contains("..", StringComparison.Ordinal) && !source.Contains('\\', StringComparison.Ordinal) && !source.Any(char.IsControl)
            ? Encode(source)
            : null;

    private static string AfterHost(string text, int colon)
    {
        var start = text.IndexOfAny(['/', '?', '#', '\\'], Math.Min(text.Length, colon + 3));
        return start < 0 ? "/" : text[start] is '/' ? text[start..] : "/" + text[start..].TrimStart('\\');
    }

    // What RFC 3986 does not let stand in an address is percent-encoded; what is encoded stays as it is.
    private static string Encode(string text)
    {
        var result = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol is > ' ' and < '\u007F' and not ('"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}' or '[' or ']' or '\'' or '(' or ')' or '*' or '!')
                && (symbol != '%' || at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2])))
            {
                result.Append(symbol);
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length); // half a pair becomes U+FFFD
            foreach (var part in bytes[..rune.EncodeToUtf8(bytes)])
                result.Append('%').Append(part.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            at += length - 1;
        }

        return result.ToString();
    }
}
