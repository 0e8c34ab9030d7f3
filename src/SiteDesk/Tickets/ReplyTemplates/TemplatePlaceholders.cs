using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>
/// What stands in braces in a template and becomes what the ticket knows: <c>{customer}</c>, or <c>{customer|friend}</c> with words
/// for when nothing is known. Where there are none, the gap closes: "Hello {customer}," becomes "Hello,".
/// </summary>
public static partial class TemplatePlaceholders
{
    /// <summary>How the customer is addressed.</summary>
    public const string Customer = "customer";

    /// <summary>The ticket's number, without a sign.</summary>
    public const string Number = "number";

    public const string Subject = "subject";

    /// <summary>Who answers.</summary>
    public const string Agent = "agent";

    public const string Site = "site";

    /// <summary>The address of the ticket's tracking page.</summary>
    public const string Link = "link";

    public static readonly IReadOnlyList<string> All = [Customer, Number, Subject, Agent, Site, Link];

    private const string Commas = ",，、";
    private const string Ends = ",，、.。!！?？:：;；)\r\n";

    /// <summary>What stands in braces in the text and means nothing here, as written.</summary>
    public static IReadOnlyList<string> UnknownIn(string text) =>
        [.. Pattern().Matches(text).Where(match => !All.Contains(match.Groups["name"].Value)).Select(match => $"{{{match.Groups["name"].Value}}}").Distinct(StringComparer.Ordinal)];

    /// <param name="values">Empty or missing where nothing is known.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder(text.Length);
        var next = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (!All.Contains(name))
                continue;
            filled.Append(text, next, match.Index - next);
            next = match.Index + match.Length;
            var value = values.GetValueOrDefault(name) is { Length: > 0 } known ? known : match.Groups["otherwise"].Value.Trim();
            if (value.Length > 0)
                filled.Append(value);
            else
                next = CloseGap(filled, text, next);
        }

        return filled.Append(text, next, text.Length - next).ToString();
    }

    /// <summary>Takes away the blanks and the comma that stood there for the word that is missing.</summary>
    /// <returns>Where the rest of the text begins.</returns>
    private static int CloseGap(StringBuilder filled, string text, int next)
    {
        var hadBlank = Trim(filled, static letter => letter is ' ' or '\t');
        if (filled.Length == 0 || filled[^1] == '\n')
        {
            while (next < text.Length && (Commas.Contains(text[next], StringComparison.Ordinal) || text[next] is ' ' or '\t' or '!' or '！'))
                next++;
            return next;
        }

        var isEnd = next == text.Length || Ends.Contains(text[next], StringComparison.Ordinal);
        if (isEnd)
            Trim(filled, static letter => Commas.Contains(letter, StringComparison.Ordinal));
        else if (hadBlank && !char.IsWhiteSpace(text[next]))
            filled.Append(' ');
        return next;
    }

    private static bool Trim(StringBuilder filled, Func<char, bool> goes)
    {
        var length = filled.Length;
        while (filled.Length > 0 && goes(filled[^1]))
            filled.Length--;
        return filled.Length < length;
    }

    [GeneratedRegex(@"\{(?<name>\p{L}[\p{L}\p{Nd}_.\- ]{0,40})(\|(?<otherwise>[^{}\r\n]{0,100}))?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
