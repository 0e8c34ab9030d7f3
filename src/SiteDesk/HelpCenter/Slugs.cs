using System.Globalization;
using System.Text;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter;

/// <summary>The last part of an article's or a section's address: the title's words in their own script, with hyphens.</summary>
public static class Slugs
{
    /// <summary>UTF-16 units.</summary>
    public const int Longest = 100;

    /// <summary>Stands where there are no words to make one of.</summary>
    public const string Nameless = "article";

    /// <returns>Lower-case letters and digits of any script, words joined by hyphens; <paramref name="otherwise"/> when the title has none.</returns>
    public static string Of(string title, string otherwise = Nameless)
    {
        var slug = new StringBuilder();
        foreach (var rune in title.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (slug.Length + rune.Utf16SequenceLength > Longest)
                break;
            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark && slug is { Length: > 0 } && slug[^1] != '-';
            if (Rune.IsLetterOrDigit(rune) || isMark)
                slug.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (slug.Length > 0 && slug[^1] != '-' && !IsApostrophe(rune))
                slug.Append('-');
        }

        var made = slug.ToString().TrimEnd('-');
        return made.Length == 0 ? otherwise : made;
    }

    /// <summary>Whether somebody may give an article this address: it is what its own words would make.</summary>
    public static bool IsValid(string slug) => slug.Length is > 0 and <= Longest && Of(slug, "") == slug;

    /// <summary>The slug itself, or with the first number behind it that nobody has.</summary>
    public static string Free(string slug, Func<string, bool> isTaken)
    {
        if (!isTaken(slug))
            return slug;
        for (var number = 2; ; number++)
        {
            var ending = $"-{number.ToString(CultureInfo.InvariantCulture)}";
            var begin = slug.Length + ending.Length > Longest ? slug.UpTo(Longest - ending.Length).TrimEnd('-') : slug;
            if (!isTaken(begin + ending))
                return begin + ending;
        }
    }

    /// <summary>Whether it says nothing of its article: the stand-in, or the stand-in with a number.</summary>
    public static bool IsNameless(string slug) =>
        slug == Nameless || (slug.StartsWith(Nameless + "-", StringComparison.Ordinal) && slug.AsSpan(Nameless.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0);

    /// <summary>it's is one word.</summary>
    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '’' or 'ʼ';
}
