using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>What to look for, beside the text.</summary>
public sealed record SearchOptions
{
    /// <summary>Ten results of the last word typed so far, from all articles.</summary>
    public static readonly SearchOptions Default = new();

    /// <summary>How many results at most, from 1.</summary>
    public int Count { get; init; } = 10;

    /// <summary>
    /// Whether the reader may see an article, by its id. Asked for candidates only, so it may be as slow as a set lookup. Null: all.
    /// </summary>
    public Func<long, bool>? Accept { get; init; }

    /// <summary>Whether the last word may be the beginning of a word.</summary>
    public bool IsTyping { get; init; } = true;
}

/// <summary>An article found.</summary>
/// <param name="Id">Its <see cref="SearchDocument.Id"/>.</param>
/// <param name="Score">How well it fits, from 0 to 1; comparable between queries, though not a probability.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SearchHit(long Id, double Score);

/// <summary>Why something else was searched for than what was typed.</summary>
public enum QueryCorrection
{
    /// <summary>Nothing was changed.</summary>
    None,

    /// <summary>The words were typed in the wrong keyboard layout: ghbdtn for привет.</summary>
    Layout,

    /// <summary>A word that no article has was taken for one that some article has.</summary>
    Spelling,
}

/// <summary>The answer to a query.</summary>
/// <param name="Hits">The articles found, best first.</param>
/// <param name="Correction">What was changed in the query, for "showing results for …".</param>
/// <param name="ShownFor">The query that was really searched for; the one typed when nothing was changed.</param>
/// <param name="Highlighter">Marks in any text what the query found there.</param>
public sealed record SearchResults(
    IReadOnlyList<SearchHit> Hits,
    QueryCorrection Correction,
    string ShownFor,
    SearchHighlighter Highlighter);
