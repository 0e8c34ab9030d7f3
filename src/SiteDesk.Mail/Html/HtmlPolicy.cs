using System.Collections.Frozen;

namespace SiteDesk.Mail;

/// <summary>What a sanitised document may hold. Everything not named here is taken out.</summary>
/// <remarks>Elements whose content is not plain markup (script, style, svg, math, template, raw-text elements and the like) cannot be
/// allowed: <see cref="HtmlSanitizer"/> drops them with their content whatever the policy says.</remarks>
public sealed record HtmlPolicy
{
    private static readonly string[] TextElements =
    [
        "p", "br", "div", "span", "strong", "b", "em", "i", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "mark", "code", "pre", "kbd", "samp", "var", "tt", "blockquote", "q", "cite", "abbr", "dfn", "time",
        "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "hr", "a", "img", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th", "figure", "figcaption", "details", "summary", "wbr", "bdi", "bdo", "ruby", "rb", "rt", "rp",
    ];

    private static readonly string[] TextProperties =
    [
        "color", "background-color", "background", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant", "line-height", "letter-spacing", "word-spacing", "text-align", "text-decoration", "text-decoration-line", "text-decoration-color", "text-decoration-style",
        "text-indent", "text-transform", "vertical-align", "white-space", "direction", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "border", "border-top", "border-right", "border-bottom", "border-left",
        "border-color", "border-style", "border-width", "border-top-color", "border-right-color", "border-bottom-color", "border-left-color", "border-top-style", "border-right-style", "border-bottom-style", "border-left-style", "border-top-width", "border-right-width", "border-bottom-width", "border-left-width",
        "border-collapse", "border-spacing", "border-radius", "width", "height", "max-width", "min-width", "max-height", "min-height", "display", "clear", "list-style", "list-style-type", "list-style-position", "table-layout", "caption-side", "empty-cells", "overflow-wrap", "word-wrap", "word-break", "box-sizing",
    ];

    /// <summary>For mail of strangers: everything that text and tables need, images only through the callbacks.</summary>
    public static HtmlPolicy Mail { get; } = new()
    {
        Elements = TextElements.Concat(["font", "center", "section", "article", "header", "footer", "main", "nav", "aside", "address", "nobr"]).ToFrozenSet(StringComparer.Ordinal),
        StyleProperties = TextProperties.ToFrozenSet(StringComparer.Ordinal),
    };

    /// <summary>For texts written in the program's own editor: structure, links and images, no free styles.</summary>
    public static HtmlPolicy RichText { get; } = new()
    {
        Elements = TextElements.Except(["big", "tt", "strike", "font", "small", "h1"], StringComparer.Ordinal).ToFrozenSet(StringComparer.Ordinal),
        StyleProperties = new[] { "text-align", "width" }.ToFrozenSet(StringComparer.Ordinal),
        AllowRelativeUrls = true,
        OpenLinksInNewWindow = false,
    };

    /// <summary>The elements that stay, in lower case. The tags of others are taken out, their content stays.</summary>
    public required IReadOnlySet<string> Elements { get; init; }

    /// <summary>The CSS properties that stay in style attributes, in lower case.</summary>
    public required IReadOnlySet<string> StyleProperties { get; init; }

    /// <summary>Class names that stay; none by default.</summary>
    public IReadOnlySet<string> Classes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The schemes a link may have, in lower case.</summary>
    public IReadOnlySet<string> LinkSchemes { get; init; } = new[] { "http", "https", "mailto", "tel" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when addresses without a scheme and host stay, in links and images.</summary>
    public bool AllowRelativeUrls { get; init; }

    /// <summary>True when links open in a new window. Links always say noopener, noreferrer and nofollow.</summary>
    public bool OpenLinksInNewWindow { get; init; } = true;

    /// <summary>True when small images written into the document itself (data:image/png and the like, base64) stay.</summary>
    public bool AllowDataImages { get; init; } = true;

    /// <summary>Gets the address of an http or https image and gives the one to show, or null to leave the image empty. Null: no remote image
    /// is shown.</summary>
    public Func<string, string?>? RewriteRemoteImage { get; init; }

    /// <summary>Gets a Content-ID (without "cid:") and gives the address to show, or null. Null: such images stay empty.</summary>
    public Func<string, string?>? ResolveContentId { get; init; }

    /// <summary>How many characters are sanitised; longer documents are cut. Default 2 million.</summary>
    public int MaximumCharacters { get; init; } = 2_000_000;

    /// <summary>How many tags are sanitised; documents with more are shown as their text. Default 40,000.</summary>
    public int MaximumTags { get; init; } = 40_000;

    /// <summary>How deep elements may nest; deeper documents are shown as their text. Default 300.</summary>
    public int MaximumDepth { get; init; } = 300;
}

/// <summary>A document that is safe to show.</summary>
/// <param name="Html">The markup of a body, without the body element.</param>
/// <param name="RemoteImages">How many images would load from elsewhere, whether the callback let them or not.</param>
/// <param name="IsReduced">True when it was cut or shown as text because of its size, depth or number of tags.</param>
public sealed record SanitizedHtml(string Html, int RemoteImages, bool IsReduced);
