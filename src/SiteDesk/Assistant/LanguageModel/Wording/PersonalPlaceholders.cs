using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SiteDesk.Customers;

namespace SiteDesk.Assistant.LanguageModel.Wording;

/// <summary>
/// Puts numbered placeholders such as [EMAIL_1] in place of what says who somebody is, and puts it back into the answer: names that are
/// known, e-mail and web addresses, phone, card, order and other numbers of four digits and more. Dates and sums of money stay: they say
/// what it is about, and whose they are says nobody. The same value has the same placeholder in all texts of one request.
/// </summary>
internal sealed partial class PersonalPlaceholders
{
    // Prices and days have fewer digits; longer numbers may be somebody's.
    private const int ShortestNumber = 4;
    private const int ShortestPhone = 9;

    private readonly IReadOnlyList<Regex> _names;
    private readonly Dictionary<(string Kind, string Value), string> _placeholders = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <param name="names">Whole names; each of their words is masked too, in its Russian cases.</param>
    public PersonalPlaceholders(IEnumerable<string> names) => _names = NamePatterns.Of(names);

    /// <summary>The text as it may leave.</summary>
    public string Mask(string text)
    {
        // What looks like a placeholder already is a value as well, or somebody could write another one's into the answer.
        text = PlaceholderPattern().Replace(text, match => Keep("TEXT", match.Value));
        text = Outside(text, LinkPattern(), match => Keep("LINK", match.Value));
        text = Outside(text, piece => PersonalTraces.Replace(piece, trace => trace.Kind == PersonalTraceKind.Email ? Keep("EMAIL", piece.Substring(trace.Start, trace.Length)) : null));
        foreach (var name in _names)
            text = Outside(text, name, match => Keep("NAME", match.Value));
        return Outside(text, NumberPattern(), MaskNumber, PublicPattern());
    }

    /// <summary>The placeholders that stand in a masked text.</summary>
    public static IReadOnlySet<string> In(string masked) => PlaceholderPattern().Matches(masked).Select(Canonical).ToHashSet(StringComparer.Ordinal);

    /// <returns>The answer with the values in their places; null when it names a placeholder that was never given out.</returns>
    public string? Unmask(string answer)
    {
        var isKnown = true;
        var text = PlaceholderPattern().Replace(answer, match =>
        {
            isKnown &= _values.TryGetValue(Canonical(match), out var value);
            return value ?? "";
        });
        return isKnown ? text : null;
    }

    private string MaskNumber(Match match)
    {
        var digits = match.Value.Count(char.IsDigit);
        return digits < ShortestNumber ? match.Value : Keep(digits >= ShortestPhone && match.Value[0] is '+' or '8' or '(' ? "PHONE" : "NUMBER", match.Value);
    }

    private string Keep(string kind, string value)
    {
        if (_placeholders.TryGetValue((kind, value), out var known))
            return known;
        var placeholder = $"[{kind}_{(_values.Count + 1).ToString(CultureInfo.InvariantCulture)}]";
        _placeholders[(kind, value)] = placeholder;
        _values[placeholder] = value;
        return placeholder;
    }

    /// <summary>Replaces outside of the placeholders that stand there already, and of what is to be left as it is.</summary>
    private static string Outside(string text, Regex pattern, MatchEvaluator replace, Regex? left = null) => Outside(text, piece => pattern.Replace(piece, replace), left);

    private static string Outside(string text, Func<string, string> replace, Regex? left = null)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var stop in PlaceholderPattern().Matches(text).Concat(left?.Matches(text) ?? Enumerable.Empty<Match>()).OrderBy(match => match.Index))
        {
            if (stop.Index < at)
                continue;
            result.Append(replace(text[at..stop.Index])).Append(stop.Value);
            at = stop.Index + stop.Length;
        }

        return result.Append(replace(text[at..])).ToString();
    }

    // Models write other brackets in Chinese, and sometimes none.
    private static string Canonical(Match match) => $"[{match.Groups["kind"].Value}_{match.Groups["number"].Value}]";

    [GeneratedRegex(@"[\[【〔⟦]?\s?\b(?<kind>TEXT|LINK|EMAIL|NAME|PHONE|NUMBER)_(?<number>[0-9]{1,4})(?![0-9])\s?[\]】〕⟧]?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlaceholderPattern();

    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>""'，。；（）]{0,1999}[^\s<>""'，。；（）.,;:!?)\]]", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LinkPattern();

    /// <summary>Digits with what people put between and before them, and codes in which letters and digits mix.</summary>
    [GeneratedRegex(@"(?:[+#№(]\s?)?(?:[A-Za-zА-Яа-яЁё]{1,6}[-_/]?)?\d(?:[A-Za-zА-Яа-яЁё]{0,6}[ \u00A0\u202F().\-–/]{0,2}[A-Za-z]{0,4}\d){2,40}[A-Za-z]{0,4}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NumberPattern();

    /// <summary>Dates with their year, and sums of money.</summary>
    [GeneratedRegex(
        @"(?<![\d\p{L}.\-/])(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d)(?![\d\-/])"
        + @"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек)\p{L}*,?\s+(?:19|20)\d\d(?!\d)"
        + @"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)"
        + @"|(?<!\d)(?:19|20)\d\d\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?)?"
        + @"|[$€£¥₽]\s?\d{1,3}(?:[ \u00A0\u202F,.]?\d{3}){0,2}(?:[.,]\d{1,2})?(?![ \u00A0\u202F.,\-]?\d)"
        + @"|(?<![\d\-+])(?<!\d[ \u00A0\u202F.])\d{1,3}(?:[ \u00A0\u202F,.]?\d{3}){0,2}(?:[.,]\d{1,2})?\s?(?:[$€£¥₽元块]|руб|р\.|usd\b|eur\b|rub\b|cny\b|rmb\b|dollars?\b|euros?\b|roubles?\b|rubles?\b|долл|евро|юан)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PublicPattern();
}
