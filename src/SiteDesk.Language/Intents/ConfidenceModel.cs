using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>What can be told from the scores of a question about whether the best of them is right.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ConfidenceSignals(float Best, float Gap, float Crowd, Familiarity Known)
{
    public const int Count = 8;

    /// <param name="scores">The scores of all intents.</param>
    /// <param name="known">How familiar the question is.</param>
    public static ConfidenceSignals Read(ReadOnlySpan<float> scores, Familiarity known)
    {
        var (first, second) = (-2f, -2f);
        foreach (var score in scores)
        {
            if (score > first)
                (first, second) = (score, first);
            else if (score > second)
                second = score;
        }
        var crowd = 0f;
        foreach (var score in scores)
            crowd += MathF.Exp(4 * (score - first));
        return new ConfidenceSignals(first, first - second, MathF.Log(crowd), known);
    }

    public void CopyTo(Span<double> signals)
    {
        signals[0] = Best;
        signals[1] = Gap;
        signals[2] = Crowd;
        signals[3] = Known.Words;
        signals[4] = Known.Pieces;
        signals[5] = Best * Known.Words;
        signals[6] = Best * Gap;
        signals[7] = Best * Best;
    }
}

/// <summary>A question whose intent is known, judged by a model that was not trained on it.</summary>
/// <param name="Signals">What the model said.</param>
/// <param name="IsRight">Whether its best intent was the right one.</param>
/// <param name="IsOutOfScope">Whether no intent would have been right.</param>
/// <param name="IsReal">Whether it really was asked out of scope, rather than being about an intent that was kept back.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JudgedQuestion(ConfidenceSignals Signals, bool IsRight, bool IsOutOfScope, bool IsReal);

/// <summary>Turns signals into the probability that the best intent is right: logistic regression on judged questions.</summary>
internal sealed class ConfidenceModel
{
    private const int Rounds = 400;
    private const double StepSize = 0.5;

    /// <summary>How many questions the prior belief is worth: that a better best score and a wider gap mean a surer answer.</summary>
    private const double PriorQuestions = 5;
    private const double PriorOfBest = 1.5;
    private const double PriorOfGap = 1;

    private readonly double[] _means = new double[ConfidenceSignals.Count];
    private readonly double[] _deviations = [.. Enumerable.Repeat(1.0, ConfidenceSignals.Count)];
    private readonly double[] _prior = new double[ConfidenceSignals.Count];
    private readonly double[] _weights;
    private double _constant;

    private ConfidenceModel()
    {
        (_prior[0], _prior[1]) = (PriorOfBest, PriorOfGap);
        _weights = [.. _prior];
    }

    /// <param name="questions">Judged questions; may be empty.</param>
    /// <param name="outOfScopeShare">The share of questions out of scope to be reckoned with, whatever their share among these.</param>
    public static ConfidenceModel Train(IReadOnlyList<JudgedQuestion> questions, double outOfScopeShare)
    {
        var model = new ConfidenceModel();
        // Too few examples to keep any back: the prior belief is all there is.
        if (questions.Count == 0)
            return model;
        var rows = model.Standardise(questions);
        var weights = Weigh(questions, outOfScopeShare);
        for (var round = 0; round < Rounds; round++)
            model.Improve(rows, questions, weights);
        return model;
    }

    /// <summary>The probability that the best intent is right, 0 to 1.</summary>
    public double Judge(ConfidenceSignals signals)
    {
        Span<double> row = stackalloc double[ConfidenceSignals.Count];
        signals.CopyTo(row);
        for (var i = 0; i < row.Length; i++)
            row[i] = (row[i] - _means[i]) / _deviations[i];
        return Probability(row);
    }

    private double[][] Standardise(IReadOnlyList<JudgedQuestion> questions)
    {
        var rows = new double[questions.Count][];
        for (var i = 0; i < rows.Length; i++)
            questions[i].Signals.CopyTo(rows[i] = new double[ConfidenceSignals.Count]);
        for (var signal = 0; signal < ConfidenceSignals.Count; signal++)
        {
            var column = signal;
            var mean = _means[signal] = rows.Average(row => row[column]);
            _deviations[signal] = Math.Max(1e-6, Math.Sqrt(rows.Average(row => (row[column] - mean) * (row[column] - mean))));
            foreach (var row in rows)
                row[signal] = (row[signal] - mean) / _deviations[signal];
        }
        return rows;
    }

    /// <summary>Weights that give questions out of scope their expected share; together they are 1.</summary>
    private static double[] Weigh(IReadOnlyList<JudgedQuestion> questions, double outOfScopeShare)
    {
        var outside = questions.Count(question => question.IsOutOfScope);
        var inside = questions.Count - outside;
        var share = outside == 0 ? 0 : inside == 0 ? 1 : outOfScopeShare;
        return [.. questions.Select(question => question.IsOutOfScope ? share / outside : (1 - share) / inside)];
    }

    private void Improve(double[][] rows, IReadOnlyList<JudgedQuestion> questions, double[] weights)
    {
        Span<double> gradient = stackalloc double[ConfidenceSignals.Count];
        gradient.Clear();
        var constant = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var error = ((questions[i].IsRight ? 1 : 0) - Probability(rows[i])) * weights[i];
            constant += error;
            for (var signal = 0; signal < gradient.Length; signal++)
                gradient[signal] += error * rows[i][signal];
        }
        var belief = PriorQuestions / rows.Length;
        _constant += StepSize * constant;
        for (var signal = 0; signal < gradient.Length; signal++)
            _weights[signal] += StepSize * (gradient[signal] - belief * (_weights[signal] - _prior[signal]));
    }

    private double Probability(ReadOnlySpan<double> row)
    {
        var sum = _constant;
        for (var i = 0; i < row.Length; i++)
            sum += _weights[i] * row[i];
        return 1 / (1 + Math.Exp(-sum));
    }
}
