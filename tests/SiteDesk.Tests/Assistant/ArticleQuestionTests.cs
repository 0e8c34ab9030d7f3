using System.Globalization;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

/// <summary>
/// The questions that stand at the demonstration's articles were written by others and for another purpose, so they tell better than
/// phrases kept back how the phrases teach.
/// </summary>
public sealed class ArticleQuestionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("en", 0.82)]
    [InlineData("ru", 0.79)]
    [InlineData("zh-Hans", 0.77)]
    public void Questions_of_articles_are_recognised(string language, double atLeast)
    {
        var written = PhraseBank.Read(language).Select(example => TextFingerprint.Of(example.Text)).ToList();
        var (asked, right, amongThree, answered, answeredRight) = (0, 0, 0, 0, 0);
        var wrong = new List<string>();
        foreach (var (article, question) in Questions(language))
        {
            var print = TextFingerprint.Of(question);
            if (!ShopArticle.Intents.TryGetValue(article, out var intents) || written.Any(phrase => phrase.LikenessTo(print) > 0.6))
                continue;
            var prediction = HeldOut.Classifier.Classify(question, language);
            var isRight = intents.Contains(prediction.Ranked[0].Intent, StringComparer.Ordinal);
            var isAnswered = prediction.Decision == IntentDecision.Answer;
            asked++;
            right += isRight ? 1 : 0;
            amongThree += prediction.Ranked.Take(3).Any(score => intents.Contains(score.Intent, StringComparer.Ordinal)) ? 1 : 0;
            answered += isAnswered ? 1 : 0;
            answeredRight += isAnswered && isRight ? 1 : 0;
            if (!isRight)
                wrong.Add($"{question}: {prediction.Ranked[0].Intent}, not {intents[0]}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{language}: of {asked} questions nobody taught {right / (double)asked:P1} right, among the first three {amongThree / (double)asked:P1}; answered {answered}, right {answeredRight}; expected: {HeldOut.Classifier.Classifier.Expectation}"));
        output.WriteLine(string.Join('\n', wrong));
        (right / (double)asked).ShouldBeGreaterThan(atLeast);
    }

    private static IEnumerable<(string Article, string Question)> Questions(string language) =>
        ShopArticle.Load(language).SelectMany(article => article.Questions.Select(question => (article.Key, question)));
}
