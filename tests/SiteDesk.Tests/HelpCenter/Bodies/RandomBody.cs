using System.Text;

namespace SiteDesk.Tests.HelpCenter.Bodies;

/// <summary>Makes HTML of every kind an article may be made of, and of kinds it may not.</summary>
internal sealed class RandomBody(int seed)
{
    private static readonly string[] Words =
    [
        "refund", "возврат", "退款", "a*b", "_x_", "`tick`", "1.", "2)", "-", "+", "#", "[link]", "(paren)", "<b>", "&amp;", "&copy;", "\\", "|", "~~", "!", "![", "http://example.com/a_b", "www.example.com", "a:b", "mailto:x@example.com",
        "it's", "\"quoted\"", "\u00A0", "😀", "ё", "***", "---", "===", ">", "x", "9", "e\u0301", "[!NOTE]", "\u3000", "שלום", "<!-- -->", "&lt;", ":)", "10,50 €", "snake_case_word", "**", "*", "“x”", "。", "=",
    ];

    private readonly Random _random = new(seed);

    public string Html()
    {
        var html = new StringBuilder();
        Blocks(html, 0);
        return html.ToString();
    }

    private void Blocks(StringBuilder html, int depth)
    {
        for (var count = _random.Next(1, depth == 0 ? 7 : 4); count > 0; count--)
            Block(html, depth);
    }

    private void Block(StringBuilder html, int depth)
    {
        var kind = _random.Next(depth > 3 ? 6 : 16);
        switch (kind)
        {
            case 0 or 1 or 2:
                Element(html, "p", () => Line(html));
                break;
            case 3:
                Element(html, $"h{_random.Next(1, 5)}", () => Line(html));
                break;
            case 4:
                html.Append("<pre data-language=\"c#\">").Append(Escaped(string.Join(_random.Next(2) == 0 ? "\n" : "\n\n  ", Words.OrderBy(_ => _random.Next()).Take(3)))).Append("</pre>");
                break;
            case 5:
                html.Append("<hr>");
                break;
            case 6 or 7 or 8:
                Element(html, _random.Next(2) == 0 ? "ul" : _random.Next(3) == 0 ? "ol start=4" : "ol", () =>
                {
                    for (var count = _random.Next(1, 4); count > 0; count--)
                        Element(html, "li", () =>
                        {
                            if (_random.Next(2) == 0)
                                Line(html);
                            else
                                Blocks(html, depth + 1);
                        });
                });
                break;
            case 9:
                Element(html, "blockquote", () => Blocks(html, depth + 1));
                break;
            case 10:
                Element(html, $"aside class=callout data-kind={new[] { "note", "tip", "warning", "other" }[_random.Next(4)]}", () => Blocks(html, depth + 1));
                break;
            case 11 or 12:
                Table(html);
                break;
            case 13:
                html.Append("<figure data-video=\"youtube:dQw4w9WgXcQ\"></figure>");
                break;
            case 14:
                Line(html);
                break;
            default:
                Element(html, "div", () => Blocks(html, depth + 1));
                break;
        }
    }

    private void Table(StringBuilder html) => Element(html, "table", () =>
    {
        var hasHead = _random.Next(2) == 0;
        for (int row = 0, rows = _random.Next(1, 4); row < rows; row++)
            Element(html, "tr", () =>
            {
                for (var cell = _random.Next(1, 4); cell > 0; cell--)
                    Element(html, row == 0 && hasHead || _random.Next(12) == 0 ? "th" : _random.Next(9) == 0 ? "td colspan=2" : "td", () => Line(html));
            });
    });

    private void Line(StringBuilder html)
    {
        for (var count = _random.Next(0, 6); count > 0; count--)
        {
            switch (_random.Next(12))
            {
                case 0:
                    Element(html, "strong", () => Line(html));
                    break;
                case 1:
                    Element(html, "em", () => Line(html));
                    break;
                case 2:
                    Element(html, "code", () => html.Append(Word()));
                    break;
                case 3:
                    Element(html, $"a href=\"{new[] { "https://example.com/a?b=1&amp;copy=2", "/help/x/en/статья", "#anchor", "javascript:alert(1)", "mailto:a_b@example.com", "https://пример.рф/a(b)_c*" }[_random.Next(6)]}\"", () => Line(html));
                    break;
                case 4:
                    html.Append("<br>");
                    break;
                case 5:
                    html.Append("<img src=\"/help-files/abc/").Append(_random.Next(2) == 0 ? "a.png" : "снимок_1.png").Append("\" alt=\"").Append(Escaped(Word())).Append('"').Append(_random.Next(2) == 0 ? " width=10 height=20>" : ">");
                    break;
                default:
                    html.Append(Escaped(Word()));
                    break;
            }

            if (_random.Next(2) == 0)
                html.Append(' ');
        }
    }

    private string Word() => Words[_random.Next(Words.Length)];

    private static string Escaped(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static void Element(StringBuilder html, string opening, Action content)
    {
        html.Append('<').Append(opening).Append('>');
        content();
        html.Append("</").Append(opening.Split(' ')[0]).Append('>');
    }
}
