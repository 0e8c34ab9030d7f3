using System.Text;

namespace SiteDesk.Mail;

/// <summary>One entity of a message (RFC 2045 section 2.4): a leaf with content, a multipart with children, or an enclosed message.</summary>
public sealed class MimePart
{
    private readonly ProblemList _problems;
    private ParameterizedValue? _disposition;
    private bool _dispositionRead;
    private byte[]? _content;

    internal MimePart(HeaderCollection headers, ReadOnlyMemory<byte> body, ParameterizedValue contentType, ProblemList problems)
    {
        Headers = headers;
        RawBody = body;
        ContentType = contentType;
        _problems = problems;
    }

    /// <summary>The entity's own header fields.</summary>
    public HeaderCollection Headers { get; }

    /// <summary>The body as transferred, not decoded.</summary>
    public ReadOnlyMemory<byte> RawBody { get; }

    /// <summary>The media type with its parameters; where it is missing or broken, the default of the place (RFC 2045 section 5.2).</summary>
    public ParameterizedValue ContentType { get; }

    /// <summary>The media type in lower case, such as "text/plain".</summary>
    public string MediaType => ContentType.Value;

    /// <summary>The parts of a multipart, in order; empty otherwise.</summary>
    public IReadOnlyList<MimePart> Children { get; internal set; } = [];

    /// <summary>The message inside a message/rfc822 or message/global part, or null.</summary>
    public MimeMessage? Enclosed { get; internal set; }

    /// <summary>The disposition (RFC 2183), or null.</summary>
    public ParameterizedValue? Disposition
    {
        get
        {
            if (_dispositionRead) return _disposition;
            _dispositionRead = true;
            return _disposition = Headers.First("Content-Disposition") is { } header ? ParameterizedValue.Parse(header.Text) : null;
        }
    }

    /// <summary>The Content-ID without angle brackets, or null.</summary>
    public string? ContentId => Headers.First("Content-ID")?.Text.Trim().TrimStart('<').TrimEnd('>') is { Length: > 0 } id ? id : null;

    /// <summary>The file name the sender gave, without any folder, or null.</summary>
    public string? FileName
    {
        get
        {
            var name = Disposition?["filename"] ?? ContentType["name"];
            if (string.IsNullOrWhiteSpace(name)) return null;
            name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
            var clean = new StringBuilder(Math.Min(name.Length, 255));
            foreach (var symbol in name)
                // Direction overrides make "exe.txt" of "txt.exe".
                if (!char.IsControl(symbol) && symbol is not (>= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F') && clean.Length < 255) clean.Append(symbol);
            var shown = clean.ToString().Trim();
            return shown is "" or "." or ".." ? null : shown;
        }
    }

    /// <summary>True when the sender marked it as a file to save.</summary>
    public bool IsMarkedAttachment => Disposition?.Value == "attachment";

    /// <summary>The decoded content. Damaged encodings yield what can be read.</summary>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (_content is not null) return _content;
            var encoding = TransferEncoding;
            var damaged = false;
            switch (encoding)
            {
                case "base64":
                    _content = TransferDecoding.Base64Bytes(RawBody.Span, out damaged);
                    break;
                case "quoted-printable":
                    _content = TransferDecoding.QuotedPrintableBytes(RawBody.Span, out damaged);
                    break;
                case "x-uuencode" or "x-uue" or "uuencode":
                    _content = Uudecoded();
                    break;
                default:
                    return RawBody;
            }
            if (damaged) _problems.Add(MailProblemKind.BrokenTransferEncoding, $"{MediaType}: damaged {encoding}");
            return _content;
        }
    }

    /// <summary>The content as text in the charset it says or shows.</summary>
    /// <param name="maximumBytes">How much is decoded at most.</param>
    public string Text(int maximumBytes = int.MaxValue)
    {
        var content = Content;
        if (content.Length > maximumBytes)
        {
            _problems.Add(MailProblemKind.LimitReached, $"{MediaType}: text cut after {maximumBytes} bytes");
            content = content[..maximumBytes];
        }
        var label = ContentType["charset"];
        if (label is null && MediaType == "text/html") label = HtmlCharset.Declared(content.Span);
        var text = Charsets.Decode(content.Span, label, out var remark);
        if (remark is not null) _problems.Add(MailProblemKind.GuessedCharset, $"{MediaType}: {remark}");
        if (text.Contains('\uFFFD', StringComparison.Ordinal)) _problems.Add(MailProblemKind.UndecodableText, MediaType);
        return text;
    }

    internal string TransferEncoding
    {
        get
        {
            if (Headers.First("Content-Transfer-Encoding") is not { } header) return "7bit";
            var text = header.Text.Trim().Trim('"', ';', '.').ToLowerInvariant();
            var end = text.AsSpan().IndexOfAny(" ;(");
            if (end > 0) text = text[..end];
            switch (text)
            {
                case "7bit" or "8bit" or "binary" or "base64" or "quoted-printable" or "x-uuencode" or "x-uue" or "uuencode" or "":
                    return text;
                case "quoted_printable" or "quotedprintable" or "qp" or "quoted-printible":
                    return "quoted-printable";
                case "base-64" or "b64":
                    return "base64";
                default:
                    if (text is not ("7-bit" or "8-bit" or "7bits" or "8bits" or "utf-8" or "none")) _problems.Add(MailProblemKind.BrokenTransferEncoding, $"unknown encoding {text}");
                    return "8bit";
            }
        }
    }

    private byte[] Uudecoded()
    {
        var text = Encoding.Latin1.GetString(RawBody.Span);
        var begin = text.IndexOf("begin ", StringComparison.Ordinal);
        var line = begin < 0 ? -1 : text.IndexOf('\n', begin);
        return TransferDecoding.UuencodeBytes(line < 0 ? text : text.AsSpan(line + 1));
    }
}

/// <summary>The charset an HTML document names for itself.</summary>
internal static class HtmlCharset
{
    public static string? Declared(ReadOnlySpan<byte> html)
    {
        var head = html[..Math.Min(html.Length, 2_048)];
        var at = 0;
        while (at < head.Length)
        {
            var found = head[at..].IndexOf("charset="u8);
            if (found < 0) return null;
            var start = at + found + 8;
            while (start < head.Length && head[start] is (byte)'"' or (byte)'\'' or (byte)' ') start++;
            var end = start;
            while (end < head.Length && (char.IsAsciiLetterOrDigit((char)head[end]) || head[end] is (byte)'-' or (byte)'_')) end++;
            if (end > start) return Encoding.ASCII.GetString(head[start..end]);
            at = start;
        }
        return null;
    }
}
