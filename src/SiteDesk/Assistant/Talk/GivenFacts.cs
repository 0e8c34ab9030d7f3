using System.Text.RegularExpressions;
using SiteDesk.Customers;

namespace SiteDesk.Assistant.Talk;

/// <summary>Finds what a person gives without being asked: an order's number, an address, a telephone number.</summary>
internal static partial class GivenFacts
{
    private const int LongestRead = 4_000;

    /// <summary>Values by <see cref="Slot"/>; empty when there are none.</summary>
    /// <param name="language">Of the text: a telephone number without a country's code is read as that language's country writes it.</param>
    public static Dictionary<string, string> In(string text, string language)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = text.Length > LongestRead ? text[..LongestRead] : text;
        foreach (Match match in EmailPattern().Matches(read))
        {
            if (ContactAddress.ParseEmail(match.Value.TrimEnd('.', ',')) is { } email)
                facts.TryAdd(Slot.Contact, email.Shown);
        }

        read = EmailPattern().Replace(read, " ");
        foreach (Match match in PhonePattern().Matches(read))
        {
            if (ContactAddress.ParsePhone(match.Value.Trim(), ContactAddress.CountryOf(language)) is not { } phone)
                continue;
            facts.TryAdd(Slot.Phone, phone.Shown);
            facts.TryAdd(Slot.Contact, phone.Shown);
            read = read.Replace(match.Value, " ", StringComparison.Ordinal);
        }

        if (OrderPattern().Match(read) is { Success: true } order)
            facts.TryAdd(Slot.Order, order.Groups["number"].Value.ToUpperInvariant());
        return facts;
    }

    /// <summary>Whether a value can be an order's number: shops write them in many ways.</summary>
    public static bool CanBeOrder(string value) => value.Trim() is { Length: >= 3 and <= 40 } number && number.Any(char.IsDigit) && !number.Contains('@', StringComparison.Ordinal);

    [GeneratedRegex(@"[^\s@<>""'()\[\],;:，。；：（）]{1,64}@[^\s@<>""'()\[\],;:，。；：（）]{1,255}", RegexOptions.None, 1000)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"(?<![\w-])\+?\(?\d[\d \u00A0().-]{7,20}\d(?![\w-])", RegexOptions.None, 1000)]
    private static partial Regex PhonePattern();

    // A number after № or #, letters and digits joined by a hyphen, or five digits and more.
    [GeneratedRegex(@"(?<![\p{L}\d])(?:[№#]\s?)?(?<number>\p{Lu}{1,4}-?\d{3,12}|\d{5,12}|(?<=[№#]\s?)\d{3,12})(?![\p{L}\d])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OrderPattern();
}
