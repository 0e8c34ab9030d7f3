namespace SiteDesk.HelpCenter.Bodies;

/// <summary>A block of an article. The kinds below are all there are: what is not among them cannot be stored.</summary>
public abstract record ArticleBlock;

/// <param name="Level">2 or 3; 1 is the article's title.</param>
public sealed record HeadingBlock(int Level, IReadOnlyList<ArticleInline> Content) : ArticleBlock;

public sealed record ParagraphBlock(IReadOnlyList<ArticleInline> Content) : ArticleBlock;

/// <param name="Start">Number of the first item; 1 for lists with dots.</param>
public sealed record ListBlock(bool IsOrdered, int Start, IReadOnlyList<IReadOnlyList<ArticleBlock>> Items) : ArticleBlock;

/// <param name="Language">Of the code, lower case; empty when nobody said.</param>
public sealed record CodeBlock(string Language, string Text) : ArticleBlock;

public sealed record QuoteBlock(IReadOnlyList<ArticleBlock> Content) : ArticleBlock;

/// <param name="Kind">One of <see cref="Kinds"/>.</param>
public sealed record CalloutBlock(string Kind, IReadOnlyList<ArticleBlock> Content) : ArticleBlock
{
    public static readonly IReadOnlyList<string> Kinds = ["note", "tip", "warning"];
}

/// <summary>A table; every row has as many cells as the widest.</summary>
public sealed record TableBlock(IReadOnlyList<IReadOnlyList<TableCell>> Rows) : ArticleBlock
{
    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHead => Rows.Count > 0 && Rows[0].All(cell => cell.IsHead);
}

public sealed record TableCell(bool IsHead, IReadOnlyList<ArticleInline> Content);

public sealed record RuleBlock : ArticleBlock;

/// <param name="Video">As <see cref="VideoAddress.Read"/> gives it: <c>youtube:dQw4w9WgXcQ</c>.</param>
public sealed record VideoBlock(string Video) : ArticleBlock;

/// <summary>What stands in a line.</summary>
/// <param name="Link">The address it leads to.</param>
public abstract record ArticleInline(string? Link);

public sealed record TextRun(string Text, TextMarks Marks, string? Link) : ArticleInline(Link);

/// <param name="Source">Address of a file of the help centre.</param>
/// <param name="Width">Pixels, where known.</param>
/// <param name="Height">Pixels, where known.</param>
public sealed record Picture(string Source, string Alt, int? Width, int? Height, string? Link) : ArticleInline(Link);

public sealed record LineBreak() : ArticleInline((string?)null);

[Flags]
public enum TextMarks
{
    None = 0,
    Strong = 1,
    Emphasis = 2,
    Code = 4,
}
