using System.Globalization;
using System.Text;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>How an article begins, in the plain words and few signs of a reply: paragraphs, lists and links, no other markup.</summary>
internal static class ArticleOpening
{
    /// <summary>Whole paragraphs and lists before the first heading that follows a text; empty when not even the first is short enough.</summary>
    /// <param name="address">Gives the address that a link has outside of the help centre.</param>
    /// <param name="most">Characters.</param>
    public static string Of(string body, Func<string, string> address, int most)
    {
        var text = new StringBuilder();
        foreach (var block in ArticleBody.Blocks(body))
        {
            if (block is HeadingBlock && text.Length > 0)
                break;
            var said = block switch
            {
                ParagraphBlock paragraph => Line(paragraph.Content, address),
                ListBlock list => string.Join('\n', Items(list, "", address)),
                _ => "",
            };
            if (said.Length == 0)
                continue;
            if (text.Length + said.Length > most)
                break;
            text.Append(text.Length > 0 ? "\n\n" : "").Append(said);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Items(ListBlock list, string indent, Func<string, string> address)
    {
        foreach (var (index, item) in list.Items.Index())
        {
            var marker = list.IsOrdered ? (list.Start + index).ToString(CultureInfo.InvariantCulture) + ". " : "- ";
            yield return indent + marker + string.Join(' ', item.OfType<ParagraphBlock>().Select(paragraph => Line(paragraph.Content, address).Replace('\n', ' ')));
            foreach (var inner in item.OfType<ListBlock>().SelectMany(inside => Items(inside, indent + new string(' ', marker.Length), address)))
                yield return inner;
        }
    }

    private static string Line(IReadOnlyList<ArticleInline> line, Func<string, string> address)
    {
        var text = new StringBuilder();
        for (var at = 0; at < line.Count; at++)
        {
            if (line[at] is LineBreak)
                text.Append('\n');
            if (line[at] is not TextRun run)
                continue;
            if (run.Link is not { } link)
            {
                text.Append(run.Text);
                continue;
            }

            // A link whose words are partly bold is one link.
            var words = new StringBuilder(run.Text);
            while (at + 1 < line.Count && line[at + 1] is TextRun next && next.Link == link)
            {
                words.Append(next.Text);
                at++;
            }

            text.Append('[').Append(words.Replace('[', '(').Replace(']', ')')).Append("](").Append(address(link)).Append(')');
        }

        return text.ToString().Trim();
    }
}
