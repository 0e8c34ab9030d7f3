using System.Text;

namespace SiteDesk.Language;

/// <summary>Encoded tokens that must stand side by side in the text.</summary>
/// <param name="Tokens">At least one token, as <see cref="SearchText.ForIndex"/> writes them.</param>
/// <param name="IsPrefix">Whether the last token may go on: the reader is still typing it.</param>
public sealed record SearchPhrase(IReadOnlyList<string> Tokens, bool IsPrefix = false);

/// <summary>One thing the reader asked for: any of these phrases satisfies it.</summary>
/// <param name="Alternatives">At least one phrase.</param>
public sealed record SearchClause(IReadOnlyList<SearchPhrase> Alternatives);

/// <summary>
/// What a reader typed, understood: every clause must be found. The same query is rendered for both databases, so that both find the
/// same rows. Rendering is safe whatever was typed, because tokens hold letters and digits only.
/// </summary>
/// <param name="Clauses">Empty when nothing was typed that can be searched for; then nothing must be found rather than everything.</param>
public sealed record SearchQuery(IReadOnlyList<SearchClause> Clauses)
{
    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => Clauses.Count == 0;

    /// <summary>
    /// The right side of SQLite's <c>MATCH</c> (https://www.sqlite.org/fts5.html section 3). Empty for an empty query, which FTS5
    /// refuses: ask <see cref="IsEmpty"/> first.
    /// </summary>
    public string ToFts5() => Render(" AND ", " OR ", static (phrase, text) =>
    {
        text.Append('"').AppendJoin(' ', phrase.Tokens).Append('"');
        if (phrase.IsPrefix)
            text.Append(" *");
    });

    /// <summary>
    /// A PostgreSQL tsquery literal (section 8.11.2 of its manual). Cast it (<c>$1::tsquery</c>) or hand it to
    /// <c>to_tsquery('simple', $1)</c>. Empty for an empty query, which matches nothing.
    /// </summary>
    public string ToTsQuery() => Render(" & ", " | ", static (phrase, text) =>
    {
        for (var i = 0; i < phrase.Tokens.Count; i++)
        {
            text.Append(i == 0 ? "'" : " <-> '").Append(phrase.Tokens[i]).Append('\'');
            if (phrase.IsPrefix && i == phrase.Tokens.Count - 1)
                text.Append(":*");
        }
    });

    private string Render(string and, string or, Action<SearchPhrase, StringBuilder> write)
    {
        var text = new StringBuilder();
        foreach (var clause in Clauses)
        {
            text.Append(text.Length == 0 ? "(" : and + "(");
            for (var i = 0; i < clause.Alternatives.Count; i++)
            {
                if (i > 0)
                    text.Append(or);
                write(clause.Alternatives[i], text);
            }
            text.Append(')');
        }
        return text.ToString();
    }
}
