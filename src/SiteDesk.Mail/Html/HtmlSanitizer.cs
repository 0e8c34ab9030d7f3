using System.Collections.Frozen;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace SiteDesk.Mail;

/// <summary>Makes HTML of strangers safe: parsed as a browser would, then written anew from an allow-list.</summary>
/// <remarks>The result is written by this class and not by the parser's serialiser, from HTML elements only, so that it reads the same when it
/// is parsed again. Threads may share one.</remarks>
public sealed class HtmlSanitizer(HtmlPolicy policy)
{
    private static readonly FrozenSet<string> DroppedWithContent = new[]
    {
        "script", "style", "title", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "template", "xmp", "plaintext", "noembed", "noframes", "textarea", "select", "option", "optgroup", "datalist", "audio", "video", "canvas", "frameset",
        "frame", "link", "meta", "base", "listing", "portal", "input", "param", "source", "track", "area", "map", "dialog", "slot", "head",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Void = new[] { "br", "hr", "img", "col", "wbr" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Sanitises a document or fragment. Never throws on content.</summary>
    public SanitizedHtml Sanitize(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        var isReduced = false;
        if (html.Length > policy.MaximumCharacters)
        {
            html = html[..policy.MaximumCharacters];
            isReduced = true;
        }
        if (!TagCount.IsWithin(html, policy.MaximumTags, policy.MaximumDepth))
            return new SanitizedHtml("<div style=\"white-space:pre-wrap\">" + Escape(HtmlText.From(html)) + "</div>", 0, true);
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html.Replace("\0", string.Empty));
        var writer = new Writer(policy, html.Length);
        if (document.Body is { } body) writer.Write(body);
        return new SanitizedHtml(writer.Result, writer.RemoteImages, isReduced);
    }

    /// <summary>Writes text so that it is text in content and in quoted attributes.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text).Replace("`", "&#96;");

    private sealed class Writer(HtmlPolicy policy, int size)
    {
        private readonly StringBuilder _result = new(Math.Min(size, 256 * 1024));

        public int RemoteImages { get; private set; }

        public string Result => _result.ToString();

        public void Write(INode root)
        {
            // A loop and not recursion: the depth is the sender's choice.
            var open = new Stack<(INode Node, string? End)>();
            Push(root);
            while (open.TryPop(out var next))
            {
                if (next.End is not null)
                {
                    _result.Append(next.End);
                    continue;
                }
                if (next.Node is IText text)
                {
                    AppendText(text.Data);
                    continue;
                }
                if (next.Node is not IElement element || DroppedWithContent.Contains(element.LocalName) || !IsHtml(element)) continue;
                var name = element.LocalName;
                if (!policy.Elements.Contains(name))
                {
                    Push(element);
                    continue;
                }
                _result.Append('<').Append(name);
                new AttributeWriter(policy, _result, this).Write(element);
                _result.Append('>');
                if (Void.Contains(name)) continue;
                // A line feed right after <pre> is no content: one is written for the parser to drop.
                if (name == "pre" && element.FirstChild is IText { Data: ['\n', ..] }) _result.Append('\n');
                open.Push((element, $"</{name}>"));
                Push(element);
            }

            void Push(INode parent)
            {
                for (var child = parent.LastChild; child is not null; child = child.PreviousSibling) open.Push((child, null));
            }
        }

        public void CountRemoteImage() => RemoteImages++;

        private static bool IsHtml(IElement element) => element.NamespaceUri is null or "http://www.w3.org/1999/xhtml";

        private void AppendText(string text)
        {
            foreach (var symbol in text)
                _result.Append(symbol switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '\u00A0' => "&nbsp;",
                    _ => null,
                } is { } escaped ? escaped : symbol is < ' ' and not ('\n' or '\t') ? string.Empty : symbol.ToString());
        }
    }

    /// <summary>Writes the attributes of one element.</summary>
    private readonly ref struct AttributeWriter(HtmlPolicy policy, StringBuilder result, Writer writer)
    {
        public void Write(IElement element)
        {
            var name = element.LocalName;
            foreach (var attribute in element.Attributes)
            {
                if (attribute.NamespaceUri is not null) continue;
                var value = attribute.Value;
                switch (attribute.LocalName)
                {
                    case "style":
                        Append("style", StyleFilter.Filter(value, policy.StyleProperties));
                        break;
                    case "href" when name == "a":
                        Append("href", UrlFilter.Link(value, policy));
                        break;
                    case "src" when name == "img":
                        Append("src", UrlFilter.Image(value, policy, out var isRemote));
                        if (isRemote) writer.CountRemoteImage();
                        break;
                    case "class" when policy.Classes.Count > 0:
                        Append("class", string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(policy.Classes.Contains)));
                        break;
                    case var plain when AttributeRules.IsAllowed(name, plain, value):
                        Append(plain, value);
                        break;
                }
            }
            if (name != "a") return;
            Append("rel", "noopener noreferrer nofollow");
            if (policy.OpenLinksInNewWindow) Append("target", "_blank");
        }

        private void Append(string name, string? value)
        {
            if (value is null || value.Length == 0 && name is "style" or "class") return;
            result.Append(' ').Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }
    }
}

/// <summary>Which attributes say something harmless, and with which values.</summary>
internal static class AttributeRules
{
    private const int MaximumText = 2_000;

    public static bool IsAllowed(string element, string attribute, string value) => attribute switch
    {
        "title" or "alt" or "abbr" or "summary" => value.Length <= MaximumText,
        "lang" => IsWord(value, 35),
        "dir" => value.ToLowerInvariant() is "ltr" or "rtl" or "auto",
        "align" or "valign" => IsWord(value, 12),
        "width" or "height" => element is "img" or "table" or "td" or "th" or "col" or "colgroup" or "tr" or "hr" && IsLength(value),
        "border" or "cellpadding" or "cellspacing" => element is "table" or "img" && IsLength(value),
        "colspan" or "rowspan" => element is "td" or "th" && IsSmallNumber(value, 1_000),
        "span" => element is "col" or "colgroup" && IsSmallNumber(value, 1_000),
        "bgcolor" => element is "table" or "td" or "th" or "tr" or "tbody" or "thead" && IsColor(value),
        "color" => element is "font" or "hr" && IsColor(value),
        "face" => element == "font" && value.Length <= 200 && value.AsSpan().IndexOfAny("<>\\\"") < 0,
        "size" => element is "font" or "hr" && value.Length <= 4,
        "start" or "value" => element is "ol" or "li" && IsSmallNumber(value.TrimStart('-'), 1_000_000),
        "type" => element is "ol" or "ul" or "li" && IsWord(value, 8),
        "nowrap" or "noshade" or "reversed" or "open" => value.Length <= 10,
        "datetime" => element is "time" or "del" or "ins" && value.Length <= 40,
        "scope" => element == "th" && IsWord(value, 10),
        _ => false,
    };

    private static bool IsWord(string value, int longest) => value.Length <= longest && value.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-');

    private static bool IsSmallNumber(string value, int largest) => value.Length is > 0 and <= 7 && value.All(char.IsAsciiDigit) && int.Parse(value) <= largest;

    private static bool IsLength(string value)
    {
        var number = value.Trim().TrimEnd('%').Replace("px", string.Empty);
        return number.Length is > 0 and <= 7 && number.All(symbol => char.IsAsciiDigit(symbol) || symbol == '.');
    }

    private static bool IsColor(string value) => value.Length <= 30 && value.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '#' or '(' or ')' or ',' or ' ' or '%' or '.');
}

/// <summary>A cheap look at the number and the depth of tags, before a document tree is built.</summary>
public static class TagCount
{
    private static readonly FrozenSet<string> NeverNesting = new[] { "br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source", "track", "param", "embed", "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "html", "body", "head" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = NeverNesting.GetAlternateLookup<ReadOnlySpan<char>>();

    // Building the tree looks from each tag up through its ancestors: the sum of the depths is what it costs.
    private const long MaximumWork = 1_500_000;

    /// <summary>Whether building a tree of this document costs no more than that: a deep one costs the square of its depth.</summary>
    /// <param name="html">Unparsed; unclosed tags count as open to the end.</param>
    /// <param name="maximumTags">Start and end tags together.</param>
    /// <param name="maximumDepth">Elements within each other, estimated without parsing.</param>
    public static bool IsWithin(string html, int maximumTags, int maximumDepth)
    {
        int tags = 0, depth = 0, at = 0;
        long work = 0;
        while ((at = html.IndexOf('<', at)) >= 0 && ++at < html.Length)
        {
            if (++tags > maximumTags || (work += depth) > MaximumWork) return false;
            if (html[at] == '/')
            {
                depth = Math.Max(0, depth - 1);
                continue;
            }
            if (!char.IsAsciiLetter(html[at])) continue;
            var end = at;
            while (end < html.Length && end - at < 12 && char.IsAsciiLetterOrDigit(html[end])) end++;
            if (!Lookup.Contains(html.AsSpan(at, end - at)) && ++depth > maximumDepth) return false;
        }
        return true;
    }
}
