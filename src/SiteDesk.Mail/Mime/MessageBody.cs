using System.Net;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>A file that came with a message.</summary>
/// <param name="Name">The file name without folders, or null when the sender gave none.</param>
/// <param name="ContentType">The media type in lower case.</param>
/// <param name="ContentId">The Content-ID that HTML refers to as "cid:", or null.</param>
/// <param name="IsInline">True when it is meant to be shown inside the text (RFC 2183 section 2.1, RFC 2387).</param>
/// <param name="Content">The decoded bytes.</param>
public sealed record MailAttachment(string? Name, string ContentType, string? ContentId, bool IsInline, ReadOnlyMemory<byte> Content);

/// <summary>What a person reads of a message: its text and HTML, and what is attached.</summary>
public sealed class MessageBody
{
    private readonly List<MailAttachment> _attachments = [];
    private readonly List<CalendarInvitation> _invitations = [];
    private readonly List<(string? Text, string? Html)> _blocks = [];
    private readonly MailLimits _limits;
    private readonly ProblemList _problems;
    private int _textBytesLeft;

    private MessageBody(MailLimits limits, ProblemList problems)
    {
        _limits = limits;
        _problems = problems;
        _textBytesLeft = limits.MaximumTextBytes;
    }

    /// <summary>The plain text with line feeds as line ends: the sender's, or made from the HTML. Empty when there is neither.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>The HTML as it came, not sanitised; null when the message has only plain text.</summary>
    public string? Html { get; private set; }

    /// <summary>True when <see cref="Text"/> was made from the HTML.</summary>
    public bool IsTextFromHtml { get; private set; }

    /// <summary>Everything that is not the text itself, in order.</summary>
    public IReadOnlyList<MailAttachment> Attachments => _attachments;

    /// <summary>Calendar events of text/calendar parts (RFC 5545, RFC 6047).</summary>
    public IReadOnlyList<CalendarInvitation> Invitations => _invitations;

    internal static MessageBody Assemble(MimePart root, MailLimits limits, ProblemList problems)
    {
        var body = new MessageBody(limits, problems);
        body.Visit(root, inRelated: false);
        body.Join();
        return body;
    }

    private void Visit(MimePart part, bool inRelated)
    {
        switch (part.MediaType)
        {
            case "multipart/alternative":
                VisitAlternative(part);
                break;
            case "multipart/related":
                VisitRelated(part);
                break;
            case "multipart/report":
                // The first part is for people (RFC 6522 section 3); reports of machines and the returned message are attached.
                for (var at = 0; at < part.Children.Count; at++)
                    if (at == 0) Visit(part.Children[at], inRelated: false);
                    else AttachTree(part.Children[at]);
                break;
            case var type when type.StartsWith("multipart/", StringComparison.Ordinal):
                foreach (var child in part.Children) Visit(child, inRelated: false);
                break;
            case "text/plain" or "text/html" or "text/enriched" or "text/richtext" when IsShown(part, inRelated):
                AddText(part);
                break;
            case "text/calendar":
                AddInvitation(part);
                Attach(part, isInline: false);
                break;
            default:
                Attach(part, inRelated || part.Disposition?.Value == "inline");
                break;
        }
    }

    private static bool IsShown(MimePart part, bool inRelated) =>
        !part.IsMarkedAttachment && !inRelated && (part.FileName is null || part.Disposition?.Value == "inline" && part.MediaType is "text/plain" or "text/html");

    /// <summary>The last form that can be shown is the best (RFC 2046 section 5.1.4); plain text is taken beside it.</summary>
    private void VisitAlternative(MimePart part)
    {
        var before = _blocks.Count;
        foreach (var child in part.Children) Visit(child, inRelated: false);
        var forms = _blocks.GetRange(before, _blocks.Count - before);
        _blocks.RemoveRange(before, forms.Count);
        if (forms.Count == 0) return;
        var html = forms.FindLast(form => !string.IsNullOrWhiteSpace(form.Html)).Html ?? forms.FindLast(form => form.Html is not null).Html;
        // Apple Mail cuts the HTML form in pieces around files: nothing but the whole is the alternative.
        var pieces = forms.Where(form => form.Html is not null).ToList();
        if (pieces.Count > 1) html = string.Concat(pieces.Select(form => form.Html));
        var text = forms.Find(form => !string.IsNullOrWhiteSpace(form.Text)).Text ?? (html is null ? string.Empty : null);
        _blocks.Add((text, html));
    }

    private void VisitRelated(MimePart part)
    {
        var start = part.ContentType["start"]?.Trim('<', '>', ' ');
        var root = part.Children.FirstOrDefault(child => start is not null && child.ContentId == start)
                   ?? part.Children.FirstOrDefault(child => child.MediaType is "text/html" or "multipart/alternative" or "multipart/related" or "multipart/mixed")
                   ?? part.Children.FirstOrDefault();
        foreach (var child in part.Children)
            if (ReferenceEquals(child, root)) Visit(child, inRelated: false);
            else if (child.MediaType.StartsWith("multipart/", StringComparison.Ordinal)) Visit(child, inRelated: true);
            else Visit(child, inRelated: !(child.MediaType == "text/plain" && child.ContentId is null && child.FileName is null && root?.MediaType != "text/html"));
    }

    private void AttachTree(MimePart part)
    {
        if (part.Children.Count == 0) Attach(part, isInline: false);
        foreach (var child in part.Children) AttachTree(child);
    }

    private void Attach(MimePart part, bool isInline)
    {
        if (part.MediaType == "application/ms-tnef") _problems.Add(MailProblemKind.TnefKept, part.FileName ?? "winmail.dat");
        var name = part.FileName ?? (part.MediaType switch
        {
            "application/ms-tnef" => "winmail.dat",
            "message/rfc822" or "message/global" => part.Enclosed?.Subject is { Length: > 0 } subject ? FileNameOf(subject) + ".eml" : "message.eml",
            "text/calendar" => "invite.ics",
            "text/plain" => "text.txt",
            "text/html" => "text.html",
            _ => null,
        });
        // An image without a name that nothing refers to, and an empty trailing text, are both still the sender's.
        _attachments.Add(new MailAttachment(name, part.MediaType, part.ContentId, isInline && !part.IsMarkedAttachment, part.Content));
    }

    private static string FileNameOf(string subject)
    {
        var clean = new StringBuilder();
        foreach (var symbol in subject.AsSpan(0, Math.Min(subject.Length, 80)))
            clean.Append(char.IsLetterOrDigit(symbol) || symbol is ' ' or '-' or '_' ? symbol : '_');
        return clean.ToString().Trim() is { Length: > 0 } name ? name : "message";
    }

    private void AddInvitation(MimePart part)
    {
        var text = part.Text(Math.Min(_limits.MaximumTextBytes, 256 * 1024));
        var events = CalendarInvitation.Parse(text);
        if (events.Count == 0) _problems.Add(MailProblemKind.BrokenCalendar, "no event was found in the calendar part");
        _invitations.AddRange(events);
    }

    private void AddText(MimePart part)
    {
        var text = part.Text(Math.Max(0, _textBytesLeft));
        // What is not shown is at hand as a file.
        if (part.Content.Length > _textBytesLeft) Attach(part, isInline: false);
        _textBytesLeft -= Math.Min(part.RawBody.Length, _textBytesLeft);
        if (part.MediaType == "text/html")
        {
            _blocks.Add((null, text));
            return;
        }
        text = text.AsSpan().Contains('\r') ? text.Replace("\r\n", "\n").Replace('\r', '\n') : text;
        if (part.MediaType is "text/enriched" or "text/richtext") text = HtmlText.FromEnriched(text);
        else if (string.Equals(part.ContentType["format"], "flowed", StringComparison.OrdinalIgnoreCase))
            text = FlowedText.Unfold(text, string.Equals(part.ContentType["delsp"], "yes", StringComparison.OrdinalIgnoreCase));
        text = UuencodedFiles.Extract(text, _attachments);
        _blocks.Add((text, null));
    }

    private void Join()
    {
        if (_blocks.Count == 0) return;
        var hasHtml = _blocks.Exists(block => block.Html is not null);
        IsTextFromHtml = hasHtml && _blocks.TrueForAll(block => block.Text is null);
        var texts = _blocks.Select(block => block.Text ?? HtmlText.From(block.Html!));
        Text = _blocks.Count == 1 ? texts.First() : string.Join("\n", texts.Where(text => text.Length > 0));
        if (!hasHtml) return;
        Html = _blocks.Count == 1
            ? _blocks[0].Html
            : string.Join("\n", _blocks.Select(block => block.Html ?? "<div style=\"white-space:pre-wrap\">" + WebUtility.HtmlEncode(block.Text) + "</div>"));
    }
}

/// <summary>format=flowed (RFC 3676 section 4).</summary>
internal static class FlowedText
{
    public static string Unfold(string text, bool deleteSpace)
    {
        var result = new StringBuilder(text.Length);
        var openDepth = -1;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            var depth = 0;
            while (depth < line.Length && line[depth] == '>') depth++;
            var content = line[depth..];
            if (content.StartsWith(' ')) content = content[1..];
            var isSignature = content is "-- ";
            if (openDepth >= 0 && (openDepth != depth || isSignature))
            {
                result.Append('\n');
                openDepth = -1;
            }
            if (openDepth < 0 && depth > 0) result.Append('>', depth).Append(' ');
            var isFlowed = content.EndsWith(' ') && !isSignature;
            result.Append(isFlowed && deleteSpace ? content[..^1] : content);
            if (isFlowed)
            {
                openDepth = depth;
                continue;
            }
            result.Append('\n');
            openDepth = -1;
        }
        if (result.Length > 0 && result[^1] == '\n') result.Length--;
        return result.ToString();
    }
}

/// <summary>Files in the old way, between "begin 644 name" and "end" in the text itself.</summary>
internal static class UuencodedFiles
{
    private const int MaximumFiles = 50;

    public static string Extract(string text, List<MailAttachment> attachments)
    {
        if (!text.Contains("begin ", StringComparison.Ordinal)) return text;
        var result = new StringBuilder();
        var copied = 0;
        var at = 0;
        for (var files = 0; files < MaximumFiles;)
        {
            var begin = text.IndexOf("begin ", at, StringComparison.Ordinal);
            if (begin < 0) break;
            at = begin + 6;
            if (begin > 0 && text[begin - 1] != '\n' || !TryHeader(text, begin, out var name, out var dataStart)) continue;
            var end = EndOfData(text, dataStart);
            if (end < 0) continue;
            attachments.Add(new MailAttachment(name, TypeOf(name), null, false, TransferDecoding.UuencodeBytes(text.AsSpan(dataStart, end - dataStart))));
            files++;
            result.Append(text, copied, begin - copied);
            var lineEnd = text.IndexOf('\n', end);
            copied = at = lineEnd < 0 ? text.Length : lineEnd + 1;
        }
        return copied == 0 ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool TryHeader(string text, int begin, out string name, out int dataStart)
    {
        name = string.Empty;
        var lineEnd = text.IndexOf('\n', begin);
        dataStart = lineEnd + 1;
        if (lineEnd < 0 || lineEnd - begin > 300) return false;
        var words = text[(begin + 6)..lineEnd].Trim().Split(' ', 2);
        if (words.Length != 2 || words[0].Length is < 3 or > 4 || !words[0].All(digit => digit is >= '0' and <= '7')) return false;
        name = words[1][(words[1].LastIndexOfAny(['/', '\\']) + 1)..];
        return name.Length > 0;
    }

    /// <summary>Where the line "end" begins, if every line before it is uuencoded.</summary>
    private static int EndOfData(string text, int start)
    {
        for (var at = start; at < text.Length;)
        {
            var lineEnd = text.IndexOf('\n', at);
            if (lineEnd < 0) lineEnd = text.Length;
            var line = text.AsSpan(at, lineEnd - at).TrimEnd();
            if (line is "end") return at;
            if (line.Length > 0)
            {
                var count = (line[0] - 32) & 63;
                if (line[0] is < ' ' or > '`' || line.Length > 1 + (count + 2) / 3 * 4 + 2) return -1;
            }
            at = lineEnd + 1;
        }
        return -1;
    }

    private static string TypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".gif" => "image/gif",
        ".txt" => "text/plain",
        ".pdf" => "application/pdf",
        _ => "application/octet-stream",
    };
}
