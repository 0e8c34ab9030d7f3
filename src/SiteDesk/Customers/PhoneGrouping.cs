namespace SiteDesk.Customers;

/// <summary>How the digits of an E.164 number stand together for reading: the national custom where it is known, else threes.</summary>
public static class PhoneGrouping
{
    // Country codes of two digits (ITU-T E.164 annex D); 1 and 7 have one digit, all others three.
    private static readonly HashSet<string> TwoDigitCodes = new(StringComparer.Ordinal)
    {
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
        "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    };

    /// <param name="number">Digits with the country code, with or without a leading plus.</param>
    /// <returns>For example <c>+44 20 7946 0958</c>, <c>+7 912 345-67-89</c>.</returns>
    public static string Of(string number)
    {
        var digits = number.TrimStart('+');
        var code = CodeOf(digits);
        return $"+{code} {National(code, digits[code.Length..])}".TrimEnd();
    }

    private static string CodeOf(string digits) =>
        digits.Length < 3 ? digits
        : digits[0] is '1' or '7' ? digits[..1]
        : TwoDigitCodes.Contains(digits[..2]) ? digits[..2]
        : digits[..3];

    private static string National(string code, string digits) => (code, digits.Length) switch
    {
        ("7", 10) => $"{digits[..3]} {digits[3..6]}-{digits[6..8]}-{digits[8..]}",
        ("1", 10) => Cut(digits, 3, 3, 4),
        ("86", 11) when digits[0] == '1' => Cut(digits, 3, 4, 4),
        // Geographic numbers: area codes of two digits are 10 and 2x, all others have three.
        ("86", >= 9 and <= 11) => Cut(digits, digits[0] == '2' || digits.StartsWith("10", StringComparison.Ordinal) ? 2 : 3, 4, 4),
        ("44", 9 or 10) => British(digits),
        ("49", >= 6) => German(digits),
        ("33", 9) => Cut(digits, 1, 2, 2, 2, 2),
        ("34", 9) => Cut(digits, 3, 3, 3),
        ("375", 9) or ("380", 9) or ("998", 9) => Cut(digits, 2, 3, 2, 2),
        _ => Threes(digits),
    };

    /// <summary>Ofcom's numbering plan: 2x with eight digits after it, 11x and 1x1 with seven, mobile and the other areas with six.</summary>
    private static string British(string digits) => digits switch
    {
        ['2', ..] => Cut(digits, 2, 4, 4),
        ['3' or '8' or '9', ..] or ['1', '1', ..] or ['1', _, '1', ..] => Cut(digits, 3, 3, 4),
        _ => Cut(digits, 4, 6),
    };

    /// <summary>DIN 5008 sets the area code apart; the subscriber's number is cut into fours here because it is long.</summary>
    private static string German(string digits)
    {
        var area = digits switch
        {
            ['1', '5' or '6' or '7', ..] => 3,
            ['3', '0', ..] or ['4', '0', ..] or ['6', '9', ..] or ['8', '9', ..] => 2,
            [_, _, '1', ..] or ['8', '0', '0', ..] or ['9', '0' or '1' or '2', '6' or '1', ..] => 3,
            _ => 4,
        };
        return $"{digits[..area]} {Fours(digits[area..])}";
    }

    private static string Cut(string digits, params ReadOnlySpan<int> lengths)
    {
        var parts = new List<string>();
        var at = 0;
        foreach (var length in lengths)
        {
            if (at >= digits.Length)
                break;
            // A single digit is not left over at the end.
            var end = at + length + 1 >= digits.Length ? digits.Length : at + length;
            parts.Add(digits[at..end]);
            at = end;
        }

        if (at < digits.Length)
            parts.Add(digits[at..]);
        return string.Join(' ', parts);
    }

    /// <summary>Threes from the left; no single digit is left over at the end.</summary>
    private static string Threes(string digits) => Even(digits, 3);

    private static string Fours(string digits) => digits.Length <= 7 ? digits : Even(digits, 4);

    private static string Even(string digits, int size)
    {
        var parts = new List<string>();
        var at = 0;
        while (digits.Length - at > size + 1)
        {
            parts.Add(digits[at..(at + size)]);
            at += size;
        }

        parts.Add(digits[at..]);
        return string.Join(' ', parts);
    }
}
