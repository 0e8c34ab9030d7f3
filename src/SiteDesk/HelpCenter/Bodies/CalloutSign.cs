using System.Text;
using AngleSharp.Dom;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>
/// Call-outs as Notion copies and exports them: an <c>aside</c> without a class whose words begin with a picture sign. An aside of a web page
/// begins with words and stays what it is.
/// </summary>
internal static class CalloutSign
{
    private const string Tips = "💡✅👍⭐✨📌";
    private const string Warnings = "⚠❗‼🚨🚧🔥⛔🛑❌";

    /// <returns>Null when it is none.</returns>
    public static string? KindOf(IElement aside)
    {
        if (aside.ClassList.Length > 0 || FirstText(aside) is not { } text || !Rune.TryGetRuneAt(text.Data.TrimStart(), 0, out var sign) || !IsPicture(sign))
            return null;
        return Tips.EnumerateRunes().Contains(sign) ? "tip" : Warnings.EnumerateRunes().Contains(sign) ? "warning" : "note";
    }

    /// <summary>Takes the sign away: the call-out has one of its own.</summary>
    public static void Remove(IElement callout)
    {
        if (callout.LocalName == "aside" && KindOf(callout) is not null && FirstText(callout) is { } text)
            text.Data = string.Concat(text.Data.TrimStart().EnumerateRunes().SkipWhile(rune => IsPicture(rune) || rune.Value is 0xFE0F or 0x200D)).TrimStart();
    }

    private static IText? FirstText(IElement element) => element.Descendants<IText>().FirstOrDefault(text => !string.IsNullOrWhiteSpace(text.Data));

    // Symbols that are pictures: the emoji planes, and the older signs among Miscellaneous Symbols and Dingbats.
    private static bool IsPicture(Rune rune) => rune.Value is >= 0x1F300 and <= 0x1FAFF or >= 0x2600 and <= 0x27BF or 0x203C or 0x2049 or 0x2B50 or 0x2B55;
}
