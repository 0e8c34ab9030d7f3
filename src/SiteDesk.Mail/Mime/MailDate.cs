using System.Globalization;

namespace SiteDesk.Mail;

/// <summary>Date and time of a message (RFC 5322 sections 3.3 and 4.3), with the forms mailers made up.</summary>
public static class MailDate
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly Dictionary<string, int> ZoneMinutes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = 0, ["UTC"] = 0, ["GMT"] = 0, ["Z"] = 0, ["EST"] = -300, ["EDT"] = -240, ["CST"] = -360, ["CDT"] = -300, ["MST"] = -420,
        ["MDT"] = -360, ["PST"] = -480, ["PDT"] = -420, ["CET"] = 60, ["CEST"] = 120, ["MEZ"] = 60, ["MESZ"] = 120, ["MET"] = 60, ["MEST"] = 120,
        ["EET"] = 120, ["EEST"] = 180, ["WET"] = 0, ["WEST"] = 60, ["BST"] = 60, ["MSK"] = 180, ["MSD"] = 240, ["JST"] = 540, ["KST"] = 540,
        ["HKT"] = 480, ["SGT"] = 480, ["IST"] = 330, ["AEST"] = 600, ["AEDT"] = 660, ["NZST"] = 720, ["NZDT"] = 780,
    };

    /// <summary>Reads a date; null when day, month and year cannot be told. An unknown zone counts as UTC (section 4.3).</summary>
    public static DateTimeOffset? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 200) text = text[..200];
        // ISO 8601, as some web programs write: 2010-04-29T23:34:45+02:00.
        if (text.IndexOf('T', StringComparison.Ordinal) is > 7 and var marker && marker + 1 < text.Length && char.IsAsciiDigit(text[marker - 1]) && char.IsAsciiDigit(text[marker + 1]))
            text = text[..marker] + " " + text[(marker + 1)..];
        var words = WithoutComments(text).Split([' ', '\t', ',', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        int? day = null, month = null, year = null, offset = null;
        TimeSpan? time = null;
        var afternoon = 0;
        foreach (var word in words)
        {
            if (time is null && word.Contains(':', StringComparison.Ordinal) && TryTime(word, out var parsed, out var zoneTail))
            {
                time = parsed;
                if (zoneTail is not null) offset ??= Zone(zoneTail);
            }
            else if (month is null && MonthOf(word) is { } named) month = named;
            else if (word.Contains('-', StringComparison.Ordinal) && month is null && TryDashed(word, ref day, ref month, ref year)) continue;
            else if (word is "AM" or "am" or "PM" or "pm") afternoon = char.ToUpperInvariant(word[0]);
            else if (time is not null && offset is null && (word[0] is '+' or '-' || char.IsAsciiLetter(word[0]))) offset = Zone(word);
            else if (int.TryParse(word.TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                if (day is null && number is >= 1 and <= 31 && word.Length <= 2) day = number;
                else year ??= number;
            }
        }
        if (day is null || month is null || year is null) return null;
        return Build(year.Value, month.Value, day.Value, time ?? TimeSpan.Zero, afternoon, offset ?? 0);
    }

    private static DateTimeOffset? Build(int year, int month, int day, TimeSpan time, int afternoon, int offset)
    {
        // Two and three digits: section 4.3.
        if (year < 50) year += 2000;
        else if (year < 1000) year += 1900;
        if (year is < 1900 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        if (afternoon == 'P' && time.Hours < 12) time += TimeSpan.FromHours(12);
        else if (afternoon == 'A' && time.Hours == 12) time -= TimeSpan.FromHours(12);
        return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.FromMinutes(Math.Clamp(offset, -14 * 60, 14 * 60))) + time;
    }

    private static bool TryTime(string word, out TimeSpan time, out string? zone)
    {
        time = default;
        zone = null;
        var sign = word.IndexOfAny(['+', '-', 'Z'], 1);
        if (sign > 0)
        {
            zone = word[sign..];
            word = word[..sign];
        }
        var dot = word.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0) word = word[..dot];
        var parts = word.Split(':');
        if (parts.Length is < 2 or > 3) return false;
        Span<int> numbers = stackalloc int[3];
        for (var at = 0; at < parts.Length; at++)
            if (!int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at])) return false;
        if (numbers[0] > 24 || numbers[1] > 59 || numbers[2] > 60) return false;
        // A leap second is shown as the second before it.
        time = new TimeSpan(numbers[0] % 24, numbers[1], Math.Min(numbers[2], 59));
        return true;
    }

    private static bool TryDashed(string word, ref int? day, ref int? month, ref int? year)
    {
        var parts = word.Split('-');
        if (parts.Length != 3) return false;
        if (MonthOf(parts[1]) is { } named && int.TryParse(parts[0], out var first) && int.TryParse(parts[2], out var last))
        {
            (day, month, year) = (first, named, last);
            return true;
        }
        if (parts[0].Length != 4 || !int.TryParse(parts[0], out var isoYear) || !int.TryParse(parts[1], out var isoMonth) || !int.TryParse(parts[2], out var isoDay)) return false;
        (day, month, year) = (isoDay, isoMonth, isoYear);
        return true;
    }

    private static int? MonthOf(string word)
    {
        if (word.Length < 3 || !char.IsAsciiLetter(word[0])) return null;
        for (var at = 0; at < Months.Length; at++)
            if (word.AsSpan(0, 3).Equals(Months[at], StringComparison.OrdinalIgnoreCase) && (word.Length <= 4 || IsLongMonth(word))) return at + 1;
        return null;
    }

    private static bool IsLongMonth(string word) =>
        CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Any(name => name.Equals(word, StringComparison.OrdinalIgnoreCase));

    private static int? Zone(string word)
    {
        word = word.Trim('"');
        if (ZoneMinutes.TryGetValue(word, out var minutes)) return minutes;
        if (word.StartsWith("GMT", StringComparison.OrdinalIgnoreCase) || word.StartsWith("UTC", StringComparison.OrdinalIgnoreCase)) word = word[3..];
        if (word.Length < 3 || word[0] is not ('+' or '-')) return null;
        var digits = word[1..].Replace(":", string.Empty);
        if (digits.Length is < 1 or > 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var total = digits.Length <= 2 ? number * 60 : number / 100 * 60 + number % 100;
        return word[0] == '-' ? -total : total;
    }

    private static string WithoutComments(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? text : text[..open] + " " + text[Math.Min(text.Length, ParameterizedValue.AfterComment(text, open))..];
    }
}
