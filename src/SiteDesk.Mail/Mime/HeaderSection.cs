using System.Buffers;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Splits the header section from the body.</summary>
internal static class HeaderSection
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create(Enumerable.Range(33, 94).Where(code => code != ':').Select(code => (byte)code).ToArray());

    // Nearly every field of nearly every message bears one of these names: no new string for them.
    private static readonly string[] CommonNames =
    [
        "Received", "From", "To", "Cc", "Subject", "Date", "Message-ID", "Message-Id", "In-Reply-To", "References", "MIME-Version", "Mime-Version",
        "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Content-Id", "Content-Description", "Return-Path", "Delivered-To",
        "X-Original-To", "Reply-To", "Sender", "DKIM-Signature", "Authentication-Results", "X-Mailer", "User-Agent", "Auto-Submitted", "Precedence",
        "Received-SPF", "Content-Language", "Thread-Index", "Thread-Topic", "List-Id", "List-Unsubscribe", "X-Priority", "Content-type", "Arrival-Date",
    ];

    public static int Read(ReadOnlyMemory<byte> entity, HeaderCollection fields, MailLimits limits, ProblemList problems, bool isOutermost)
    {
        var bytes = entity.Span;
        var at = isOutermost ? SkipPreamble(bytes) : 0;
        var start = at;
        int fieldStart = -1, valueStart = 0;
        while (at < bytes.Length)
        {
            var end = LineEnd(bytes, at, out var next);
            var line = bytes[at..end];
            if (line.IsEmpty)
            {
                Close(at);
                return next;
            }
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                // A line of blanks alone inside the header: some mailers write it for the empty line.
                if (line.Trim(" \t"u8).IsEmpty && !ContinuesHeader(bytes, next))
                {
                    Close(at);
                    return next;
                }
                if (fieldStart < 0 && isOutermost) return NoHeader(start);
                at = next;
                continue;
            }
            var colon = NameLength(line);
            if (colon < 0)
            {
                if (line.StartsWith("From "u8) || line.StartsWith(">From "u8))
                {
                    Close(at);
                    fieldStart = -1;
                    at = next;
                    continue;
                }
                if (fieldStart < 0) return isOutermost ? NoHeader(start) : start;
                problems.Add(MailProblemKind.BrokenHeaderLine, Shown(line));
                // A value folded without a blank goes on in a further field; otherwise the body began without an empty line.
                if (ContinuesHeader(bytes, next))
                {
                    at = next;
                    continue;
                }
                Close(at);
                return at;
            }
            Close(at);
            fieldStart = at;
            valueStart = at + line.IndexOf((byte)':') + 1;
            at = next;
        }
        Close(bytes.Length);
        return bytes.Length;

        void Close(int end)
        {
            if (fieldStart < 0) return;
            var span = entity.Span;
            if (fields.Count < limits.MaximumHeaderFields)
            {
                var name = span[fieldStart..(valueStart - 1)].Trim(" \t"u8);
                fields.Add(new HeaderField(NameOf(name), entity[valueStart..Math.Max(valueStart, end)], limits.MaximumFieldBytes));
            }
            else
            {
                problems.Add(MailProblemKind.LimitReached, "header fields");
            }
            fieldStart = -1;
        }

        int NoHeader(int bodyStart)
        {
            problems.Add(MailProblemKind.NoHeader, "the message has no header section");
            return bodyStart;
        }
    }

    private static string NameOf(ReadOnlySpan<byte> name)
    {
        foreach (var common in CommonNames)
            if (common.Length == name.Length && Ascii.Equals(name, common)) return common;
        return Encoding.ASCII.GetString(name);
    }

    private static int SkipPreamble(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        var begin = at;
        while (at < bytes.Length && bytes[at] is (byte)'\r' or (byte)'\n') at++;
        // Empty lines before a header are dropped; before plain text they belong to it.
        if (at > begin && at < bytes.Length && NameLength(bytes[at..LineEnd(bytes, at, out _)]) < 0 && !bytes[at..].StartsWith("From "u8)) at = begin;
        return at;
    }

    /// <summary>The place of the colon if the line begins a field, else -1. A blank before the colon is forgiven (section 4.5).</summary>
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAnyExcept(NameBytes);
        if (end <= 0 || end > 120) return -1;
        if (line[end] == ':') return end;
        if (line[end] is not ((byte)' ' or (byte)'\t')) return -1;
        var rest = line[end..];
        var colon = rest.IndexOfAnyExcept(" \t"u8);
        return colon >= 0 && rest[colon] == ':' ? end + colon : -1;
    }

    private static bool ContinuesHeader(ReadOnlySpan<byte> bytes, int at)
    {
        if (at >= bytes.Length) return false;
        var line = bytes[at..LineEnd(bytes, at, out _)];
        if (line.IsEmpty) return false;
        if (line[0] is (byte)' ' or (byte)'\t') return !line.Trim(" \t"u8).IsEmpty;
        var length = NameLength(line);
        // "http://..." and "12:30 we met" are no fields.
        return length > 1 && char.IsAsciiLetter((char)line[0]) && !line[length..].StartsWith("://"u8);
    }

    private static int LineEnd(ReadOnlySpan<byte> bytes, int at, out int next)
    {
        var feed = bytes[at..].IndexOf((byte)'\n');
        if (feed < 0)
        {
            next = bytes.Length;
            return bytes.Length > at && bytes[^1] == '\r' ? bytes.Length - 1 : bytes.Length;
        }
        var end = at + feed;
        next = end + 1;
        while (end > at && bytes[end - 1] == '\r') end--;
        return end;
    }

    private static string Shown(ReadOnlySpan<byte> line) => Encoding.Latin1.GetString(line[..Math.Min(line.Length, 80)]);
}
