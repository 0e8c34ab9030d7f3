using System.Globalization;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant.Deciding;

public sealed class AnswerCalibrationTests(ITestOutputHelper output)
{
    private static readonly SearchOptions TwoArticles = new() { Count = 2, IsTyping = false };

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
        answered.ShouldBeGreaterThan(0.4);
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

    private static List<List<JudgedAnswer>> JudgeAll(string language)
    {
        var bank = PhraseBank.Read(language);
        var meanings = WordMeanings.Read(language);
        var articles = ShopArticle.Load(language);
        var index = ShopArticle.Index(articles);
        var parts = new List<List<JudgedAnswer>>();
        for (var part = 0; part < HeldOut.Parts; part++)
        {
            var (learnt, kept) = HeldOut.Split(bank, part);
            var classifier = PhraseClassifier.Train(learnt, meanings);
            parts.Add(kept.ConvertAll(example =>
            {
                var prediction = classifier.Classify(example.Text);
                var signals = AnswerSignals.Read(prediction, index.Search(example.Text, TwoArticles).Hits, (intent, article) => articles[(int)article].Answers(intent));
                return new JudgedAnswer(
                    signals,
                    IsRight: prediction.Ranked[0].Intent == example.Intent,
                    IsAmongFirst: prediction.Ranked.Take(AnswerPolicy.MostOffered).Any(score => score.Intent == example.Intent),
                    IsOutOfScope: example.Intent == IntentExample.OutOfScope);
            }));
        }
        return parts;
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
}
