using System.Runtime.CompilerServices;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>The part of a report that is written for people, cut where the returned message begins.</summary>
internal sealed record HumanPart(string Text, string Copy)
{
    private const int MaximumCharacters = 64 * 1024;

    private static readonly ConditionalWeakTable<MimeMessage, HumanPart> Read = [];

    private static readonly string[] CopyBegins =
    [
        "below this line is a copy", "this is a copy of the message", "this is a copy of your message", "original message follows", "unsent message follows", "message headers follow", "message header follow",
        "header of the original message", "headers of the original message", "returned message", "included is a copy of", "copy of the original message", "original mail info", "message text follows", "original message headers",
        "the original message header", "the first 1024 bytes", "returned message follows", "start of returned message", "message header follows", "content of the original", "the contents of the original", "body of message generated response",
        "original message details", "заголовки исходного", "исходное сообщение", "текст исходного", "копия письма", "原始邮件", "原邮件", "邮件原件", "ursprüngliche nachricht", "message d'origine", "mensaje original", "ヘッダ", "元のメッセージ",
    ];

    public static HumanPart Of(MimeMessage message) => Read.GetValue(message, static one => Build(one));

    private static HumanPart Build(MimeMessage message)
    {
        var text = new StringBuilder();
        Collect(message.Root, text);
        return Cut(text.Replace("\r\n", "\n").Replace('\r', '\n').ToString());
    }

    private static void Collect(MimePart part, StringBuilder text)
    {
        if (text.Length > MaximumCharacters) return;
        if (part.Children.Count > 0)
        {
            var isAlternative = part.MediaType == "multipart/alternative";
            foreach (var child in part.Children)
            {
                if (child.Enclosed is not null || child.MediaType is "text/rfc822-headers") return;
                Collect(child, text);
                if (isAlternative && text.Length > 0) return;
            }
            return;
        }
        if (part.MediaType is not ("text/plain" or "text/html")) return;
        var content = part.Text(MaximumCharacters);
        text.Append(part.MediaType == "text/html" ? HtmlText.From(content) : content).Append('\n');
    }

    private static HumanPart Cut(string text)
    {
        var at = 0;
        var lines = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) end = text.Length;
            var line = text.AsSpan(at, end - at).Trim();
            if (lines++ > 0 && line.Length is > 5 and < 160 && IsCopyLine(line)) return new HumanPart(text[..at], text[Math.Min(text.Length, end + 1)..]);
            if (IsFirstHeader(line) && lines > 1) return new HumanPart(text[..at], text[at..]);
            at = end + 1;
        }
        return new HumanPart(text, string.Empty);
    }

    private static bool IsCopyLine(ReadOnlySpan<char> line)
    {
        foreach (var begin in CopyBegins)
            if (line.Contains(begin, StringComparison.OrdinalIgnoreCase))
                // "the message returned below could not be delivered" speaks of a copy without being its beginning.
                return line[0] is '-' or '=' or '|' or '*' or '_' || line[^1] is ':' or '.' or '-' || line.Length < begin.Length + 12;
        return line.StartsWith("----", StringComparison.Ordinal) && line.Contains("original message", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsFirstHeader(ReadOnlySpan<char> line) =>
        line.StartsWith("Received:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Return-Path:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("DKIM-Signature:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("X-Received:", StringComparison.OrdinalIgnoreCase);
}
