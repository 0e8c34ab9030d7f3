using System.Text;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

/// <summary>How well the phrases teach: learnt from four fifths of them, asked the fifth, in turn.</summary>
public sealed class PhraseRecognitionTests(ITestOutputHelper output)
{
    public static TheoryData<string> Languages => [.. PhraseBank.Languages];

    [Theory]
    [InlineData("en", 0.76)]
    [InlineData("ru", 0.73)]
    [InlineData("zh-Hans", 0.73)]
    public void Phrases_that_were_kept_back_are_recognised(string language, double atLeast)
    {
        var tally = new Tally();
        for (var part = 0; part < HeldOut.Parts; part++)
        {
            var classifier = HeldOut.ClassifierWithout(part);
            tally.Add(text => classifier.Classify(text, language), HeldOut.Split(PhraseBank.Read(language), part).Kept);
        }

        output.WriteLine($"{language}: {tally}");
        output.WriteLine(tally.Confusions());
        tally.Accuracy.ShouldBeGreaterThan(atLeast);
    }

    [Theory, MemberData(nameof(Languages))]
    public void What_words_mean_helps_and_so_does_one_model_for_all_languages(string language)
    {
        var meanings = WordMeanings.Read(language);
        var (learnt, kept) = HeldOut.Split(PhraseBank.Read(language), part: 0);
        var (bare, alone, together) = (new Tally(), new Tally(), new Tally());
        bare.Add(IntentClassifier.Train(learnt).Classify, kept);
        var own = PhraseClassifier.Train(new Dictionary<string, IReadOnlyList<IntentExample>>(StringComparer.Ordinal) { [language] = learnt });
        alone.Add(text => own.Classify(text, language), kept);
        together.Add(text => HeldOut.ClassifierWithout(0).Classify(text, language), kept);
        output.WriteLine($"{language} words only: {bare}");
        output.WriteLine($"{language} with what they mean: {alone}");
        output.WriteLine($"{language} in one model with the others: {together}");

        alone.Accuracy.ShouldBeGreaterThan(bare.Accuracy);
        together.Accuracy.ShouldBeGreaterThan(alone.Accuracy - 0.01);
    }

    [Fact]
    public void Meanings_have_the_same_names_in_every_language()
    {
        foreach (var language in PhraseBank.Languages)
            WordMeanings.Read(language).Names.ShouldBe(WordMeanings.Read("en").Names, ignoreOrder: true);
    }

    private sealed class Tally
    {
        private readonly Dictionary<(string Meant, string Taken), List<string>> _wrong = [];
        private int _inside, _right, _amongThree, _answered, _answeredRight, _outside, _refused, _answeredOutside;

        public double Accuracy => _right / (double)_inside;

        public void Add(Func<string, IntentPrediction> classify, IReadOnlyList<IntentExample> kept)
        {
            foreach (var (text, intent) in kept)
            {
                var prediction = classify(text);
                var isAnswered = prediction.Decision == IntentDecision.Answer;
                if (intent == IntentExample.OutOfScope)
                {
                    _outside++;
                    _refused += prediction.Decision == IntentDecision.HandOver ? 1 : 0;
                    _answeredOutside += isAnswered ? 1 : 0;
                    continue;
                }
                var isRight = prediction.Ranked[0].Intent == intent;
                _inside++;
                _right += isRight ? 1 : 0;
                _amongThree += prediction.Ranked.Take(3).Any(score => score.Intent == intent) ? 1 : 0;
                _answered += isAnswered ? 1 : 0;
                _answeredRight += isAnswered && isRight ? 1 : 0;
                if (isRight)
                    continue;
                var pair = (intent, prediction.Ranked[0].Intent);
                if (!_wrong.TryGetValue(pair, out var texts))
                    _wrong.Add(pair, texts = []);
                texts.Add(text);
            }
        }

        public string Confusions()
        {
            var lines = new StringBuilder();
            foreach (var (pair, texts) in _wrong.OrderByDescending(entry => entry.Value.Count))
                lines.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Meant} -> {pair.Taken}: {string.Join(" | ", texts)}");
            return lines.ToString();
        }

        public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"right {_right / (double)_inside:P1}, among the first three {_amongThree / (double)_inside:P1}, answered {_answered / (double)_inside:P1} of which right {_answeredRight / (double)Math.Max(1, _answered):P1}; out of scope: refused {_refused / (double)_outside:P1}, answered {_answeredOutside / (double)_outside:P1}");
    }
}
