using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

public sealed class PhraseBankTests
{
    /// <summary>Phrases that share more words and neighbours than this are one phrase turned about.</summary>
    private const double MostLikeness = 0.6;

    /// <summary>Between intents one word makes the difference ("I want to complain", "I want to cancel"), so more is allowed.</summary>
    private const double MostLikenessBetweenIntents = 0.75;

    private const int FewestIntents = 38;

    public static TheoryData<string> Languages => [.. PhraseBank.Languages];

    [Theory, MemberData(nameof(Languages))]
    public void Every_intent_has_between_25_and_40_phrases_and_a_hundred_are_out_of_scope(string language)
    {
        var counts = PhraseBank.Read(language).CountBy(example => example.Intent).ToDictionary();

        counts[IntentExample.OutOfScope].ShouldBeGreaterThanOrEqualTo(100);
        counts.Remove(IntentExample.OutOfScope);
        counts.Count.ShouldBeGreaterThanOrEqualTo(FewestIntents);
        counts.Where(pair => pair.Value is < 25 or > 40).ShouldBeEmpty();
    }

    [Fact]
    public void The_intents_are_the_same_in_every_language()
    {
        var intents = PhraseBank.Languages.Select(language => PhraseBank.Read(language).Select(example => example.Intent).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList()).ToList();

        intents.ShouldAllBe(list => list.SequenceEqual(intents[0]));
    }

    [Theory, MemberData(nameof(Languages))]
    public void No_phrase_stands_twice_and_none_under_two_intents(string language)
    {
        var twice = Everything(language)
            .GroupBy(example => Letters(example.Text), StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(" / ", group.Select(example => $"{example.Intent}: {example.Text}")));

        twice.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Languages))]
    public void No_phrase_is_another_one_turned_about(string language)
    {
        var phrases = Everything(language).Select(example => (example, Print: TextFingerprint.Of(example.Text))).ToList();
        var alike = new List<string>();
        for (var first = 0; first < phrases.Count; first++)
        {
            for (var second = first + 1; second < phrases.Count; second++)
            {
                var bound = phrases[first].example.Intent == phrases[second].example.Intent ? MostLikeness : MostLikenessBetweenIntents;
                if (phrases[first].Print.LikenessTo(phrases[second].Print) is var likeness && likeness > bound)
                    alike.Add($"{likeness:0.00} {phrases[first].example.Intent}: {phrases[first].example.Text} / {phrases[second].example.Intent}: {phrases[second].example.Text}");
            }
        }

        alike.ShouldBeEmpty();
    }

    /// <summary>One word, or a brand alone, may be any language; of what is longer nearly all must be told.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void Phrases_are_recognised_as_of_their_language(string language)
    {
        var least = language == "zh-Hans" ? 4 : 12;
        var longer = Everything(language).Where(example => Letters(example.Text).Length >= least).ToList();
        var other = longer.Where(example => !language.StartsWith(LanguageDetector.Detect(example.Text).Code, StringComparison.Ordinal))
            .Select(example => $"{LanguageDetector.Detect(example.Text).Code} {example.Intent}: {example.Text}").ToList();

        TestContext.Current.TestOutputHelper!.WriteLine($"{language}: {longer.Count - other.Count} of {longer.Count} told\n" + string.Join('\n', other));
        (other.Count / (double)longer.Count).ShouldBeLessThan(0.005);
    }

    private static List<IntentExample> Everything(string language) =>
        [.. PhraseBank.Read(language), .. PhraseBank.ReadFolder($"SiteDesk.Assistant.HandOver/{language}/", file => "at once, " + file)];

    private static string Letters(string text) => string.Concat(text.ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character == '+'));
}
