using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SiteDesk.Language;

namespace SiteDesk.Assistant.LanguageModel.Wording;

/// <summary>
/// Holds what a model wrote against what it was given. Every number, date, amount, web and e-mail address and phone number in it must
/// stand in a passage or a fact, in any usual way of writing; numbers written as words are beyond it, except Chinese ones.
/// </summary>
internal static partial class AnswerCheck
{
    /// <summary>An answer may be this much longer than the plain one, and this long in any case; in characters.</summary>
    private const int LongerThanPlain = 2;
    private const int AlwaysAllowed = 700;
    private const int Longest = 2_000;

    public static WordingResult Judge(string written, WordingRequest request)
    {
        var text = Tidy(written);
        if (text.Length > Math.Min(Longest, Math.Max(AlwaysAllowed, request.PlainAnswer.Length * LongerThanPlain)))
            return WordingResult.Failed(WordingFailure.TooLong);
        if (HtmlPattern().IsMatch(text) || text.Length == 0)
            return WordingResult.Failed(WordingFailure.Unreadable);
        text = WithoutMarkup(text);
        text = CitationPattern().Replace(text, match => string.Concat(DigitsPattern().Matches(match.Value).Select(number => $"[{Ascii(number.Value)}]")));
        var cited = CitedPattern().Matches(text).Select(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)).Distinct().ToList();
        if (cited.Count == 0)
            return WordingResult.Failed(WordingFailure.NoCitation);
        if (!cited.TrueForAll(number => request.Passages.Any(passage => passage.Number == number)))
            return WordingResult.Failed(WordingFailure.UnknownCitation);
        var said = CitedPattern().Replace(text, " ");
        if (Unsupported(said, request) is { } failure)
            return WordingResult.Failed(failure);
        return IsIn(said, request.Language) ? new WordingResult(text, cited, null) : WordingResult.Failed(WordingFailure.WrongLanguage);
    }

    private static WordingFailure? Unsupported(string said, WordingRequest request)
    {
        var sources = StatedValues.In(request.Passages.SelectMany(passage => new[] { (passage.Title, LanguageOf(passage)), (passage.Text, LanguageOf(passage)) })
            .Concat(request.Facts.Select(fact => (fact, (string?)request.Language.Split('-')[0]))));
        var stated = StatedValues.In(said, request.Language.Split('-')[0]);
        if (!stated.Links.IsSubsetOf(sources.Links))
            return WordingFailure.UnsupportedLink;
        if (!stated.Dates.TrueForAll(date => sources.Dates.Exists(known => date.Any(reading => known.Any(other => IsSameDay(reading, other))))) || !stated.Times.IsSubsetOf(sources.Times))
            return WordingFailure.UnsupportedDate;
        var unsupported = stated.Numbers.FindAll(number => !sources.Numbers.Exists(known => known.Readings.Overlaps(number.Readings) && (number.Kind.Length == 0 || number.Kind == known.Kind)));
        if (unsupported.Exists(number => number.IsAmount))
            return WordingFailure.UnsupportedAmount;
        return unsupported.Count > 0 || !stated.Codes.IsSubsetOf(sources.Codes) || !stated.LongNumbers.IsSubsetOf(sources.LongNumbers) ? WordingFailure.UnsupportedNumber : null;
    }

    private static string? LanguageOf(Passage passage) => LanguageDetector.Detect(passage.Text) is { Language: not TextLanguage.Other } detected ? detected.Code : null;

    /// <summary>A day without its year is supported by the day of any year, never the other way round.</summary>
    private static bool IsSameDay(string stated, string known) => stated == known || stated[0] == '*' && known.EndsWith(stated[1..], StringComparison.Ordinal);

    /// <summary>A language that cannot be told apart from others is not judged.</summary>
    private static bool IsIn(string said, string language)
    {
        var primary = language.Split('-')[0];
        return primary is not ("en" or "ru" or "zh") || LanguageDetector.Detect(said).Code == primary;
    }

    /// <summary>Without control characters, without what turns the direction of writing round, with plain line ends.</summary>
    private static string Tidy(string written)
    {
        var text = new StringBuilder(written.Length);
        foreach (var character in written.ReplaceLineEndings("\n"))
        {
            if (character == '\n' || char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format))
                text.Append(character);
            else if (character == '\t')
                text.Append(' ');
        }

        return BlankLinesPattern().Replace(text.ToString(), "\n\n").Trim();
    }

    /// <summary>The marks go, the words stay; of a link its words and its address, so that the address is checked.</summary>
    private static string WithoutMarkup(string text)
    {
        text = MarkdownLinkPattern().Replace(text, match => match.Groups["words"].Value == match.Groups["address"].Value ? match.Groups["address"].Value : $"{match.Groups["words"].Value} ({match.Groups["address"].Value})");
        text = LineMarksPattern().Replace(text, "");
        return EmphasisPattern().Replace(text, "${words}").Replace("`", "", StringComparison.Ordinal);
    }

    private static string Ascii(string digits) => string.Concat(digits.Select(digit => (char)('0' + (int)char.GetNumericValue(digit)))).TrimStart('0') is { Length: > 0 } number ? number : "0";

    [GeneratedRegex(@"<\s*[a-z/!?]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HtmlPattern();

    [GeneratedRegex(@"!?\[(?<words>[^\]\n]{0,300})\]\((?<address>[^)\s]{1,1000})\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MarkdownLinkPattern();

    [GeneratedRegex(@"^[ ]{0,3}(?:#{1,6}|>+)[ ]+", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LineMarksPattern();

    [GeneratedRegex(@"(?<mark>\*\*|__|~~)(?<words>[^\n]{1,500}?)\k<mark>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmphasisPattern();

    /// <summary>[1], [1, 2], [^1], 【1】; in one pair of brackets nothing but numbers.</summary>
    [GeneratedRegex(@"[\[【〔]\s?\^?\d{1,4}(?:\s?[,，、;]\s?\^?\d{1,4})*\s?[\]】〕]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CitationPattern();

    [GeneratedRegex(@"\d{1,4}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DigitsPattern();

    [GeneratedRegex(@"\[(?<number>[0-9]{1,4})\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CitedPattern();

    [GeneratedRegex(@"\n{3,}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BlankLinesPattern();
}
