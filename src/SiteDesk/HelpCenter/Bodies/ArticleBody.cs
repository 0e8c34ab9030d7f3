using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SiteDesk.Mail;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter.Bodies;

/// <param name="Level">2 or 3.</param>
/// <param name="Anchor">Unique in the body, made of the heading's own words.</param>
public sealed record ArticleHeading(int Level, string Text, string Anchor);

/// <summary>
/// The body of an article: canonical HTML of a closed set (h2, h3, p, ul, ol, li, a, strong, em, code, pre[data-language], blockquote, table,
/// thead, tbody, tr, th, td, img of the help centre's files, hr, br, aside.callout[data-kind], figure[data-video]). Pure functions; threads may
/// call them at the same time.
/// </summary>
public static class ArticleBody
{
    /// <summary>Characters of HTML that are read at all: a long document of a word processor with all its styles.</summary>
    public const int LongestSource = 3_000_000;

    private const int MostTags = 60_000;
    private const int MostDepth = 200;

    /// <summary>Makes any HTML an article's body. Never fails: what is too long is cut, what is nested too deep gives its text.</summary>
    public static string Canonical(string html) => ArticleHtml.Write(Blocks(html));

    /// <summary>The same for what somebody sends: too much is refused instead of cut.</summary>
    public static Outcome<string> Check(string html)
    {
        if (html.Length > LongestSource)
            return TooLong(LongestSource);
        if (!IsReadable(html))
            return new Problem("Body", "help.body-too-deep");
        var body = Canonical(html);
        return body.Length > ArticleVersion.LongestBody ? TooLong(ArticleVersion.LongestBody) : body;
    }

    /// <summary>How many pictures of a paste are not taken over: those of other sites, and the files a word processor names on its own disk.</summary>
    public static int PicturesLeftOut(string pasted)
    {
        if (pasted.Length > LongestSource || !IsReadable(pasted))
            return 0;
        using var document = Parse(pasted);
        return document.QuerySelectorAll("img").Count(picture => !IsTracker(picture) && VideoAddress.Read(picture.GetAttribute("src") ?? "") is null && ArticleLink.Source(picture.GetAttribute("src") ?? "") is null);
    }

    // One pixel that only counts its readers is no picture anybody misses.
    internal static bool IsTracker(IElement picture) => picture.GetAttribute("width") is "0" or "1" || picture.GetAttribute("height") is "0" or "1";

    /// <summary>What was pasted from a word processor or a page of the web, as an article's body.</summary>
    public static Outcome<string> Pasted(string html)
    {
        if (html.Length > LongestSource)
            return TooLong(LongestSource);
        if (!IsReadable(html))
            return new Problem("Body", "help.body-too-deep");
        using var document = Parse(html);
        if (document.Body is not { } root)
            return "";
        WordPaste.Prepare(root);
        var body = ArticleHtml.Write(ArticleReader.Read(root));
        return body.Length > ArticleVersion.LongestBody ? TooLong(ArticleVersion.LongestBody) : body;
    }

    /// <summary>The headings, in order, for the contents list.</summary>
    public static IReadOnlyList<ArticleHeading> Headings(string html) => Headings(Blocks(html));

    /// <summary>The body with the anchors of <see cref="Headings(string)"/> as ids.</summary>
    public static string WithAnchors(string html)
    {
        var blocks = Blocks(html);
        var anchors = Headings(blocks);
        return ArticleHtml.Write(blocks, number => $" id=\"{anchors[number].Anchor}\""); // letters, digits and hyphens alone: nothing to escape
    }

    /// <summary>The words alone, a line for each block.</summary>
    public static string PlainText(string html) => PlainText(Blocks(html));

    /// <summary>Every address the body leads to, each once, in order.</summary>
    public static IReadOnlyList<string> Links(string html) => [.. Inlines(Blocks(html)).Select(inline => inline.Link).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Every picture the body shows, each once, in order: addresses under <see cref="ArticleLink.Files"/>.</summary>
    public static IReadOnlyList<string> Pictures(string html) => [.. Inlines(Blocks(html)).OfType<Picture>().Select(picture => picture.Source).Distinct(StringComparer.Ordinal)];

    /// <summary>The body with other links and pictures.</summary>
    /// <param name="link">Gets an address and gives the one to write; null takes the link away and leaves its words.</param>
    /// <param name="picture">The same for pictures; null takes the picture away.</param>
    public static string Readdress(string html, Func<string, string?> link, Func<Picture, Picture?> picture) =>
        ArticleHtml.Write(ArticleMapping.Map(Blocks(html), inline =>
        {
            var target = inline.Link is null ? null : link(inline.Link);
            return inline switch
            {
                Picture shown => picture(shown) is { } other ? other with { Link = target } : null,
                _ => inline with { Link = target },
            };
        }));

    /// <summary>The body with other words: for masking. Code and links' words are words, too.</summary>
    /// <param name="links">Gives the address a link keeps; null takes the link from its words.</param>
    public static string Reword(string html, Func<string, string> words, Func<string, string?> links) =>
        Canonical(ArticleHtml.Write(ArticleMapping.Map(Blocks(html), inline => inline switch
        {
            TextRun run => run with { Text = words(run.Text), Link = run.Link is null ? null : ArticleLink.Clean(links(run.Link)) },
            Picture picture => picture with { Alt = words(picture.Alt) },
            _ => inline,
        }, words)));

    internal static List<ArticleBlock> Blocks(string html)
    {
        if (html.Length > LongestSource)
            html = html[..LongestSource];
        using var document = Parse(IsReadable(html) ? html : AsParagraphs(HtmlText.From(html)));
        return document.Body is { } root ? ArticleReader.Read(root) : [];
    }

    internal static string PlainText(IReadOnlyList<ArticleBlock> blocks)
    {
        var text = new StringBuilder();
        foreach (var line in ArticleLines.Of(blocks))
        {
            if (text.Length > 0)
                text.Append('\n');
            text.Append(line.Text);
        }

        return text.ToString();
    }

    internal static IEnumerable<ArticleInline> Inlines(IEnumerable<ArticleBlock> blocks) => blocks.SelectMany(block => block switch
    {
        HeadingBlock heading => heading.Content,
        ParagraphBlock paragraph => paragraph.Content,
        ListBlock list => list.Items.SelectMany(Inlines),
        QuoteBlock quote => Inlines(quote.Content),
        CalloutBlock callout => Inlines(callout.Content),
        TableBlock table => table.Rows.SelectMany(row => row.SelectMany(cell => cell.Content)),
        _ => [],
    });

    private static List<ArticleHeading> Headings(List<ArticleBlock> blocks)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return blocks.OfType<HeadingBlock>().Select(heading =>
        {
            var text = ArticleLines.TextOf(heading.Content);
            var anchor = Slugs.Free(Slugs.Of(text, "section"), taken.Contains);
            taken.Add(anchor);
            return new ArticleHeading(heading.Level, text, anchor);
        }).ToList();
    }

    // Without scripting: what stands in <noscript> is then markup like any other, and is dropped as such.
    private static IHtmlDocument Parse(string html) => new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html.Replace("\0", "", StringComparison.Ordinal));

    private static bool IsReadable(string html) => TagCount.IsWithin(html, MostTags, MostDepth);

    private static string AsParagraphs(string text)
    {
        var html = new StringBuilder("<p>");
        ArticleHtml.Escape(html, text.Length <= ArticleVersion.LongestBody ? text : text[..ArticleVersion.LongestBody]);
        return html.Append("</p>").Replace("\n", "<br>").ToString();
    }

    private static Problem TooLong(int limit) => new("Body", "help.body-too-long", ("count", limit));
}
