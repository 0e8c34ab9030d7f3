using System.Collections.Concurrent;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Decodes text in any charset mail uses: by its label where that is right, by a guess where it is missing or wrong.</summary>
public static class Charsets
{
    private static readonly ConcurrentDictionary<string, Encoding?> Known = new(StringComparer.OrdinalIgnoreCase);

    // Labels seen in mail that the framework does not know, or that mean a superset (WHATWG Encoding, section 4.2).
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = "utf-8", ["utf-8mb4"] = "utf-8", ["unicode-1-1-utf-8"] = "utf-8", ["utf-8-sig"] = "utf-8", ["cp65001"] = "utf-8",
        ["iso-8859-1"] = "windows-1252", ["iso8859-1"] = "windows-1252", ["iso_8859-1"] = "windows-1252", ["latin1"] = "windows-1252",
        ["latin-1"] = "windows-1252", ["l1"] = "windows-1252", ["cp1252"] = "windows-1252", ["ansi"] = "windows-1252", ["8859-1"] = "windows-1252",
        ["cp1250"] = "windows-1250", ["cp1251"] = "windows-1251", ["win-1251"] = "windows-1251", ["win1251"] = "windows-1251",
        ["windows1251"] = "windows-1251", ["x-cp1251"] = "windows-1251", ["cp-1251"] = "windows-1251", ["1251"] = "windows-1251",
        ["cp1253"] = "windows-1253", ["cp1254"] = "windows-1254", ["cp1255"] = "windows-1255", ["cp1256"] = "windows-1256",
        ["cp1257"] = "windows-1257", ["cp1258"] = "windows-1258", ["iso-8859-9"] = "windows-1254", ["latin5"] = "windows-1254",
        ["koi8"] = "koi8-r", ["koi8r"] = "koi8-r", ["koi8_r"] = "koi8-r", ["x-koi8-r"] = "koi8-r", ["koi8-ru"] = "koi8-u", ["koi8u"] = "koi8-u",
        ["cp866"] = "ibm866", ["866"] = "ibm866", ["dos-866"] = "ibm866", ["x-mac-cyrillic"] = "x-mac-cyrillic", ["mac-cyrillic"] = "x-mac-cyrillic",
        ["gb2312"] = "gb18030", ["gbk"] = "gb18030", ["x-gbk"] = "gb18030", ["cp936"] = "gb18030", ["936"] = "gb18030", ["gb_2312-80"] = "gb18030",
        ["gb-2312"] = "gb18030", ["chinese"] = "gb18030", ["euc-cn"] = "gb18030", ["csgb2312"] = "gb18030", ["gb18030-2000"] = "gb18030",
        ["gb18030-2022"] = "gb18030", ["hz"] = "hz-gb-2312", ["iso-2022-cn"] = "x-cp50227", ["iso-2022-cn-ext"] = "x-cp50227",
        ["big5-hkscs"] = "big5", ["big5hkscs"] = "big5", ["x-x-big5"] = "big5", ["cn-big5"] = "big5", ["cp950"] = "big5", ["big-5"] = "big5",
        ["shift-jis"] = "shift_jis", ["sjis"] = "shift_jis", ["x-sjis"] = "shift_jis", ["ms_kanji"] = "shift_jis", ["cp932"] = "shift_jis",
        ["windows-31j"] = "shift_jis", ["ms932"] = "shift_jis", ["csshiftjis"] = "shift_jis",
        ["iso-2022-jp-1"] = "iso-2022-jp", ["iso-2022-jp-2"] = "iso-2022-jp", ["iso-2022-jp-3"] = "iso-2022-jp", ["iso-2022-jp-ms"] = "iso-2022-jp",
        ["cp50220"] = "iso-2022-jp", ["cp50221"] = "iso-2022-jp", ["jis"] = "iso-2022-jp", ["x-euc-jp"] = "euc-jp", ["eucjp"] = "euc-jp", ["cp51932"] = "euc-jp",
        ["ks_c_5601-1987"] = "ks_c_5601-1987", ["ks_c_5601"] = "ks_c_5601-1987", ["ksc5601"] = "ks_c_5601-1987", ["ksc_5601"] = "ks_c_5601-1987",
        ["euckr"] = "ks_c_5601-1987", ["euc-kr"] = "ks_c_5601-1987", ["cp949"] = "ks_c_5601-1987", ["ms949"] = "ks_c_5601-1987", ["uhc"] = "ks_c_5601-1987",
        ["windows-949"] = "ks_c_5601-1987", ["tis-620"] = "windows-874", ["iso-8859-11"] = "windows-874", ["cp874"] = "windows-874",
        ["iso-8859-8-i"] = "iso-8859-8", ["iso-8859-6-i"] = "iso-8859-6", ["macintosh"] = "macintosh", ["mac"] = "macintosh", ["x-mac-roman"] = "macintosh",
        ["utf16"] = "utf-16", ["utf-16le"] = "utf-16", ["ucs-2"] = "utf-16", ["unicode"] = "utf-16", ["utf16le"] = "utf-16", ["utf-16be"] = "utf-16be",
        ["ucs-4"] = "utf-32",
    };

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>Decodes <paramref name="bytes"/> as the label says, or as they look.</summary>
    /// <param name="bytes">The text's bytes.</param>
    /// <param name="label">The charset parameter; null or unknown asks for a guess.</param>
    /// <param name="remark">What had to be guessed, or null when the label was right.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? label, out string? remark)
    {
        remark = null;
        if (bytes.IsEmpty) return string.Empty;
        label = Clean(label);
        if (IsUtf7(label)) return Utf7.Decode(bytes);
        if (System.Text.Ascii.IsValid(bytes) && (label is null || IsAsciiSuperset(label)))
            return bytes.Contains((byte)0x1B) ? Escaped(bytes, label, ref remark) : Encoding.ASCII.GetString(bytes);
        if (ByMark(bytes) is { } marked) return marked;

        if (label is null || IsMeaningless(label)) return Guessed(bytes, label, ref remark);
        var encoding = Find(label);
        if (encoding is null) return Guessed(bytes, label, ref remark);
        if (encoding.CodePage == 65001) return Utf8OrGuess(bytes, ref remark);

        // Two-byte units that cannot be: a wrong label made by a converter that forgot to relabel.
        if (encoding.CodePage is 1200 or 1201 or 12000 && !LooksWide(bytes)) return Guessed(bytes, label, ref remark);
        if (HasManyByteSequences(bytes))
        {
            remark = $"labelled {label}, read as utf-8";
            return Encoding.UTF8.GetString(bytes);
        }
        if (encoding.CodePage == 1252 && CharsetGuess.Find(bytes) is { Certain: true } certain && certain.Name != "windows-1252")
        {
            remark = $"labelled {label}, read as {certain.Name}";
            return Find(certain.Name)!.GetString(bytes);
        }
        var text = encoding.GetString(bytes);
        if (CountReplaced(text) * 20 > text.Length) return Guessed(bytes, label, ref remark);
        return text;
    }

    /// <summary>The encoding for a label of the wild, or null if nobody knows it.</summary>
    public static Encoding? Find(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (label.Length > 40) return null;
        if (Known.TryGetValue(label, out var known)) return known;
        var found = Lookup(label);
        // The labels come from strangers: the cache must not grow with them.
        if (Known.Count < 500) Known.TryAdd(label, found);
        return found;
    }

    private static Encoding? Lookup(string label)
    {
        var name = Aliases.GetValueOrDefault(label, label);
        if (name.StartsWith("cp", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(2), out var page))
            return ByCodePage(page);
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            // Unknown to the framework: the caller guesses and says so.
            return null;
        }
    }

    private static Encoding? ByCodePage(int page)
    {
        if (page is <= 0 or > 65535 or 65000) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? Clean(string? label)
    {
        if (label is null) return null;
        var cleaned = label.Trim().Trim('"', '\'', ';', ',', ' ');
        return cleaned.Length == 0 ? null : cleaned;
    }

    private static bool IsUtf7(string? label) => label is not null
        && (label.Equals("utf-7", StringComparison.OrdinalIgnoreCase) || label.Equals("unicode-1-1-utf-7", StringComparison.OrdinalIgnoreCase)
            || label.Equals("utf7", StringComparison.OrdinalIgnoreCase));

    private static bool IsAsciiSuperset(string label) => !label.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase)
        && !label.StartsWith("utf-32", StringComparison.OrdinalIgnoreCase) && !label.StartsWith("ucs", StringComparison.OrdinalIgnoreCase)
        && !label.StartsWith("hz", StringComparison.OrdinalIgnoreCase) && !label.StartsWith("ibm0", StringComparison.OrdinalIgnoreCase)
        && !label.StartsWith("cp0", StringComparison.OrdinalIgnoreCase) && !label.Equals("unicode", StringComparison.OrdinalIgnoreCase)
        && !label.StartsWith("utf16", StringComparison.OrdinalIgnoreCase);

    private static bool IsMeaningless(string label) => label.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
        || label.Equals("ascii", StringComparison.OrdinalIgnoreCase) || label.StartsWith("ansi_x3", StringComparison.OrdinalIgnoreCase)
        || label.Contains("unknown", StringComparison.OrdinalIgnoreCase) || label.Equals("default", StringComparison.OrdinalIgnoreCase)
        || label.Equals("binary", StringComparison.OrdinalIgnoreCase) || label.Equals("8bit", StringComparison.OrdinalIgnoreCase)
        || label.Equals("x-user-defined", StringComparison.OrdinalIgnoreCase) || label.Equals("auto", StringComparison.OrdinalIgnoreCase);

    private static string Escaped(ReadOnlySpan<byte> bytes, string? label, ref string? remark)
    {
        if (label is not null && label.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase) && Find(label) is { } declared)
            return declared.GetString(bytes);
        if (CharsetGuess.EscapedName(bytes) is not { } name) return Encoding.ASCII.GetString(bytes);
        remark = label is null ? $"no charset, read as {name}" : $"labelled {label}, read as {name}";
        return Find(name)!.GetString(bytes);
    }

    private static string? ByMark(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Encoding.UTF8.GetString(bytes[3..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(bytes[2..]);
        return bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode.GetString(bytes[2..]) : null;
    }

    private static string Utf8OrGuess(ReadOnlySpan<byte> bytes, ref string? remark)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var replaced = CountReplaced(text);
        if (replaced == 0) return text;
        // A cut in the middle of a character spoils one or two; a wrong label spoils nearly every non-ASCII byte.
        var foreign = 0;
        foreach (var symbol in bytes)
            if (symbol >= 0x80) foreign++;
        if (replaced * 4 < foreign || replaced <= 1) return text;
        return Guessed(bytes, "utf-8", ref remark);
    }

    private static string Guessed(ReadOnlySpan<byte> bytes, string? label, ref string? remark)
    {
        var name = CharsetGuess.Find(bytes).Name;
        remark = label is null ? $"no charset, read as {name}" : $"labelled {label}, read as {name}";
        return Find(name)!.GetString(bytes);
    }

    private static bool LooksWide(ReadOnlySpan<byte> bytes) => bytes.Contains((byte)0) || !System.Text.Ascii.IsValid(bytes);

    /// <summary>True when the bytes are valid UTF-8 with at least one sequence beyond ASCII.</summary>
    internal static bool HasManyByteSequences(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) && !System.Text.Ascii.IsValid(bytes);

    private static int CountReplaced(string text) => text.AsSpan().Count('\uFFFD');

    /// <summary>Decodes strictly, for callers that must know whether the bytes were UTF-8.</summary>
    internal static bool TryUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        text = string.Empty;
        return false;
    }
}
