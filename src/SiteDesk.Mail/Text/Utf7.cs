using System.Text;

namespace SiteDesk.Mail;

/// <summary>UTF-7 (RFC 2152), which the framework no longer decodes, and the modified form of IMAP folder names
/// (RFC 3501 section 5.1.3).</summary>
public static class Utf7
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Decodes mail text. Damaged sequences become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> source) => Decode(Encoding.Latin1.GetString(source), '+', '/');

    /// <summary>Decodes an IMAP folder name. A name that is not modified UTF-7 comes back unchanged where it differs.</summary>
    public static string DecodeFolderName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains('&', StringComparison.Ordinal) ? Decode(name, '&', ',') : name;
    }

    /// <summary>Encodes an IMAP folder name.</summary>
    public static string EncodeFolderName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var result = new StringBuilder(name.Length + 8);
        for (var at = 0; at < name.Length;)
        {
            if (name[at] is >= ' ' and <= '~')
            {
                result.Append(name[at] == '&' ? "&-" : name[at].ToString());
                at++;
                continue;
            }
            var end = at;
            while (end < name.Length && name[end] is < ' ' or > '~') end++;
            var bytes = Encoding.BigEndianUnicode.GetBytes(name[at..end]);
            result.Append('&').Append(Convert.ToBase64String(bytes).TrimEnd('=').Replace('/', ',')).Append('-');
            at = end;
        }
        return result.ToString();
    }

    private static string Decode(string source, char shift, char sixtyThree)
    {
        var result = new StringBuilder(source.Length);
        for (var at = 0; at < source.Length;)
        {
            if (source[at] != shift)
            {
                result.Append(source[at++]);
                continue;
            }
            at++;
            if (at < source.Length && source[at] == '-')
            {
                result.Append(shift);
                at++;
                continue;
            }
            at = DecodeShifted(source, at, sixtyThree, result);
        }
        return result.ToString();
    }

    private static int DecodeShifted(string source, int at, char sixtyThree, StringBuilder result)
    {
        int bits = 0, held = 0, start = at;
        for (; at < source.Length; at++)
        {
            var value = source[at] == sixtyThree ? 63 : source[at] == '/' ? -1 : Alphabet.IndexOf(source[at], StringComparison.Ordinal);
            if (value < 0) break;
            held = (held << 6) | value;
            bits += 6;
            if (bits < 16) continue;
            bits -= 16;
            result.Append((char)((held >> bits) & 0xFFFF));
            held &= (1 << bits) - 1;
        }
        if (at == start) result.Append('\uFFFD');
        return at < source.Length && source[at] == '-' ? at + 1 : at;
    }
}
