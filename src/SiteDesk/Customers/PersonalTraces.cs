using System.Text.RegularExpressions;

namespace SiteDesk.Customers;

/// <summary>What a trace in a text is.</summary>
public enum PersonalTraceKind
{
    Email,
    Phone,

    /// <summary>Of an order, a card, an account, a document: who knows it finds a person.</summary>
    Number,
}

/// <summary>A place in a text that leads to a person.</summary>
/// <param name="Start">In UTF-16 units from the beginning of the text, as <paramref name="Length"/>.</param>
/// <param name="Contact">The address or phone number as it is understood; null for other numbers, and for what only looks like an address.</param>
public sealed record PersonalTrace(PersonalTraceKind Kind, int Start, int Length, ContactAddress? Contact);

/// <summary>
/// Finds in free text what leads to a person: e-mail addresses, phone numbers and the numbers of orders, cards and accounts. The one
/// place that says how they look; what is done with them is the caller's. Names are not found: nothing tells them from words.
/// </summary>
public static partial class PersonalTraces
{
    // Numbers of two or three digits are days and prices; longer ones may be somebody's.
    private const int FewestDigits = 4;

    /// <param name="defaultCountry">As for <see cref="ContactAddress.Parse"/>.</param>
    /// <returns>In the order of the text, none over another.</returns>
    public static IEnumerable<PersonalTrace> Find(string text, string? defaultCountry = null) =>
        TracePattern().Matches(text).Select(match => Understand(match, defaultCountry)).OfType<PersonalTrace>();

    /// <param name="replacement">What to write instead of a trace; null leaves it as it is.</param>
    public static string Replace(string text, Func<PersonalTrace, string?> replacement, string? defaultCountry = null) =>
        TracePattern().Replace(text, match => Understand(match, defaultCountry) is { } trace && replacement(trace) is { } instead ? instead : match.Value);

    private static PersonalTrace? Understand(Match match, string? defaultCountry)
    {
        if (match.Groups["email"].Success)
            return new(PersonalTraceKind.Email, match.Index, match.Length, ContactAddress.ParseEmail(match.Value.TrimEnd('.', '!', '?')));
        if (match.Value.Count(char.IsAsciiDigit) < FewestDigits)
            return null;
        var phone = ContactAddress.ParsePhone(match.Value, defaultCountry);
        return new(phone is null ? PersonalTraceKind.Number : PersonalTraceKind.Phone, match.Index, match.Length, phone);
    }

    // Chinese writing and its punctuation touch an address without a space and are no part of it; nor is the sentence's full stop. A number
    // with dots is only taken where there are more groups than in a date, or a plus before them.
    [GeneratedRegex(
        """(?<email>[^\s@<>"'()\[\],;:\u2E80-\u9FFF\uFF00-\uFFEF]{1,64}@[^\s@<>"'()\[\],;:\u2E80-\u9FFF\uFF00-\uFFEF]{0,254}[\p{L}\p{N}-[\u2E80-\u9FFF]])|\+\(?[0-9][0-9 \u00A0().\-]{6,20}[0-9]|(?<![0-9.])[0-9]{1,4}(?:\.[0-9]{2,4}){3,4}(?![0-9.]*[0-9])|[+#№]?(?:[A-Za-zА-Яа-я]{1,4}-)?\(?[0-9][0-9 \u00A0()\-]{2,30}[0-9]""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TracePattern();
}
