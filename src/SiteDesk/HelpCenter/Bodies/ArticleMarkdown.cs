using System.Globalization;
using Markdig;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Bodies as Markdown and back: CommonMark with tables and call-outs (<c>&gt; [!NOTE]</c>). What it has no sign for stands in HTML.</summary>
public static class ArticleMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build();

    /// <summary>A body of Markdown; HTML within it is taken as everywhere.</summary>
    public static Outcome<string> Read(string markdown)
    {
        if (markdown.Length > ArticleBody.LongestSource)
            return new Problem("Body", "help.body-too-long", ("count", ArticleBody.LongestSource));
        string html;
        try
        {
            var document = Markdown.Parse(ArticleInlines.Clean(markdown.Replace("\r\n", "\n", StringComparison.Ordinal)), Pipeline);
            MarkdownCallouts.Name(document);
            html = document.ToHtml(Pipeline);
        }
        catch (ArgumentException problem) when (problem.Message.Contains("nested", StringComparison.OrdinalIgnoreCase))
        {
            // The parser gives up on thousands of quotes within each other.
            return new Problem("Body", "help.body-too-deep");
        }

        return ArticleBody.Check(html);
    }

    /// <summary>The Markdown of a body; <see cref="Read"/> gives the same body back.</summary>
    public static string Write(string html)
    {
        var lines = new List<string>();
        Blocks(ArticleBody.Blocks(html), lines);
        return lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
    }

    private static void Blocks(IReadOnlyList<ArticleBlock> blocks, List<string> lines)
    {
        for (var at = 0; at < blocks.Count; at++)
        {
            if (at > 0)
                lines.Add("");
            // Two lists of one kind would be one, and what follows a list with spaces before it would belong to it.
            if (at > 0 && blocks[at] is ListBlock && blocks[at - 1] is ListBlock)
                lines.AddRange(["<!-- -->", ""]);
            Block(blocks[at], lines);
        }
    }

    private static void Block(ArticleBlock block, List<string> lines)
    {
        switch (block)
        {
            case HeadingBlock heading:
                lines.Add(new string('#', heading.Level) + " " + MarkdownLine.Write(heading.Content, isCell: false));
                break;
            case ParagraphBlock paragraph:
                lines.AddRange(MarkdownLine.Write(paragraph.Content, isCell: false).Split('\n'));
                break;
            case ListBlock list:
                List(list, lines);
                break;
            case CodeBlock code:
                var fence = new string('`', Math.Max(3, LongestRun(code.Text, '`') + 1));
                lines.Add(fence + code.Language);
                lines.AddRange(code.Text.Split('\n'));
                lines.Add(fence);
                break;
            case QuoteBlock quote:
                Prefixed(quote.Content, "", lines);
                break;
            case CalloutBlock callout:
                Prefixed(callout.Content, $"[!{callout.Kind.ToUpperInvariant()}]", lines);
                break;
            case TableBlock table when table.HasHead && table.Rows.Skip(1).All(row => row.All(cell => !cell.IsHead)) && table.Rows[0].Count > 1:
                Table(table, lines);
                break;
            case TableBlock table:
                lines.Add(ArticleHtml.Write([table]));
                break;
            case VideoBlock video:
                lines.Add($"![](<{VideoAddress.PageOf(video.Video)}>)");
                break;
            default:
                lines.Add("***");
                break;
        }
    }

    private static void List(ListBlock list, List<string> lines)
    {
        var isLoose = list.Items.Any(item => item is not [ParagraphBlock, ..] || item.Skip(1).Any(block => block is not ListBlock { Start: 1 })); // only a list from 1 may follow a line at once
        foreach (var (index, item) in list.Items.Index())
        {
            if (isLoose && index > 0)
                lines.Add("");
            var marker = list.IsOrdered ? (list.Start + index).ToString(CultureInfo.InvariantCulture) + ". " : "- ";
            var inside = new List<string>();
            if (isLoose)
                Blocks(item, inside);
            else
                foreach (var block in item)
                    Block(block, inside);
            for (var line = 0; line < inside.Count; line++)
                lines.Add(line == 0 ? marker + inside[line] : inside[line].Length == 0 ? "" : new string(' ', marker.Length) + inside[line]);
        }
    }

    private static void Prefixed(IReadOnlyList<ArticleBlock> content, string first, List<string> lines)
    {
        var inside = new List<string>();
        if (first.Length > 0)
            inside.AddRange(content[0] is ParagraphBlock ? [first] : [first, ""]); // not everything may follow a line without a blank one
        Blocks(content, inside);
        lines.AddRange(inside.Select(line => line.Length == 0 ? ">" : "> " + line));
    }

    private static void Table(TableBlock table, List<string> lines)
    {
        lines.Add(Row(table.Rows[0]));
        lines.Add("|" + string.Concat(Enumerable.Repeat(" --- |", table.Rows[0].Count)));
        lines.AddRange(table.Rows.Skip(1).Select(Row));

        static string Row(IReadOnlyList<TableCell> row) => "|" + string.Concat(row.Select(cell => $" {MarkdownLine.Write(cell.Content, isCell: true)} |"));
    }

    private static int LongestRun(string text, char symbol)
    {
        int longest = 0, run = 0;
        foreach (var each in text)
        {
            run = each == symbol ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
