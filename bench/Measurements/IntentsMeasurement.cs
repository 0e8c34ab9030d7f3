using System.Diagnostics;
using SiteDesk.Language;

namespace SiteDesk.Bench.Measurements;

/// <summary>How often questions are recognised, how well the classifier knows what it does not know, and how fast it is.</summary>
internal sealed class IntentsMeasurement : IMeasurement
{
    public string Name => "intents";

    public string Usage => "--train FILE --test FILE [--calibrate FILE]: the classifier on questions as CSV (header text,intent; intent oos is out of scope)";

    public Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var train = IntentQuestions.Read(options.RequiredFile("train"));
        var test = IntentQuestions.Read(options.RequiredFile("test"));
        var calibration = options.Has("calibrate") ? IntentQuestions.Read(options.RequiredFile("calibrate")) : [];
        if (train.Select(example => example.Intent).Where(intent => intent != IntentExample.OutOfScope).Distinct(StringComparer.Ordinal).Count() < 2)
            throw new UsageException($"--train: telling intents apart takes at least two of them, besides {IntentExample.OutOfScope}.");

        var clock = Stopwatch.StartNew();
        var classifier = IntentClassifier.Train(train, new IntentTrainingOptions { Calibration = calibration });
        var training = clock.Elapsed;
        return Task.FromResult(Measure(classifier, test, training));
    }

    private static MeasurementResult Measure(IntentClassifier classifier, List<IntentExample> test, TimeSpan training)
    {
        foreach (var example in test.Take(200))
            classifier.Classify(example.Text);
        var times = new Latencies();
        var tally = new Tally();
        foreach (var example in test)
        {
            var start = Stopwatch.GetTimestamp();
            var prediction = classifier.Classify(example.Text);
            times.Add(Stopwatch.GetElapsedTime(start));
            tally.Count(example, prediction);
        }
        return new MeasurementResult()
            .Add("accuracy", Share(tally.First, tally.InScope), "right intent first, without rejection")
            .Add("top3", Share(tally.FirstThree, tally.InScope), "right intent among the first three")
            .Add("inScope", Share(tally.Kept, tally.InScope), "right intent first, and not rejected")
            .Add("oosRecall", Share(tally.Rejected, tally.OutOfScope), "out of scope, and rejected")
            .Add("answeredPrecision", Share(tally.AnsweredRight, tally.Answered), "of the questions answered, rightly so")
            .Add("coverage", Share(tally.AnsweredInScope, tally.InScope), "of the questions in scope, answered")
            .Add("trainSeconds", training.TotalSeconds)
            .Add("p50Ms", times.Percentile(0.50))
            .Add("p99Ms", times.Percentile(0.99));
    }

    /// <summary>Null where there is nothing to have a share of.</summary>
    private static double? Share(int part, int whole) => whole == 0 ? null : part / (double)whole;

    private sealed class Tally
    {
        public int InScope, OutOfScope, First, FirstThree, Kept, Rejected, Answered, AnsweredRight, AnsweredInScope;

        public void Count(IntentExample example, IntentPrediction prediction)
        {
            var isRight = prediction.Ranked[0].Intent == example.Intent;
            var isAnswered = prediction.Decision == IntentDecision.Answer;
            var isRejected = prediction.Decision == IntentDecision.HandOver;
            Answered += isAnswered ? 1 : 0;
            AnsweredRight += isAnswered && isRight ? 1 : 0;
            if (example.Intent == IntentExample.OutOfScope)
            {
                OutOfScope++;
                Rejected += isRejected ? 1 : 0;
                return;
            }
            InScope++;
            First += isRight ? 1 : 0;
            FirstThree += prediction.Ranked.Take(3).Any(score => score.Intent == example.Intent) ? 1 : 0;
            Kept += isRight && !isRejected ? 1 : 0;
            AnsweredInScope += isAnswered ? 1 : 0;
        }
    }
}
