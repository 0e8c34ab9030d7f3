namespace SiteDesk.Language;

/// <summary>Chooses the thresholds of confidence on judged questions, and tells what may be expected of them.</summary>
internal sealed class ThresholdTuner
{
    /// <summary>The precision asked for is a little above what is promised, because the questions to come are not these.</summary>
    private const double Margin = 0.008;

    /// <summary>
    /// What is added to it where folds were judged. Many phrases of one intent, collected for training, are more alike than what people go
    /// on to ask, so the folds flatter: on questions written by others precision came out a hundredth lower. A few phrases do not.
    /// </summary>
    private const double MarginOfFolds = 0.0085;

    /// <summary>From this many phrases an intent on, the whole of it is added.</summary>
    private const double ManyPhrases = 100;

    /// <summary>Fewer real questions out of scope than this say nothing.</summary>
    private const int EnoughOutOfScope = 30;

    /// <summary>
    /// Questions about an intent that was kept back stand in for them, but come less often: they are nearer to the other intents than
    /// what strangers really ask.
    /// </summary>
    private const double StandInShare = 0.25;

    /// <summary>The share of rightly recognised questions that is given up for the strangers' sake where losses cannot be compared.</summary>
    private const double GivenUp = 0.032;

    /// <summary>A question in scope that is lost weighs a little more: this much more of the strangers may be let through.</summary>
    private const double Leniency = 0.02;

    private readonly List<(double Confidence, JudgedQuestion Question)> _questions;
    private readonly bool _hasStrangers;
    private readonly double _outOfScopeShare;
    private readonly int _inside;
    private readonly int _outside;

    public ThresholdTuner(IEnumerable<JudgedQuestion> questions, ConfidenceModel confidence, double outOfScopeShare)
    {
        var all = questions.ToList();
        _hasStrangers = all.Count(question => question is { IsOutOfScope: true, IsReal: true }) >= EnoughOutOfScope;
        _questions = [.. all
            .Where(question => !_hasStrangers || !question.IsOutOfScope || question.IsReal)
            .Select(question => (confidence.Judge(question.Signals), question))
            .OrderByDescending(entry => entry.Item1)];
        _outOfScopeShare = _hasStrangers ? outOfScopeShare : outOfScopeShare * StandInShare;
        _outside = _questions.Count(entry => entry.Question.IsOutOfScope);
        _inside = _questions.Count - _outside;
    }

    /// <summary>Chooses the thresholds.</summary>
    /// <param name="precision">The share of answers that shall be right, 0 to 1.</param>
    /// <param name="isCalibrated">Whether the questions were judged by the model itself, and not by those of folds.</param>
    /// <param name="phrasesPerIntent">How many phrases an intent was trained with, on average.</param>
    public IntentThresholds Choose(double precision, bool isCalibrated, double phrasesPerIntent)
    {
        var flattery = isCalibrated ? 0 : MarginOfFolds * Math.Min(1, phrasesPerIntent / ManyPhrases);
        var answer = AnswerFrom(precision + Margin + flattery);
        // The models of folds know less than the whole one: judged by them, strangers look nearer and an equal loss comes out too strict.
        var ask = _hasStrangers && isCalibrated ? EqualLoss() : Quantile(GivenUp);
        return new IntentThresholds(Math.Min(ask, answer), answer);
    }

    public IntentExpectation Expect(IntentThresholds thresholds)
    {
        var answered = _questions.Where(entry => entry.Confidence >= thresholds.Answer).ToList();
        var coverage = answered.Count(entry => !entry.Question.IsOutOfScope) / (double)Math.Max(1, _inside);
        var inScope = _questions.Count(entry => entry.Question.IsRight && entry.Confidence >= thresholds.Ask) / (double)Math.Max(1, _inside);
        var handedOver = _questions.Count(entry => entry.Question.IsOutOfScope && entry.Confidence < thresholds.Ask);
        return new IntentExpectation(
            coverage,
            Precision(
                answered.Count(entry => entry.Question.IsRight),
                answered.Count(entry => !entry.Question.IsOutOfScope),
                answered.Count(entry => entry.Question.IsOutOfScope)),
            inScope,
            _outside == 0 ? null : handedOver / (double)_outside);
    }

    /// <summary>The lowest confidence from which on answers are as precise as asked for.</summary>
    private double AnswerFrom(double precision)
    {
        var best = 1.0;
        var (right, inside, outside) = (0, 0, 0);
        foreach (var (confidence, question) in _questions)
        {
            right += question.IsRight ? 1 : 0;
            inside += question.IsOutOfScope ? 0 : 1;
            outside += question.IsOutOfScope ? 1 : 0;
            if (Precision(right, inside, outside) >= precision)
                best = confidence;
        }
        return best;
    }

    /// <summary>The confidence at which, but for <see cref="Leniency"/>, as many questions in scope are lost as strangers are let through.</summary>
    private double EqualLoss()
    {
        var (best, bestShare) = (0.0, 0.0);
        var (right, outside) = (0, 0);
        foreach (var (confidence, question) in _questions)
        {
            right += question.IsRight ? 1 : 0;
            outside += question.IsOutOfScope ? 1 : 0;
            var share = Math.Min(right / (double)Math.Max(1, _inside), 1 - outside / (double)_outside + Leniency);
            if (share > bestShare)
                (best, bestShare) = (confidence, share);
        }
        return best;
    }

    /// <summary>The confidence below which the given share of rightly recognised questions lies.</summary>
    private double Quantile(double share)
    {
        var right = _questions.Where(entry => entry.Question.IsRight).ToList();
        return right.Count == 0 ? 0 : right[Math.Min(right.Count - 1, (int)(right.Count * (1 - share)))].Confidence;
    }

    private double Precision(int right, int inside, int outside)
    {
        // Questions out of scope count as if they came in their expected share.
        var weight = _outside == 0 || _inside == 0 ? 1 : _outOfScopeShare / (1 - _outOfScopeShare) * _inside / _outside;
        var answered = inside + outside * weight;
        return answered == 0 ? 1 : right / answered;
    }
}
