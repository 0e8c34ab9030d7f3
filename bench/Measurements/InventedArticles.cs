namespace SiteDesk.Bench.Measurements;

/// <summary>
/// Articles of invented words, as many as wanted and always the same: word frequencies follow Zipf's law, as they do in language, so
/// that the lists of an index are as long as they would be.
/// </summary>
internal sealed class InventedArticles
{
    private const int VocabularySize = 60_000;
    private const int Seed = 42;

    private static readonly string[] Syllables =
        ["ba", "re", "ti", "con", "der", "sa", "mo", "lin", "per", "tu", "ga", "nor", "shi", "ple", "ver", "do", "cha", "mi", "ser", "fo"];

    private readonly Random _random = new(Seed);
    private readonly string[] _words;

    public InventedArticles()
    {
        _words = [.. Enumerable.Range(0, VocabularySize).Select(Spell)];
    }

    /// <summary>An article of some 220 words with three example questions.</summary>
    public (string Title, string Body, List<string> Questions) Write() =>
        (Sentence(5), Sentence(200), [.. Enumerable.Range(0, 3).Select(_ => Sentence(7))]);

    /// <summary>A query of two to five words of a text, one of them cut short or mistyped now and then.</summary>
    public string Ask(string text)
    {
        var words = text.Split(' ');
        var chosen = Enumerable.Range(0, _random.Next(2, 6)).Select(_ => words[_random.Next(words.Length)]).ToArray();
        if (_random.Next(3) == 0)
            chosen[^1] = chosen[^1][..^1];
        return string.Join(' ', chosen);
    }

    private string Sentence(int length) => string.Join(' ', Enumerable.Range(0, length).Select(_ => _words[Rank()]));

    /// <summary>Rank r is drawn with a probability proportional to 1/r.</summary>
    private int Rank() => (int)Math.Pow(VocabularySize, _random.NextDouble()) - 1;

    private static string Spell(int number)
    {
        var word = "";
        for (var rest = number + Syllables.Length; rest > 0; rest /= Syllables.Length)
            word += Syllables[rest % Syllables.Length];
        return word;
    }
}
