using System.Globalization;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Settings;

/// <summary>Amounts in minor units of a currency (ISO 4217), to and from what people read and type.</summary>
internal static class Money
{
    private const int UsualDigits = 2;

    private static readonly Dictionary<string, int> Digits = new(StringComparer.Ordinal)
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0, ["RWF"] = 0, ["UGX"] = 0,
        ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0, ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3,
    };

    /// <summary>Whether it looks like a code of ISO 4217.</summary>
    public static bool IsCurrency(string code) => code.Length == 3 && code.All(char.IsAsciiLetterUpper);

    /// <summary>As a number field of a form has it: 12.50.</summary>
    public static string Typed(long minor, string currency) => Amount(minor, currency).ToString($"F{DigitsOf(currency)}", CultureInfo.InvariantCulture);

    /// <summary>As a person reads it: 12.50 EUR, with the reader's marks; the code tells apart what a sign would not.</summary>
    public static string Shown(long minor, string currency, Texts texts) => $"{Amount(minor, currency).ToString($"N{DigitsOf(currency)}", texts.Culture)}\u00A0{currency}";

    /// <returns>Minor units; null when it is no amount from 0 to a million.</returns>
    public static long? Parse(string typed, string currency)
    {
        const decimal most = 1_000_000;
        if (typed.Trim().Length == 0)
            return 0;
        return decimal.TryParse(typed.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is >= 0 and <= most
            ? (long)Math.Round(amount * Power(DigitsOf(currency)), MidpointRounding.AwayFromZero) : null;
    }

    private static decimal Amount(long minor, string currency) => minor / Power(DigitsOf(currency));

    private static int DigitsOf(string currency) => Digits.GetValueOrDefault(currency, UsualDigits);

    private static decimal Power(int digits) => digits switch { 0 => 1, 2 => 100, _ => 1000 };
}
