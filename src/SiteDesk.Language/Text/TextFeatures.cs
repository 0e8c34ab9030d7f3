namespace SiteDesk.Language;

/// <summary>
/// The features by which two short texts are compared and by which questions are classified: words, neighbouring words, and pieces of
/// words. Each is a 32-bit hash that is the same on every machine and in every process.
/// </summary>
internal sealed class TextFeatures
{
    private const uint WordSeed = 0x9E3779B1;
    private const uint PairSeed = 0x85EBCA77;
    private const uint CompanySeed = 0x27D4EB2F;
    private const uint CharacterSeed = 0xC2B2AE3D;

    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _reach;
    private readonly List<uint> _stems = [];

    /// <param name="shortest">Characters in the shortest piece of a word.</param>
    /// <param name="longest">Characters in the longest piece of a word.</param>
    /// <param name="reach">How many words apart two words may stand to be company; 0 for none.</param>
    public TextFeatures(int shortest, int longest, int reach = 0)
    {
        _shortest = shortest;
        _longest = longest;
        _reach = reach;
    }

    /// <summary>Stems of words and pairs of neighbouring stems, in order, with repetitions.</summary>
    public List<uint> Words { get; } = [];

    /// <summary>Words that occur near each other, in whatever order: "card … arrive" and "arrival of my card" share one.</summary>
    public List<uint> Company { get; } = [];

    /// <summary>Pieces of words, the word's borders being characters too; in Chinese one to three neighbouring characters.</summary>
    public List<uint> Characters { get; } = [];

    /// <summary>Replaces what the lists hold by the features of a text.</summary>
    /// <param name="text">Any text; what lies behind its first 4,000 UTF-16 units is left out.</param>
    public void Read(ReadOnlySpan<char> text)
    {
        Words.Clear();
        Company.Clear();
        Characters.Clear();
        _stems.Clear();
        text = text[..Math.Min(text.Length, 4_000)];
        Span<char> word = stackalloc char[Analyzer.LongestTerm];
        var segmenter = new Segmenter(text);
        while (segmenter.MoveNext(out var segment))
        {
            if (segment.Kind == TokenKind.Character)
            {
                ReadCharacters(Analyzer.Fold(text.Slice(segment.Start, segment.Length).ToString()));
                continue;
            }
            // Which address or order was named says nothing about the question; that one was named does.
            var folded = segment.Kind switch
            {
                TokenKind.Email => "<email>",
                TokenKind.Url => "<url>",
                _ => Fold(text.Slice(segment.Start, segment.Length), word),
            };
            if (folded.Length >= 5 && CountDigits(folded) >= 4)
                folded = "<number>";
            ReadWord(folded);
        }
        CombineStems();
    }

    private void CombineStems()
    {
        for (var i = 0; i < _stems.Count; i++)
        {
            Words.Add(_stems[i]);
            Words.Add(Mix(i == 0 ? PairSeed : _stems[i - 1] * 31 + PairSeed, _stems[i]));
            for (var other = Math.Max(0, i - _reach); other < i; other++)
                Company.Add(Mix(Math.Min(_stems[other], _stems[i]) * 31 + CompanySeed, Math.Max(_stems[other], _stems[i])));
        }
        if (_stems.Count > 0)
            Words.Add(Mix(_stems[^1] * 31 + PairSeed, PairSeed));
    }

    private void ReadWord(ReadOnlySpan<char> word)
    {
        _stems.Add(Hash(TermPool.Current.Stem(word), WordSeed));
        Span<char> bordered = stackalloc char[word.Length + 2];
        bordered[0] = ' ';
        word.CopyTo(bordered[1..]);
        bordered[^1] = ' ';
        ReadPieces(bordered, Math.Min(_shortest, bordered.Length), _longest);
    }

    private void ReadCharacters(ReadOnlySpan<char> characters)
    {
        for (var i = 0; i < characters.Length; i++)
            _stems.Add(Hash(characters.Slice(i, 1), WordSeed));
        ReadPieces(characters, 1, 3);
    }

    private void ReadPieces(ReadOnlySpan<char> text, int shortest, int longest)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var hash = CharacterSeed;
            for (var length = 1; length <= longest && start + length <= text.Length; length++)
            {
                hash = Mix(hash, text[start + length - 1]);
                if (length >= shortest)
                    Characters.Add(hash);
            }
        }
    }

    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> text, Span<char> word)
    {
        var length = 0;
        foreach (var unit in text)
        {
            if (char.IsLetterOrDigit(unit) || Folding.IsDroppedMark(unit))
                Folding.Append(unit, word, ref length);
        }
        return word[..length];
    }

    private static int CountDigits(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var unit in word)
            count += char.IsAsciiDigit(unit) ? 1 : 0;
        return count;
    }

    private static uint Hash(ReadOnlySpan<char> text, uint seed)
    {
        foreach (var unit in text)
            seed = Mix(seed, unit);
        return seed;
    }

    private static uint Mix(uint hash, uint value)
    {
        hash ^= value * 0xCC9E2D51;
        hash = uint.RotateLeft(hash, 13) * 5 + 0xE6546B64;
        hash ^= hash >> 15;
        return hash * 0x2C1B3C6D;
    }
}
