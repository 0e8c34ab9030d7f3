using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.Assistant.LanguageModel.Wording;

/// <summary>What a text states that can be right or wrong by itself: links, dates, times, amounts, numbers; in one way of writing.</summary>
internal sealed partial class StatedValues
{
    private const int ShortestLong = 7;

    // What stood on both sides of what was taken out does not come together.
    private const string Apart = " ; ";

    // Without anything between its digits, a number may well be a sum.
    private const int ShortestPlainLong = 10;

    public HashSet<string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>Month and day, with the year where one is written: <c>2031-05-12</c>, <c>*-05-12</c>. A date that can be read in two ways is one entry.</summary>
    public List<HashSet<string>> Dates { get; } = [];

    /// <summary>Minutes since midnight.</summary>
    public HashSet<int> Times { get; } = [];

    /// <summary>Each number with all that it can mean in its text's language, and what it counts.</summary>
    public List<StatedNumber> Numbers { get; } = [];

    /// <summary>Codes in which letters and digits mix, in lower case.</summary>
    public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>Long numbers as their digits alone: phones, cards, orders.</summary>
    public HashSet<string> LongNumbers { get; } = new(StringComparer.Ordinal);

    /// <param name="language">Tells what a comma in a number means; null when not known: then it may mean both.</param>
    public static StatedValues In(string text, string? language) => In([(text, language)]);

    /// <summary>What several texts state together, each read by itself in its language.</summary>
    public static StatedValues In(IEnumerable<(string Text, string? Language)> texts)
    {
        var values = new StatedValues();
        foreach (var (written, language) in texts)
        {
            var text = Plain(written);
            text = values.TakeLinks(text);
            text = values.TakeDates(text);
            text = values.TakeTimes(text);
            text = values.TakeLongNumbers(text);
            text = values.TakeCodes(text);
            values.TakeNumbers(text, language);
        }

        return values;
    }

    /// <summary>Whether two texts state the same, whatever their languages: nothing was added, nothing left out.</summary>
    public bool StateTheSameAs(StatedValues other) =>
        Links.SetEquals(other.Links) && Times.SetEquals(other.Times) && Codes.SetEquals(other.Codes) && LongNumbers.SetEquals(other.LongNumbers)
        && Dates.TrueForAll(date => other.Dates.Exists(date.Overlaps)) && other.Dates.TrueForAll(date => Dates.Exists(date.Overlaps))
        && Numbers.TrueForAll(number => other.Numbers.Exists(number.Agrees)) && other.Numbers.TrueForAll(number => Numbers.Exists(number.Agrees));

    /// <summary>All digits ASCII, all blanks blanks, all dashes hyphens: ５０％ is 50%. A full-width comma parts sentences and never digits.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var category = char.GetUnicodeCategory(character);
            if (category is UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber && character != '〇')
                plain.Append(character.ToString().Normalize(NormalizationForm.FormKC)); // ① ² ½
            else if (category != UnicodeCategory.Format) // invisible letters would hide a number from the check and not from the reader
                plain.Append(category switch
                {
                    UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)char.GetNumericValue(character)),
                    UnicodeCategory.SpaceSeparator => ' ',
                    UnicodeCategory.DashPunctuation => '-',
                    _ => Narrow(character),
                });
        }

        return plain.ToString();
    }

    private static char Narrow(char character) => character switch
    {
        '，' => ';',
        '￥' => '¥',
        '−' => '-',
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        _ => character,
    };

    private string TakeLinks(string text)
    {
        text = Take(text, EmailPattern(), address => Links.Add(address.TrimEnd('.', '-').ToLowerInvariant()));
        return Take(text, LinkPattern(), link => Links.Add(LinkOf(link)));
    }

    /// <summary>With or without the scheme, with or without www, with or without the last slash it is the same page.</summary>
    private static string LinkOf(string link)
    {
        link = link.TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '\'', '/', '*', '_');
        var scheme = link.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && link[..scheme].ToLowerInvariant() is "http" or "https")
            link = link[(scheme + 3)..];
        if (link.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            link = link[4..];
        var host = link.IndexOfAny(['/', '?', '#']);
        return host < 0 ? link.ToLowerInvariant() : link[..host].ToLowerInvariant() + link[host..];
    }

    private string TakeDates(string text)
    {
        text = YearFirstPattern().Replace(text, match => TakeDate(match, (match.Groups["month"].Value, match.Groups["day"].Value)));
        text = DayFirstPattern().Replace(text, match => TakeDate(match, (match.Groups["b"].Value, match.Groups["a"].Value), (match.Groups["a"].Value, match.Groups["b"].Value)));
        text = WordedDayPattern().Replace(text, match => TakeDate(match, (MonthOf(match.Groups["name"].Value), match.Groups["day"].Value)));
        return WordedMonthPattern().Replace(text, match => TakeDate(match, (MonthOf(match.Groups["name"].Value), match.Groups["day"].Value)));
    }

    private string TakeDate(Match match, params (string Month, string Day)[] readings)
    {
        var year = match.Groups["year"].Value is { Length: > 0 } written ? written.Length == 2 ? $"20{written}" : written : "*";
        var dates = readings.Select(reading => (Month: int.Parse(reading.Month, CultureInfo.InvariantCulture), Day: int.Parse(reading.Day, CultureInfo.InvariantCulture)))
            .Where(date => date is { Month: >= 1 and <= 12, Day: >= 1 and <= 31 })
            .Select(date => string.Create(CultureInfo.InvariantCulture, $"{year}-{date.Month:00}-{date.Day:00}")).ToHashSet(StringComparer.Ordinal);
        if (dates.Count == 0)
            return match.Value;
        Dates.Add(dates);
        return Apart;
    }

    private static string MonthOf(string name)
    {
        name = name.ToLowerInvariant();
        var month = Array.FindIndex(Months, starts => Array.Exists(starts, start => name.StartsWith(start, StringComparison.Ordinal)));
        return (month + 1).ToString(CultureInfo.InvariantCulture);
    }

    private string TakeTimes(string text) => TimePattern().Replace(text, match =>
    {
        var hour = int.Parse(match.Groups["hour"].Value, CultureInfo.InvariantCulture);
        var minute = match.Groups["minute"].Value is { Length: > 0 } written ? int.Parse(written, CultureInfo.InvariantCulture) : 0;
        var half = match.Groups["half"].Value.ToLowerInvariant();
        if (half.Length > 0)
            hour = hour % 12 + (half[0] == 'p' ? 12 : 0);
        if (hour > 24 || minute > 59)
            return match.Value;
        Times.Add(hour * 60 + minute);
        return Apart;
    });

    /// <summary>Seven digits and more with blanks, brackets and hyphens between, which are no sum in groups of three.</summary>
    private string TakeLongNumbers(string text) => LongNumberPattern().Replace(text, match =>
    {
        var digits = string.Concat(match.Value.Where(char.IsAsciiDigit));
        if (digits.Length < ShortestLong || digits.Length < ShortestPlainLong && digits.Length == match.Length || GroupedPattern().IsMatch(match.Value))
            return match.Value;
        LongNumbers.Add(digits);
        return Apart;
    });

    private string TakeCodes(string text) => Take(text, CodePattern(), code => Codes.Add(code.ToLowerInvariant()));

    private void TakeNumbers(string text, string? language)
    {
        var open = Numbers.Count;
        var lastEnd = -1;
        foreach (Match match in NumberPattern().Matches(text))
        {
            if (match.Groups["chinese"].Success && !IsChineseNumber(match, text))
                continue;
            var readings = Readings(match, language);
            if (readings.Count == 0)
                continue;
            var kind = KindOf(match);
            // "7-14 days", "from 7 to 14 days", 七到十四天: what the second counts, the first counts too.
            if (Numbers.Count > open && kind.Length > 0 && Numbers[^1].Kind.Length == 0 && lastEnd >= 0 && RangePattern().IsMatch(text[lastEnd..match.Index]))
                Numbers[^1] = Numbers[^1] with { Kind = kind };
            Numbers.Add(new StatedNumber(readings, kind));
            lastEnd = match.Index + match.Length;
        }
    }

    private static HashSet<decimal> Readings(Match match, string? language)
    {
        var times = match.Groups["times"].Value.ToLowerInvariant() switch
        {
            "" => 1m,
            "k" or "千" or "thousand" => 1_000m,
            "万" => 10_000m,
            "亿" => 100_000_000m,
            var word => word.StartsWith("ты", StringComparison.Ordinal) ? 1_000m : 1_000_000m,
        };
        if (match.Groups["chinese"].Value is { Length: > 0 } chinese)
            return ChineseNumerals.Read(chinese) is { } read ? [read * times] : [];
        return [.. WrittenNumber.Readings(match.Groups["digits"].Value, language).Select(value => value * times)];
    }

    /// <summary>Many of these characters are parts of words (一下, 万一, 十分): a number is what has two of them, or counts something.</summary>
    private static bool IsChineseNumber(Match match, string text)
    {
        var written = match.Groups["chinese"].Value;
        if (match.Groups["unit"].Success || match.Groups["before"].Success)
            return true;
        if (written is "千万" or "万一" or "一一" or "万千" or "百万")
            return false;
        return written.Length > 1 || RangeAheadPattern().IsMatch(text.AsSpan(match.Index + match.Length));
    }

    private static string KindOf(Match match)
    {
        var before = match.Groups["before"].Value;
        if (before == "百分之")
            return "%";
        var written = (before.Length > 0 ? before : match.Groups["unit"].Value).ToLowerInvariant();
        if (written == "р")
            return "RUB";
        return written.Length == 0 ? "" : Array.Find(Kinds, kind => Array.Exists(kind.Starts, start => written.StartsWith(start, StringComparison.Ordinal))).Name ?? "";
    }

    private static string Take(string text, Regex pattern, Action<string> keep) => pattern.Replace(text, match =>
    {
        keep(match.Value);
        return Apart;
    });
}

/// <summary>A number and what it counts.</summary>
/// <param name="Readings">Its possible values.</param>
/// <param name="Kind">A currency, "%", a unit of time; empty for all else.</param>
internal sealed record StatedNumber(IReadOnlySet<decimal> Readings, string Kind)
{
    /// <summary>Whether the other can be the same number of the same thing; who counts nothing agrees with who counts something.</summary>
    public bool Agrees(StatedNumber other) => Readings.Overlaps(other.Readings) && (Kind.Length == 0 || other.Kind.Length == 0 || Kind == other.Kind);

    /// <summary>Money or a percentage.</summary>
    public bool IsAmount => Kind is "%" or "USD" or "EUR" or "GBP" or "RUB" or "CNY";
}
