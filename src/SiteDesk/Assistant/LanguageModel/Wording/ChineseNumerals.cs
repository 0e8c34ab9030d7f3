namespace SiteDesk.Assistant.LanguageModel.Wording;

/// <summary>Reads numbers written in Chinese characters: 十四, 两千零五, 一万二千, 二〇二六.</summary>
internal static class ChineseNumerals
{
    /// <summary>All characters of which such a number consists.</summary>
    public const string Characters = "零〇一二两三四五六七八九十百千万亿";

    private const string Digits = "零一二三四五六七八九";
    private const int Longest = 20;

    /// <returns>The value; null when the characters are no number.</returns>
    public static decimal? Read(string written)
    {
        if (written.Length is 0 or > Longest)
            return null;
        if (written.Length > 1 && written.All(character => DigitOf(character) >= 0))
            return written.Aggregate(0m, (value, character) => value * 10 + DigitOf(character)); // one by one, as years are: 二〇二六

        // Within ten thousand digit and unit go in pairs; 万 and 亿 multiply all that stands before them.
        decimal whole = 0, section = 0, digit = 0, lastUnit = 1;
        var hasDigit = false;
        foreach (var character in written)
        {
            if (DigitOf(character) is >= 0 and var read)
            {
                if (hasDigit && digit != 0)
                    return null;
                (digit, hasDigit) = (read, true);
                if (read == 0)
                    lastUnit = 10; // after a nought the next digit counts ones: 一百零五
                continue;
            }

            var unit = UnitOf(character);
            if (unit < 10_000)
            {
                section += (hasDigit && digit != 0 ? digit : 1) * unit;
                lastUnit = unit;
            }
            else
            {
                var before = section + digit;
                if (before + whole == 0)
                    return null;
                whole = unit > whole ? (whole + before) * unit : whole + before * unit;
                section = 0;
                lastUnit = unit;
            }

            (digit, hasDigit) = (0, false);
        }

        // 一百二 is 120, 一万二 is 12,000; after ten and without a unit the digit counts ones.
        return whole + section + digit * (lastUnit >= 100 ? lastUnit / 10 : 1);
    }

    private static int DigitOf(char character) => character switch
    {
        '〇' => 0,
        '两' => 2,
        _ => Digits.IndexOf(character, StringComparison.Ordinal),
    };

    private static decimal UnitOf(char character) => character switch
    {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        _ => 100_000_000,
    };
}
