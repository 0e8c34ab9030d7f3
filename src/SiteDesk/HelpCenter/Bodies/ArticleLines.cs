using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>One line of a body, with what it stands in.</summary>
/// <param name="Frame">From the outside in: <c>ul</c>, <c>quote</c>, <c>h2</c>, <c>code</c>, <c>row</c> …, joined by blanks; empty for a plain paragraph.</param>
internal sealed record ArticleLine(string Frame, IReadOnlyList<ArticleInline> Content)
{
    public string Text => ArticleLines.TextOf(Content);
}

/// <summary>A body as a list of lines: for its plain text and for comparing two.</summary>
internal static class ArticleLines
{
    public static IEnumerable<ArticleLine> Of(IReadOnlyList<ArticleBlock> blocks, string frame = "")
    {
        foreach (var block in blocks)
        {
            var lines = block switch
            {
                HeadingBlock heading => [new ArticleLine(Inside(frame, heading.Level == 2 ? "h2" : "h3"), heading.Content)],
                ParagraphBlock paragraph => [new ArticleLine(frame, paragraph.Content)],
                ListBlock list => list.Items.SelectMany((item, _) => Of(item, Inside(frame, list.IsOrdered ? "ol" : "ul"))),
                QuoteBlock quote => Of(quote.Content, Inside(frame, "quote")),
                CalloutBlock callout => Of(callout.Content, Inside(frame, callout.Kind)),
                CodeBlock code => code.Text.Split('\n').Select(text => new ArticleLine(Inside(frame, "code"), [new TextRun(text, TextMarks.Code, null)])),
                TableBlock table => table.Rows.Select(row => new ArticleLine(Inside(frame, row.All(cell => cell.IsHead) ? "head" : "row"), Cells(row))),
                VideoBlock video => [new ArticleLine(Inside(frame, "video"), [new TextRun(VideoAddress.PageOf(video.Video), TextMarks.None, null)])],
                _ => [new ArticleLine(Inside(frame, "rule"), [])],
            };
            foreach (var line in lines)
                yield return line;
        }
    }

    public static string TextOf(IEnumerable<ArticleInline> content)
    {
        var text = new StringBuilder();
        foreach (var inline in content)
            text.Append(inline switch { TextRun run => run.Text, Picture picture => picture.Alt, _ => " " });
        return text.ToString();
    }

    private static string Inside(string frame, string inner) => frame.Length == 0 ? inner : $"{frame} {inner}";

    private static List<ArticleInline> Cells(IReadOnlyList<TableCell> row) =>
        [.. row.SelectMany((cell, index) => index == 0 ? cell.Content : cell.Content.Prepend(new TextRun(" | ", TextMarks.None, null)))];
}
