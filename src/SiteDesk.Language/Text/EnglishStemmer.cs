namespace SiteDesk.Language;

/// <summary>
/// The Snowball project's English stemmer, known as Porter2
/// (https://snowballstem.org/algorithms/english/stemmer.html), rewritten to work in place.
/// A stem is never longer than its word, so no memory is taken.
/// </summary>
public static class EnglishStemmer
{
    // Every table is ordered by length, longest first: Snowball always acts on the longest suffix that matches,
    // and does nothing at all when that one's condition fails.
    private static readonly Suffix[] Derivations =
    [
        new("ational", "ate"), new("fulness", "ful"), new("iveness", "ive"), new("ization", "ize"), new("ousness", "ous"),
        new("biliti", "ble"), new("lessli", "less"), new("tional", "tion"),
        new("alism", "al"), new("aliti", "al"), new("ation", "ate"), new("entli", "ent"), new("fulli", "ful"),
        new("iviti", "ive"), new("ogist", "og"), new("ousli", "ous"),
        new("abli", "able"), new("alli", "al"), new("anci", "ance"), new("ator", "ate"), new("enci", "ence"), new("izer", "ize"),
        new("bli", "ble"), new("ogi", "og"), new("li", ""),
    ];

    private static readonly Suffix[] Refinements =
    [
        new("ational", "ate"), new("tional", "tion"), new("alize", "al"), new("ative", ""), new("icate", "ic"), new("iciti", "ic"),
        new("ical", "ic"), new("ness", ""), new("ful", ""),
    ];

    private static readonly string[] Endings =
    [
        "ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic",
    ];

    /// <summary>Beginnings whose first region is set by hand, because the rule would join words that have nothing in common.</summary>
    private static readonly string[] FixedRegions = ["univers", "commun", "arsen", "emerg", "gener", "inter", "later", "organ", "past"];

    private readonly record struct Suffix(string Text, string Replacement);

    /// <summary>Stems a word of lower-case letters and ASCII apostrophes.</summary>
    /// <returns>The stem; <paramref name="word"/> itself when nothing is cut.</returns>
    public static string Stem(string word) => new InPlaceStemmer(Stem).Stem(word);

    /// <summary>Stems a word of lower-case letters in place.</summary>
    /// <param name="letters">The word; holds the stem afterwards.</param>
    /// <returns>The length of the stem, at most that of the word.</returns>
    public static int Stem(Span<char> letters)
    {
        if (letters.Length < 3)
            return letters.Length;
        if (StemException(letters) is { } length)
            return length;

        var word = new Word(letters);
        word.MarkConsonantY();
        word.MarkRegions();
        CutPossessive(ref word);
        CutPlural(ref word);
        CutPastAndProgressive(ref word);
        TurnFinalY(ref word);
        ReplaceDerivation(ref word);
        ReplaceRefinement(ref word);
        CutEnding(ref word);
        CutFinalLetter(ref word);
        word.RestoreY();
        return word.Length;
    }

    private static int? StemException(Span<char> letters)
    {
        ReadOnlySpan<char> stem = letters switch
        {
            "skis" => "ski",
            "skies" => "sky",
            "idly" => "idl",
            "gently" => "gentl",
            "ugly" => "ugli",
            "early" => "earli",
            "only" => "onli",
            "singly" => "singl",
            "sky" or "news" or "howe" or "atlas" or "cosmos" or "bias" or "andes" => letters,
            _ => default,
        };
        if (stem.IsEmpty)
            return null;
        stem.CopyTo(letters);
        return stem.Length;
    }

    /// <summary>Step 1a, first part.</summary>
    private static void CutPossessive(ref Word word)
    {
        if (word.EndsWith("'s'"))
            word.Cut(3);
        else if (word.EndsWith("'s"))
            word.Cut(2);
        else if (word.EndsWith("'"))
            word.Cut(1);
    }

    /// <summary>Step 1a, second part.</summary>
    private static void CutPlural(ref Word word)
    {
        if (word.EndsWith("sses"))
            word.Cut(2);
        else if (word.EndsWith("ied") || word.EndsWith("ies"))
            word.Cut(word.Length > 4 ? 2 : 1);
        else if (word.EndsWith("s") && !word.EndsWith("us") && !word.EndsWith("ss") && word.HasVowelBefore(word.Length - 2))
            word.Cut(1);
    }

    /// <summary>Step 1b.</summary>
    private static void CutPastAndProgressive(ref Word word)
    {
        if (word.EndsWith("eedly") || word.EndsWith("eed"))
        {
            var start = word.Length - (word.EndsWith("eed") ? 3 : 5);
            if (word.Before(start) is not ("proc" or "exc" or "succ") && start >= word.Region1)
                word.Replace(start, "ee");
            return;
        }
        if (word.EndsWith("ing"))
        {
            var before = word.Before(word.Length - 3);
            if (before is [var first, 'y'] && !IsVowel(first))
            {
                word.Replace(1, "ie"); // dying, lying, tying, vying
                return;
            }
            if (before is "inn" or "out" or "cann" or "herr" or "earr" or "even")
                return;
        }

        var cut = word.EndsWith("ingly") ? 5 : word.EndsWith("edly") ? 4 : word.EndsWith("ing") ? 3 : word.EndsWith("ed") ? 2 : 0;
        if (cut == 0 || !word.HasVowelBefore(word.Length - cut))
            return;
        word.Cut(cut);
        RestoreVerb(ref word);
    }

    /// <summary>What is left of a verb gets its e back (hop-ing, hope) or loses a doubled consonant (hopp-ing, hop).</summary>
    private static void RestoreVerb(ref Word word)
    {
        if (word.EndsWith("at") || word.EndsWith("bl") || word.EndsWith("iz"))
        {
            word.Append('e');
        }
        else if (word.EndsInDouble())
        {
            if (word.Length != 3 || word[0] is not ('a' or 'e' or 'o'))
                word.Cut(1);
        }
        else if (word.Length == word.Region1 && word.HasShortSyllableAt(word.Length))
        {
            word.Append('e');
        }
    }

    /// <summary>Step 1c.</summary>
    private static void TurnFinalY(ref Word word)
    {
        if (word.Length > 2 && word[^1] is 'y' or 'Y' && !IsVowel(word[^2]))
            word.Replace(word.Length - 1, "i");
    }

    /// <summary>Step 2.</summary>
    private static void ReplaceDerivation(ref Word word)
    {
        foreach (var suffix in Derivations)
        {
            if (!word.EndsWith(suffix.Text))
                continue;
            var start = word.Length - suffix.Text.Length;
            var allowed = suffix.Text switch
            {
                "ogi" => start > 0 && word[start - 1] == 'l',
                "li" => start > 0 && word[start - 1] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't',
                _ => true,
            };
            if (start >= word.Region1 && allowed)
                word.Replace(start, suffix.Replacement);
            return;
        }
    }

    /// <summary>Step 3.</summary>
    private static void ReplaceRefinement(ref Word word)
    {
        foreach (var suffix in Refinements)
        {
            if (!word.EndsWith(suffix.Text))
                continue;
            var start = word.Length - suffix.Text.Length;
            if (start >= (suffix.Text == "ative" ? word.Region2 : word.Region1))
                word.Replace(start, suffix.Replacement);
            return;
        }
    }

    /// <summary>Step 4.</summary>
    private static void CutEnding(ref Word word)
    {
        foreach (var ending in Endings)
        {
            if (!word.EndsWith(ending))
                continue;
            var start = word.Length - ending.Length;
            if (start >= word.Region2 && (ending != "ion" || (start > 0 && word[start - 1] is 's' or 't')))
                word.Cut(ending.Length);
            return;
        }
    }

    /// <summary>Step 5.</summary>
    private static void CutFinalLetter(ref Word word)
    {
        if (word.Length == 0)
            return;
        var start = word.Length - 1;
        if (word[start] == 'e')
        {
            if (start >= word.Region2 || (start >= word.Region1 && !word.HasShortSyllableAt(start)))
                word.Cut(1);
        }
        else if (word.EndsWith("ll") && start >= word.Region2)
        {
            word.Cut(1);
        }
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    /// <summary>A word under the knife. A y that acts as a consonant is held as a capital Y.</summary>
    private ref struct Word(Span<char> letters)
    {
        private readonly Span<char> _letters = letters;

        public int Length { get; private set; } = letters.Length;

        /// <summary>Start of R1: what follows the first consonant after a vowel.</summary>
        public int Region1 { get; private set; }

        /// <summary>Start of R2: the same rule again inside R1.</summary>
        public int Region2 { get; private set; }

        public readonly char this[int index] => _letters[index];

        public void MarkConsonantY()
        {
            if (_letters[0] == '\'')
            {
                _letters[1..].CopyTo(_letters);
                Length--;
            }
            for (var i = 0; i < Length; i++)
            {
                if (_letters[i] == 'y' && (i == 0 || IsVowel(_letters[i - 1])))
                    _letters[i] = 'Y';
            }
        }

        public void MarkRegions()
        {
            Region1 = FixedRegion() ?? AfterVowelAndConsonant(0);
            Region2 = AfterVowelAndConsonant(Region1);
        }

        public readonly bool EndsWith(string suffix) => _letters[..Length].EndsWith(suffix);

        public readonly ReadOnlySpan<char> Before(int end) => _letters[..end];

        public void Cut(int count) => Length -= count;

        public void Append(char letter) => _letters[Length++] = letter;

        public void Replace(int start, string replacement)
        {
            replacement.CopyTo(_letters[start..]);
            Length = start + replacement.Length;
        }

        public readonly bool HasVowelBefore(int end)
        {
            for (var i = 0; i < end; i++)
            {
                if (IsVowel(_letters[i]))
                    return true;
            }
            return false;
        }

        public readonly bool EndsInDouble() =>
            Length >= 2
            && _letters[Length - 1] == _letters[Length - 2]
            && _letters[Length - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't';

        /// <summary>A vowel between consonants, or a vowel that begins the word, right before <paramref name="end"/>; or "past".</summary>
        public readonly bool HasShortSyllableAt(int end)
        {
            var part = _letters[..end];
            if (part is [.., var before, var vowel, var after]
                && !IsVowel(before) && IsVowel(vowel) && !IsVowel(after) && after is not ('w' or 'x' or 'Y'))
                return true;
            return part is [var first, var second] && IsVowel(first) && !IsVowel(second)
                || part.EndsWith("past");
        }

        public readonly void RestoreY() => _letters[..Length].Replace('Y', 'y');

        private readonly int? FixedRegion()
        {
            foreach (var beginning in FixedRegions)
            {
                if (_letters[..Length].StartsWith(beginning))
                    return beginning.Length;
            }
            return null;
        }

        private readonly int AfterVowelAndConsonant(int start)
        {
            var index = start;
            while (index < Length && !IsVowel(_letters[index]))
                index++;
            while (index < Length && IsVowel(_letters[index]))
                index++;
            return index < Length ? index + 1 : Length;
        }
    }
}
