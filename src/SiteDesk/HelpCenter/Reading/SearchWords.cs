using System.Text;
using SiteDesk.Customers;
using SiteDesk.Language;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>What somebody searched, as it may be kept: without anything by which a person or an order could be recognised.</summary>
internal static class SearchWords
{
    /// <summary>Digits in a row that are no order, phone or card number yet.</summary>
    private const int MostDigits = 4;

    private const int LongestRead = 1_000;

    /// <returns>Lower case, single spaces; addresses, codes and long numbers are taken out. Empty when nothing is left.</returns>
    public static string Of(string query)
    {
        // A phone or card number in groups is no number for whoever reads group by group.
        var read = query.UpTo(LongestRead);
        var text = PersonalTraces.Replace(read, trace => trace.Kind == PersonalTraceKind.Phone || read.AsSpan(trace.Start, trace.Length).Count(' ') > 0 ? " " : null);
        var kept = new bool[text.Length];
        foreach (var token in Analyzer.Analyze(text))
        {
            if (token.Kind is TokenKind.Word or TokenKind.Character || token.Kind == TokenKind.Number && text.AsSpan(token.Start, token.Length).Length <= MostDigits)
                kept.AsSpan(token.Start, token.Length).Fill(true);
        }

        // A word inside of an address or code is a token of its own kind, so nothing of those is left here.
        var words = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (kept[index])
                words.Append(text[index]);
            else if (words is { Length: > 0 } && words[^1] != ' ')
                words.Append(' ');
        }

        return Analyzer.Fold(words.ToString()).Trim().UpTo(HelpSearch.LongestWords).TrimEnd();
    }
}
