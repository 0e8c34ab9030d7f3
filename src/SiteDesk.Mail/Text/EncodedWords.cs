using System.Text;

namespace SiteDesk.Mail;

/// <summary>Reads encoded words (RFC 2047, with the language of RFC 2231 section 5) in every form that mailers produce:
/// a character cut in two between words, blanks inside, no blank around, inside quotes, unpadded, without an end.</summary>
public static class EncodedWords
{
    /// <summary>Decodes all encoded words of an unfolded field value; what is none stays as it is.</summary>
    public static string Decode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var first = value.IndexOf("=?", StringComparison.Ordinal);
        if (first < 0) return value;
        var result = new StringBuilder(value.Length);
        var pending = new MemoryStream();
        string? pendingCharset = null;
        var at = 0;
        while (at < value.Length)
        {
            var start = value.IndexOf("=?", at, StringComparison.Ordinal);
            if (start < 0) break;
            if (!TryRead(value, start, out var word, out var end))
            {
                Flush();
                result.Append(value, at, start + 2 - at);
                at = start + 2;
                continue;
            }
            var between = value.AsSpan(at, start - at);
            // Blanks between two encoded words are no part of the text (section 6.2).
            var adjacent = pendingCharset is not null && between.IsWhiteSpace();
            if (!adjacent)
            {
                Flush();
                result.Append(between);
            }
            // One character may be cut over two words: join the bytes first, decode after.
            if (pendingCharset is not null && !pendingCharset.Equals(word.Charset, StringComparison.OrdinalIgnoreCase)) Flush();
            pendingCharset = word.Charset;
            pending.Write(word.Bytes);
            at = end;
        }
        Flush();
        return result.Append(value, at, value.Length - at).ToString();

        void Flush()
        {
            if (pendingCharset is null) return;
            result.Append(OneLine(Charsets.Decode(pending.GetBuffer().AsSpan(0, (int)pending.Length), pendingCharset, out _)));
            pending.SetLength(0);
            pendingCharset = null;
        }
    }

    /// <summary>A decoded value must not break the line it stands in.</summary>
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : text.Replace("\r\n", " ").Replace('\r', ' ').Replace('\n', ' ').Replace("\0", string.Empty);

    private readonly record struct Word(string Charset, byte[] Bytes);

    private static bool TryRead(string value, int start, out Word word, out int end)
    {
        word = default;
        end = start;
        var charsetEnd = value.IndexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd - start > 60 || charsetEnd + 2 >= value.Length || value[charsetEnd + 2] != '?') return false;
        var encoding = char.ToUpperInvariant(value[charsetEnd + 1]);
        if (encoding is not ('B' or 'Q')) return false;
        var textStart = charsetEnd + 3;
        var textEnd = EndOfText(value, textStart, encoding);
        var charset = value[(start + 2)..charsetEnd];
        if (charset.Contains(' ', StringComparison.Ordinal)) return false;
        var star = charset.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0) charset = charset[..star];
        var text = value.AsSpan(textStart, textEnd - textStart);
        word = new Word(charset, encoding == 'B' ? TransferDecoding.Base64Bytes(Latin(text), out _) : QBytes(text));
        end = textEnd + 2 <= value.Length && value.AsSpan(textEnd).StartsWith("?=", StringComparison.Ordinal) ? textEnd + 2 : textEnd;
        if (end < value.Length && end == textEnd && value[end] == '?') end++;
        return true;
    }

    private static int EndOfText(string value, int from, char encoding)
    {
        // "?=" may also be "?" followed by an escape in Q text, as in =?utf-8?Q?really?=3F?= : the mark of an end is
        // what follows it, so a "?=" before two hexadecimal digits does not end while a later "?=" exists.
        var at = from;
        while (true)
        {
            var mark = value.IndexOf("?=", at, StringComparison.Ordinal);
            if (mark < 0)
            {
                var next = value.AsSpan(from).IndexOfAny(" \t\"<>,;");
                return next < 0 ? value.TrimEnd('?').Length >= from ? value.TrimEnd('?').Length : value.Length : from + next;
            }
            var isEscape = encoding == 'Q' && mark + 3 < value.Length && TransferDecoding.Hex(value[mark + 2]) >= 0 && TransferDecoding.Hex(value[mark + 3]) >= 0
                           && value.IndexOf("?=", mark + 2, StringComparison.Ordinal) is var later and >= 0
                           && value.IndexOf("=?", mark + 2, StringComparison.Ordinal) is var opening && (opening < 0 || opening > later);
            if (!isEscape) return mark;
            at = mark + 2;
        }
    }

    private static byte[] Latin(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        return bytes;
    }

    private static byte[] QBytes(ReadOnlySpan<char> text)
    {
        var target = new MemoryStream(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol == '_') target.WriteByte((byte)' ');
            else if (symbol == '=' && at + 2 < text.Length + 0 && TransferDecoding.Hex(text[at + 1]) is >= 0 and var high && TransferDecoding.Hex(text[at + 2]) is >= 0 and var low)
            {
                target.WriteByte((byte)((high << 4) | low));
                at += 2;
            }
            else if (symbol < 0x80) target.WriteByte((byte)symbol);
            else
            {
                var rune = Rune.DecodeFromUtf16(text[at..], out var decoded, out var used) == System.Buffers.OperationStatus.Done ? decoded : Rune.ReplacementChar;
                target.Write(utf8[..rune.EncodeToUtf8(utf8)]);
                at += Math.Max(used, 1) - 1;
            }
        }
        return target.ToArray();
    }
}
