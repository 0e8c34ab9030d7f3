using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace SiteDesk.Tickets.Workspace;

/// <summary>The text of a message as HTML: everything escaped, addresses as links, colleagues' names marked in notes.</summary>
public static class MessageBody
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(new TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));

    /// <summary>Escapes for HTML; letters of every script stay letters.</summary>
    public static string Encode(string text) => Encoder.Encode(text);

    public static MarkupString Of(Message message, DeskNames names)
    {
        if (message.IsFormatted)
            return new(InlinePictures.Show(message.Html!, message.Files.Select(file => file.File), file => $"/agent/files/{file.Token}"));
        var mentioned = message.MentionedIds.Select(id => names.NameOfStaff(id)).OfType<string>().OrderByDescending(name => name.Length).ToList();
        var html = new StringBuilder(message.Text.Length + 64);
        Append(html, message.Text, mentioned);
        return new(html.ToString());
    }

    /// <summary>Plain text outside a list of messages: its line breaks are elements.</summary>
    public static string OfPlain(string text)
    {
        var html = new StringBuilder(text.Length + 64);
        Append(html, text, []);
        return html.Replace("&#xA;", "<br>").Replace("\n", "<br>").ToString();
    }

    private static void Append(StringBuilder html, string text, List<string> mentioned)
    {
        var plain = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = LinkAt(text, at);
            var mention = length == 0 && text[at] == '@' ? mentioned.Find(name => string.CompareOrdinal(text, at + 1, name, 0, name.Length) == 0) : null;
            if (length == 0 && mention is null)
            {
                at++;
                continue;
            }

            html.Append(Encoder.Encode(text[plain..at]));
            if (mention is not null)
            {
                length = mention.Length + 1;
                html.Append("<span class=\"mention\">").Append(Encoder.Encode(text.Substring(at, length))).Append("</span>");
            }
            else
            {
                var link = Encoder.Encode(text.Substring(at, length));
                html.Append("<a href=\"").Append(link).Append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">").Append(link).Append("</a>");
            }

            at += length;
            plain = at;
        }

        html.Append(Encoder.Encode(text[plain..]));
    }

    /// <returns>The length of the web address that begins here, or 0. Punctuation that ends a sentence is not part of it.</returns>
    private static int LinkAt(string text, int at)
    {
        if (text[at] is not ('h' or 'H') || at > 0 && char.IsLetterOrDigit(text[at - 1]))
            return 0;
        var rest = text.AsSpan(at);
        var start = rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (start == 0)
            return 0;
        var end = start;
        while (end < rest.Length && !char.IsWhiteSpace(rest[end]) && rest[end] is not ('<' or '>' or '"' or '«' or '»' or '“' or '”' or '，' or '。' or '；'))
            end++;
        while (end > start && rest[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '\'')
            end--;
        return end > start ? end : 0;
    }
}
