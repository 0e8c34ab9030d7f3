using System.Buffers;
using System.Globalization;
using System.Text;

namespace SiteDesk.Language;

/// <summary>
/// Full-text search inside a database, with our analysis instead of its own. Rows keep <see cref="ForIndex"/> of their text in an
/// FTS5 table (<c>tokenize = 'unicode61 remove_diacritics 0'</c>) or in a column filled by <c>to_tsvector('simple', …)</c>;
/// <see cref="ForQuery"/> renders what a reader typed for either.
/// <para>
/// Runs of Chinese are stored as overlapping pairs of characters, and the last character by itself: a word of two characters is
/// one lookup, a longer one a phrase, a single character a prefix.
/// </para>
/// </summary>
public static class SearchText
{
    /// <summary>
    /// The most tokens stored for a text. PostgreSQL counts positions up to 16,383 and holds one megabyte a row; this stays within both.
    /// </summary>
    public const int MostTokens = 10_000;

    /// <summary>What is read of a query, in UTF-16 units; the rest is ignored.</summary>
    public const int LongestQuery = 1_000;

    private const int MostClauses = 32;

    private const string Quotes = "\"“”„«»「」『』＂";

    /// <summary>
    /// Begins a token that starts with a digit, and every escaped character. It is a letter (U+01C2) to both databases and to no one
    /// else; without it PostgreSQL's parser would read 2e10 as a number and tear a-1 apart.
    /// </summary>
    private const char Escape = 'ǂ';

    // Letters that both databases keep whole and unchanged; everything else is escaped.
    private static readonly SearchValues<char> Safe = SearchValues.Create(
        [.. Range('0', '9'), .. Range('a', 'z'), .. Range('а', 'я'), .. Range('α', 'ω'), .. Range('א', 'ת'), .. Range('\u0621', '\u063A'),
         .. Range('\u0641', '\u064A'), .. Range('\u3041', '\u3096'), .. Range('\u30A1', '\u30FA'), .. Range('\u3400', '\u4DBF'),
         .. Range('\u4E00', '\u9FFF'), .. Range('\uAC00', '\uD7A3')]);

    /// <summary>The tokens of a text, separated by spaces, for the database to index.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="mostTokens">How many tokens at most; 1 to <see cref="MostTokens"/>.</param>
    public static string ForIndex(string text, int mostTokens = MostTokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostTokens, MostTokens);

        var tokens = new List<Token>();
        // A run of characters yields two tokens each, of which one is stored.
        Analyzer.Analyze(text, tokens, mostTokens * 2);
        var index = new StringBuilder(tokens.Count * 8);
        var stored = 0;
        for (var i = 0; i < tokens.Count && stored < mostTokens; i++)
        {
            if (HasBigram(tokens, i))
                continue;
            if (stored++ > 0)
                index.Append(' ');
            AppendEncoded(tokens[i].Term, index);
        }
        return index.ToString();
    }

    /// <summary>
    /// Understands what a reader typed: words (all must occur, in any form), "exact phrases" in quotes of any style, and the last
    /// word as the beginning of a word while it is being typed. Stop words count only when there is nothing else.
    /// </summary>
    /// <param name="query">Anything a person or a program may send; only the first <see cref="LongestQuery"/> units are read.</param>
    public static SearchQuery ForQuery(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = query.AsSpan(0, Math.Min(query.Length, LongestQuery));
        var clauses = new List<SearchClause>();
        var stopWords = new List<SearchClause>();
        while (!text.IsEmpty)
        {
            var open = text.IndexOfAny(Quotes);
            ReadWords(open < 0 ? text : text[..open], isTyping: open < 0, clauses, stopWords);
            if (open < 0)
                break;
            text = text[(open + 1)..];
            var close = text.IndexOfAny(Quotes);
            ReadPhrase(close < 0 ? text : text[..close], isTyping: close < 0, clauses);
            text = close < 0 ? [] : text[(close + 1)..];
        }
        var found = clauses.Count > 0 ? clauses : stopWords;
        return new SearchQuery(found.Count > MostClauses ? found[..MostClauses] : found);
    }

    /// <summary>Encodes a term so that either database takes it for one word. The code of a beginning is the beginning of the code.</summary>
    public static string Encode(string term)
    {
        ArgumentNullException.ThrowIfNull(term);
        var encoded = new StringBuilder(term.Length + 1);
        AppendEncoded(term, encoded);
        return encoded.ToString();
    }

    private static void AppendEncoded(ReadOnlySpan<char> term, StringBuilder encoded)
    {
        if (!term.IsEmpty && char.IsAsciiDigit(term[0]))
            encoded.Append(Escape);
        if (!term.ContainsAnyExcept(Safe))
        {
            encoded.Append(term);
            return;
        }
        foreach (var unit in term)
        {
            if (Safe.Contains(unit))
                encoded.Append(unit);
            else
                encoded.Append(Escape).Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
        }
    }

    private static void ReadWords(ReadOnlySpan<char> text, bool isTyping, List<SearchClause> clauses, List<SearchClause> stopWords)
    {
        var tokens = new List<Token>();
        Analyzer.Analyze(text, tokens);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            switch (token.Kind)
            {
                case TokenKind.Character:
                    i = ReadCharacters(tokens, i, isTyping ? text.Length : -1, clauses, stopWords) - 1;
                    break;
                case TokenKind.Part or TokenKind.Bigram:
                    break;
                default:
                    var surface = Analyzer.Fold(text.Slice(token.Start, token.Length).ToString());
                    var clause = Word(token, surface, isTyping && token.End == text.Length);
                    (StopWords.Contains(surface) ? stopWords : clauses).Add(clause);
                    break;
            }
        }
    }

    /// <summary>
    /// A word in any of its forms. While it is typed, also every word that begins with the letters so far: those letters, not their
    /// stem, or "universal" would offer "university".
    /// </summary>
    private static SearchClause Word(Token token, string surface, bool isTyping)
    {
        var exact = new SearchPhrase([Encode(token.Term)]);
        if (!isTyping || token.Kind is TokenKind.Email or TokenKind.Url)
            return new SearchClause([exact]);
        var beginning = token.Kind == TokenKind.Word && surface.Length <= Analyzer.LongestTerm ? surface : token.Term;
        return new SearchClause([exact, new SearchPhrase([Encode(beginning)], IsPrefix: true)]);
    }

    /// <summary>
    /// A run of characters without spaces: stop words are taken out, and what is left is covered by pairs, each of which must occur,
    /// so that 退货运费 finds a text with 退货 here and 运费 there. Two characters by themselves are a word all the same, unless one is a
    /// particle: of 会员 (member) no 员 is left that would find every word beginning with it. What stands at <c>typedEnd</c> may go on.
    /// </summary>
    /// <returns>The index of the first token behind the run.</returns>
    private static int ReadCharacters(List<Token> tokens, int start, int typedEnd, List<SearchClause> clauses, List<SearchClause> stopWords)
    {
        var run = new StringBuilder();
        var end = start;
        while (HasBigram(tokens, end))
        {
            run.Append(tokens[end].Term);
            end += 2;
        }
        run.Append(tokens[end++].Term);
        var characters = run.ToString();
        if (characters.Length == 2 && tokens[end - 1].End != typedEnd && StopWords.IsChineseWord(characters))
        {
            AddPairs(characters, clauses);
            return end;
        }

        var from = 0;
        for (var i = 0; i <= characters.Length;)
        {
            var stop = i < characters.Length ? StopWords.ChinesePrefixLength(characters.AsSpan(i)) : 0;
            if (stop == 0 && i < characters.Length)
            {
                i++;
                continue;
            }
            if (i > from)
                AddPairs(characters[from..i], clauses);
            if (stop > 0)
                AddPairs(characters.Substring(i, stop), stopWords);
            from = i += Math.Max(stop, 1);
        }
        return end;
    }

    private static void AddPairs(string characters, List<SearchClause> clauses)
    {
        var units = characters.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        if (units.Length == 1)
        {
            clauses.Add(new SearchClause([new SearchPhrase([Encode(units[0])], IsPrefix: true)]));
            return;
        }
        for (var i = 0; i < units.Length; i += 2)
        {
            var first = Math.Min(i, units.Length - 2);
            clauses.Add(new SearchClause([new SearchPhrase([Encode(units[first] + units[first + 1])])]));
        }
    }

    private static void ReadPhrase(ReadOnlySpan<char> text, bool isTyping, List<SearchClause> clauses)
    {
        var tokens = new List<Token>();
        Analyzer.Analyze(text, tokens);
        var phrase = new List<string>();
        var isPrefix = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (HasBigram(tokens, i))
                continue;
            // The last character of a run stands by itself in the index only where the run ends there too.
            var isLast = i == tokens.Count - 1;
            var endsRun = tokens[i].Kind == TokenKind.Character;
            if (endsRun && FollowsCharacter(tokens, i) && isLast)
                continue;
            isPrefix = isLast && (isTyping || endsRun);
            phrase.Add(Encode(tokens[i].Term));
        }
        if (phrase.Count > 0)
            clauses.Add(new SearchClause([new SearchPhrase(phrase, isPrefix)]));
    }

    private static bool HasBigram(List<Token> tokens, int index) =>
        tokens[index].Kind == TokenKind.Character && index + 1 < tokens.Count && tokens[index + 1].Kind == TokenKind.Bigram;

    private static bool FollowsCharacter(List<Token> tokens, int index) =>
        tokens[index].Kind == TokenKind.Character && index > 0 && tokens[index - 1].Kind == TokenKind.Bigram;

    private static IEnumerable<char> Range(char first, char last)
    {
        for (var unit = (int)first; unit <= last; unit++)
            yield return (char)unit;
    }
}
