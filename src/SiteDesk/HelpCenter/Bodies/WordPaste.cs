using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>
/// Makes plain structure of what word processors and web pages put on the clipboard: Word writes a list as paragraphs whose style says
/// <c>mso-list</c>, a heading as an outline level, and fills the rest with helpers that are not text.
/// </summary>
internal static partial class WordPaste
{
    private const int MostLevels = 9;

    public static void Prepare(IElement root)
    {
        TakeFragment(root);
        TakeHidden(root);
        TakeMarks(root);
        foreach (var paragraph in root.QuerySelectorAll("p, div").ToList())
        {
            if (OutlineLevel(paragraph) is { } level)
                Rename(paragraph, "h" + level.ToString(CultureInfo.InvariantCulture));
        }

        MakeLists(root);
        NameColumns(root);
    }

    // The clipboard holds the whole page with a mark at the part that was copied.
    private static void TakeFragment(IElement root)
    {
        var nodes = root.Descendants().ToList();
        var start = nodes.FindIndex(node => node is IComment comment && comment.Data.Trim() == "StartFragment");
        var end = nodes.FindLastIndex(node => node is IComment comment && comment.Data.Trim() == "EndFragment");
        if (start < 0 || end < start)
            return;
        var outside = nodes.Take(start).Concat(nodes.Skip(end)).Where(node => node is IText or IElement).ToList();
        var inside = nodes.Skip(start).Take(end - start).ToHashSet();
        foreach (var node in outside)
        {
            if (node is IText || !node.Descendants().Any(inside.Contains))
                node.Parent?.RemoveChild(node);
        }
    }

    private static void TakeHidden(IElement root)
    {
        foreach (var element in root.QuerySelectorAll("[hidden], [aria-hidden=true]").ToList())
            element.Remove();
        foreach (var element in root.QuerySelectorAll("[style]").ToList())
        {
            var style = element.GetAttribute("style")!;
            if (ArticleStyle.Value(style, "display") == "none" || ArticleStyle.Value(style, "mso-hide") == "all" || ArticleStyle.Value(style, "mso-element") is "comment-list" or "footnote-list" or "endnote-list")
                element.Remove();
        }
    }

    // The marks of Word's comments and notes lead to lists that are not taken over: what is left of them would be a dead link.
    private static void TakeMarks(IElement root)
    {
        foreach (var element in root.QuerySelectorAll(".msocomanchor, .MsoCommentReference, .msocomtxt").ToList())
            element.Remove();
        foreach (var element in root.QuerySelectorAll("a[style]").Where(link => ArticleStyle.Value(link.GetAttribute("style")!, "mso-footnote-id") is not null || ArticleStyle.Value(link.GetAttribute("style")!, "mso-endnote-id") is not null).ToList())
            element.Remove();
    }

    private static int? OutlineLevel(IElement paragraph)
    {
        var style = paragraph.GetAttribute("style") ?? "";
        if (paragraph.ClassList.Contains("MsoTitle"))
            return 1;
        if (paragraph.GetAttribute("role") == "heading" && int.TryParse(paragraph.GetAttribute("aria-level"), NumberStyles.None, CultureInfo.InvariantCulture, out var said))
            return Math.Clamp(said, 1, 6);
        return int.TryParse(ArticleStyle.Value(style, "mso-outline-level"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 6 ? level : null;
    }

    private static void Rename(IElement element, string name)
    {
        var renamed = element.Owner!.CreateElement(name);
        while (element.FirstChild is { } child)
            renamed.AppendChild(child);
        element.Replace(renamed);
    }

    // Each paragraph of a list becomes an item; a deeper level becomes a list in the item before.
    private static void MakeLists(IElement root)
    {
        var open = new List<(IElement List, string Id)>();
        INode? last = null;
        foreach (var paragraph in root.QuerySelectorAll("[style*='mso-list']").Where(IsListParagraph).ToList())
        {
            if (last is null || !Follows(last, paragraph))
                open.Clear();
            last = Adopt(paragraph, open);
        }
    }

    private static bool IsListParagraph(IElement element) =>
        element.LocalName is "p" or "div" or "h1" or "h2" or "h3" or "h4" && ArticleStyle.Value(element.GetAttribute("style")!, "mso-list") is { } list && ListPattern().IsMatch(list);

    private static IElement Adopt(IElement paragraph, List<(IElement List, string Id)> open)
    {
        var match = ListPattern().Match(ArticleStyle.Value(paragraph.GetAttribute("style")!, "mso-list")!);
        var level = Math.Clamp(int.Parse(match.Groups["level"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), 1, MostLevels);
        var marker = TakeMarker(paragraph);
        var document = paragraph.Owner!;
        var top = open.Count > 0 ? open[0].List : null;
        while (open.Count > level)
            open.RemoveAt(open.Count - 1);
        // The same level of another list begins anew.
        if (open.Count == level && open[^1].Id != match.Groups["list"].Value)
        {
            open.RemoveAt(open.Count - 1);
            if (open.Count == 0)
                top = null;
        }

        while (open.Count < level)
        {
            var list = document.CreateElement(NumberPattern().IsMatch(marker) ? "ol" : "ul");
            if (open.Count == 0)
            {
                paragraph.Parent!.InsertBefore(list, paragraph);
                top = list;
            }
            else
            {
                (open[^1].List.LastElementChild ?? open[^1].List.AppendChild(document.CreateElement("li"))).AppendChild(list);
            }

            open.Add((list, match.Groups["list"].Value));
        }

        var item = document.CreateElement("li");
        while (paragraph.FirstChild is { } child)
            item.AppendChild(child);
        open[^1].List.AppendChild(item);
        paragraph.Remove();
        return top!;
    }

    // The bullet or number that Word drew by hand: it says which kind of list this is.
    private static string TakeMarker(IElement paragraph)
    {
        var marker = "";
        foreach (var span in paragraph.QuerySelectorAll("span[style]").Where(span => ArticleStyle.Value(span.GetAttribute("style")!, "mso-list") == "ignore").ToList())
        {
            marker += span.TextContent;
            span.Remove();
        }

        return marker.Replace('\u00A0', ' ').Trim();
    }

    private static bool Follows(INode list, INode paragraph)
    {
        for (var next = list.NextSibling; next is not null; next = next.NextSibling)
        {
            if (ReferenceEquals(next, paragraph))
                return true;
            if (next is IElement or IText && next.TextContent.Trim('\u00A0', ' ', '\n', '\r', '\t').Length > 0)
                return false;
        }

        return false;
    }

    // Word does not say that a first row names the columns; it makes it bold.
    private static void NameColumns(IElement root)
    {
        foreach (var table in root.QuerySelectorAll("table").Where(table => table.QuerySelector("th") is null))
        {
            var rows = table.QuerySelectorAll("tr").ToList();
            if (rows.Count < 2 || !rows[0].Children.All(IsBold) || rows[1].Children.All(IsBold))
                continue;
            foreach (var cell in rows[0].Children.ToList())
                Rename(cell, "th");
            foreach (var mark in rows[0].QuerySelectorAll("b, strong").ToList())
                Rename(mark, "span");
        }
    }

    private static bool IsBold(IElement cell)
    {
        var words = cell.Descendants<IText>().Where(text => text.Data.Trim('\u00A0', ' ', '\n', '\r', '\t').Length > 0).ToList();
        return words.Count > 0 && words.TrueForAll(text => text.Ancestors<IElement>().TakeWhile(element => element != cell).Any(element =>
            element.LocalName is "b" or "strong" || ArticleStyle.Value(element.GetAttribute("style") ?? "", "font-weight") is "bold" or "700"));
    }

    [GeneratedRegex("^(?<list>l[0-9]{1,6}) level(?<level>[0-9]{1,2})( |$)", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ListPattern();

    [GeneratedRegex(@"^\(?([0-9]{1,6}|[a-zA-Zа-яА-Я]{1,2}|[ivxlcdmIVXLCDM]{1,8}|[一二三四五六七八九十百]{1,5})[.)、．]", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex NumberPattern();
}
