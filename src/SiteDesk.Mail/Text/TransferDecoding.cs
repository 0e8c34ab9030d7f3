using System.Buffers;
using System.Buffers.Text;

namespace SiteDesk.Mail;

/// <summary>Decodes base64, quoted-printable (RFC 2045 section 6) and uuencode, forgiving what senders break.</summary>
internal static class TransferDecoding
{
    private static readonly SearchValues<byte> QuotedPrintableStops = SearchValues.Create("=\r\n"u8);

    /// <summary>Decodes base64; line breaks, stray characters and padding in the middle are passed over.</summary>
    public static byte[] Base64Bytes(ReadOnlySpan<byte> source, out bool damaged)
    {
        damaged = false;
        var buffer = new byte[(source.Length / 4 + 1) * 3];
        // The framework's decoder skips white space and is vectorised; it serves every well-formed body.
        var status = Base64.DecodeFromUtf8(source, buffer, out var consumed, out var written);
        if (status != OperationStatus.Done || !IsBlank(source[consumed..]))
            written = TolerantBase64(source, buffer, out damaged);
        return written == buffer.Length ? buffer : buffer.AsSpan(0, written).ToArray();
    }

    private static int TolerantBase64(ReadOnlySpan<byte> source, Span<byte> target, out bool damaged)
    {
        damaged = false;
        int bits = 0, held = 0, written = 0;
        foreach (var symbol in source)
        {
            var value = Sextet(symbol);
            if (value < 0)
            {
                if (symbol == '=')
                {
                    // Padding ends a unit; some mailers encode chunk by chunk, so more may follow.
                    bits = 0;
                    held = 0;
                }
                else if (symbol is not ((byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
                {
                    damaged = true;
                }
                continue;
            }
            held = ((held << 6) | value) & 0xFFFFFF;
            bits += 6;
            if (bits < 8) continue;
            bits -= 8;
            target[written++] = (byte)(held >> bits);
        }
        return written;
    }

    private static int Sextet(byte symbol) => symbol switch
    {
        >= (byte)'A' and <= (byte)'Z' => symbol - 'A',
        >= (byte)'a' and <= (byte)'z' => symbol - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => symbol - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        (byte)'/' or (byte)'_' => 63,
        _ => -1,
    };

    private static bool IsBlank(ReadOnlySpan<byte> rest) => rest.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Decodes quoted-printable; what is no valid escape stays as it is.</summary>
    public static byte[] QuotedPrintableBytes(ReadOnlySpan<byte> source, out bool damaged)
    {
        damaged = false;
        var target = new byte[source.Length];
        var written = 0;
        var at = 0;
        while (at < source.Length)
        {
            var next = source[at..].IndexOfAny(QuotedPrintableStops);
            var run = next < 0 ? source.Length - at : next;
            source.Slice(at, run).CopyTo(target.AsSpan(written));
            written += run;
            at += run;
            if (at >= source.Length) break;
            if (source[at] != '=')
            {
                // White space before a line end was added in transport (RFC 2045 section 6.7 rule 3).
                while (run > 0 && written > 0 && target[written - 1] is (byte)' ' or (byte)'\t')
                {
                    written--;
                    run--;
                }
                target[written++] = source[at++];
                continue;
            }
            at = AfterEscape(source, at, target, ref written, ref damaged);
        }
        return written == target.Length ? target : target.AsSpan(0, written).ToArray();
    }

    private static int AfterEscape(ReadOnlySpan<byte> source, int at, byte[] target, ref int written, ref bool damaged)
    {
        if (at + 2 < source.Length + 0 && Hex(source[at + 1]) is >= 0 and var high && Hex(source[at + 2]) is >= 0 and var low)
        {
            target[written++] = (byte)((high << 4) | low);
            return at + 3;
        }
        var end = at + 1;
        while (end < source.Length && source[end] is (byte)' ' or (byte)'\t') end++;
        if (end >= source.Length) return end;
        if (source[end] == '\r')
        {
            end++;
            return end < source.Length && source[end] == '\n' ? end + 1 : end;
        }
        if (source[end] == '\n') return end + 1;
        damaged = true;
        target[written++] = (byte)'=';
        return at + 1;
    }

    /// <summary>The value of one hexadecimal digit, or -1.</summary>
    public static int Hex(int symbol) => symbol switch
    {
        >= '0' and <= '9' => symbol - '0',
        >= 'A' and <= 'F' => symbol - 'A' + 10,
        >= 'a' and <= 'f' => symbol - 'a' + 10,
        _ => -1,
    };

    /// <summary>Decodes the lines between "begin" and "end" of a uuencoded file.</summary>
    public static byte[] UuencodeBytes(ReadOnlySpan<char> lines)
    {
        var target = new MemoryStream(lines.Length * 3 / 4);
        foreach (var range in lines.Split('\n'))
        {
            var line = lines[range].TrimEnd('\r');
            if (line.IsEmpty || line.StartsWith("end", StringComparison.Ordinal)) continue;
            var count = (line[0] - 32) & 63;
            for (var at = 1; count > 0; at += 4)
            {
                int a = Uu(line, at), b = Uu(line, at + 1), c = Uu(line, at + 2), d = Uu(line, at + 3);
                if (count-- > 0) target.WriteByte((byte)((a << 2) | (b >> 4)));
                if (count-- > 0) target.WriteByte((byte)((b << 4) | (c >> 2)));
                if (count-- > 0) target.WriteByte((byte)((c << 6) | d));
            }
        }
        return target.ToArray();

        static int Uu(ReadOnlySpan<char> line, int at) => at < line.Length ? (line[at] - 32) & 63 : 0;
    }
}
