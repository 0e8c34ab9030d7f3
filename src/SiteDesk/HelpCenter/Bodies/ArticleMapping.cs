namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Changes what stands in the lines of a body and leaves its blocks.</summary>
internal static class ArticleMapping
{
    /// <param name="change">Null takes the piece away.</param>
    /// <param name="code">Changes blocks of code; null leaves them.</param>
    public static List<ArticleBlock> Map(IReadOnlyList<ArticleBlock> blocks, Func<ArticleInline, ArticleInline?> change, Func<string, string>? code = null)
    {
        return Blocks(blocks);

        List<ArticleBlock> Blocks(IReadOnlyList<ArticleBlock> inside) => [.. inside.Select(Block)];

        ArticleBlock Block(ArticleBlock block) => block switch
        {
            HeadingBlock heading => heading with { Content = Line(heading.Content) },
            ParagraphBlock paragraph => paragraph with { Content = Line(paragraph.Content) },
            ListBlock list => list with { Items = [.. list.Items.Select(Blocks)] },
            QuoteBlock quote => new QuoteBlock(Blocks(quote.Content)),
            CalloutBlock callout => callout with { Content = Blocks(callout.Content) },
            TableBlock table => new TableBlock([.. table.Rows.Select(IReadOnlyList<TableCell> (row) => [.. row.Select(cell => cell with { Content = Line(cell.Content) })])]),
            CodeBlock listing when code is not null => listing with { Text = code(listing.Text) },
            _ => block,
        };

        List<ArticleInline> Line(IReadOnlyList<ArticleInline> line) => [.. line.Select(change).OfType<ArticleInline>()];
    }
}
