using System.Globalization;

namespace SiteDesk.Platform.Html;

/// <summary>Chooses a readable colour for writing on another (WCAG 2.2, relative luminance).</summary>
public static class Contrast
{
    /// <param name="background"><c>#rrggbb</c>.</param>
    /// <returns>White or near black, whichever contrasts more; white for what is no colour.</returns>
    public static string InkOn(string background) => Luminance(background) is { } luminance && (luminance + 0.05) / 0.0587 > 1.05 / (luminance + 0.05) ? "#14171c" : "#ffffff";

    private static double? Luminance(string color)
    {
        if (color is not ['#', ..] || color.Length != 7 || !int.TryParse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return null;
        return 0.2126 * Linear(rgb >> 16 & 255) + 0.7152 * Linear(rgb >> 8 & 255) + 0.0722 * Linear(rgb & 255);
    }

    private static double Linear(int channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
