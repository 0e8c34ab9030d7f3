using System.Globalization;

namespace SiteDesk.Platform.Html;

/// <summary>What stands in a face when there is no picture.</summary>
public static class Initials
{
    /// <summary>
    /// First letters of the first two words; for a Chinese name its last two characters, as is usual there. Whole text
    /// elements, so that no letter is cut in half.
    /// </summary>
    /// <returns>A question mark for a name without letters.</returns>
    public static string Of(string? name)
    {
        var words = (name ?? "").Split([' ', '\t', '-', '@', '.', '_'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => char.IsLetterOrDigit(word, 0)).ToList();
        if (words.Count == 0)
            return "?";
        if (words.Count == 1 && IsHan(words[0]))
        {
            var characters = new StringInfo(words[0]);
            return characters.SubstringByTextElements(Math.Max(0, characters.LengthInTextElements - 2));
        }

        return string.Concat(words.Take(2).Select(word => StringInfo.GetNextTextElement(word))).ToUpperInvariant();
    }

    private static bool IsHan(string word) => word[0] is >= '\u4e00' and <= '\u9fff';
}
