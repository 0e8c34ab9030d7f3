namespace SiteDesk.Mail;

/// <summary>Finds status and reply codes in what servers write (RFC 3463, RFC 5321 section 4.2).</summary>
internal static class StatusCodes
{
    /// <summary>The first enhanced status code, or null. Addresses of hosts and version numbers are told apart.</summary>
    public static string? Enhanced(ReadOnlySpan<char> text)
    {
        for (var at = 0; at + 4 < text.Length; at++)
        {
            if (text[at] is not ('2' or '4' or '5') || text[at + 1] != '.') continue;
            if (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '/' or '_' || text[at - 1] == '-' && !HasReplyCode(text, at - 1))) continue;
            var subject = Number(text, at + 2, out var afterSubject);
            // RFC 3463 section 3 and its registry know the subjects 0 to 7.
            if (subject is < 0 or > 7 || afterSubject >= text.Length || text[afterSubject] != '.') continue;
            var detail = Number(text, afterSubject + 1, out var end);
            if (detail is < 0 or > 999 || end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))) continue;
            return $"{text[at]}.{subject}.{detail}";
        }
        return null;
    }

    private static bool HasReplyCode(ReadOnlySpan<char> text, int dash) => dash >= 3 && char.IsAsciiDigit(text[dash - 1]) && char.IsAsciiDigit(text[dash - 2]) && text[dash - 3] is '4' or '5';

    /// <summary>The class of the first three-digit reply code that stands like one: '4', '5', or '\0'.</summary>
    public static char ReplyClass(ReadOnlySpan<char> text)
    {
        for (var at = 0; at + 2 < text.Length; at++)
        {
            if (text[at] is not ('4' or '5') || text[at + 1] is not (>= '0' and <= '7') || !char.IsAsciiDigit(text[at + 2])) continue;
            if (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '-' or '/' or ',' or '@' or '+' or '$' or '=')) continue;
            if (at + 3 < text.Length && text[at + 3] is not (' ' or '-' or '\n' or '\r' or ',' or ']' or ')' or ':' or '\'' or '"' or ';' or '<')) continue;
            return text[at];
        }
        return '\0';
    }

    private static int Number(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        while (end < text.Length && end - at < 4 && char.IsAsciiDigit(text[end])) end++;
        return end == at || end - at > 3 ? -1 : int.Parse(text[at..end]);
    }
}
