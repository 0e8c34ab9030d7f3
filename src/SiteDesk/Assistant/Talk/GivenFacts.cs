using System.Text.RegularExpressions;
using SiteDesk.Customers;

namespace SiteDesk.Assistant.Talk;

/// <summary>Finds what a person gives without being asked: an order's number, an address, a telephone number.</summary>
internal static partial class GivenFacts
{
    private const int LongestRead = 4_000;
    private const int ShortestPhone = 9;

    /// <summary>Values by <see cref="Slot"/>; empty when there are none.</summary>
    /// <param name="language">Of the text: a telephone number without a country's code is read as that language's country writes it.</param>
    public static Dictionary<string, string> In(string text, string language)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = text.Length > LongestRead ? text[..LongestRead] : text;
        var country = ContactAddress.CountryOf(language);
        var rest = PersonalTraces.Replace(read, trace =>
        {
            // A few digits are an order's number long before they are somebody's telephone.
            if (trace.Contact is not { } contact || trace.Kind == PersonalTraceKind.Phone && trace.Length < ShortestPhone)
                return trace.Kind == PersonalTraceKind.Email ? " " : null;
            if (trace.Kind == PersonalTraceKind.Phone)
                facts.TryAdd(Slot.Phone, contact.Shown);
            facts.TryAdd(Slot.Contact, contact.Shown);
            return " ";
        }, country);
        if (OrderPattern().Match(rest) is { Success: true } order)
            facts.TryAdd(Slot.Order, order.Groups["number"].Value.ToUpperInvariant());
        return facts;
    }

    /// <summary>Whether a value can be an order's number: shops write them in many ways.</summary>
    public static bool CanBeOrder(string value) => value.Trim() is { Length: >= 3 and <= 40 } number && number.Any(char.IsDigit) && !number.Contains('@', StringComparison.Ordinal);

    // A number after № or #, letters and digits joined by a hyphen, or five digits and more.
    [GeneratedRegex(@"(?<![\p{L}\d])(?:[№#]\s?)?(?<number>\p{Lu}{1,4}-?\d{3,12}|\d{5,12}|(?<=[№#]\s?)\d{3,12})(?![\p{L}\d])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OrderPattern();
}
