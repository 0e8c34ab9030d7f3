using System.Text;

namespace SiteDesk.Language;

/// <summary>How to train.</summary>
public sealed record IntentTrainingOptions
{
    /// <summary>The defaults.</summary>
    public static readonly IntentTrainingOptions Default = new();

    /// <summary>
    /// Questions that are kept out of training and only serve to tune confidence and thresholds; may be empty. From a hundred in scope
    /// on the thresholds are set by them alone.
    /// </summary>
    public IReadOnlyList<IntentExample> Calibration { get; init; } = [];

    /// <summary>The share of answers that shall be right, 0 to 1 exclusive.</summary>
    public double Precision { get; init; } = 0.96;

    /// <summary>The share of questions out of scope to be reckoned with, 0 to 1 exclusive.</summary>
    public double OutOfScopeShare { get; init; } = 0.2;

    /// <summary>Decides the order of training questions; the same seed gives the same model.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>
/// Recognises what a question is about: a linear classifier over words and pieces of words, trained in seconds inside the process,
/// which knows how sure it may be. Immutable, so a new version is trained beside it and put in its place.
/// </summary>
/// <remarks>
/// Confidence is learnt from questions that were kept back, among them all questions of some intents: to the model that never saw
/// them they are strangers, and so it learns what strangers look like even where nobody wrote examples out of scope.
/// </remarks>
public sealed class IntentClassifier
{
    /// <summary>How many intents a prediction ranks.</summary>
    public const int RankedCount = 5;

    private const int Passes = 12;
    private const int PassesOnPart = 10;
    private const int Folds = 3;

    /// <summary>One question in five, and one intent in five, is kept back in a fold.</summary>
    private const int KeptBack = 5;

    /// <summary>Fewer questions in scope than this are too few to set thresholds by; they are then judged along with those of the folds.</summary>
    private const int EnoughCalibration = 100;

    /// <summary>The name of an intent is worth this many examples.</summary>
    private const int NameWeight = 2;

    private readonly Model _model;
    private readonly ConfidenceModel _confidence;

    private IntentClassifier(Model model, ConfidenceModel confidence, IntentThresholds thresholds, IntentExpectation expectation)
    {
        _model = model;
        _confidence = confidence;
        Thresholds = thresholds;
        Expectation = expectation;
    }

    /// <summary>The intents, in alphabetical order.</summary>
    public IReadOnlyList<string> Intents => _model.Intents;

    /// <summary>The thresholds that were found.</summary>
    public IntentThresholds Thresholds { get; }

    /// <summary>How it may be expected to do.</summary>
    public IntentExpectation Expectation { get; }

    /// <summary>Trains a classifier, in time linear in the examples: some seconds for ten thousand.</summary>
    /// <param name="examples">Questions with their intents; those of <see cref="IntentExample.OutOfScope"/> teach what not to answer.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">The examples have fewer than two intents.</exception>
    public static IntentClassifier Train(
        IReadOnlyList<IntentExample> examples, IntentTrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        options ??= IntentTrainingOptions.Default;
        var model = Model.Train(examples, Passes, options.Seed, cancellation);
        var judged = new List<JudgedQuestion>();
        for (var fold = 0; fold < Folds; fold++)
            JudgeFold(examples, fold, options.Seed, judged, cancellation);
        var calibration = options.Calibration.Select(model.CreateJudge()).ToList();
        judged.AddRange(calibration);

        var confidence = ConfidenceModel.Train(judged, options.OutOfScopeShare);
        var isCalibrated = calibration.Count(question => !question.IsOutOfScope) >= EnoughCalibration;
        var tuner = new ThresholdTuner(isCalibrated ? calibration : judged, confidence, options.OutOfScopeShare);
        var thresholds = tuner.Choose(options.Precision, isCalibrated, examples.Count / (double)model.Intents.Length);
        return new IntentClassifier(model, confidence, thresholds, tuner.Expect(thresholds));
    }

    /// <summary>Recognises a question. May be called from any thread.</summary>
    /// <param name="text">The question; of a long text the beginning is read.</param>
    public IntentPrediction Classify(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (scores, known) = _model.Score(text, FeatureSpace.CreateReader());
        var confidence = _confidence.Judge(ConfidenceSignals.Read(scores, known));
        var decision = confidence >= Thresholds.Answer ? IntentDecision.Answer
            : confidence >= Thresholds.Ask ? IntentDecision.Ask
            : IntentDecision.HandOver;
        return new IntentPrediction(Rank(scores), confidence, decision);
    }

    private List<IntentScore> Rank(float[] scores)
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(order, (left, right) => scores[right].CompareTo(scores[left]) is var sign and not 0 ? sign : left.CompareTo(right));
        var best = scores[order[0]];
        var sum = scores.Sum(score => Math.Exp(4 * (score - best)));
        return [.. order.Take(RankedCount).Select(intent => new IntentScore(Intents[intent], Math.Exp(4 * (scores[intent] - best)) / sum))];
    }

    /// <summary>Trains without a part of the questions and without some intents, and judges what was left out.</summary>
    private static void JudgeFold(
        IReadOnlyList<IntentExample> examples, int fold, int seed, List<JudgedQuestion> judged, CancellationToken cancellation)
    {
        var intents = examples.Select(example => example.Intent).Where(intent => intent != IntentExample.OutOfScope)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        new Random(seed).Shuffle(intents);
        // With few intents every one is needed to tell the others apart.
        var strangers = intents.Length < 2 * KeptBack
            ? new HashSet<string>(StringComparer.Ordinal)
            : intents.Where((_, i) => i % KeptBack == fold).ToHashSet(StringComparer.Ordinal);

        var order = Enumerable.Range(0, examples.Count).ToArray();
        new Random(seed + 1).Shuffle(order);
        var (trained, kept) = (new List<IntentExample>(), new List<IntentExample>());
        for (var i = 0; i < order.Length; i++)
        {
            var example = examples[order[i]];
            var isOutOfScope = example.Intent == IntentExample.OutOfScope;
            var isKept = strangers.Contains(example.Intent) || i % (isOutOfScope ? Folds : KeptBack) == fold;
            (isKept ? kept : trained).Add(example);
        }
        if (trained.Select(example => example.Intent).Distinct(StringComparer.Ordinal).Count() < 2)
            return;
        judged.AddRange(kept.Select(Model.Train(trained, PassesOnPart, seed, cancellation).CreateJudge()));
    }

    /// <summary>Scores without judgement.</summary>
    private sealed class Model
    {
        private readonly FeatureSpace _space;
        private readonly LinearModel _linear;
        private readonly Dictionary<string, int> _numbers;

        private Model(FeatureSpace space, LinearModel linear, string[] intents)
        {
            (_space, _linear, Intents) = (space, linear, intents);
            _numbers = intents.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        }

        public string[] Intents { get; }

        public static Model Train(IReadOnlyList<IntentExample> examples, int passes, int seed, CancellationToken cancellation)
        {
            string[] intents = [.. examples.Select(example => example.Intent).Where(intent => intent != IntentExample.OutOfScope)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            if (intents.Length < 2)
                throw new ArgumentException("Telling intents apart takes at least two of them.", nameof(examples));
            var numbers = intents.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
            var names = intents.Select(intent => new IntentExample(WordsOf(intent), intent));
            List<IntentExample> all = [.. examples, .. Enumerable.Repeat(names, NameWeight).SelectMany(name => name)];

            var space = FeatureSpace.Learn(all.ConvertAll(example => example.Text), cancellation);
            var rows = new FeatureRows();
            var reader = FeatureSpace.CreateReader();
            foreach (var example in all)
                space.Append(example.Text, reader, rows);
            var targets = all.ConvertAll(example => numbers.GetValueOrDefault(example.Intent, -1));
            return new Model(space, LinearTrainer.Train(rows, targets, intents.Length, space.Count, passes, seed, cancellation), intents);
        }

        public (float[] Scores, Familiarity Known) Score(string text, TextFeatures reader)
        {
            var rows = new FeatureRows();
            var known = _space.Append(text, reader, rows);
            return (_linear.Score(rows.Features(0), rows.Values(0)), known);
        }

        public Func<IntentExample, JudgedQuestion> CreateJudge()
        {
            var reader = FeatureSpace.CreateReader();
            return example =>
            {
                var (scores, known) = Score(example.Text, reader);
                var best = Array.IndexOf(scores, scores.Max());
                var isInScope = _numbers.TryGetValue(example.Intent, out var intent);
                return new JudgedQuestion(
                    ConfidenceSignals.Read(scores, known),
                    IsRight: isInScope && best == intent,
                    IsOutOfScope: !isInScope,
                    IsReal: example.Intent == IntentExample.OutOfScope);
            };
        }

        /// <summary>card_arrival and cardArrival both read "card arrival".</summary>
        private static string WordsOf(string name)
        {
            var words = new StringBuilder(name.Length + 8);
            for (var i = 0; i < name.Length; i++)
            {
                if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
                    words.Append(' ');
                words.Append(char.IsLetterOrDigit(name[i]) ? name[i] : ' ');
            }
            return words.ToString();
        }
    }
}
