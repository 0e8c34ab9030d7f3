using System.Runtime.InteropServices;

namespace SiteDesk.Assistant.Deciding;

/// <summary>From which probability on the assistant asks back, and from which on it answers.</summary>
/// <param name="Ask">Below it no intent is taken to fit. 0 to 1.</param>
/// <param name="Answer">From it on the first intent is answered. At least <paramref name="Ask"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerThresholds(double Ask, double Answer);

/// <summary>What the owner may expect: "answers 8 of 10, right in 96 of 100".</summary>
/// <param name="Answered">The share of questions in scope that are answered at once, 0 to 1.</param>
/// <param name="Right">The share of these answers, strangers' questions reckoned in, that are right, 0 to 1.</param>
/// <param name="Asked">The share of questions in scope that are asked back about, with the right intent on offer, 0 to 1.</param>
/// <param name="Refused">The share of questions out of scope that are neither answered nor asked back about, 0 to 1.</param>
internal sealed record AnswerExpectation(double Answered, double Right, double Asked, double Refused);

/// <summary>
/// Turns signals into the probability that an answer is right, by logistic regression on judged questions, and chooses thresholds on
/// it. Pure: the same judged questions give the same calibration. Immutable.
/// </summary>
internal sealed class AnswerCalibration
{
    /// <summary>Fewer judged questions than this teach chance.</summary>
    public const int FewestQuestions = 50;

    private const int Parts = 5;
    private const int Rounds = 600;
    private const double StepSize = 0.8;

    /// <summary>Holds weights back that few questions speak for.</summary>
    private const double Restraint = 0.002;

    /// <summary>The precision asked for is a little above what is promised, because the questions to come are not these.</summary>
    private const double Margin = 0.005;

    /// <summary>The share of strangers' questions that may be asked back about because an article has their words.</summary>
    private const double StrangersAsked = 0.05;

    /// <summary>What nothing speaks of stays below the first; what is found with the second is about it, whoever asks.</summary>
    private const double LeastNear = 0.2;

    private const double MostNear = 0.6;

    private readonly double[] _means = new double[AnswerSignals.Count];
    private readonly double[] _deviations = new double[AnswerSignals.Count];
    private readonly double[] _weights = new double[AnswerSignals.Count];
    private double _constant;

    private AnswerCalibration()
    {
    }

    /// <summary>The thresholds that were chosen.</summary>
    public AnswerThresholds Thresholds { get; private set; }

    /// <summary>Calibrates.</summary>
    /// <param name="questions">Judged questions, some of them out of scope; at least <see cref="FewestQuestions"/>.</param>
    /// <param name="precision">The share of answers that shall be right, 0 to 1 exclusive.</param>
    /// <param name="outOfScopeShare">The share of questions out of scope to be reckoned with, 0 to 1 exclusive.</param>
    /// <exception cref="ArgumentException">Too few questions.</exception>
    public static AnswerCalibration Fit(IReadOnlyList<JudgedAnswer> questions, double precision = 0.96, double outOfScopeShare = 0.1)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (questions.Count < FewestQuestions)
            throw new ArgumentException($"A calibration takes at least {FewestQuestions} judged questions.", nameof(questions));
        var calibration = new AnswerCalibration();
        var weighed = new Weighed(questions, outOfScopeShare);
        // Nothing is answered to the silent ones: they tell nothing of when an answer is right, but they are questions that come.
        var spoken = questions.Where(question => !question.IsSilent).ToList();
        if (spoken.Count == 0)
            throw new ArgumentException("A calibration takes questions that are answered.", nameof(questions));
        calibration.Learn(spoken, weighed);
        calibration.Thresholds = calibration.Choose(spoken, weighed, precision + Margin);
        return calibration;
    }

    /// <summary>What is to be expected of a calibration on questions like these: fitted on four fifths of them and measured on the fifth, in turn.</summary>
    /// <param name="questions">As for <see cref="Fit"/>, with an eighth more.</param>
    /// <param name="precision">As for <see cref="Fit"/>.</param>
    /// <param name="outOfScopeShare">As for <see cref="Fit"/>.</param>
    public static AnswerExpectation ExpectOf(IReadOnlyList<JudgedAnswer> questions, double precision = 0.96, double outOfScopeShare = 0.1)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var parts = questions.Index().GroupBy(pair => pair.Index % Parts, pair => pair.Item).Select(part => part.ToList()).ToList();
        var tally = new Tally(new Weighed(questions, outOfScopeShare));
        foreach (var part in parts)
            Fit([.. parts.Where(other => other != part).SelectMany(other => other)], precision, outOfScopeShare).Count(part, tally);
        return tally.Read();
    }

    /// <summary>The probability that answering the first intent is right, 0 to 1.</summary>
    public double Judge(AnswerSignals signals)
    {
        Span<double> row = stackalloc double[AnswerSignals.Count];
        signals.CopyTo(row);
        for (var i = 0; i < row.Length; i++)
            row[i] = (row[i] - _means[i]) / _deviations[i];
        return Probability(row);
    }

    /// <summary>What is to be expected, measured on questions; honest only with others than those it was fitted on.</summary>
    public AnswerExpectation Expect(IReadOnlyList<JudgedAnswer> questions, double outOfScopeShare = 0.1)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var tally = new Tally(new Weighed(questions, outOfScopeShare));
        Count(questions, tally);
        return tally.Read();
    }

    /// <summary>
    /// The score from which on a found article is worth asking about where the words alone say too little: of strangers' questions that
    /// would be refused, no more than <see cref="StrangersAsked"/> find one.
    /// </summary>
    /// <param name="questions">As for <see cref="Fit"/>.</param>
    public double NearEnough(IReadOnlyList<JudgedAnswer> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var scores = questions.Where(question => question.IsOutOfScope && Judge(question.Signals) < Thresholds.Ask).Select(question => question.Signals.ArticleScore).Order().ToList();
        return scores.Count == 0 ? LeastNear : Math.Clamp(scores[(int)((scores.Count - 1) * (1 - StrangersAsked))], LeastNear, MostNear);
    }

    private void Count(IReadOnlyList<JudgedAnswer> questions, Tally tally)
    {
        foreach (var question in questions)
        {
            var probability = Judge(question.Signals);
            if (probability >= Thresholds.Answer && !question.IsSilent)
                tally.Answer(question);
            else if (probability >= Thresholds.Ask && !(question.IsSilent && question.IsOutOfScope))
                tally.Ask(question);
            else
                tally.Refuse(question);
        }
    }

    private void Learn(IReadOnlyList<JudgedAnswer> questions, Weighed weighed)
    {
        var rows = new double[questions.Count][];
        for (var i = 0; i < rows.Length; i++)
            questions[i].Signals.CopyTo(rows[i] = new double[AnswerSignals.Count]);
        for (var signal = 0; signal < AnswerSignals.Count; signal++)
        {
            var column = signal;
            var mean = _means[signal] = rows.Average(row => row[column]);
            _deviations[signal] = Math.Max(1e-6, Math.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean))));
            foreach (var row in rows)
                row[signal] = (row[signal] - mean) / _deviations[signal];
        }

        var total = questions.Sum(weighed.Weight);
        Span<double> gradient = stackalloc double[AnswerSignals.Count];
        for (var round = 0; round < Rounds; round++)
        {
            gradient.Clear();
            var constant = 0.0;
            for (var i = 0; i < rows.Length; i++)
            {
                var error = ((questions[i].IsRight ? 1 : 0) - Probability(rows[i])) * weighed.Weight(questions[i]) / total;
                constant += error;
                for (var signal = 0; signal < gradient.Length; signal++)
                    gradient[signal] += error * rows[i][signal];
            }
            _constant += StepSize * constant;
            for (var signal = 0; signal < gradient.Length; signal++)
                _weights[signal] += StepSize * (gradient[signal] - Restraint * _weights[signal]);
        }
    }

    private AnswerThresholds Choose(IReadOnlyList<JudgedAnswer> questions, Weighed weighed, double precision)
    {
        var ordered = questions.Select(question => (Probability: Judge(question.Signals), Question: question))
            .OrderByDescending(pair => pair.Probability).ToList();
        var answer = 1.0;
        var (right, all) = (0.0, 0.0);
        var (ask, bestKept) = (0.0, -1.0);
        var (kept, let) = (0, 0);
        var findable = Math.Max(1, questions.Count(question => question.IsAmongFirst));
        var strangers = Math.Max(1, questions.Count(question => question.IsOutOfScope));
        foreach (var (probability, question) in ordered)
        {
            right += question.IsRight ? weighed.Weight(question) : 0;
            all += weighed.Weight(question);
            if (right >= precision * all)
                answer = probability;
            kept += question.IsAmongFirst ? 1 : 0;
            let += question.IsOutOfScope ? 1 : 0;
            // As many helpful questions back are given up as strangers are let through.
            var balance = Math.Min(kept / (double)findable, 1 - let / (double)strangers);
            if (balance > bestKept)
                (ask, bestKept) = (probability, balance);
        }
        return new AnswerThresholds(Math.Min(ask, answer), answer);
    }

    private double Probability(ReadOnlySpan<double> row)
    {
        var sum = _constant;
        for (var i = 0; i < row.Length; i++)
            sum += _weights[i] * row[i];
        return 1 / (1 + Math.Exp(-sum));
    }

    /// <summary>Lets questions out of scope count as if they came in their expected share.</summary>
    private sealed class Weighed
    {
        private readonly double _weightOutside;

        public Weighed(IReadOnlyList<JudgedAnswer> questions, double outOfScopeShare)
        {
            Outside = questions.Count(question => question.IsOutOfScope);
            Inside = questions.Count - Outside;
            _weightOutside = Outside == 0 ? 0 : outOfScopeShare / (1 - outOfScopeShare) * Inside / Outside;
        }

        public int Inside { get; }

        public int Outside { get; }

        public double Weight(JudgedAnswer question) => question.IsOutOfScope ? _weightOutside : 1;
    }

    /// <summary>What became of questions.</summary>
    private sealed class Tally(Weighed weighed)
    {
        private int _answered, _asked, _refused;
        private double _right, _weightAnswered;

        public void Answer(JudgedAnswer question)
        {
            _answered += question.IsOutOfScope ? 0 : 1;
            _weightAnswered += weighed.Weight(question);
            _right += question.IsRight ? weighed.Weight(question) : 0;
        }

        public void Ask(JudgedAnswer question) => _asked += question.IsAmongFirst ? 1 : 0;

        public void Refuse(JudgedAnswer question) => _refused += question.IsOutOfScope ? 1 : 0;

        public AnswerExpectation Read() => new(
            _answered / (double)Math.Max(1, weighed.Inside),
            _weightAnswered == 0 ? 1 : _right / _weightAnswered,
            _asked / (double)Math.Max(1, weighed.Inside),
            _refused / (double)Math.Max(1, weighed.Outside));
    }
}
