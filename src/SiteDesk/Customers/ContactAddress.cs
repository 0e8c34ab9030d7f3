using System.Globalization;
using System.Net.Mail;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Customers;

/// <summary>An e-mail address or a phone number, understood and written in one way.</summary>
/// <param name="Value">For comparing.</param>
/// <param name="Shown">For reading.</param>
public sealed record ContactAddress(ContactKind Kind, string Value, string Shown)
{
    /// <summary>The country whose national writing of numbers a reader of the language is likely to use; null when there is no telling.</summary>
    public static string? CountryOf(string language) => language switch
    {
        Languages.Russian => "RU",
        Languages.Chinese => "CN",
        _ => null,
    };

    /// <summary>Understands either kind.</summary>
    /// <param name="defaultCountry">ISO code whose national writing is assumed for a number without country code: RU, CN, or null.</param>
    /// <returns>Null when the text is neither.</returns>
    public static ContactAddress? Parse(string? text, string? defaultCountry = null)
    {
        var trimmed = (text ?? "").Trim();
        return trimmed.Contains('@', StringComparison.Ordinal) ? ParseEmail(trimmed) : ParsePhone(trimmed, defaultCountry);
    }

    /// <summary>RFC 5321 section 4.1.2, with the local part folded to lower case as every provider in use does; international domains in ASCII form for comparing.</summary>
    public static ContactAddress? ParseEmail(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is < 3 or > 254 || trimmed.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)) || !MailAddress.TryCreate(trimmed, out var parsed) || parsed.Address != trimmed)
            return null;
        var at = trimmed.LastIndexOf('@');
        var (local, domain) = (trimmed[..at], trimmed[(at + 1)..]);
        if (local.Length > 64 || !domain.Contains('.', StringComparison.Ordinal) || AsciiDomain(domain) is not { } ascii)
            return null;
        return new(ContactKind.Email, $"{local.ToLowerInvariant()}@{ascii}", trimmed);
    }

    /// <summary>
    /// E.164. National writings understood without a country: 8 (9xx) … of Russia and Kazakhstan, 1xx xxxx xxxx of China.
    /// </summary>
    public static ContactAddress? ParsePhone(string text, string? defaultCountry = null)
    {
        if (text.Any(letter => char.IsLetter(letter)) || text.Length > 40)
            return null;
        var plain = string.Concat(text.Select(NarrowOf));
        var international = plain.TrimStart().StartsWith('+');
        // +44 (0)20 …: the zero is dialled within the country only.
        var digits = new string([.. (international ? plain.Replace("(0)", "", StringComparison.Ordinal) : plain).Where(char.IsAsciiDigit)]);
        var number = international ? FromInternational(digits) : FromNational(digits, defaultCountry);
        return number is { Length: >= 8 and <= 15 } && number[0] != '0' ? new(ContactKind.Phone, "+" + number, PhoneGrouping.Of(number)) : null;
    }

    /// <summary>Chinese keyboards also write digits, plus and brackets in full width.</summary>
    private static char NarrowOf(char letter) => letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter;

    // Russia's trunk prefix after a plus is a slip that is often made: no country has the code 89.
    private static string FromInternational(string digits) => digits is ['8', '9', ..] && digits.Length == 11 ? "7" + digits[1..] : digits;

    private static string? FromNational(string digits, string? country) => digits switch
    {
        ['0', '0', .. var rest] => rest,
        // Russia and Kazakhstan: trunk prefix 8 and ten digits that begin with 3, 4, 6, 7, 8 or 9.
        ['8', '3' or '4' or '6' or '7' or '8' or '9', ..] when digits.Length == 11 => "7" + digits[1..],
        ['7', ..] when digits.Length == 11 => digits,
        ['9', ..] when digits.Length == 10 && country is (null or "RU") => "7" + digits,
        // China: mobile numbers have eleven digits and begin with 13 to 19.
        ['1', >= '3' and <= '9', ..] when digits.Length == 11 => "86" + digits,
        ['8', '6', '1', ..] when digits.Length == 13 => digits,
        ['0', ..] when country == "CN" && digits.Length is >= 10 and <= 12 => "86" + digits[1..],
        _ => null,
    };

    private static string? AsciiDomain(string domain)
    {
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
