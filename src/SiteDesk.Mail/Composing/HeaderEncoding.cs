using System.Globalization;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Writes header values: folding (RFC 5322 section 2.2.3), encoded words (RFC 2047), parameters (RFC 2231).</summary>
internal static class HeaderEncoding
{
    private const int LineLength = 76;
    private static readonly IdnMapping Idn = new();

    /// <summary>A field whose value is words: the subject and the like.</summary>
    public static string Unstructured(string name, string value, bool utf8)
    {
        value = OneLine(value);
        return Fold(name, NeedsEncoding(value) && !utf8 ? EncodedWordsOf(value, name.Length + 2) : value);
    }

    /// <summary>A field of addresses.</summary>
    public static string Addresses(string name, IEnumerable<MailAddress> addresses, bool utf8) =>
        Fold(name, string.Join(", ", addresses.Select(address => Address(address, utf8))));

    /// <summary>A field of Message-IDs. The eldest go first when there are too many (RFC 5322 section 2.1.1 bounds lines, not fields; servers do).</summary>
    public static string Identifiers(string name, IReadOnlyList<string> ids)
    {
        var kept = ids.Count <= 30 ? ids : [ids[0], .. ids.Skip(ids.Count - 29)];
        return Fold(name, string.Join(' ', kept.Select(id => $"<{Id(id)}>")));
    }

    /// <summary>An identifier without what could end it.</summary>
    public static string Id(string id) => string.Concat(OneLine(id).Where(symbol => symbol is > ' ' and < '\u007F' and not ('<' or '>')));

    /// <summary>True when the address can only be written in UTF-8: its local part is not ASCII (RFC 6531 section 3.3).</summary>
    public static bool RequiresUtf8(MailAddress address)
    {
        var at = address.Address.LastIndexOf('@');
        return !Ascii.IsValid(at < 0 ? address.Address : address.Address.AsSpan(0, at)) || !Ascii.IsValid(AsciiDomain(address.Address));
    }

    /// <summary>The address with its domain in ASCII form (RFC 5891); unchanged when that has none.</summary>
    public static string AsciiDomain(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || Ascii.IsValid(address.AsSpan(at))) return address;
        try
        {
            return address[..(at + 1)] + Idn.GetAscii(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            // No valid domain name: the server will say so, with its reason.
            return address;
        }
    }

    /// <summary>A parameter; names beyond ASCII also in the extended form, long ones in pieces (RFC 2231 section 3 and 4).</summary>
    public static string Parameter(string name, string value)
    {
        value = OneLine(value);
        if (Ascii.IsValid(value) && value.Length <= 60) return $"; {name}=\"{Quoted(value)}\"";
        var encoded = new List<string>();
        var piece = new StringBuilder("utf-8''");
        foreach (var rune in value.EnumerateRunes())
        {
            var part = PercentEncoded(rune);
            if (piece.Length + part.Length > 55)
            {
                encoded.Add(piece.ToString());
                piece.Clear();
            }
            piece.Append(part);
        }
        encoded.Add(piece.ToString());
        return encoded.Count == 1 ? $"; {name}*={encoded[0]}" : string.Concat(encoded.Select((part, index) => $"; {name}*{index}*={part}"));
    }

    /// <summary>Line ends and other controls become blanks: a value can neither end its field nor begin another.</summary>
    public static string OneLine(string value) =>
        value.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0 && !value.Contains('\u007F', StringComparison.Ordinal) ? value.Trim() : string.Concat(value.Select(symbol => char.IsControl(symbol) ? ' ' : symbol)).Trim();

    private static string Address(MailAddress address, bool utf8)
    {
        var mailbox = OneLine(utf8 ? address.Address : AsciiDomain(address.Address)).Replace("<", string.Empty).Replace(">", string.Empty).Replace(" ", string.Empty);
        var name = OneLine(address.Name);
        if (name.Length == 0) return mailbox;
        var written = NeedsEncoding(name) && !utf8 ? EncodedWordsOf(name, 12) : name.AsSpan().IndexOfAny("()<>[]:;@\\,.\"'") >= 0 || name.Contains("=?", StringComparison.Ordinal) ? $"\"{Quoted(name)}\"" : name;
        return $"{written} <{mailbox}>";
    }

    private static string Quoted(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"");

    private static bool NeedsEncoding(string value) => !Ascii.IsValid(value) || value.Contains("=?", StringComparison.Ordinal) || value.Split(' ').Any(word => word.Length > 900);

    /// <summary>Encoded words of at most 75 characters, never cut inside a character (RFC 2047 sections 2 and 5).</summary>
    private static string EncodedWordsOf(string value, int used)
    {
        var result = new StringBuilder();
        var chunk = new List<byte>();
        var room = RoomFor(LineLength - used);
        foreach (var rune in value.EnumerateRunes())
        {
            Span<byte> utf8 = new byte[4];
            var length = rune.EncodeToUtf8(utf8);
            if (chunk.Count + length > room)
            {
                Flush();
                room = RoomFor(74);
            }
            for (var at = 0; at < length; at++) chunk.Add(utf8[at]);
        }
        Flush();
        return result.ToString();

        void Flush()
        {
            if (chunk.Count == 0) return;
            if (result.Length > 0) result.Append(' ');
            result.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. chunk])).Append("?=");
            chunk.Clear();
        }

        // "=?utf-8?B?" and "?=" take twelve characters, four letters hold three bytes.
        static int RoomFor(int characters) => Math.Max(6, (characters - 12) / 4 * 3);
    }

    private static string PercentEncoded(Rune rune)
    {
        if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '.' or '-' or '_')) return rune.ToString();
        Span<byte> utf8 = stackalloc byte[4];
        var result = new StringBuilder();
        foreach (var symbol in utf8[..rune.EncodeToUtf8(utf8)]) result.Append('%').Append(symbol.ToString("X2"));
        return result.ToString();
    }

    /// <summary>Folds at blanks so that lines keep within 76 characters where they can.</summary>
    public static string Fold(string name, string value)
    {
        var result = new StringBuilder(name).Append(':');
        var length = result.Length;
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length + 1 + word.Length > LineLength && length > name.Length + 1)
            {
                result.Append("\r\n");
                length = 0;
            }
            result.Append(' ').Append(word);
            length += word.Length + 1;
        }
        return result.Append("\r\n").ToString();
    }
}
