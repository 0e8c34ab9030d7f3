using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Brings what stands in a line into its one form, so that the same text is always stored the same way.</summary>
internal static class ArticleInlines
{
    /// <summary>Blanks collapse as a browser shows them, nothing empty stays, blanks between differently marked runs belong to neither.</summary>
    /// <returns>Lines between two breaks or more are paragraphs of their own.</returns>
    public static List<List<ArticleInline>> Paragraphs(IEnumerable<ArticleInline> content)
    {
        var paragraphs = new List<List<ArticleInline>> { new() };
        var breaks = 0;
        foreach (var inline in Lines(content))
        {
            if (inline is LineBreak)
            {
                breaks++;
                continue;
            }

            if (breaks > 1)
                paragraphs.Add([]);
            else if (breaks == 1 && paragraphs[^1].Count > 0)
                paragraphs[^1].Add(new LineBreak());
            breaks = 0;
            paragraphs[^1].Add(inline);
        }

        return paragraphs.FindAll(paragraph => paragraph.Count > 0);
    }

    /// <summary>The same as one line: for headings.</summary>
    public static List<ArticleInline> OneLine(IEnumerable<ArticleInline> content) =>
        Lines(content.Select(inline => inline is LineBreak ? new TextRun(" ", TextMarks.None, null) : inline)).ToList();

    /// <summary>The same with single breaks: for the cells of a table.</summary>
    public static List<ArticleInline> Cell(IEnumerable<ArticleInline> content) =>
        Paragraphs(content).SelectMany((paragraph, index) => index == 0 ? paragraph : paragraph.Prepend(new LineBreak())).ToList();

    private static List<ArticleInline> Lines(IEnumerable<ArticleInline> content)
    {
        var lines = new List<ArticleInline>();
        var line = new List<ArticleInline>();
        foreach (var inline in content)
        {
            if (inline is LineBreak)
            {
                lines.AddRange(Line(line));
                lines.Add(inline);
                line.Clear();
            }
            else
            {
                line.Add(inline);
            }
        }

        lines.AddRange(Line(line));
        return lines;
    }

    private static List<ArticleInline> Line(List<ArticleInline> line)
    {
        var pieces = new List<ArticleInline>();
        foreach (var inline in line)
        {
            if (inline is not TextRun run)
            {
                pieces.Add(inline);
                continue;
            }

            foreach (var piece in Split(Clean(run.Text)))
                pieces.Add(run with { Text = piece });
        }

        return Merge(SettleBlanks(pieces));
    }

    // A run of blanks apart from the words, as one blank.
    private static IEnumerable<string> Split(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var end = at;
            while (end < text.Length && IsBlank(text[end]))
                end++;
            if (end > at)
            {
                yield return " ";
                at = end;
                continue;
            }

            while (end < text.Length && !IsBlank(text[end]))
                end++;
            yield return text[at..end];
            at = end;
        }
    }

    // One blank between two pieces, with what both have in common; none at the ends of the line.
    private static List<ArticleInline> SettleBlanks(List<ArticleInline> pieces)
    {
        var result = new List<ArticleInline>(pieces.Count);
        var isBlankPending = false;
        foreach (var piece in pieces)
        {
            if (piece is TextRun { Text: " " })
            {
                isBlankPending = true;
                continue;
            }

            if (isBlankPending && result.Count > 0)
                result.Add(Between(result[^1], piece));
            isBlankPending = false;
            result.Add(piece);
        }

        // A line of nothing but no-break spaces is an empty line of a word processor.
        return result.TrueForAll(piece => piece is TextRun run && run.Text.All(symbol => symbol is ' ' or '\u00A0')) ? [] : result;
    }

    private static TextRun Between(ArticleInline left, ArticleInline right) =>
        new(" ", left is TextRun first && right is TextRun second ? first.Marks & second.Marks : TextMarks.None, string.Equals(left.Link, right.Link, StringComparison.Ordinal) ? left.Link : null);

    private static List<ArticleInline> Merge(List<ArticleInline> pieces)
    {
        var result = new List<ArticleInline>(pieces.Count);
        var text = new StringBuilder();
        TextRun? open = null;
        foreach (var piece in pieces)
        {
            if (piece is TextRun run && open is not null && run.Marks == open.Marks && string.Equals(run.Link, open.Link, StringComparison.Ordinal))
            {
                text.Append(run.Text);
                continue;
            }

            Close();
            if (piece is TextRun next)
            {
                open = next;
                text.Append(next.Text);
            }
            else
            {
                result.Add(piece);
            }
        }

        Close();
        return result;

        void Close()
        {
            if (open is not null)
                result.Add(open with { Text = text.ToString() });
            open = null;
            text.Clear();
        }
    }

    private static bool IsBlank(char symbol) => symbol is ' ' or '\t' or '\n' or '\r' or '\f';

    /// <summary>Without what no reader sees and what cannot be stored: control characters, byte order marks, halves of pairs.</summary>
    public static string Clean(string text)
    {
        StringBuilder? result = null;
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            var isPair = char.IsHighSurrogate(symbol) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            var replacement = symbol is '\u200B' or '\uFEFF' or '\u2028' or '\u2029' || char.IsControl(symbol) && !IsBlank(symbol) ? ""
                : char.IsSurrogate(symbol) && !isPair ? "\uFFFD"
                : null;
            if (replacement is not null)
            {
                result ??= new StringBuilder(text, 0, at, text.Length);
                result.Append(replacement);
                continue;
            }

            result?.Append(symbol);
            if (!isPair)
                continue;
            at++;
            result?.Append(text[at]);
        }

        return result?.ToString() ?? text;
    }
}
