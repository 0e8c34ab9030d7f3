using System.Text;

namespace SiteDesk.Mail;

/// <summary>Takes entities apart (RFC 2046 section 5.1) within the limits of one message.</summary>
internal sealed class MimeReader(MailLimits limits, ProblemList problems)
{
    private static readonly ParameterizedValue PlainText = ParameterizedValue.Parse("text/plain");
    private static readonly ParameterizedValue EnclosedMessage = ParameterizedValue.Parse("message/rfc822");
    private static readonly ParameterizedValue UnknownBytes = ParameterizedValue.Parse("application/octet-stream");

    private int _parts;

    public MailLimits Limits => limits;

    public ProblemList Problems => problems;

    public MimePart Read(ReadOnlyMemory<byte> entity, int depth, bool isOutermost = false, bool inDigest = false)
    {
        _parts++;
        var headers = new HeaderCollection();
        var bodyStart = HeaderSection.Read(entity, headers, limits, problems, isOutermost);
        if (isOutermost && headers.Count > 0 && !HasKnownField(headers))
        {
            // "Hello: this is no mail": plain text whose first line happens to hold a colon.
            problems.Add(MailProblemKind.NoHeader, "no field of a message header was found");
            headers = new HeaderCollection();
            bodyStart = 0;
        }
        var body = entity[bodyStart..];
        var part = new MimePart(headers, body, TypeOf(headers, body, inDigest), problems);
        if (part.MediaType.StartsWith("multipart/", StringComparison.Ordinal)) ReadMultipart(part, depth);
        else if (part.MediaType is "message/rfc822" or "message/global" or "message/news" or "message/rfc2822") ReadEnclosed(part, depth);
        return part;
    }

    private static bool HasKnownField(HeaderCollection headers)
    {
        foreach (var field in headers)
            if (KnownFields.Contains(field.Name) || field.Name.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || field.Name.StartsWith("List-", StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static readonly HashSet<string> KnownFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "Received", "Return-Path", "Sender", "Reply-To", "MIME-Version", "Content-Type",
        "In-Reply-To", "References", "Delivered-To", "X-Mailer", "Content-Transfer-Encoding", "Resent-From", "X-Original-To", "Auto-Submitted",
        "Content-Disposition", "Envelope-To", "DKIM-Signature", "Precedence", "X-Failed-Recipients",
    };

    private ParameterizedValue TypeOf(HeaderCollection headers, ReadOnlyMemory<byte> body, bool inDigest)
    {
        if (headers.First("Content-Type") is not { } field) return inDigest ? EnclosedMessage : PlainText;
        var type = ParameterizedValue.Parse(field.Text);
        var slash = type.Value.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < type.Value.Length - 1) return type;
        problems.Add(MailProblemKind.BrokenContentType, field.Text);
        return type.Value switch
        {
            "text" or "plain" or "" => type with { Value = "text/plain" },
            "html" => type with { Value = "text/html" },
            "multipart" or "multipart/" when type["boundary"] is not null => type with { Value = "multipart/mixed" },
            _ => System.Text.Ascii.IsValid(body.Span) ? PlainText : UnknownBytes,
        };
    }

    private void ReadEnclosed(MimePart part, int depth)
    {
        if (depth >= limits.MaximumDepth || _parts >= limits.MaximumParts)
        {
            problems.Add(MailProblemKind.LimitReached, "enclosed messages are nested too deep");
            return;
        }
        // RFC 2046 section 5.2.1 forbids an encoding here; some mailers encode all the same.
        var content = part.Content;
        if (content.Span.Trim(" \t\r\n"u8).IsEmpty) return;
        part.Enclosed = new MimeMessage(content, Read(content, depth + 1, isOutermost: true), problems, limits);
    }

    private void ReadMultipart(MimePart part, int depth)
    {
        if (depth >= limits.MaximumDepth)
        {
            problems.Add(MailProblemKind.LimitReached, "multiparts are nested too deep");
            return;
        }
        var body = part.RawBody;
        var boundary = part.ContentType["boundary"]?.TrimEnd();
        var delimiter = string.IsNullOrEmpty(boundary) ? null : BytesOf("--" + boundary);
        if (delimiter is null || Find(body.Span, 0, delimiter, out _, out _) < 0)
        {
            problems.Add(MailProblemKind.BrokenMultipart, delimiter is null ? "no boundary" : "the boundary does not occur");
            delimiter = GuessDelimiter(body.Span);
            // Some mailers put the encoding on the multipart itself (forbidden by RFC 2045 section 6.4).
            if (delimiter is null && part.TransferEncoding is "base64" or "quoted-printable")
            {
                body = part.Content;
                delimiter = string.IsNullOrEmpty(boundary) ? null : BytesOf("--" + boundary);
                if (delimiter is not null && Find(body.Span, 0, delimiter, out _, out _) < 0) delimiter = null;
            }
        }
        part.Children = delimiter is null ? [AsText(part, body)] : Split(body, delimiter, depth, part.MediaType == "multipart/digest");
    }

    private MimePart AsText(MimePart part, ReadOnlyMemory<byte> body)
    {
        var headers = new HeaderCollection();
        if (part.Headers.First("Content-Transfer-Encoding") is { } encoding) headers.Add(encoding);
        var looksLikeHtml = body.Span[..Math.Min(body.Length, 512)].IndexOf("<html"u8) >= 0 || body.Span[..Math.Min(body.Length, 512)].IndexOf("<HTML"u8) >= 0;
        return new MimePart(headers, body, looksLikeHtml ? ParameterizedValue.Parse("text/html") : PlainText, problems);
    }

    private List<MimePart> Split(ReadOnlyMemory<byte> body, byte[] delimiter, int depth, bool isDigest)
    {
        var parts = new List<MimePart>();
        var bytes = body.Span;
        var mark = Find(bytes, 0, delimiter, out var start, out var closing);
        while (!closing && mark >= 0)
        {
            mark = Find(bytes, start, delimiter, out var next, out closing);
            var end = mark < 0 ? bytes.Length : WithoutLineEnd(bytes, start, mark);
            if (mark < 0) problems.Add(MailProblemKind.UnclosedMultipart, "the closing boundary is missing");
            if (_parts >= limits.MaximumParts)
            {
                problems.Add(MailProblemKind.LimitReached, $"more than {limits.MaximumParts} parts");
                break;
            }
            // A delimiter at the very end of a cut message opens a part without a single byte.
            if (mark >= 0 || end > start || parts.Count == 0) parts.Add(Read(body[start..end], depth + 1, inDigest: isDigest));
            start = next;
            bytes = body.Span;
        }
        return parts;
    }

    /// <summary>The next delimiter line at or after <paramref name="from"/>; its place, the start of what follows, and whether it closes.</summary>
    private static int Find(ReadOnlySpan<byte> bytes, int from, ReadOnlySpan<byte> delimiter, out int after, out bool closing)
    {
        closing = false;
        var at = from;
        while (at <= bytes.Length - delimiter.Length)
        {
            var found = bytes[at..].IndexOf(delimiter);
            if (found < 0) break;
            var place = at + found;
            at = place + delimiter.Length;
            if (place > 0 && place != from && bytes[place - 1] is not ((byte)'\n' or (byte)'\r')) continue;
            var rest = at;
            var isClosing = rest + 1 < bytes.Length && bytes[rest] == '-' && bytes[rest + 1] == '-';
            if (isClosing) rest += 2;
            while (rest < bytes.Length && bytes[rest] is (byte)' ' or (byte)'\t') rest++;
            // More text on the line: another boundary that begins like this one (section 5.1.2). After "--" anything may stand.
            if (rest < bytes.Length && bytes[rest] is not ((byte)'\r' or (byte)'\n'))
            {
                if (!isClosing || bytes[at + 2] is not ((byte)' ' or (byte)'\t')) continue;
                var feed = bytes[rest..].IndexOf((byte)'\n');
                rest = feed < 0 ? bytes.Length : rest + feed;
            }
            if (rest < bytes.Length && bytes[rest] == '\r') rest++;
            if (rest < bytes.Length && bytes[rest] == '\n') rest++;
            after = rest;
            closing = isClosing;
            return place;
        }
        after = bytes.Length;
        return -1;
    }

    private static int WithoutLineEnd(ReadOnlySpan<byte> bytes, int start, int end)
    {
        // The line end before a delimiter belongs to the delimiter (section 5.1.1).
        if (end > start && bytes[end - 1] == '\n') end--;
        if (end > start && bytes[end - 1] == '\r') end--;
        return end;
    }

    /// <summary>The first line that begins with two hyphens and is followed by a Content- field.</summary>
    private static byte[]? GuessDelimiter(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (var lines = 0; at < bytes.Length && lines < 200; lines++)
        {
            var feed = bytes[at..].IndexOf((byte)'\n');
            if (feed < 0) return null;
            var line = bytes.Slice(at, feed).TrimEnd(" \t\r"u8);
            var next = bytes[(at + feed + 1)..];
            if (line.Length is > 4 and <= 200 && line.StartsWith("--"u8) && next.Length > 8 && Encoding.ASCII.GetString(next[..8]).Equals("Content-", StringComparison.OrdinalIgnoreCase))
                return line.ToArray();
            at += feed + 1;
        }
        return null;
    }

    private static byte[] BytesOf(string text) => System.Text.Ascii.IsValid(text) ? Encoding.ASCII.GetBytes(text) : Encoding.UTF8.GetBytes(text);
}
