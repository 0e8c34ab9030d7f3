using System.Globalization;
using System.Text;

namespace SiteDesk.Language;

/// <summary>
/// Letters that people take for the same are made the same: upper and lower case, full and half width, ё and е, typographic and
/// plain apostrophes, Latin letters with and without their marks.
/// </summary>
internal static class Folding
{
    private const int LatinTableLength = 0x250;

    private static readonly char[] Latin = BuildLatinTable();

    /// <summary>Appends the folded form of one UTF-16 unit to a word.</summary>
    /// <param name="unit">The unit as written.</param>
    /// <param name="word">Where the folded word grows. A unit that does not fit is dropped: so long a word is noise.</param>
    /// <param name="length">The length of the word so far, advanced by what was appended.</param>
    public static void Append(char unit, Span<char> word, ref int length)
    {
        if (IsDroppedMark(unit))
        {
            ComposeWithMark(unit, word[..length]);
            return;
        }
        if (length + 2 > word.Length)
            return;
        switch (unit)
        {
            case 'ß' or 'ẞ':
                word[length++] = 's';
                word[length++] = 's';
                break;
            case 'æ' or 'Æ':
                word[length++] = 'a';
                word[length++] = 'e';
                break;
            case 'œ' or 'Œ':
                word[length++] = 'o';
                word[length++] = 'e';
                break;
            default:
                word[length++] = Fold(unit);
                break;
        }
    }

    /// <summary>Folds one UTF-16 unit to one.</summary>
    public static char Fold(char unit)
    {
        if (unit < LatinTableLength)
            return Latin[unit];
        return unit switch
        {
            'ё' or 'Ё' => 'е',
            >= 'а' and <= 'я' => unit,
            >= 'А' and <= 'Я' => (char)(unit + 0x20),
            '’' or '‘' or 'ʼ' or '＇' => '\'',
            >= '！' and <= '～' => Latin[unit - '！' + '!'],
            >= '\u1E00' and <= '\u1EFF' => WithoutMarks(unit),
            _ => char.ToLowerInvariant(unit),
        };
    }

    /// <summary>
    /// A combining mark that search does not tell apart. Vowel signs of scripts that cannot be read without them are kept.
    /// </summary>
    public static bool IsDroppedMark(char unit) =>
        unit is >= '\u0300' and <= '\u036F' // combining diacritical marks
            or >= '\u0591' and <= '\u05C7' // Hebrew points
            or >= '\u064B' and <= '\u065F' or '\u0670' or '\u0640' // Arabic vowels and the stretching line
            or '\u00AD' or '\u200C' or '\u200D'; // soft hyphen, joiners

    /// <summary>й written as и and a mark is still й; every other mark of a Cyrillic or Latin letter is dropped.</summary>
    private static void ComposeWithMark(char mark, Span<char> word)
    {
        if (mark == '\u0306' && word is [.., 'и'])
            word[^1] = 'й';
    }

    private static char[] BuildLatinTable()
    {
        var table = new char[LatinTableLength];
        for (var unit = 0; unit < table.Length; unit++)
            table[unit] = WithoutMarks((char)unit);
        (table['ø'], table['Ø'], table['ł'], table['Ł'], table['đ'], table['Đ'], table['ı']) = ('o', 'o', 'l', 'l', 'd', 'd', 'i');
        return table;
    }

    private static char WithoutMarks(char unit)
    {
        if (unit is < '\u00C0' or '×' or '÷')
            return char.ToLowerInvariant(unit);
        var decomposed = unit.ToString().Normalize(NormalizationForm.FormD);
        var isMarked = decomposed.Length > 1
            && CharUnicodeInfo.GetUnicodeCategory(decomposed[^1]) == UnicodeCategory.NonSpacingMark;
        return char.ToLowerInvariant(isMarked ? decomposed[0] : unit);
    }
}
