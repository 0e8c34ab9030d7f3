using System.Globalization;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant.Deciding;

public sealed class AnswerCalibrationTests(ITestOutputHelper output)
{
    /// <summary>Fitted on four fifths of phrases that no model had learnt, measured on the last fifth, in turn.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh-Hans")]
    public void Answers_are_as_right_as_asked_for(string language)
    {
        var parts = JudgeAll(language);
        var measured = new List<AnswerExpectation>();
        for (var part = 0; part < HeldOut.Parts; part++)
        {
            var rest = parts.Where((_, other) => other != part).SelectMany(questions => questions).ToList();
            measured.Add(AnswerCalibration.Fit(rest).Expect(parts[part]));
        }

        var (answered, right) = (measured.Average(one => one.Answered), measured.Average(one => one.Right));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{language}: answers {answered:P1}, right {right:P1}; asks with the right one on offer {measured.Average(one => one.Asked):P1}; refuses {measured.Average(one => one.Refused):P1} of questions out of scope"));
        right.ShouldBeGreaterThan(0.93);
        answered.ShouldBeGreaterThan(0.35);
    }

    [Fact]
    public void Better_signals_mean_a_surer_answer()
    {
        var calibration = AnswerCalibration.Fit(Invent(600));

        calibration.Judge(new AnswerSignals(0.9, 0.8, 0.9, 0.8, 0.5, IsAgreed: true))
            .ShouldBeGreaterThan(calibration.Judge(new AnswerSignals(0.3, 0.05, 0.3, 0.1, 0.02, IsAgreed: false)));
        calibration.Thresholds.Answer.ShouldBeGreaterThanOrEqualTo(calibration.Thresholds.Ask);
    }

    [Fact]
    public void More_precision_is_paid_for_with_fewer_answers()
    {
        var questions = Invent(2_000);

        AnswerCalibration.Fit(questions, precision: 0.98).Expect(questions).Answered
            .ShouldBeLessThan(AnswerCalibration.Fit(questions, precision: 0.85).Expect(questions).Answered);
    }

    [Fact]
    public void A_handful_of_questions_calibrates_nothing()
    {
        Should.Throw<ArgumentException>(() => AnswerCalibration.Fit(Invent(AnswerCalibration.FewestQuestions - 1)));
    }

    /// <summary>Lines that begin a story stand in no phrase bank; nothing was tuned on them.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh-Hans")]
    public void Stories_are_begun_with_the_right_answer(string language)
    {
        var calibration = AnswerCalibration.Fit([.. JudgeAll(language).SelectMany(questions => questions)]);
        var shop = new Shop(language);
        var (begun, first, among, answered, answeredRight) = (0, 0, 0, 0, 0);
        foreach (var dialogue in Dialogue.LoadAll(language).Where(dialogue => dialogue.Site == "nordlight"))
        {
            if (dialogue.Turns.First(turn => !turn.Expected.OfType<ExpectedCourtesy>().Any()) is not { Expected: [ExpectedAnswer expected, ..] } turn)
                continue;
            var intents = expected.Articles.SelectMany(article => ShopArticle.Intents.GetValueOrDefault(article) ?? []).ToList();
            if (intents.Count == 0)
                continue;
            var (prediction, signals) = shop.Judge(HeldOut.Classifier, turn.Text);
            var isRight = intents.Contains(prediction.Ranked[0].Intent, StringComparer.Ordinal);
            var isAnswered = calibration.Judge(signals) >= calibration.Thresholds.Answer;
            begun++;
            first += isRight ? 1 : 0;
            among += prediction.Ranked.Take(AnswerPolicy.MostOffered).Any(score => intents.Contains(score.Intent, StringComparer.Ordinal)) ? 1 : 0;
            answered += isAnswered ? 1 : 0;
            answeredRight += isAnswered && isRight ? 1 : 0;
            if (!isRight)
                output.WriteLine($"{dialogue.Name}: {prediction.Ranked[0].Intent}, {calibration.Judge(signals):0.00}");
        }

        output.WriteLine($"{language}: {begun} stories; right {first}, among the first three {among}; answered at once {answered}, right {answeredRight}");
        (among / (double)begun).ShouldBeGreaterThan(0.7);
        (answeredRight / (double)Math.Max(1, answered)).ShouldBeGreaterThan(0.85);
    }

    private static List<List<JudgedAnswer>> JudgeAll(string language)
    {
        var shop = new Shop(language);
        return [.. Enumerable.Range(0, HeldOut.Parts).Select(part => HeldOut.Split(PhraseBank.Read(language), part).Kept.ConvertAll(example =>
        {
            var (prediction, signals) = shop.Judge(HeldOut.ClassifierWithout(part), example.Text);
            return new JudgedAnswer(
                signals,
                IsRight: prediction.Ranked[0].Intent == example.Intent,
                IsAmongFirst: prediction.Ranked.Take(AnswerPolicy.MostOffered).Any(score => score.Intent == example.Intent),
                IsOutOfScope: example.Intent == IntentExample.OutOfScope);
        }))];
    }

    /// <summary>Questions whose answers are right as often as their confidence says.</summary>
    private static List<JudgedAnswer> Invent(int count)
    {
        var chance = new Random(7);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var share = chance.NextDouble();
            var isOutOfScope = number % 10 == 0;
            var isRight = !isOutOfScope && chance.NextDouble() < share;
            return new JudgedAnswer(
                new AnswerSignals(share, share * 0.8, share, share * 0.7, share * 0.2, IsAgreed: isRight && chance.Next(3) > 0), isRight, isRight || (!isOutOfScope && chance.Next(2) == 0), isOutOfScope);
        })];
    }

    /// <summary>The shop's help centre in a language.</summary>
    private sealed class Shop(string language)
    {
        private static readonly SearchOptions Articles = new() { IsTyping = false };

        private readonly List<ShopArticle> _articles = ShopArticle.Load(language);
        private readonly SearchIndex _index = ShopArticle.Index(ShopArticle.Load(language));

        public (IntentPrediction Prediction, AnswerSignals Signals) Judge(PhraseClassifier classifier, string text)
        {
            var hits = _index.Search(text, Articles).Hits;
            var prediction = IntentRanking.Combine(classifier.Classify(text, language), hits, Answers);
            return (prediction, AnswerSignals.Read(prediction, hits, Answers));
        }

        private bool Answers(string intent, long article) => _articles[(int)article].Answers(intent);
    }
}
