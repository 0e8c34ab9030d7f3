using System.Text;

namespace SiteDesk.Mail;

/// <summary>Guesses the charset of unlabelled bytes by how much they look like writing in it.</summary>
/// <remarks>Single-byte Cyrillic is told apart by letter frequency, the two-byte charsets by how many of their
/// characters lie in the everyday rows of their standards, where real text lives and misread text does not.</remarks>
internal static class CharsetGuess
{
    private const int SampleBytes = 4_096;

    // How often each letter from а to я occurs among a hundred of Russian text; Ukrainian and Bulgarian are near enough.
    private static readonly double[] CyrillicShares =
    [
        8.0, 1.6, 4.5, 1.7, 3.0, 8.5, 0.9, 1.7, 7.4, 1.2, 3.5, 4.4, 3.2, 6.7, 11.0, 2.8,
        4.7, 5.5, 6.3, 2.6, 0.3, 1.0, 0.5, 1.4, 0.7, 0.4, 0.04, 1.9, 1.7, 0.3, 0.6, 2.0,
    ];

    // What the mean share comes to in ordinary text.
    private const double OrdinaryShare = 5.2;

    internal readonly record struct Guess(string Name, bool Certain);

    /// <summary>The best guess; windows-1252 when nothing speaks for another.</summary>
    public static Guess Find(ReadOnlySpan<byte> bytes)
    {
        if (EscapedName(bytes) is { } escaped) return new Guess(escaped, true);
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return new Guess("utf-8", true);
        var sample = bytes.Length > SampleBytes ? Sample(bytes) : bytes;

        var best = new Guess("windows-1252", false);
        var bestScore = LatinScore(sample);
        foreach (var (name, score) in (ReadOnlySpan<(string, double)>)
                 [
                     ("gb18030", DoubleByteScore(sample, 0xB0, 0xD7, 0xA1, 0xFE, 0x81, 0xFE, 0x40)),
                     ("big5", Big5Score(sample)),
                     ("shift_jis", ShiftJisScore(sample)),
                     ("euc-jp", EucJapaneseScore(sample)),
                     // Hangul rows lie inside the Chinese ones: where text keeps to them, it is Korean.
                     ("ks_c_5601-1987", DoubleByteScore(sample, 0xB0, 0xC8, 0xA1, 0xFE, 0x81, 0xFE, 0x41) * 1.03),
                     ("windows-1251", CyrillicScore(sample, "windows-1251")),
                     ("koi8-r", CyrillicScore(sample, "koi8-r")),
                     ("ibm866", CyrillicScore(sample, "ibm866")),
                 ])
        {
            if (score <= bestScore) continue;
            bestScore = score;
            best = new Guess(name, score > 0.75 && CountForeign(sample) >= 6);
        }
        return best;
    }

    /// <summary>The charset that escape sequences name (ISO 2022), or null without any.</summary>
    public static string? EscapedName(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf((byte)0x1B);
        if (at < 0 || at + 2 >= bytes.Length) return null;
        var rest = bytes[(at + 1)..];
        if (rest.StartsWith("$)C"u8)) return "iso-2022-kr";
        if (rest.StartsWith("$)A"u8) || rest.StartsWith("$)G"u8)) return "x-cp50227";
        return rest.StartsWith("$B"u8) || rest.StartsWith("$@"u8) || rest.StartsWith("(J"u8) || rest.StartsWith("(I"u8) || rest.StartsWith("$("u8)
            ? "iso-2022-jp" : null;
    }

    // A long ASCII head (HTML markup) says nothing: begin near the first foreign byte.
    private static ReadOnlySpan<byte> Sample(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        var start = Math.Clamp(first, 0, bytes.Length - SampleBytes);
        return bytes.Slice(start, SampleBytes);
    }

    private static int CountForeign(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var symbol in bytes)
            if (symbol >= 0x80) count++;
        return count;
    }

    /// <summary>Western text has single accented letters among ASCII ones.</summary>
    private static double LatinScore(ReadOnlySpan<byte> bytes)
    {
        int alone = 0, letters = 0, foreign = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] < 0x80) continue;
            foreign++;
            if (bytes[at] >= 0xC0 || bytes[at] is 0xA0 or 0xAB or 0xBB or 0xB0 or 0x92 or 0x93 or 0x94 or 0x96 or 0x97 or 0x80 or 0xA3 or 0xA7 or 0xA9) letters++;
            var before = at > 0 && bytes[at - 1] >= 0x80;
            var after = at + 1 < bytes.Length && bytes[at + 1] >= 0x80;
            if (!before && !after) alone++;
        }
        return foreign == 0 ? 0.5 : 0.25 + 0.55 * alone * letters / ((double)foreign * foreign);
    }

    private static double CyrillicScore(ReadOnlySpan<byte> bytes, string charset)
    {
        var text = Charsets.Find(charset)!.GetString(bytes);
        int letters = 0, other = 0, mixed = 0, unlikelyCase = 0;
        double shares = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol < 0x80) continue;
            if (symbol is >= 'А' and <= 'я' or 'ё' or 'Ё' or 'і' or 'ї' or 'є' or 'ґ' or 'І' or 'Ї' or 'Є' or 'Ґ')
            {
                letters++;
                var lower = char.ToLowerInvariant(symbol);
                shares += lower is >= 'а' and <= 'я' ? CyrillicShares[lower - 'а'] : 1;
                if (at > 0 && char.IsAsciiLetter(text[at - 1]) || at + 1 < text.Length && char.IsAsciiLetter(text[at + 1])) mixed++;
                // koi8-r read as windows-1251, and the reverse, shows as words of small letters that end in capitals.
                if (char.IsUpper(symbol) && at > 0 && char.IsLower(text[at - 1])) unlikelyCase++;
            }
            else if (symbol is not ('№' or '«' or '»' or '—' or '–' or '…' or '\u00A0' or '“' or '”' or '„'))
            {
                other++;
            }
        }
        if (letters < 2) return 0;
        var likeness = Math.Min(1, shares / letters / OrdinaryShare);
        return (double)letters / (letters + other) * (0.3 + 0.68 * likeness) - (0.9 * unlikelyCase + 0.9 * mixed) / letters - 0.5 * other / (letters + other);
    }

    /// <summary>Pairs of a lead and a trail byte, with everyday rows and everything the charset allows.</summary>
    private static double DoubleByteScore(ReadOnlySpan<byte> bytes, int commonFirst, int commonLast, int trailFirst, int trailLast,
        int leadFirst, int leadLast, int anyTrailFirst)
    {
        int common = 0, punctuation = 0, rare = 0, broken = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            int lead = bytes[at];
            if (lead < 0x80) continue;
            var trail = at + 1 < bytes.Length ? bytes[at + 1] : 0;
            if (at + 1 >= bytes.Length) break;
            if (lead >= commonFirst && lead <= commonLast && trail >= trailFirst && trail <= trailLast) common++;
            else if (lead is 0xA1 or 0xA3 && trail >= 0xA1) punctuation++;
            else if (lead >= leadFirst && lead <= leadLast && trail >= anyTrailFirst && trail != 0x7F && trail != 0xFF) rare++;
            else
            {
                broken++;
                continue;
            }
            at++;
        }
        return Share(common, punctuation, rare, broken);
    }

    private static double Big5Score(ReadOnlySpan<byte> bytes)
    {
        int common = 0, punctuation = 0, rare = 0, broken = 0;
        for (var at = 0; at + 1 < bytes.Length; at++)
        {
            int lead = bytes[at], trail = bytes[at + 1];
            if (lead < 0x80) continue;
            var valid = trail is >= 0x40 and <= 0x7E or >= 0xA1 and <= 0xFE;
            if (valid && lead is >= 0xA4 and <= 0xC6) common++;
            else if (valid && lead is >= 0xA1 and <= 0xA3) punctuation++;
            else if (valid && lead is >= 0xC9 and <= 0xF9) rare++;
            else
            {
                broken++;
                continue;
            }
            at++;
        }
        return Share(common, punctuation, rare, broken);
    }

    private static double ShiftJisScore(ReadOnlySpan<byte> bytes)
    {
        int common = 0, rare = 0, broken = 0, kana = 0, half = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            int lead = bytes[at];
            if (lead < 0x80) continue;
            if (lead is >= 0xA1 and <= 0xDF)
            {
                half++;
                continue;
            }
            if (at + 1 >= bytes.Length) break;
            int trail = bytes[at + 1];
            var valid = trail is >= 0x40 and <= 0xFC and not 0x7F;
            if (valid && lead == 0x82 && trail >= 0x9F || valid && lead == 0x83 && trail <= 0x96) kana++;
            else if (valid && lead is >= 0x81 and <= 0x97) common++;
            else if (valid && lead is >= 0x98 and <= 0x9F or >= 0xE0 and <= 0xEA) rare++;
            else
            {
                broken++;
                continue;
            }
            at++;
        }
        // Japanese without kana hardly exists; other charsets read as Shift_JIS are full of half-width katakana.
        return kana == 0 && common < 8 ? 0 : Share(common + kana, 0, rare + half, broken) + (kana > 2 ? 0.05 : -0.3);
    }

    private static double EucJapaneseScore(ReadOnlySpan<byte> bytes)
    {
        int common = 0, kana = 0, rare = 0, broken = 0;
        for (var at = 0; at + 1 < bytes.Length; at++)
        {
            int lead = bytes[at], trail = bytes[at + 1];
            if (lead < 0x80) continue;
            if (trail < 0xA1 || lead is < 0xA1 and not 0x8E)
            {
                broken++;
                continue;
            }
            if (lead is 0xA4 or 0xA5) kana++;
            else if (lead is >= 0xB0 and <= 0xCF or 0xA1) common++;
            else rare++;
            at++;
        }
        return kana * 5 < common + kana ? 0 : Share(common + kana, 0, rare, broken) + 0.05;
    }

    private static double Share(int common, int punctuation, int rare, int broken)
    {
        var all = common + punctuation + rare + broken;
        if (all == 0 || common == 0) return 0;
        return (common + 0.7 * punctuation + 0.1 * rare - 2.5 * broken) / all * 0.95;
    }
}
