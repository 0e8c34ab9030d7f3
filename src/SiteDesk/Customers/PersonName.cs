using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Customers;

/// <summary>
/// A person's name as one text in the order of its language: given name first in English, family name, given name and
/// patronymic in Russian, family name first and no space in Chinese.
/// </summary>
public static class PersonName
{
    /// <summary>Longest name kept, in characters.</summary>
    public const int Longest = 200;

    /// <summary>
    /// Brings a name into the shape of its language: single spaces, none between Chinese characters, and "Family, Given" of
    /// address books turned round where the language puts the given name first.
    /// </summary>
    /// <param name="language">The person's language; null when not known.</param>
    public static string Tidy(string? name, string? language)
    {
        var words = (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var tidy = words.Length > 1 && Array.TrueForAll(words, word => word.All(IsHan)) ? string.Concat(words) : string.Join(' ', words);
        var parts = tidy.Split(',', StringSplitOptions.TrimEntries);
        if (parts is [{ Length: > 0 } family, { Length: > 0 } given])
            tidy = language == Languages.Russian || family.Any(IsCyrillic) ? $"{family} {given}" : $"{given} {family}";
        return tidy.Length <= Longest ? tidy : tidy.UpTo(Longest).TrimEnd();
    }

    /// <summary>
    /// How a letter would begin to this person: the given name in English, given name and patronymic in Russian, the whole name
    /// in Chinese (先生 or 女士 needs to be known, never guessed).
    /// </summary>
    /// <returns>Empty when the name does not tell.</returns>
    public static string AddressFor(string name, string? language)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return "";
        if (words.Length == 1)
            return words[0];
        var patronymic = Array.FindIndex(words, IsPatronymic);
        if (patronymic > 0)
            return $"{words[patronymic - 1]} {words[patronymic]}";

        // Two Russian words: which is the given name cannot be told from their order (Анна Соколова, Соколова Анна).
        return language == Languages.Chinese || language == Languages.Russian || name.Any(IsCyrillic) || name.Any(IsHan) ? name : words[0];
    }

    private static bool IsPatronymic(string word) =>
        Array.Exists(PatronymicEndings, ending => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && word.Length > 5;

    private static readonly string[] PatronymicEndings = ["ович", "евич", "ьич", "ична", "овна", "евна", "оглы", "кызы"];

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf' or '·';

    private static bool IsCyrillic(char letter) => letter is >= '\u0400' and <= '\u04ff';
}
