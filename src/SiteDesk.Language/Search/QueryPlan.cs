using System.Runtime.InteropServices;
using System.Text;

namespace SiteDesk.Language;

/// <summary>A term to look up, and how much finding it is worth compared with the word that was typed.</summary>
/// <param name="Term">The number of the term in the vocabulary.</param>
/// <param name="Weight">Above 0; more than 1 for what stands for several words.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlannedTerm(int Term, float Weight);

/// <summary>A word of the query with everything that stands for it. A document is credited with the best of them only.</summary>
/// <param name="Weight">How much the word counts among the words of the query.</param>
/// <param name="Terms">Empty when nothing in the index resembles the word.</param>
internal sealed record PlannedWord(float Weight, List<PlannedTerm> Terms);

/// <summary>A query turned into look-ups.</summary>
/// <param name="Query">What is searched for, corrected where need be.</param>
/// <param name="Variants">The query with a synonym in the place of a word, once for each synonym.</param>
/// <param name="Correction">What was corrected.</param>
/// <param name="Words">Its words.</param>
/// <param name="HasSubject">Whether any of them says what is asked about; grammar does not.</param>
/// <param name="Highlights">Terms to mark in what is found.</param>
/// <param name="HighlightPrefix">The beginning of words to mark; null for none.</param>
internal sealed record QueryPlan(
    string Query,
    IReadOnlyList<string> Variants,
    QueryCorrection Correction,
    List<PlannedWord> Words,
    bool HasSubject,
    IReadOnlySet<string> Highlights,
    string? HighlightPrefix);

/// <summary>Turns what a reader typed into look-ups: forms, beginnings, synonyms, mistakes, the wrong keyboard layout.</summary>
internal sealed class QueryPlanner(Vocabulary vocabulary, Postings postings, SynonymSet synonyms)
{
    private const int MostWords = 64;
    private const int MostBeginnings = 48;
    private const int MostCorrections = 3;
    private const int MostVariants = 4;

    private const float StopWordWeight = 0.1f;
    private const float ChineseStopWordWeight = 0.3f;
    private const float BigramWeight = 0.5f;
    private const float PartWeight = 0.7f;
    private const float BeginningWeight = 0.7f;
    private const float SynonymWeight = 0.5f;
    private const float OneMistakeWeight = 0.8f;
    private const float TwoMistakesWeight = 0.6f;

    public QueryPlan Plan(string query, bool isTyping)
    {
        query = query.Length > SearchText.LongestQuery ? query[..SearchText.LongestQuery] : query;
        var words = Read(query);
        var correction = QueryCorrection.None;
        var swapped = KeyboardLayout.Swap(query);
        if (CountKnown(words, isTyping) is var known && known < words.Count)
        {
            var swappedWords = Read(swapped);
            if (CountKnown(swappedWords, isTyping) > 2 * known)
                (query, words, correction) = (swapped, swappedWords, QueryCorrection.Layout);
        }

        var draft = new Draft(query, correction);
        var terms = words.ConvertAll(word => word.Term);
        for (var i = 0; i < words.Count; i++)
            PlanWord(draft, words, terms, i, isTyping);
        return draft.Finish(HasSubject(words));
    }

    private static List<QueryWord> Read(string query)
    {
        var words = QueryWord.Read(query);
        return words.Count > MostWords ? words[..MostWords] : words;
    }

    private int CountKnown(List<QueryWord> words, bool isTyping)
    {
        var known = 0;
        for (var i = 0; i < words.Count; i++)
        {
            if (vocabulary.TryFind(words[i].Term, out _)
                || (isTyping && i == words.Count - 1 && words[i].Surface.Length > 1 && vocabulary.WithPrefix(words[i].Surface).Length > 0))
                known++;
        }
        return known;
    }

    private void PlanWord(Draft draft, List<QueryWord> words, List<string> terms, int index, bool isTyping)
    {
        var word = words[index];
        var planned = new PlannedWord(WeightOf(word), []);
        draft.Words.Add(planned);
        var isKnown = vocabulary.TryFind(word.Term, out var number);
        if (isKnown)
            draft.Add(planned, number, 1, word.Term);

        var isLast = isTyping && index == words.Count - 1 && word.Start + word.Length == draft.Query.Length;
        if (isLast && word.Kind is TokenKind.Word or TokenKind.Number or TokenKind.Code or TokenKind.Part or TokenKind.Character)
            AddBeginnings(draft, planned, word.Surface);
        foreach (var entry in synonyms.At(terms, index))
        {
            var last = words[index + entry.Phrase.Terms.Length - 1];
            foreach (var other in entry.Others)
                AddSynonym(draft, planned, entry.Phrase, other, (word.Start, last.Start + last.Length));
        }
        if (planned.Terms.Count == 0 && word.Kind is TokenKind.Word or TokenKind.Part)
            AddCorrections(draft, planned, word);
    }

    /// <summary>
    /// A Chinese pair counts half, because its two characters count beside it: a short question has few pairs, and often the article
    /// says the same with one character of each (退钱, 退款). Grammar counts a little even so, for what looks like it may be a name.
    /// </summary>
    private static float WeightOf(QueryWord word) => word.Kind switch
    {
        TokenKind.Part => PartWeight,
        TokenKind.Character => StopWords.IsChinese(word.Surface) ? ChineseStopWordWeight : 1,
        TokenKind.Bigram => StopWords.IsChinese(word.Surface) ? BigramWeight * ChineseStopWordWeight : BigramWeight,
        TokenKind.Word when StopWords.Contains(word.Surface) => StopWordWeight,
        _ => 1,
    };

    /// <summary>Chinese is read run by run: 怎 is grammar within 怎么, and not by itself.</summary>
    private static bool HasSubject(List<QueryWord> words)
    {
        var run = new StringBuilder();
        var end = 0;
        foreach (var word in words)
        {
            if (word.Kind == TokenKind.Character)
            {
                if (word.Start != end && !StopWords.IsChinese(run.ToString()))
                    return true;
                if (word.Start != end)
                    run.Clear();
                run.Append(word.Surface);
                end = word.Start + word.Length;
            }
            else if (word.Kind != TokenKind.Bigram && !StopWords.Contains(word.Surface))
            {
                return true;
            }
        }
        return !StopWords.IsChinese(run.ToString());
    }

    private void AddBeginnings(Draft draft, PlannedWord planned, string beginning)
    {
        if (beginning.Length < 2 && beginning[0] < '\u2E80')
            return;
        var added = 0;
        foreach (var term in vocabulary.WithPrefix(beginning))
        {
            draft.Add(planned, term, BeginningWeight, term: null);
            if (++added == MostBeginnings)
                break;
        }
        draft.HighlightPrefix = beginning;
    }

    /// <summary>A synonym stands for all words of the phrase that was typed; each of its own words counts for its share.</summary>
    private void AddSynonym(Draft draft, PlannedWord planned, SynonymSet.Phrase typed, SynonymSet.Phrase synonym, (int Start, int End) place)
    {
        var weight = SynonymWeight * typed.Terms.Length / MathF.Sqrt(synonym.Terms.Length);
        foreach (var term in synonym.Terms)
        {
            if (vocabulary.TryFind(term, out var number))
                draft.Add(planned, number, weight, term);
        }
        if (draft.Variants.Count < MostVariants)
            draft.Variants.Add(string.Concat(draft.Query.AsSpan(0, place.Start), synonym.Text, draft.Query.AsSpan(place.End)));
    }

    /// <summary>Four letters allow one mistake, eight allow two; a shorter word may be anything.</summary>
    private void AddCorrections(Draft draft, PlannedWord planned, QueryWord word)
    {
        var most = word.Surface.Length switch { < 4 => 0, < 8 => 1, _ => 2 };
        if (most == 0 || word.Surface.Length > Analyzer.LongestTerm)
            return;
        var near = vocabulary.Near(word.Surface, most);
        if (near.Count == 0)
            return;
        var best = near
            .Where(neighbour => neighbour.Distance == near[0].Distance)
            .OrderByDescending(neighbour => postings.Frequency(neighbour.Term))
            .ThenBy(neighbour => neighbour.Text, StringComparer.Ordinal)
            .DistinctBy(neighbour => neighbour.Term)
            .Take(MostCorrections)
            .ToList();
        foreach (var neighbour in best)
            draft.Add(planned, neighbour.Term, neighbour.Distance == 1 ? OneMistakeWeight : TwoMistakesWeight, null);
        draft.Correct(word, best[0].Text);
    }

    /// <summary>A plan in the making.</summary>
    private sealed class Draft(string query, QueryCorrection correction)
    {
        private readonly HashSet<string> _highlights = new(StringComparer.Ordinal);
        private readonly List<(QueryWord Word, string Text)> _corrections = [];

        public string Query => query;

        public List<PlannedWord> Words { get; } = [];

        public List<string> Variants { get; } = [];

        public string? HighlightPrefix { get; set; }

        public void Add(PlannedWord word, int number, float weight, string? term)
        {
            word.Terms.Add(new PlannedTerm(number, weight));
            if (term is not null)
                _highlights.Add(term);
        }

        public void Correct(QueryWord word, string text)
        {
            _corrections.Add((word, text));
            _highlights.Add(Analyzer.Analyze(text) is [var token, ..] ? token.Term : text);
        }

        public QueryPlan Finish(bool hasSubject)
        {
            var shown = query;
            foreach (var (word, text) in _corrections.OrderByDescending(entry => entry.Word.Start))
                shown = string.Concat(shown.AsSpan(0, word.Start), text, shown.AsSpan(word.Start + word.Length));
            var made = correction == QueryCorrection.None && _corrections.Count > 0 ? QueryCorrection.Spelling : correction;
            return new QueryPlan(shown, Variants, made, Words, hasSubject, _highlights, HighlightPrefix);
        }
    }
}
