using System.Globalization;
using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Writes what stands in a line as Markdown. Where a sign could be read in two ways, it writes the HTML that can be read in one.</summary>
internal static class MarkdownLine
{
    public static string Write(IReadOnlyList<ArticleInline> content, bool isCell)
    {
        var result = new StringBuilder();
        for (var at = 0; at < content.Count;)
        {
            var end = at + 1;
            while (content[at].Link is not null && end < content.Count && string.Equals(content[end].Link, content[at].Link, StringComparison.Ordinal))
                end++;
            Link(result, content, at, end, isCell);
            at = end;
        }

        return result.ToString();
    }

    private static void Link(StringBuilder result, IReadOnlyList<ArticleInline> content, int start, int end, bool isCell)
    {
        var inner = new StringBuilder();
        Marked(inner, content, start, end, TextMarks.Strong, isCell, result.Length == 0 ? '\n' : result[^1]);
        if (content[start].Link is not { } link)
            result.Append(inner);
        else
            result.Append('[').Append(inner).Append("](<").Append(link.Replace("&", "&amp;", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)).Append(">)");
    }

    // Strong outside, emphasis within, code innermost: as in the stored HTML.
    private static void Marked(StringBuilder result, IReadOnlyList<ArticleInline> content, int start, int end, TextMarks mark, bool isCell, char before)
    {
        for (var at = start; at < end;)
        {
            var isMarked = Has(content[at], mark);
            var until = at + 1;
            while (until < end && Has(content[until], mark) == isMarked)
                until++;
            var inner = new StringBuilder();
            if (mark == TextMarks.Code)
                Pieces(inner, content, at, until, isMarked, isCell, result.Length == 0 ? before : result[^1]);
            else
                Marked(inner, content, at, until, mark == TextMarks.Strong ? TextMarks.Emphasis : TextMarks.Code, isCell, isMarked || result.Length == 0 ? before : result[^1]);
            if (isMarked && mark != TextMarks.Code)
                Surround(result, inner.ToString(), mark == TextMarks.Strong ? "**" : "*", mark == TextMarks.Strong ? "strong" : "em");
            else
                result.Append(inner);
            at = until;
        }
    }

    private static bool Has(ArticleInline inline, TextMarks mark) => inline is TextRun run && run.Marks.HasFlag(mark);

    // Stars are unambiguous only where letters stand inside and no other star is near (CommonMark 0.31, section 6.2).
    private static void Surround(StringBuilder result, string inner, string stars, string element)
    {
        var isClear = char.IsLetterOrDigit(inner[0]) && char.IsLetterOrDigit(inner[^1]) && (result.Length == 0 || result[^1] is not ('*' or '\\'));
        if (isClear && !inner.Contains('*', StringComparison.Ordinal))
            result.Append(stars).Append(inner).Append(stars);
        else
            result.Append(CultureInfo.InvariantCulture, $"<{element}>{inner}</{element}>");
    }

    private static void Pieces(StringBuilder result, IReadOnlyList<ArticleInline> content, int start, int end, bool isCode, bool isCell, char before)
    {
        for (var at = start; at < end; at++)
        {
            switch (content[at])
            {
                case TextRun run when isCode:
                    Code(result, run.Text, isCell, before);
                    break;
                case TextRun run:
                    Escape(result, run.Text, result.Length == 0 && before == '\n');
                    break;
                case Picture picture:
                    result.Append("![");
                    Escape(result, picture.Alt, false);
                    result.Append("](<").Append(picture.Source.Replace("&", "&amp;", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal));
                    result.Append(picture is { Width: { } width, Height: { } height } ? string.Create(CultureInfo.InvariantCulture, $"> \"{width}x{height}\")") : ">)");
                    break;
                default:
                    result.Append(isCell ? "<br>" : "\\\n");
                    break;
            }

            before = result.Length == 0 ? before : result[^1];
        }
    }

    private static void Code(StringBuilder result, string text, bool isCell, char before)
    {
        // Code of several signs in a row, of a table's bars, of spaces that would collapse: as HTML.
        if (text is [' ', ..] or [.., ' '] || before == '`' || before == '\\' || text.Contains('`', StringComparison.Ordinal) || text.Contains('\u00A0', StringComparison.Ordinal) || isCell && text.Contains('|', StringComparison.Ordinal))
        {
            result.Append("<code>");
            Escape(result, text, false);
            result.Append("</code>");
        }
        else
        {
            result.Append('`').Append(text).Append('`');
        }
    }

    private static void Escape(StringBuilder result, string text, bool isStart)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            var isFirst = isStart && at == 0 || result is [.., '\n'];
            switch (symbol)
            {
                case '\u00A0':
                    result.Append("&nbsp;");
                    continue;
                case '<':
                    result.Append("&lt;");
                    continue;
                case '&':
                    result.Append("&amp;");
                    continue;
                case '\\' or '`' or '*' or '_' or '[' or ']' or '>' or '|' or '~' or '!' or '#' or '=' or '+' or '-' or '"' or '\'' when NeedsEscape(symbol, isFirst):
                    result.Append('\\');
                    break;
                case '.' or ')' when isFollowingNumber(text, at) || symbol == '.' && at >= 3 && text.AsSpan(at - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase):
                    result.Append('\\');
                    break;
                case ':' when at > 0 && char.IsAsciiLetter(text[at - 1]):
                    result.Append('\\');
                    break;
                case >= '\u2000' or '\u0085' or '\u1680' when char.IsWhiteSpace(symbol):
                    result.Append(CultureInfo.InvariantCulture, $"&#{(int)symbol};"); // parsers trim these, too
                    continue;
            }

            result.Append(symbol);
        }

        bool isFollowingNumber(string line, int at) => (isStart || line.Length > 0) && at is > 0 and < 10 && line.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool NeedsEscape(char symbol, bool isFirst) => symbol switch
    {
        '=' or '+' or '-' => isFirst,
        '"' or '\'' => false,
        _ => true,
    };
}
