using System.Collections.Frozen;
using AngleSharp.Dom;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Reads a parsed document into blocks. An allow-list: what it does not know gives its text, or nothing where that is no text.</summary>
internal sealed class ArticleReader
{
    /// <summary>How deep lists, quotes and call-outs may stand in each other; what is deeper moves up.</summary>
    public const int MostNesting = 8;

    private const int MostCells = 20_000;

    private static readonly FrozenSet<string> Dropped = new[]
    {
        "script", "style", "title", "noscript", "object", "embed", "applet", "svg", "math", "template", "xmp", "plaintext", "noembed", "noframes", "textarea", "select", "option", "optgroup", "datalist",
        "audio", "video", "canvas", "frameset", "frame", "link", "meta", "base", "listing", "portal", "input", "param", "source", "track", "area", "map", "dialog", "slot", "head", "button", "nav",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Transparent = new[]
    {
        "p", "div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "address", "center", "form", "fieldset", "details", "dl", "dd", "body", "html", "caption", "tbody", "thead", "tfoot", "tr", "td", "th", "li", "legend",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly List<ArticleBlock> _blocks = [];
    private readonly List<ArticleInline> _line = [];
    private readonly int _nesting;
    private readonly bool _isTop;
    private readonly int _headingShift;

    private bool _isQuoted; // call-outs stand neither in quotes nor in each other: there they are their content

    private ArticleReader(int nesting, bool isTop, int headingShift)
    {
        _nesting = nesting;
        _isTop = isTop;
        _headingShift = headingShift;
    }

    public static List<ArticleBlock> Read(IElement root)
    {
        // Where a text has headings of the first level, all move down by one: the first level is the article's title.
        var reader = new ArticleReader(0, isTop: true, root.QuerySelector("h1") is null ? 0 : 1);
        reader.WalkChildren(root, TextMarks.None, null);
        return reader.Close();
    }

    private List<ArticleBlock> Close()
    {
        EndLine();
        return MergeLists(_blocks);
    }

    private List<ArticleBlock> ReadInside(INode parent, TextMarks marks = TextMarks.None, string? link = null, bool isQuoted = false)
    {
        var inside = new ArticleReader(_nesting + 1, isTop: false, _headingShift) { _isQuoted = _isQuoted || isQuoted };
        inside.WalkChildren(parent, marks, link);
        return inside.Close();
    }

    private void WalkChildren(INode parent, TextMarks marks, string? link)
    {
        foreach (var child in parent.ChildNodes)
            Walk(child, marks, link);
    }

    private void Walk(INode node, TextMarks marks, string? link)
    {
        if (node is IText text)
        {
            _line.Add(new TextRun(text.Data, marks, link));
            return;
        }

        if (node is not IElement element || element.NamespaceUri is not (null or "http://www.w3.org/1999/xhtml") || Dropped.Contains(element.LocalName))
            return;
        switch (element.LocalName)
        {
            case "br":
                _line.Add(new LineBreak());
                break;
            case "img":
                ReadPicture(element, link);
                break;
            case "iframe":
                if (VideoAddress.Read(element.GetAttribute("src") ?? "") is { } embedded)
                    Add(new VideoBlock(embedded));
                break;
            case "a":
                WalkChildren(element, Marked(element, marks), ArticleLink.Clean(element.GetAttribute("href")) ?? link);
                break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                ReadHeading(element);
                break;
            case "ul" or "ol" or "menu":
                ReadList(element, marks, link);
                break;
            case "aside" or "div" or "blockquote" when CalloutKind(element) is { } kind:
                element.QuerySelector(".markdown-alert-title")?.Remove();
                CalloutSign.Remove(element);
                AddContainer(ReadInside(element, isQuoted: true), content => new CalloutBlock(kind, content), mayStand: !_isQuoted);
                break;
            case "blockquote":
                AddContainer(ReadInside(element, marks, link, isQuoted: true), content => new QuoteBlock(content));
                break;
            case "pre":
                ReadCode(element);
                break;
            case "table":
                ReadTable(element);
                break;
            case "hr":
                if (_isTop)
                    Add(new RuleBlock());
                else
                    EndLine();
                break;
            case "figure" when VideoAddress.IsKnown(element.GetAttribute("data-video")):
                Add(new VideoBlock(element.GetAttribute("data-video")!));
                break;
            case "dt" or "summary":
                EndLine();
                WalkChildren(element, marks | TextMarks.Strong, link);
                EndLine();
                break;
            case var block when Transparent.Contains(block):
                EndLine();
                WalkChildren(element, Marked(element, marks), link);
                EndLine();
                break;
            default:
                WalkChildren(element, Marked(element, marks), link);
                break;
        }
    }

    private static TextMarks Marked(IElement element, TextMarks marks)
    {
        marks |= element.LocalName switch
        {
            "strong" or "b" => TextMarks.Strong,
            "em" or "i" or "cite" or "dfn" or "var" => TextMarks.Emphasis,
            "code" or "kbd" or "samp" or "tt" => TextMarks.Code,
            _ => TextMarks.None,
        };
        // Word processors in the browser mark by style, and wrap everything in a <b> whose style takes it back.
        if (element.GetAttribute("style") is not { Length: > 0 and < 4000 } style)
            return marks;
        if (ArticleStyle.Value(style, "font-weight") is { } weight)
            marks = weight is "bold" or "bolder" or "600" or "700" or "800" or "900" ? marks | TextMarks.Strong : weight is "normal" or "400" ? marks & ~TextMarks.Strong : marks;
        if (ArticleStyle.Value(style, "font-style") is { } slant)
            marks = slant is "italic" or "oblique" ? marks | TextMarks.Emphasis : slant is "normal" ? marks & ~TextMarks.Emphasis : marks;
        return marks;
    }

    private void ReadPicture(IElement element, string? link)
    {
        var address = element.GetAttribute("src") ?? "";
        if (VideoAddress.Read(address) is { } video)
            Add(new VideoBlock(video));
        else if (ArticleLink.Source(address) is { } source)
            _line.Add(Size(element) is var (width, height) ? new Picture(source, Alt(element), width, height, link) : new Picture(source, Alt(element), null, null, link));
    }

    // Both sides or none; Markdown has no place for a size but the title.
    private static (int Width, int Height)? Size(IElement element)
    {
        if (Pixels(element, "width") is { } width && Pixels(element, "height") is { } height)
            return (width, height);
        return (element.GetAttribute("title") ?? "").Split('x') is [var across, var down] && Pixels(across) is { } left && Pixels(down) is { } right ? (left, right) : null;
    }

    private static string Alt(IElement element)
    {
        var alt = string.Join(' ', ArticleInlines.Clean(element.GetAttribute("alt") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return alt.UpTo(500).TrimEnd();
    }

    private static int? Pixels(IElement element, string name) => Pixels(element.GetAttribute(name));

    private static int? Pixels(string? text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var pixels) && pixels is > 0 and <= 20_000 ? pixels : null;

    private void ReadHeading(IElement element)
    {
        var level = Math.Clamp(element.LocalName[1] - '0' + _headingShift, 2, 3);
        var content = FlatBlocks.Of(ReadInside(element));
        var words = ArticleInlines.OneLine(content.Where(inline => inline is not Picture));
        EndLine();
        // A heading in a list or a quote divides nothing: it is a strong line there.
        if (words.Count > 0)
            _blocks.Add(_isTop ? new HeadingBlock(level, WithoutStrong(words)) : new ParagraphBlock(Strong(words)));
        if (content.Where(inline => inline is Picture).ToList() is { Count: > 0 } pictures)
            _blocks.Add(new ParagraphBlock(pictures));
    }

    // Bold says nothing in a heading that is bold; word processors say it all the same.
    private static List<ArticleInline> WithoutStrong(List<ArticleInline> words) =>
        ArticleInlines.OneLine(words.Select(inline => inline is TextRun run ? run with { Marks = run.Marks & ~TextMarks.Strong } : inline));

    private static List<ArticleInline> Strong(List<ArticleInline> words) =>
        ArticleInlines.OneLine(words.Select(inline => inline is TextRun run ? run with { Marks = run.Marks | TextMarks.Strong } : inline));

    private void ReadList(IElement element, TextMarks marks, string? link)
    {
        EndLine();
        var items = new List<List<ArticleBlock>>();
        foreach (var child in element.ChildNodes)
        {
            if (child is IElement { LocalName: "li" } item)
            {
                items.Add(ReadInside(item, Marked(item, marks), link));
                continue;
            }

            // A list that stands between the items belongs to the one before; so do stray words.
            var stray = new ArticleReader(_nesting + 1, isTop: false, _headingShift) { _isQuoted = _isQuoted };
            stray.Walk(child, marks, link);
            var blocks = stray.Close();
            if (blocks.Count == 0)
                continue;
            if (items.Count == 0)
                items.Add(blocks);
            else
                items[^1] = MergeLists([.. items[^1], .. blocks]);
        }

        items.RemoveAll(item => item.Count == 0);
        if (items.Count == 0)
            return;
        if (_nesting >= MostNesting)
            _blocks.AddRange(items.SelectMany(item => item));
        else
            _blocks.Add(new ListBlock(element.LocalName == "ol", StartOf(element), items));
    }

    private static int StartOf(IElement list) =>
        list.LocalName == "ol" && int.TryParse(list.GetAttribute("start"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var start) && start is > 1 and < 100_000 ? start : 1;

    private void ReadCode(IElement element)
    {
        EndLine();
        foreach (var lineBreak in element.QuerySelectorAll("br").ToList())
            lineBreak.Replace(element.Owner!.CreateTextNode("\n"));
        foreach (var dropped in element.QuerySelectorAll(string.Join(',', Dropped)).ToList())
            dropped.Remove();
        var language = element.GetAttribute("data-language")
            ?? element.QuerySelector("code")?.ClassList.FirstOrDefault(name => name.StartsWith("language-", StringComparison.Ordinal))?["language-".Length..] ?? "";
        language = language.ToLowerInvariant();
        var text = ArticleInlines.Clean(element.TextContent.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\f', ' '));
        text = string.Join('\n', text.Split('\n').Select(line => line.TrimEnd(' ', '\t'))).Trim('\n');
        if (text.Trim().Length > 0)
            _blocks.Add(new CodeBlock(language.Length <= 30 && language.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '+' or '-' or '#' or '.') ? language : "", text));
    }

    private void ReadTable(IElement element)
    {
        EndLine();
        foreach (var caption in element.Children.Where(child => child.LocalName == "caption"))
            WalkChildren(caption, TextMarks.None, null);
        EndLine();
        var grid = new TableGrid(MostCells);
        var inTable = element.Children.SelectMany(IEnumerable<IElement> (child) => child.LocalName is "thead" or "tbody" or "tfoot" ? child.Children : [child]).Where(child => child.LocalName == "tr");
        foreach (var row in inTable)
            grid.AddRow(row.Children.Where(cell => cell.LocalName is "td" or "th")
                .Select(cell => (new TableCell(cell.LocalName == "th", ArticleInlines.Cell(FlatBlocks.Of(ReadInside(cell)))), Pixels(cell, "colspan") ?? 1, Pixels(cell, "rowspan") ?? 1)));
        if (grid.Rows() is not { Count: > 0 } rows)
            return;
        // A table of one cell is a frame around a text.
        if (rows.Count == 1 && rows[0].Count == 1)
            _blocks.AddRange(ArticleInlines.Paragraphs(rows[0][0].Content).Select(content => new ParagraphBlock(content)));
        else
            _blocks.Add(new TableBlock(rows));
    }

    private void AddContainer(List<ArticleBlock> content, Func<List<ArticleBlock>, ArticleBlock> wrap, bool mayStand = true)
    {
        EndLine();
        if (content.Count == 0)
            return;
        if (_nesting >= MostNesting || !mayStand)
            _blocks.AddRange(content);
        else
            _blocks.Add(wrap(content));
    }

    private void Add(ArticleBlock block)
    {
        EndLine();
        _blocks.Add(block);
    }

    private void EndLine()
    {
        if (_line.Count == 0)
            return;
        _blocks.AddRange(ArticleInlines.Paragraphs(_line).Select(content => new ParagraphBlock(content)));
        _line.Clear();
    }

    // The contract's <aside class="callout" data-kind>, and what Markdown's call-outs become.
    private static string? CalloutKind(IElement element)
    {
        if (element.LocalName == "aside" && element.ClassList.Contains("callout"))
            return CalloutBlock.Kinds.Contains(element.GetAttribute("data-kind"), StringComparer.Ordinal) ? element.GetAttribute("data-kind") : "note";
        if (!element.ClassList.Contains("markdown-alert"))
            return element.LocalName == "aside" ? CalloutSign.KindOf(element) : null;
        return element.ClassList.Contains("markdown-alert-tip") ? "tip" : element.ClassList.Contains("markdown-alert-warning") || element.ClassList.Contains("markdown-alert-caution") ? "warning" : "note";
    }

    // Lists that follow each other without a word between are one.
    private static List<ArticleBlock> MergeLists(List<ArticleBlock> blocks)
    {
        var result = new List<ArticleBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            if (block is ListBlock next && result.Count > 0 && result[^1] is ListBlock list && list.IsOrdered == next.IsOrdered)
                result[^1] = list with { Items = [.. list.Items, .. next.Items] };
            else
                result.Add(block);
        }

        return result;
    }
}
