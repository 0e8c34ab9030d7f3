namespace SiteDesk.Language.Tests.Text;

public sealed class StemmerTests
{
    [Fact]
    public void English_stems_equal_the_snowball_projects_on_every_word() => CompareEveryWord("english", EnglishStemmer.Stem);

    [Fact]
    public void Russian_stems_equal_the_snowball_projects_on_every_word() => CompareEveryWord("russian", RussianStemmer.Stem);

    private static void CompareEveryWord(string language, Func<string, string> stem)
    {
        var words = File.ReadAllLines(Corpus.FindOrSample($"{language}.voc.txt", "stemming", $"{language}.voc.txt"));
        var stems = File.ReadAllLines(Corpus.FindOrSample($"{language}.output.txt", "stemming", $"{language}.output.txt"));

        stems.Length.ShouldBe(words.Length);
        words.Length.ShouldBeGreaterThan(100);
        words.Zip(stems)
            .Where(pair => stem(pair.First) != pair.Second)
            .Select(pair => $"{pair.First}: {stem(pair.First)}, not {pair.Second}")
            .ShouldBeEmpty();
    }
}
