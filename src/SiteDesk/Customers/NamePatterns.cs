using System.Text.RegularExpressions;

namespace SiteDesk.Customers;

/// <summary>Finds known names in free text: whole and word by word, Russian ones in their cases, Chinese ones also without a space around them.</summary>
public static class NamePatterns
{
    private static readonly char[] Separators = [' ', '\u00A0', ',', '.', '-'];

    /// <param name="names">Whole names, in the order of their language.</param>
    /// <returns>A pattern for each name and each of its words, the longest first; single letters are left out.</returns>
    public static IReadOnlyList<Regex> Of(IEnumerable<string> names) =>
        [.. names.SelectMany(whole => whole.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Prepend(whole.Trim()))
            .Where(part => part.Length > 1).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(part => part.Length).Select(PatternOf)];

    private static Regex PatternOf(string name)
    {
        var isChinese = name.Any(symbol => symbol >= '\u2E80');
        // The last letter of a Russian name changes with its case, or an ending is added: Мария, Марии, Марией, but not Марина; Иван, Ивану.
        var isInflected = name.Length > 3 && name.All(symbol => char.IsLetter(symbol) && symbol is >= '\u0400' and < '\u0530');
        var pattern = isChinese ? Regex.Escape(name)
            : isInflected ? $@"(?<!\p{{L}})(?:{Regex.Escape(name)}|{Regex.Escape(name[..^1])})[аеёиоуыюяйьм]{{0,3}}(?!\p{{L}})"
            : $@"(?<!\p{{L}}){Regex.Escape(name)}(?!\p{{L}})";
        return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }
}
