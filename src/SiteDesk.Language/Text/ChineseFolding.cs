using System.Globalization;
using System.Text;

namespace SiteDesk.Language;

/// <summary>
/// Traditional Chinese characters folded to simplified ones, by the table of Open Chinese Convert that is shipped with the library
/// (see Data/opencc/NOTICE.md). Where a character has several simplified forms, the table's first is taken.
/// </summary>
internal static class ChineseFolding
{
    private const int First = 0x3400;
    private const int Last = 0x9FFF;

    // Nearly every character in use lies in this range, so a flat table answers; the rest is rare enough for a dictionary.
    private static readonly int[] Common = new int[Last - First + 1];
    private static readonly Dictionary<int, int> Rare = [];

    static ChineseFolding()
    {
        using var stream = typeof(ChineseFolding).Assembly.GetManifestResourceStream("TSCharacters.txt")
            ?? throw new InvalidOperationException("The table of Chinese characters is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab <= 0 || line[0] == '#')
                continue;
            var traditional = Rune.GetRuneAt(line, 0).Value;
            var simplified = Rune.GetRuneAt(line, tab + 1).Value;
            if (traditional is >= First and <= Last)
                Common[traditional - First] = simplified;
            else
                Rare[traditional] = simplified;
        }
    }

    public static Rune Fold(Rune character)
    {
        if (character.Value is >= First and <= Last)
            return Common[character.Value - First] is var folded and not 0 ? new Rune(folded) : character;
        return Rare.TryGetValue(character.Value, out var rare) ? new Rune(rare) : character;
    }

    /// <summary>Whether the character belongs to a script that is written without spaces: Chinese, or Japanese syllables.</summary>
    public static bool IsUnspaced(Rune character) => character.Value switch
    {
        < 0x3005 => false,
        0x3005 or 0x3007 => true,
        >= 0x3041 and <= 0x309F => true, // Hiragana
        >= 0x30A1 and <= 0x30FA or >= 0x30FC and <= 0x30FF => true, // Katakana
        >= First and <= 0x4DBF or >= 0x4E00 and <= Last => true, // CJK unified ideographs and extension A
        >= 0xF900 and <= 0xFAFF => true, // compatibility ideographs
        >= 0x20000 and <= 0x323AF => Rune.GetUnicodeCategory(character) != UnicodeCategory.OtherNotAssigned, // extensions B to H
        _ => false,
    };
}
