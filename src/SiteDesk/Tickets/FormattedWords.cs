using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SiteDesk.Tickets;

/// <summary>
/// A formatted text as the plain words that its reader sees: for lists, search results, notifications, everywhere a message is shown
/// shortened. The one place that takes the marks away; it reads the same tree as <see cref="FormattedText.ToHtml"/>.
/// </summary>
public static class FormattedWords
{
    /// <param name="text">The Markdown of the staff's answers.</param>
    /// <returns>The words, each paragraph and item on a line of its own; the text itself where it cannot be read.</returns>
    public static string Of(string text)
    {
        if (FormattedText.Read(text) is not { } document)
            return text;
        var words = new StringBuilder(text.Length);
        AppendBlocks(words, document);
        var plain = words.ToString().Trim();
        return plain.Length > 0 ? plain : text;
    }

    /// <summary>The words within a link or beside a picture, on one line.</summary>
    internal static string Of(ContainerInline inlines)
    {
        var words = new StringBuilder();
        AppendInlines(words, inlines);
        return words.Replace('\n', ' ').ToString();
    }

    private static void AppendBlocks(StringBuilder words, ContainerBlock blocks)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case CodeBlock code:
                    words.Append(code.Lines.ToString());
                    break;
                case LeafBlock { Inline: { } inlines }:
                    AppendInlines(words, inlines);
                    break;
                case ContainerBlock container and not LinkReferenceDefinitionGroup:
                    AppendBlocks(words, container);
                    continue;
                default:
                    continue;
            }

            words.Append('\n');
        }
    }

    private static void AppendInlines(StringBuilder words, ContainerInline inlines)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    words.Append(literal.Content.ToString());
                    break;
                case HtmlEntityInline entity:
                    words.Append(entity.Original.ToString());
                    break;
                case LineBreakInline:
                    words.Append('\n');
                    break;
                case CodeInline code:
                    words.Append(code.Content);
                    break;
                case AutolinkInline address:
                    words.Append(address.Url);
                    break;
                case ContainerInline container:
                    AppendInlines(words, container);
                    break;
            }
        }
    }
}
