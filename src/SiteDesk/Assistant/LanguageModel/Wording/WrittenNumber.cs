using System.Globalization;

namespace SiteDesk.Assistant.LanguageModel.Wording;

/// <summary>What digits with separators mean: 1,000 is a thousand in English and Chinese and may be one in Russian.</summary>
internal static class WrittenNumber
{
    /// <param name="language">Of the text it stands in; null when not known: then a separator may mean both.</param>
    /// <returns>Every value it can have; none when it is too long for a number.</returns>
    public static IReadOnlySet<decimal> Readings(string written, string? language)
    {
        var plain = written.Replace(" ", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
        var values = new HashSet<decimal>();
        var (commas, points) = (plain.Count(character => character == ','), plain.Count(character => character == '.'));
        var last = plain.LastIndexOfAny([',', '.']);
        if (last < 0)
            Add(values, plain);
        else if (commas > 0 && points > 0)
            Add(values, Decimal(plain, plain[last])); // the last of two kinds is the decimal one
        else if (commas + points > 1)
            Add(values, Grouped(plain));
        else
        {
            var canBeGroup = plain.Length - last - 1 == 3 && last <= 3 && plain[0] != '0';
            var isDecimal = plain[last] == (language == "ru" ? ',' : '.');
            if (canBeGroup && (!isDecimal || language is null or "ru"))
                Add(values, Grouped(plain));
            if (!canBeGroup || isDecimal || language is null or "ru")
                Add(values, Decimal(plain, plain[last]));
        }

        return values;
    }

    private static string Grouped(string plain) => plain.Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);

    private static string Decimal(string plain, char separator) =>
        plain.Replace(separator == ',' ? "." : ",", "", StringComparison.Ordinal).Replace(',', '.');

    private static void Add(HashSet<decimal> values, string plain)
    {
        if (decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            values.Add(value);
    }
}
