using System.Text.Json;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

public sealed class DialogueTests(ITestOutputHelper output)
{
    public static TheoryData<string> Languages => [.. PhraseBank.Languages];

    [Theory, MemberData(nameof(Languages))]
    public void There_are_forty_stories_of_forty_people_and_a_third_end_with_a_person(string language)
    {
        var dialogues = Dialogue.LoadAll(language).ToList();

        dialogues.Count.ShouldBeGreaterThanOrEqualTo(40);
        dialogues.Select(dialogue => dialogue.Who).ShouldBeUnique();
        dialogues.Count(dialogue => dialogue.EndsWithPerson).ShouldBeGreaterThanOrEqualTo((dialogues.Count + 2) / 3);
        output.WriteLine($"{language}: {dialogues.Count} stories, {dialogues.Sum(dialogue => dialogue.Turns.Count)} turns, {dialogues.Count(dialogue => dialogue.EndsWithPerson)} end with a person");
    }

    [Theory, MemberData(nameof(Languages))]
    public void Stories_refer_to_sites_articles_and_intents_that_exist(string language)
    {
        var articles = Articles(language).ToLookup(article => article.Site, article => article.Key, StringComparer.Ordinal);
        var intents = PhraseBank.Read(language).Select(example => example.Intent).ToHashSet(StringComparer.Ordinal);
        foreach (var dialogue in Dialogue.LoadAll(language))
        {
            var expected = dialogue.Turns.SelectMany(turn => turn.Expected).ToList();
            expected.OfType<ExpectedAnswer>().SelectMany(answer => answer.Articles).Except(articles[dialogue.Site], StringComparer.Ordinal)
                .ShouldBeEmpty($"{language}/{dialogue.Name}");
            expected.OfType<ExpectedQuestion>().SelectMany(question => question.Intents).Except(intents, StringComparer.Ordinal)
                .ShouldBeEmpty($"{language}/{dialogue.Name}");
        }
    }

    [Theory, MemberData(nameof(Languages))]
    public void What_people_write_in_stories_is_of_their_language_and_no_template(string language)
    {
        var written = Dialogue.LoadAll(language)
            .SelectMany(dialogue => dialogue.Turns.Where(turn => turn is { IsAgent: false, Text.Length: >= 12 }).Select(turn => (dialogue.Name, turn.Text)))
            .Select(line => (line.Name, line.Text, Print: TextFingerprint.Of(line.Text), LanguageDetector.Detect(line.Text).Code))
            .ToList();
        var other = written.Where(line => !language.StartsWith(line.Code, StringComparison.Ordinal) && line.Text.Any(character => char.IsLetter(character) && character > 'z'));
        var alike = written.SelectMany((line, i) => written.Skip(i + 1).Where(later => later.Print.LikenessTo(line.Print) > 0.6).Select(later => $"{line.Text} / {later.Text}"));

        other.Select(line => $"{line.Name} {line.Code}: {line.Text}").ShouldBeEmpty();
        alike.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("visitor: hi", "something must hold")]
    [InlineData("courtesy", "nothing was written")]
    [InlineData("who: A\nvisitor: hi\nhand-over: boredom", "is not understood")]
    [InlineData("who: A\nwho: B\nvisitor: hi\ncourtesy", "said twice")]
    [InlineData("visitor: hi\ncourtesy", "who is it")]
    [InlineData("who: A\nhours: never\nvisitor: hi\ncourtesy", "hours never")]
    public void A_story_with_a_slip_is_refused_with_the_place(string story, string reason)
    {
        Should.Throw<FormatException>(() => Dialogue.Parse("slip", "en", story.Split('\n'))).Message.ShouldContain(reason);
    }

    private static readonly Lazy<UrgencyRecognizer> Recognizer = new(() => UrgencyRecognizer.Train(
        PhraseBank.Languages.ToDictionary(language => language, UrgencyRecognizer.ReadExamples, StringComparer.Ordinal)));

    /// <summary>These lines are in no phrase bank, so they tell how the recogniser does on what it never saw.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void What_belongs_to_a_person_at_once_is_recognised_in_stories_too(string language)
    {
        var recognizer = Recognizer.Value;
        var (urgent, found, calm, alarms) = (0, 0, 0, 0);
        foreach (var turn in Dialogue.LoadAll(language).SelectMany(dialogue => dialogue.Turns).Where(turn => !turn.IsAgent))
        {
            var reason = recognizer.Recognize(turn.Text, language);
            if (turn.Expected.OfType<ExpectedHandOver>().FirstOrDefault() is { Reason: "person" or "anger" or "threat" or "fraud" or "safety" } handOver)
            {
                urgent++;
                found += reason is null ? 0 : 1;
                if (!string.Equals(reason?.ToString(), handOver.Reason, StringComparison.OrdinalIgnoreCase))
                    output.WriteLine($"{language} {handOver.Reason}, taken for {reason?.ToString() ?? "ordinary"}: {turn.Text}");
            }
            else if (!turn.Expected.Any(expected => expected is ExpectedHandOver))
            {
                calm++;
                alarms += reason is null ? 0 : 1;
                if (reason is not null)
                    output.WriteLine($"{language} false alarm, {reason}: {turn.Text}");
            }
        }

        output.WriteLine($"{language}: {found} of {urgent} urgent lines recognised, {alarms} false alarms in {calm} others");
        (found / (double)urgent).ShouldBeGreaterThan(0.75);
        (alarms / (double)calm).ShouldBeLessThan(0.06);
    }

    private static IEnumerable<(string Site, string Key)> Articles(string language)
    {
        using var stream = typeof(PhraseBank).Assembly.GetManifestResourceStream($"SiteDesk.Demo.articles.{language}.json").ShouldNotBeNull();
        using var articles = JsonDocument.Parse(stream);
        foreach (var article in articles.RootElement.EnumerateArray())
            yield return (article.GetProperty("site").GetString()!, article.GetProperty("key").GetString()!);
    }
}
