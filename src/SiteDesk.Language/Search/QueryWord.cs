using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>A word of a query: what the reader typed, and what the index knows it by.</summary>
/// <param name="Term">Its term.</param>
/// <param name="Surface">Its letters, folded but not stemmed.</param>
/// <param name="Start">Where it begins in the query, in UTF-16 units.</param>
/// <param name="Length">Its length there.</param>
/// <param name="Kind">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueryWord(string Term, string Surface, int Start, int Length, TokenKind Kind)
{
    /// <summary>Reads the words of a query, compounds with their parts and characters with their pairs.</summary>
    public static List<QueryWord> Read(string query)
    {
        var tokens = Analyzer.Analyze(query);
        var words = new List<QueryWord>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var surface = token.Kind is TokenKind.Character or TokenKind.Bigram
                ? token.Term
                : Analyzer.Fold(query.Substring(token.Start, token.Length));
            words.Add(new QueryWord(token.Term, surface, token.Start, token.Length, token.Kind));
        }
        return words;
    }
}
