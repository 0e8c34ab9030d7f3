using System.Text;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>
/// The simple Markdown of the staff's answers as HTML: bold, italic, links, lists, quotes, code, and pictures that the
/// answer brings (<see cref="InlinePictures"/>). The one place that turns it into
/// markup; nothing of the text is taken over as markup, and what has no element of its own here is shown as the words it holds.
/// </summary>
public static class FormattedText
{
    private static readonly MarkdownPipeline Pipeline = Build();

    /// <returns>Null when the text has no formatting: it is then shown as plain text.</returns>
    public static string? ToHtml(string text)
    {
        if (Read(text) is not { } document || !IsFormatted(document))
            return null;
        var html = new StringBuilder(text.Length * 2);
        AppendBlocks(html, document, isTight: false);
        return html.ToString();
    }

    /// <returns>Null for what nobody writes.</returns>
    internal static MarkdownDocument? Read(string text)
    {
        try
        {
            return Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig refuses what is nested more than a hundred deep. No answer is written so: it is shown as it was typed.
            return null;
        }
    }

    private static MarkdownPipeline Build()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseSoftlineBreakAsHardlineBreak().UseAutoLinks(new AutoLinkOptions { OpenInNewWindow = false });

        // A number sign begins an order number, three hyphens a signature, four spaces something pasted: none is meant as formatting.
        builder.DisableHeadings();
        builder.BlockParsers.TryRemove<ThematicBreakParser>();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        builder.BlockParsers.Find<ParagraphBlockParser>()!.ParseSetextHeadings = false;

        // One asterisk is a footnote or a multiplication; bold has two, italic has underscores, and neither stands inside a word.
        var emphasis = builder.InlineParsers.Find<EmphasisInlineParser>()!;
        emphasis.EmphasisDescriptors.Clear();
        emphasis.EmphasisDescriptors.Add(new EmphasisDescriptor('*', 2, 2, enableWithinWord: true));
        emphasis.EmphasisDescriptors.Add(new EmphasisDescriptor('_', 1, 1, enableWithinWord: false));
        return builder.Build();
    }

    /// <summary>Paragraphs with line breaks and bare addresses are what plain text is shown as anyway.</summary>
    private static bool IsFormatted(MarkdownDocument document) => document.Descendants().Any(part => part switch
    {
        ParagraphBlock or MarkdownDocument or LiteralInline or LineBreakInline or LinkReferenceDefinitionGroup or HtmlEntityInline => false,
        LinkInline { IsImage: true } picture when InlinePictures.KeyIn(picture.Url) is not null => true,
        LinkInline link => !link.IsAutoLink && link.FirstChild is not null,
        AutolinkInline => false,
        ContainerInline container => container is EmphasisInline,
        _ => true,
    });

    private static void AppendBlocks(StringBuilder html, ContainerBlock blocks, bool isTight)
    {
        foreach (var block in blocks)
            AppendBlock(html, block, isTight);
    }

    private static void AppendBlock(StringBuilder html, Block block, bool isTight)
    {
        switch (block)
        {
            case ListBlock list:
                var (name, start) = list.IsOrdered ? ("ol", StartOf(list)) : ("ul", "");
                html.Append('<').Append(name).Append(start).Append('>');
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    html.Append("<li>");
                    AppendBlocks(html, item, isTight: !list.IsLoose);
                    html.Append("</li>");
                }

                html.Append("</").Append(name).Append('>');
                break;
            case QuoteBlock quote:
                html.Append("<blockquote>");
                AppendBlocks(html, quote, isTight: false);
                html.Append("</blockquote>");
                break;
            case CodeBlock code:
                html.Append("<pre><code>").Append(MessageBody.Encode(code.Lines.ToString())).Append("</code></pre>");
                break;
            case LeafBlock { Inline: { } inlines }:
                html.Append(isTight ? "" : "<p>");
                AppendInlines(html, inlines);
                html.Append(isTight ? "" : "</p>");
                break;
            case ContainerBlock container and not LinkReferenceDefinitionGroup:
                AppendBlocks(html, container, isTight);
                break;
        }
    }

    private static string StartOf(ListBlock list) =>
        int.TryParse(list.OrderedStart, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var start) && start != 1
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" start=\"{start}\"")
            : "";

    private static void AppendInlines(StringBuilder html, ContainerInline inlines)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    html.Append(MessageBody.Encode(literal.Content.ToString()));
                    break;
                case HtmlEntityInline entity:
                    html.Append(MessageBody.Encode(entity.Original.ToString()));
                    break;
                case LineBreakInline:
                    html.Append("<br>");
                    break;
                case CodeInline code:
                    html.Append("<code>").Append(MessageBody.Encode(code.Content)).Append("</code>");
                    break;
                case EmphasisInline emphasis:
                    var name = emphasis.DelimiterChar == '*' ? "strong" : "em";
                    html.Append('<').Append(name).Append('>');
                    AppendInlines(html, emphasis);
                    html.Append("</").Append(name).Append('>');
                    break;
                case AutolinkInline address:
                    AppendLink(html, address.IsEmail ? $"mailto:{address.Url}" : address.Url, () => html.Append(MessageBody.Encode(address.Url)));
                    break;
                case LinkInline { IsImage: true } picture when InlinePictures.KeyIn(picture.Url) is { } key:
                    InlinePictures.Append(html, key, FormattedWords.Of(picture));
                    break;
                case LinkInline link:
                    AppendLink(html, link.IsImage ? null : link.Url, () => AppendInlines(html, link));
                    break;
                case ContainerInline container:
                    AppendInlines(html, container);
                    break;
            }
        }
    }

    /// <summary>Only what leads to a page, a mailbox or a telephone becomes a link; of any other address its words remain.</summary>
    private static void AppendLink(StringBuilder html, string? address, Action appendWords)
    {
        var leads = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "mailto" or "tel";
        if (leads)
            html.Append("<a href=\"").Append(MessageBody.Encode(uri!.AbsoluteUri)).Append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
        appendWords();
        if (leads)
            html.Append("</a>");
    }
}
