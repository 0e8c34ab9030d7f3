using System.Text;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Answers;

/// <summary>A part of an article that can be said in a conversation: some paragraphs below a heading.</summary>
/// <param name="Place">Its number in the article, from 0.</param>
/// <param name="Text">In the simple formatting of messages.</param>
internal sealed record Passage(int Place, string Heading, string Text)
{
    /// <summary>About as much as is read in a chat without scrolling; a single block may be longer.</summary>
    private const int Enough = 420;

    /// <summary>What is longer is cut at a sentence: the article has the rest.</summary>
    private const int Longest = 900;

    /// <summary>Characters of bold words that stand for a heading.</summary>
    private const int LongestHead = 60;

    private readonly HashSet<string> _terms = TermsOf(Heading + "\n" + Text);

    /// <summary>How many of the question's words it has, weighted by how few of the article's passages have them.</summary>
    public double FitTo(IReadOnlyDictionary<string, double> weights) => weights.Where(weight => _terms.Contains(weight.Key)).Sum(weight => weight.Value);

    /// <summary>Divides an article.</summary>
    public static IReadOnlyList<Passage> Of(string body)
    {
        var passages = new List<Passage>();
        var (heading, lead, text) = ("", "", new StringBuilder());
        foreach (var block in ArticleBody.Blocks(body))
        {
            if (block is HeadingBlock next)
            {
                text.Append(text.Length > 0 && lead.Length > 0 ? "\n\n" : "").Append(lead.Trim());
                lead = "";
                Close();
                heading = PlainLine(next.Content);
                continue;
            }

            var written = Write(block).Trim();
            if (written.Length == 0)
                continue;
            written = lead + written;
            lead = "";
            // "No mail?", "You need:" and a line of bold words alone begin what follows them.
            if (block is ParagraphBlock paragraph && (written[^1] is ':' or '?' or '：' or '？' || IsHead(paragraph)))
            {
                lead = written + "\n\n";
                continue;
            }
            if (text.Length > 0 && text.Length + written.Length > Enough)
                Close();
            text.Append(text.Length > 0 ? "\n\n" : "").Append(written);
        }

        text.Append(text.Length > 0 && lead.Length > 0 ? "\n\n" : "").Append(lead.Trim());
        Close();
        return passages;

        void Close()
        {
            if (text.Length > 0)
                passages.Add(new Passage(passages.Count, heading, Shorten(text.ToString())));
            text.Clear();
        }
    }

    private static bool IsHead(ParagraphBlock paragraph) =>
        paragraph.Content.Any(piece => piece is TextRun { Text.Length: > 0 }) && PlainLine(paragraph.Content).Length <= LongestHead
        && paragraph.Content.All(piece => piece is TextRun run && (run.Marks.HasFlag(TextMarks.Strong) || string.IsNullOrWhiteSpace(run.Text)));

    /// <summary>The words of a question that passages are chosen by: those of few passages weigh more, those of all nothing.</summary>
    public static IReadOnlyDictionary<string, double> Weigh(string question, IReadOnlyList<Passage> passages)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var term in TermsOf(question))
        {
            var having = passages.Count(passage => passage._terms.Contains(term));
            if (having > 0)
                weights[term] = Math.Log((passages.Count + 1.0) / having);
        }
        return weights;
    }

    private static HashSet<string> TermsOf(string text) =>
        Analyzer.Analyze(text).Where(token => token.Kind is not TokenKind.Character && !StopWords.ContainsTerm(token.Term)).Select(token => token.Term).ToHashSet(StringComparer.Ordinal);

    private static string Shorten(string text)
    {
        if (text.Length <= Longest)
            return text;
        var end = text.LastIndexOfAny(['.', '!', '?', '。', '！', '？', '\n'], Longest - 1);
        return text[..(end > Longest / 2 ? end + 1 : Longest)].TrimEnd() + " …";
    }

    private static string Write(ArticleBlock block) => block switch
    {
        ParagraphBlock paragraph => Line(paragraph.Content),
        ListBlock list => string.Join('\n', list.Items.Select((item, index) => (list.IsOrdered ? $"{list.Start + index}. " : "- ") + string.Join(' ', item.Select(Write)).ReplaceLineEndings(" "))),
        QuoteBlock quote => string.Join("\n\n", quote.Content.Select(Write)),
        CalloutBlock callout => string.Join("\n\n", callout.Content.Select(Write)),
        TableBlock table => Write(table),
        CodeBlock code => code.Text,
        _ => "", // pictures, videos and rules are for the article
    };

    /// <summary>Rows of figures say nothing without the heads of their columns; rows that begin with words do.</summary>
    private static string Write(TableBlock table)
    {
        var rows = table.Rows.Where(row => !row.All(cell => cell.IsHead)).Select(RowOf).ToList();
        var head = table.Rows.FirstOrDefault(row => row.All(cell => cell.IsHead)) is { } heads && rows.Exists(row => !row.TakeWhile(symbol => symbol != '—').Any(char.IsLetter)) ? RowOf(heads) : "";
        return string.Join('\n', rows.Select(row => "- " + row).Prepend(head.Length > 0 ? head + "\n" : "").Where(line => line.Length > 0));

        static string RowOf(IReadOnlyList<TableCell> row) => string.Join(" — ", row.Select(cell => Line(cell.Content).ReplaceLineEndings(" ")).Where(cell => cell.Length > 0));
    }

    /// <summary>Links that lead within the help centre lead nowhere from a chat; the source is given with the answer.</summary>
    private static string Line(IReadOnlyList<ArticleInline> line)
    {
        var text = new StringBuilder();
        foreach (var piece in line)
        {
            text.Append(piece switch
            {
                TextRun { Link: { } link } run when link.StartsWith("https://", StringComparison.Ordinal) => $"[{run.Text}]({link})",
                TextRun run when run.Marks.HasFlag(TextMarks.Strong) && run.Text.Trim().Length > 0 => $"**{run.Text.Trim()}**" + (run.Text.EndsWith(' ') ? " " : ""),
                TextRun run => run.Text,
                LineBreak => "\n",
                _ => "",
            });
        }
        return text.ToString().Trim();
    }

    private static string PlainLine(IReadOnlyList<ArticleInline> line) => string.Concat(line.OfType<TextRun>().Select(run => run.Text)).Trim();
}
