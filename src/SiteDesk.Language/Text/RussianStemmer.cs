namespace SiteDesk.Language;

/// <summary>
/// The Snowball project's Russian stemmer (https://snowballstem.org/algorithms/russian/stemmer.html), rewritten to work in place.
/// The letter ё is folded to е, as people rarely type it.
/// </summary>
public static class RussianStemmer
{
    // Longest first: Snowball acts on the longest suffix that matches, and does nothing when that one's condition fails.
    // "After" tables count only behind а or я, which stay.
    private static readonly SuffixTable Gerund = new(
        ["ивши", "ывши", "ившись", "ывшись", "ив", "ыв"],
        ["вшись", "вши", "в"]);

    private static readonly SuffixTable Adjective = new(
        [
            "ими", "ыми", "его", "ого", "ему", "ому", "ее", "ие", "ые", "ое", "ей", "ий", "ый", "ой", "ем", "им", "ым", "ом",
            "их", "ых", "ую", "юю", "ая", "яя", "ою", "ею",
        ],
        []);

    private static readonly SuffixTable Participle = new(["ивш", "ывш", "ующ"], ["ем", "нн", "вш", "ющ", "щ"]);

    private static readonly SuffixTable Reflexive = new(["ся", "сь"], []);

    private static readonly SuffixTable Verb = new(
        [
            "ейте", "уйте", "ила", "ыла", "ена", "ите", "или", "ыли", "ило", "ыло", "ено", "ует", "уют", "ены", "ить", "ыть", "ишь",
            "ей", "уй", "ил", "ыл", "им", "ым", "ен", "ят", "ит", "ыт", "ую", "ю",
        ],
        ["ете", "йте", "ешь", "нно", "ла", "на", "ли", "ем", "ло", "но", "ет", "ют", "ны", "ть", "й", "л", "н"]);

    private static readonly SuffixTable Noun = new(
        [
            "иями", "ями", "ами", "ией", "иям", "ием", "иях", "ев", "ов", "ие", "ье", "еи", "ии", "ей", "ой", "ий", "ям", "ем", "ам", "ом",
            "ах", "ях", "ию", "ью", "ия", "ья", "а", "е", "и", "й", "о", "у", "ы", "ь", "ю", "я",
        ],
        []);

    private static readonly SuffixTable Superlative = new(["ейше", "ейш"], []);

    /// <summary>Stems a word of lower-case Russian letters.</summary>
    /// <returns>The stem; <paramref name="word"/> itself when nothing changes.</returns>
    public static string Stem(string word) => new InPlaceStemmer(Stem).Stem(word);

    /// <summary>Stems a word of lower-case Russian letters in place.</summary>
    /// <param name="letters">The word; holds the stem afterwards.</param>
    /// <returns>The length of the stem, at most that of the word.</returns>
    public static int Stem(Span<char> letters)
    {
        letters.Replace('ё', 'е');
        var (verbal, second) = Regions(letters);
        var length = letters.Length;
        if (!Cut(letters, ref length, verbal, Gerund))
        {
            Cut(letters, ref length, verbal, Reflexive);
            if (Cut(letters, ref length, verbal, Adjective))
                Cut(letters, ref length, verbal, Participle);
            else if (!Cut(letters, ref length, verbal, Verb))
                Cut(letters, ref length, verbal, Noun);
        }
        CutLetter(letters, ref length, verbal, 'и');
        CutQuality(letters, ref length, verbal, second);
        Tidy(letters, ref length, verbal);
        return length;
    }

    /// <summary>RV (what follows the first vowel) and R2 (what follows the second vowel-consonant pair).</summary>
    private static (int Verbal, int Second) Regions(ReadOnlySpan<char> letters)
    {
        var index = 0;
        var verbal = After(letters, ref index, vowel: true);
        After(letters, ref index, vowel: false);
        After(letters, ref index, vowel: true);
        return (verbal, After(letters, ref index, vowel: false));
    }

    private static int After(ReadOnlySpan<char> letters, ref int index, bool vowel)
    {
        while (index < letters.Length && IsVowel(letters[index]) != vowel)
            index++;
        index = Math.Min(index + 1, letters.Length);
        return index;
    }

    private static bool Cut(ReadOnlySpan<char> letters, ref int length, int start, SuffixTable table)
    {
        var cut = start <= length ? table.Match(letters[start..length]) : 0;
        length -= cut;
        return cut > 0;
    }

    private static void CutLetter(ReadOnlySpan<char> letters, ref int length, int start, char letter)
    {
        if (length > start && letters[length - 1] == letter)
            length--;
    }

    /// <summary>-ость makes nouns of adjectives.</summary>
    private static void CutQuality(ReadOnlySpan<char> letters, ref int length, int verbal, int second)
    {
        if (verbal > length)
            return;
        var region = letters[verbal..length];
        var cut = region.EndsWith("ость") ? 4 : region.EndsWith("ост") ? 3 : 0;
        if (length - cut >= second)
            length -= cut;
    }

    private static void Tidy(ReadOnlySpan<char> letters, ref int length, int verbal)
    {
        Cut(letters, ref length, verbal, Superlative);
        if (length >= verbal + 2 && letters[length - 1] == 'н' && letters[length - 2] == 'н')
            length--;
        else
            CutLetter(letters, ref length, verbal, 'ь');
    }

    private static bool IsVowel(char letter) => letter is 'а' or 'е' or 'и' or 'о' or 'у' or 'ы' or 'э' or 'ю' or 'я';

    private sealed class SuffixTable
    {
        private readonly (string Suffix, bool AfterA)[] _suffixes;

        public SuffixTable(string[] free, string[] afterA) =>
            _suffixes = [.. free.Select(suffix => (suffix, false)).Concat(afterA.Select(suffix => (suffix, true)))
                .OrderByDescending(entry => entry.Item1.Length)];

        /// <summary>The number of letters to cut from the end of the region; 0 when nothing fits.</summary>
        public int Match(ReadOnlySpan<char> region)
        {
            foreach (var (suffix, afterA) in _suffixes)
            {
                if (!region.EndsWith(suffix))
                    continue;
                var before = region.Length - suffix.Length - 1;
                return !afterA || (before >= 0 && region[before] is 'а' or 'я') ? suffix.Length : 0;
            }
            return 0;
        }
    }
}
