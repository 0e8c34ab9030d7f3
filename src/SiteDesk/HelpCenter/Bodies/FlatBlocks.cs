namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Blocks as lines, where only a line may stand: in headings and in the cells of a table.</summary>
internal static class FlatBlocks
{
    public static List<ArticleInline> Of(IEnumerable<ArticleBlock> blocks)
    {
        var lines = new List<ArticleInline>();
        foreach (var block in blocks)
        {
            IEnumerable<ArticleInline> line = block switch
            {
                ParagraphBlock paragraph => paragraph.Content,
                HeadingBlock heading => heading.Content,
                CodeBlock code => code.Text.Split('\n').SelectMany(text => CodeLine(text)).Skip(1),
                ListBlock list => list.Items.Index().SelectMany(item => ItemLine(list, item.Index, item.Item)).Skip(1),
                QuoteBlock quote => Of(quote.Content),
                CalloutBlock callout => Of(callout.Content),
                TableBlock table => table.Rows.SelectMany(row => RowLine(row)),
                VideoBlock video => [new TextRun(VideoAddress.PageOf(video.Video), TextMarks.None, ArticleLink.Clean(VideoAddress.PageOf(video.Video)))],
                _ => [],
            };
            if (lines.Count > 0)
                lines.Add(new LineBreak());
            lines.AddRange(line);
        }

        return lines;
    }

    private static IEnumerable<ArticleInline> CodeLine(string text) => [new LineBreak(), new TextRun(text, TextMarks.Code, null)];

    private static IEnumerable<ArticleInline> ItemLine(ListBlock list, int index, IReadOnlyList<ArticleBlock> item) =>
        [new LineBreak(), new TextRun(list.IsOrdered ? $"{list.Start + index}. " : "• ", TextMarks.None, null), .. Of(item)];

    private static IEnumerable<ArticleInline> RowLine(IReadOnlyList<TableCell> row) =>
        row.SelectMany(cell => cell.Content.Append(new TextRun(" ", TextMarks.None, null))).Append(new LineBreak());
}
