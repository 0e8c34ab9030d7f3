using System.Globalization;
using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Writes blocks as HTML: the one spelling that is stored.</summary>
internal static class ArticleHtml
{
    /// <param name="headings">Attributes of each heading, by its number from 0; null for none.</param>
    public static string Write(IReadOnlyList<ArticleBlock> blocks, Func<int, string>? headings = null)
    {
        var writer = new Writer(headings);
        writer.Blocks(blocks);
        return writer.Result;
    }

    public static string Write(IReadOnlyList<ArticleInline> line)
    {
        var writer = new Writer(null);
        writer.Line(line);
        return writer.Result;
    }

    /// <summary>Text in content and in quoted attributes.</summary>
    public static void Escape(StringBuilder result, string text)
    {
        foreach (var symbol in text)
        {
            _ = symbol switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\u00A0' => result.Append("&nbsp;"),
                _ => result.Append(symbol),
            };
        }
    }

    private sealed class Writer(Func<int, string>? headings)
    {
        private readonly StringBuilder _result = new();
        private int _headings;

        public string Result => _result.ToString();

        public void Blocks(IReadOnlyList<ArticleBlock> blocks)
        {
            foreach (var block in blocks)
                Block(block);
        }

        public void Line(IReadOnlyList<ArticleInline> line)
        {
            // Links stand outermost, then strong, emphasis, code: neighbours share what they have in common.
            var open = new List<string>();
            string? link = null;
            foreach (var inline in line)
            {
                var marks = inline is TextRun run ? run.Marks : TextMarks.None;
                var wanted = new List<string>(4);
                if (inline.Link is not null)
                    wanted.Add("a");
                if (marks.HasFlag(TextMarks.Strong))
                    wanted.Add("strong");
                if (marks.HasFlag(TextMarks.Emphasis))
                    wanted.Add("em");
                if (marks.HasFlag(TextMarks.Code))
                    wanted.Add("code");
                var common = 0;
                while (common < open.Count && common < wanted.Count && open[common] == wanted[common] && (open[common] != "a" || string.Equals(link, inline.Link, StringComparison.Ordinal)))
                    common++;
                Close(open, common);
                link = inline.Link;
                foreach (var name in wanted.Skip(common))
                {
                    _result.Append('<').Append(name);
                    if (name == "a")
                        Attribute("href", link!);
                    _result.Append('>');
                    open.Add(name);
                }

                Inline(inline);
            }

            Close(open, 0);
        }

        private void Close(List<string> open, int left)
        {
            while (open.Count > left)
            {
                _result.Append("</").Append(open[^1]).Append('>');
                open.RemoveAt(open.Count - 1);
            }
        }

        private void Inline(ArticleInline inline)
        {
            switch (inline)
            {
                case TextRun run:
                    Escape(_result, run.Text);
                    break;
                case Picture picture:
                    _result.Append("<img");
                    Attribute("src", picture.Source);
                    Attribute("alt", picture.Alt);
                    if (picture.Width is { } width)
                        Attribute("width", width.ToString(CultureInfo.InvariantCulture));
                    if (picture.Height is { } height)
                        Attribute("height", height.ToString(CultureInfo.InvariantCulture));
                    _result.Append('>');
                    break;
                default:
                    _result.Append("<br>");
                    break;
            }
        }

        private void Block(ArticleBlock block)
        {
            switch (block)
            {
                case HeadingBlock heading:
                    _result.Append(CultureInfo.InvariantCulture, $"<h{heading.Level}{headings?.Invoke(_headings++)}>");
                    Line(heading.Content);
                    _result.Append(CultureInfo.InvariantCulture, $"</h{heading.Level}>");
                    break;
                case ParagraphBlock paragraph:
                    _result.Append("<p>");
                    Line(paragraph.Content);
                    _result.Append("</p>");
                    break;
                case ListBlock list:
                    List(list);
                    break;
                case CodeBlock code:
                    _result.Append("<pre");
                    if (code.Language.Length > 0)
                        Attribute("data-language", code.Language);
                    _result.Append('>');
                    Escape(_result, code.Text);
                    _result.Append("</pre>");
                    break;
                case QuoteBlock quote:
                    _result.Append("<blockquote>");
                    Blocks(quote.Content);
                    _result.Append("</blockquote>");
                    break;
                case CalloutBlock callout:
                    _result.Append("<aside class=\"callout\"");
                    Attribute("data-kind", callout.Kind);
                    _result.Append('>');
                    Blocks(callout.Content);
                    _result.Append("</aside>");
                    break;
                case TableBlock table:
                    Table(table);
                    break;
                case VideoBlock video:
                    _result.Append("<figure");
                    Attribute("data-video", video.Video);
                    _result.Append("></figure>");
                    break;
                default:
                    _result.Append("<hr>");
                    break;
            }
        }

        private void List(ListBlock list)
        {
            var name = list.IsOrdered ? "ol" : "ul";
            _result.Append('<').Append(name);
            if (list.Start > 1)
                Attribute("start", list.Start.ToString(CultureInfo.InvariantCulture));
            _result.Append('>');
            foreach (var item in list.Items)
            {
                _result.Append("<li>");
                // An item of one line, with lists under it or without, needs no paragraph.
                if (item[0] is ParagraphBlock first && item.Skip(1).All(block => block is ListBlock))
                {
                    Line(first.Content);
                    Blocks([.. item.Skip(1)]);
                }
                else
                {
                    Blocks(item);
                }

                _result.Append("</li>");
            }

            _result.Append("</").Append(name).Append('>');
        }

        private void Table(TableBlock table)
        {
            _result.Append("<table>");
            if (table.HasHead)
            {
                _result.Append("<thead>");
                Row(table.Rows[0]);
                _result.Append("</thead>");
            }

            var rest = table.Rows.Skip(table.HasHead ? 1 : 0).ToList();
            if (rest.Count > 0)
            {
                _result.Append("<tbody>");
                rest.ForEach(Row);
                _result.Append("</tbody>");
            }

            _result.Append("</table>");
        }

        private void Row(IReadOnlyList<TableCell> row)
        {
            _result.Append("<tr>");
            foreach (var cell in row)
            {
                _result.Append(cell.IsHead ? "<th>" : "<td>");
                Line(cell.Content);
                _result.Append(cell.IsHead ? "</th>" : "</td>");
            }

            _result.Append("</tr>");
        }

        private void Attribute(string name, string value)
        {
            _result.Append(' ').Append(name).Append("=\"");
            Escape(_result, value);
            _result.Append('"');
        }
    }
}
