using System.Text;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using QuotedBlock = Markdig.Syntax.QuoteBlock;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Finds quotes whose first line is <c>[!NOTE]</c> and the like. The parser's own extension misses those in lists.</summary>
internal static class MarkdownCallouts
{
    /// <summary>Gives them the class that names their kind, and takes the line away.</summary>
    public static void Name(MarkdownDocument document)
    {
        foreach (var quote in document.Descendants<QuotedBlock>().ToList())
        {
            if (quote is not [Markdig.Syntax.ParagraphBlock { Inline: { } line }, ..])
                continue;
            var (words, pieces) = FirstLine(line);
            var kind = words.Trim().ToUpperInvariant() switch
            {
                "[!NOTE]" or "[!IMPORTANT]" => "note",
                "[!TIP]" => "tip",
                "[!WARNING]" or "[!CAUTION]" => "warning",
                _ => null,
            };
            if (kind is null)
                continue;
            pieces.ForEach(piece => piece.Remove());
            quote.GetAttributes().AddClass("markdown-alert");
            quote.GetAttributes().AddClass("markdown-alert-" + kind);
        }
    }

    private static (string Words, List<Inline> Pieces) FirstLine(ContainerInline line)
    {
        var words = new StringBuilder();
        var pieces = new List<Inline>();
        foreach (var inline in line)
        {
            pieces.Add(inline);
            if (inline is LineBreakInline)
                break;
            // An escaped bracket is a bracket.
            if (inline is not LiteralInline { IsFirstCharacterEscaped: false } literal)
                return ("", pieces);
            words.Append(literal.Content.AsSpan());
        }

        return (words.ToString(), pieces);
    }
}
