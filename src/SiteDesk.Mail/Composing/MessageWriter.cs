using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Writes messages (RFC 5322, RFC 2045): text and HTML as alternatives, pictures beside the HTML, files attached. The same
/// <see cref="OutgoingMessage"/> always gives the same bytes.</summary>
public static class MessageWriter
{
    /// <summary>Writes the message.</summary>
    public static ComposedMessage Write(OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var utf8 = message.To.Concat(message.Cc).Concat(message.ReplyTo).Append(message.From).Any(HeaderEncoding.RequiresUtf8);
        var header = new StringBuilder();
        header.Append(HeaderEncoding.Unstructured("Date", message.Date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + Offset(message.Date), utf8));
        header.Append(HeaderEncoding.Addresses("From", [message.From], utf8));
        if (message.ReplyTo.Count > 0) header.Append(HeaderEncoding.Addresses("Reply-To", message.ReplyTo, utf8));
        if (message.To.Count > 0) header.Append(HeaderEncoding.Addresses("To", message.To, utf8));
        if (message.Cc.Count > 0) header.Append(HeaderEncoding.Addresses("Cc", message.Cc, utf8));
        header.Append(HeaderEncoding.Unstructured("Subject", message.Subject, utf8));
        header.Append(HeaderEncoding.Identifiers("Message-ID", [message.MessageId]));
        if (message.InReplyTo is { Length: > 0 } answered) header.Append(HeaderEncoding.Identifiers("In-Reply-To", [answered]));
        if (message.References.Count > 0) header.Append(HeaderEncoding.Identifiers("References", message.References));
        foreach (var (name, value) in message.Fields)
            if (IsFieldName(name)) header.Append(HeaderEncoding.Unstructured(name, value, utf8));
        header.Append("MIME-Version: 1.0\r\n");

        using var target = new MemoryStream();
        target.Write(Encoding.UTF8.GetBytes(header.ToString()));
        new BodyWriter(target, message.MessageId).Write(message);
        return new ComposedMessage(target.ToArray(), utf8);
    }

    /// <summary>A Message-ID that is the same for the same key: a mail sent again after a crash is seen as the one it is.</summary>
    /// <param name="key">What the mail is, such as "ticket 42, message 7, recipient 1" with a secret of the installation.</param>
    /// <param name="domain">The sender's domain in ASCII form.</param>
    public static string StableMessageId(string key, string domain)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(domain);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20)) + "@" + HeaderEncoding.Id(domain);
    }

    private static string Offset(DateTimeOffset date) => (date.Offset < TimeSpan.Zero ? "-" : "+") + date.Offset.ToString("hhmm", CultureInfo.InvariantCulture);

    private static bool IsFieldName(string name) => name.Length is > 0 and <= 70 && name.All(symbol => symbol is > ' ' and < '\u007F' and not ':');
}

/// <summary>Writes the parts of one message.</summary>
internal sealed class BodyWriter(MemoryStream target, string seed)
{
    private int _boundaries;

    public void Write(OutgoingMessage message)
    {
        var attached = message.Files.Where(file => file.ContentId is null || message.Html is null).ToList();
        if (attached.Count == 0)
        {
            WriteReadable(message);
            return;
        }
        Multipart("mixed", () => WriteReadable(message), [.. attached.Select<OutgoingFile, Action>(file => () => WriteFile(file, "attachment"))]);
    }

    private void WriteReadable(OutgoingMessage message)
    {
        if (message.Html is null)
        {
            WriteText("plain", message.Text);
            return;
        }
        // The pictures stand around both forms, as Gmail and Outlook have it: who reads the plain text alone still gets them.
        var pictures = message.Files.Where(file => file.ContentId is not null).ToList();
        if (pictures.Count == 0) WriteForms(message);
        else Multipart("related", () => WriteForms(message), [.. pictures.Select<OutgoingFile, Action>(file => () => WriteFile(file, "inline"))]);
    }

    private void WriteForms(OutgoingMessage message) => Multipart("alternative", () => WriteText("plain", message.Text), () => WriteText("html", message.Html!));

    private void Multipart(string subtype, Action first, params Action[] others)
    {
        // "=_" occurs neither in quoted-printable nor in base64 (RFC 2045 section 6.7), so the boundary cannot occur in a body.
        var boundary = "=_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {_boundaries++}")).AsSpan(0, 12));
        // RFC 2387 section 3.1 wants to be told what the first part is.
        Line(subtype == "related" ? "Content-Type: multipart/related; type=\"multipart/alternative\";" : $"Content-Type: multipart/{subtype};");
        Line($" boundary=\"{boundary}\"");
        Line("");
        foreach (var part in (Action[])[first, .. others])
        {
            Line("--" + boundary);
            part();
            Line("");
        }
        Line($"--{boundary}--");
    }

    private void WriteText(string subtype, string text)
    {
        var lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\0", string.Empty);
        Line($"Content-Type: text/{subtype}; charset=utf-8");
        var bytes = Encoding.UTF8.GetBytes(lines.Replace("\n", "\r\n"));
        if (Ascii.IsValid(bytes) && LongestLine(lines) <= 78 && !lines.Contains("=_", StringComparison.Ordinal))
        {
            Line("Content-Transfer-Encoding: 7bit");
            Line("");
            target.Write(bytes);
            return;
        }
        var foreign = bytes.Count(symbol => symbol >= 0x80);
        if (foreign * 5 > bytes.Length)
        {
            WriteBase64(bytes);
            return;
        }
        Line("Content-Transfer-Encoding: quoted-printable");
        Line("");
        target.Write(QuotedPrintable(lines));
    }

    private void WriteFile(OutgoingFile file, string disposition)
    {
        var type = MediaType(file);
        Line(Folded($"Content-Type: {type}{HeaderEncoding.Parameter("name", file.Name)}"));
        Line(Folded($"Content-Disposition: {disposition}{HeaderEncoding.Parameter("filename", file.Name)}"));
        if (file.ContentId is { } id && disposition == "inline") Line($"Content-ID: <{HeaderEncoding.Id(id)}>");
        if (type == "message/rfc822")
        {
            // Section 5.2.1 of RFC 2046: an enclosed message is never encoded itself.
            Line("Content-Transfer-Encoding: 7bit");
            Line("");
            target.Write(file.Content.Span);
            return;
        }
        WriteBase64(file.Content.Span);
    }

    private static string MediaType(OutgoingFile file)
    {
        var type = ParameterizedValue.Parse(HeaderEncoding.OneLine(file.ContentType)).Value;
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        var isValid = slash > 0 && slash < type.Length - 1 && type.Length < 100 && type.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '/' or '-' or '.' or '+' or '_') && !type.StartsWith("multipart/", StringComparison.Ordinal);
        if (!isValid || type.StartsWith("message/", StringComparison.Ordinal) && (type != "message/rfc822" || !Ascii.IsValid(file.Content.Span) || LongestLine(Encoding.ASCII.GetString(file.Content.Span)) > 990)) return "application/octet-stream";
        return type;
    }

    private static string Folded(string field) => field.Replace("; ", ";\r\n ");

    private void WriteBase64(ReadOnlySpan<byte> bytes)
    {
        Line("Content-Transfer-Encoding: base64");
        Line("");
        // 57 bytes make a line of 76 letters.
        for (var at = 0; at < bytes.Length; at += 57) Line(Convert.ToBase64String(bytes.Slice(at, Math.Min(57, bytes.Length - at))));
    }

    private static byte[] QuotedPrintable(string text)
    {
        var result = new StringBuilder(text.Length + text.Length / 8);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (range.Start.Value > 0) result.Append("\r\n");
            var line = text.AsSpan()[range];
            var column = 0;
            var last = line.Length - 1;
            var index = 0;
            foreach (var rune in line.EnumerateRunes())
            {
                var plain = rune.Value is >= ' ' and <= '~' and not '=' || rune.Value == '\t';
                // Blanks at a line's end would be lost; a dot or "From" at its beginning would be changed on the way.
                if (plain && (index == last && rune.Value is ' ' or '\t' || column == 0 && rune.Value is '.' or 'F')) plain = false;
                var length = plain ? 1 : rune.EncodeToUtf8(utf8) * 3;
                if (column + length > 75)
                {
                    result.Append("=\r\n");
                    column = 0;
                }
                if (plain) result.Append((char)rune.Value);
                else
                    foreach (var symbol in utf8[..rune.EncodeToUtf8(utf8)]) result.Append('=').Append(symbol.ToString("X2"));
                column += length;
                index += rune.Utf16SequenceLength;
            }
        }
        return Encoding.ASCII.GetBytes(result.ToString());
    }

    private static int LongestLine(string text)
    {
        var longest = 0;
        foreach (var range in text.AsSpan().Split('\n')) longest = Math.Max(longest, range.End.Value - range.Start.Value);
        return longest;
    }

    private void Line(string text) => target.Write(Encoding.UTF8.GetBytes(text + "\r\n"));
}
