using System.Globalization;
using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Compares two bodies: which lines came, went and stayed, and which words of a line.</summary>
public static class BodyDifference
{
    // A table of two sequences may have so many fields; larger ones are told apart as a whole.
    private const int MostFields = 4_000_000;

    /// <summary>Lines that stay the same around a change; the others are left out.</summary>
    private const int Context = 2;

    /// <summary>HTML with <c>ins</c> and <c>del</c>, in lines of the class <c>difference-line</c>; empty when both are equal.</summary>
    public static string Html(string before, string after)
    {
        var left = ArticleLines.Of(ArticleBody.Blocks(before)).ToList();
        var right = ArticleLines.Of(ArticleBody.Blocks(after)).ToList();
        var steps = Steps([.. left.Select(Key)], [.. right.Select(Key)]);
        if (steps.TrueForAll(step => step.Kind == StepKind.Same))
            return "";
        var shown = Enumerable.Range(0, steps.Count)
            .Where(at => Enumerable.Range(Math.Max(0, at - Context), Math.Min(steps.Count, at + Context + 1) - Math.Max(0, at - Context)).Any(near => steps[near].Kind != StepKind.Same)).ToHashSet();
        var html = new StringBuilder();
        var isGap = false;
        for (var at = 0; at < steps.Count; at++)
        {
            if (!shown.Contains(at))
            {
                if (!isGap)
                    html.Append("<div class=\"difference-gap\">…</div>");
                isGap = true;
                continue;
            }

            isGap = false;
            if (steps[at].Kind == StepKind.Same)
            {
                Line(html, right[steps[at].Right], "", ArticleHtml.Write(right[steps[at].Right].Content));
                continue;
            }

            // What went and what came at one place: pairs of them are lines that were changed.
            var gone = new List<ArticleLine>();
            var come = new List<ArticleLine>();
            for (; at < steps.Count && steps[at].Kind != StepKind.Same; at++)
            {
                if (steps[at].Kind == StepKind.Gone)
                    gone.Add(left[steps[at].Left]);
                else
                    come.Add(right[steps[at].Right]);
            }

            at--;
            Changed(html, gone, come);
        }

        return html.ToString();
    }

    /// <summary>The words of two short texts in one line: titles, summaries.</summary>
    public static string Words(string before, string after) =>
        WordHtml([new TextRun(before, TextMarks.None, null)], [new TextRun(after, TextMarks.None, null)]);

    private static string Key(ArticleLine line) => line.Frame + "\n" + ArticleHtml.Write(line.Content);

    private static void Changed(StringBuilder html, List<ArticleLine> gone, List<ArticleLine> come)
    {
        var pairs = Math.Min(gone.Count, come.Count);
        for (var at = 0; at < pairs; at++)
        {
            if (gone[at].Frame == come[at].Frame && AreAlike(gone[at].Text, come[at].Text))
            {
                Line(html, come[at], "is-changed", WordHtml(gone[at].Content, come[at].Content));
                continue;
            }

            Line(html, gone[at], "is-gone", $"<del>{ArticleHtml.Write(gone[at].Content)}</del>");
            Line(html, come[at], "is-new", $"<ins>{ArticleHtml.Write(come[at].Content)}</ins>");
        }

        foreach (var line in gone.Skip(pairs))
            Line(html, line, "is-gone", $"<del>{ArticleHtml.Write(line.Content)}</del>");
        foreach (var line in come.Skip(pairs))
            Line(html, line, "is-new", $"<ins>{ArticleHtml.Write(line.Content)}</ins>");
    }

    // Half of the shorter one's words in common: else marking single words confuses.
    private static bool AreAlike(string left, string right)
    {
        var first = Tokens([new TextRun(left, TextMarks.None, null)]).Select(token => token.Html).Where(word => word != " ").ToHashSet(StringComparer.Ordinal);
        var second = Tokens([new TextRun(right, TextMarks.None, null)]).Select(token => token.Html).Where(word => word != " ").ToHashSet(StringComparer.Ordinal);
        return first.Count(second.Contains) * 2 >= Math.Min(first.Count, second.Count);
    }

    private static string WordHtml(IReadOnlyList<ArticleInline> before, IReadOnlyList<ArticleInline> after)
    {
        var left = Tokens(before);
        var right = Tokens(after);
        var html = new StringBuilder();
        var open = StepKind.Same;
        foreach (var step in Steps([.. left.Select(token => token.Html)], [.. right.Select(token => token.Html)]))
        {
            if (step.Kind != open)
            {
                html.Append(open switch { StepKind.Gone => "</del>", StepKind.New => "</ins>", _ => "" });
                html.Append(step.Kind switch { StepKind.Gone => "<del>", StepKind.New => "<ins>", _ => "" });
                open = step.Kind;
            }

            html.Append(step.Kind == StepKind.Gone ? left[step.Left].Html : right[step.Right].Html);
        }

        return html.Append(open switch { StepKind.Gone => "</del>", StepKind.New => "</ins>", _ => "" }).ToString();
    }

    private static List<(string Html, int At)> Tokens(IReadOnlyList<ArticleInline> content)
    {
        var tokens = new List<(string, int)>();
        foreach (var inline in content)
        {
            if (inline is not TextRun run)
            {
                tokens.Add((ArticleHtml.Write([inline]), tokens.Count));
                continue;
            }

            foreach (var word in Split(run.Text))
                tokens.Add((ArticleHtml.Write([run with { Text = word }]), tokens.Count));
        }

        return tokens;
    }

    // Runs of letters and digits, single signs, single Chinese characters.
    private static IEnumerable<string> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = at + (char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
            if (IsLetter(text[at]))
                while (end < text.Length && IsLetter(text[end]))
                    end++;
            yield return text[at..end];
            at = end;
        }

        static bool IsLetter(char symbol) => char.IsLetterOrDigit(symbol) && symbol < '\u2E80';
    }

    private static void Line(StringBuilder html, ArticleLine line, string state, string content)
    {
        html.Append("<div class=\"difference-line");
        if (state.Length > 0)
            html.Append(' ').Append(state);
        html.Append(CultureInfo.InvariantCulture, $"\" data-frame=\"{line.Frame}\">").Append(content).Append("</div>");
    }

    private enum StepKind
    {
        Same,
        Gone,
        New,
    }

    private readonly record struct Step(StepKind Kind, int Left, int Right);

    // The longest common subsequence, after the equal ends are taken off.
    private static List<Step> Steps(string[] left, string[] right)
    {
        var steps = new List<Step>(Math.Max(left.Length, right.Length));
        var start = 0;
        while (start < left.Length && start < right.Length && string.Equals(left[start], right[start], StringComparison.Ordinal))
        {
            steps.Add(new Step(StepKind.Same, start, start));
            start++;
        }

        int leftEnd = left.Length, rightEnd = right.Length;
        while (leftEnd > start && rightEnd > start && string.Equals(left[leftEnd - 1], right[rightEnd - 1], StringComparison.Ordinal))
            (leftEnd, rightEnd) = (leftEnd - 1, rightEnd - 1);
        if ((long)(leftEnd - start + 1) * (rightEnd - start + 1) > MostFields)
        {
            for (var at = start; at < leftEnd; at++)
                steps.Add(new Step(StepKind.Gone, at, -1));
            for (var at = start; at < rightEnd; at++)
                steps.Add(new Step(StepKind.New, -1, at));
        }
        else
        {
            Middle(left, right, start, leftEnd, rightEnd, steps);
        }

        for (; leftEnd < left.Length; leftEnd++, rightEnd++)
            steps.Add(new Step(StepKind.Same, leftEnd, rightEnd));
        return steps;
    }

    private static void Middle(string[] left, string[] right, int start, int leftEnd, int rightEnd, List<Step> steps)
    {
        var columns = rightEnd - start + 1;
        var lengths = new ushort[(leftEnd - start + 1) * columns];
        for (var row = leftEnd - start - 1; row >= 0; row--)
        {
            for (var column = columns - 2; column >= 0; column--)
            {
                lengths[row * columns + column] = string.Equals(left[start + row], right[start + column], StringComparison.Ordinal)
                    ? (ushort)Math.Min(ushort.MaxValue, lengths[(row + 1) * columns + column + 1] + 1)
                    : Math.Max(lengths[(row + 1) * columns + column], lengths[row * columns + column + 1]);
            }
        }

        int at = 0, other = 0;
        while (at < leftEnd - start || other < columns - 1)
        {
            if (at < leftEnd - start && other < columns - 1 && string.Equals(left[start + at], right[start + other], StringComparison.Ordinal))
                steps.Add(new Step(StepKind.Same, start + at++, start + other++));
            else if (at < leftEnd - start && (other == columns - 1 || lengths[(at + 1) * columns + other] >= lengths[at * columns + other + 1]))
                steps.Add(new Step(StepKind.Gone, start + at++, -1));
            else
                steps.Add(new Step(StepKind.New, -1, start + other++));
        }
    }
}
