using System.Text;

namespace SiteDesk.Assistant.Actions;

/// <summary>
/// What somebody else wrote, put into a sentence of ours: it stays words, whatever signs of formatting it holds, and one line. Only what would
/// be taken for formatting is marked, so that nearly every text also reads as it was written where it is shown without formatting.
/// </summary>
internal static class PlainWords
{
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        var isSpace = true;
        foreach (var symbol in text)
        {
            if (char.IsWhiteSpace(symbol))
            {
                if (!isSpace)
                    plain.Append(' ');
                isSpace = true;
                continue;
            }

            isSpace = false;
            if (symbol is '\\' or '`' or '*' or '[' or ']' or '<' or '>' || symbol == '_' && !IsInWord(plain))
                plain.Append('\\');
            plain.Append(symbol);
        }

        return plain.ToString().TrimEnd();
    }

    /// <summary>An underscore inside of a word is none of formatting: addresses have them.</summary>
    private static bool IsInWord(StringBuilder before) => before.Length > 0 && char.IsLetterOrDigit(before[^1]);
}
