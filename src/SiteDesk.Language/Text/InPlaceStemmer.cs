namespace SiteDesk.Language;

/// <summary>Stems a word in place.</summary>
/// <param name="letters">The word; holds the stem afterwards.</param>
/// <returns>The length of the stem, at most that of the word.</returns>
internal delegate int InPlaceStemmer(Span<char> letters);

/// <summary>Lets a stemmer that works in place take and give strings.</summary>
internal static class StemmedStrings
{
    private const int LongestOnStack = 128;

    /// <returns>The stem; <paramref name="word"/> itself when nothing changes.</returns>
    public static string Stem(this InPlaceStemmer stemmer, string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        Span<char> letters = word.Length <= LongestOnStack ? stackalloc char[word.Length] : new char[word.Length];
        word.CopyTo(letters);
        var stem = letters[..stemmer(letters)];
        return stem.SequenceEqual(word) ? word : stem.ToString();
    }
}
