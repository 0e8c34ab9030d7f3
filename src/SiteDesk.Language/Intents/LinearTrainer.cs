using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SiteDesk.Language;

/// <summary>
/// Trains one linear support vector machine per intent (squared hinge loss, one against the rest) by dual coordinate descent: Hsieh,
/// Chang, Lin, Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM", 2008. There is no step size
/// to choose. The machines of all intents are trained side by side, because they look at the same rows: the weights of one
/// feature for all intents lie together and are added up eight at a time.
/// </summary>
internal sealed class LinearTrainer
{
    private const int Lanes = 8;

    /// <summary>The price of a training question on the wrong side (C of the SVM).</summary>
    private const float Price = 1;

    /// <summary>A change this small is not worth touching the weights for.</summary>
    private const float LeastChange = 5e-4f;

    /// <summary>A question whose multipliers moved less is left out of the next pass: most are settled after a few.</summary>
    private const float Settled = 0.005f;

    private readonly int _intents;
    private readonly int _stride;
    private readonly float[] _weights;

    private LinearTrainer(int features, int intents)
    {
        _intents = intents;
        _stride = (intents + Lanes - 1) / Lanes * Lanes;
        _weights = new float[checked(features * _stride)];
    }

    /// <summary>Trains a model.</summary>
    /// <param name="rows">The vectors of the training questions.</param>
    /// <param name="intents">The intent of each row; -1 for a question that belongs to none.</param>
    /// <param name="intentCount">How many intents there are.</param>
    /// <param name="featureCount">How many features there are.</param>
    /// <param name="passes">How often the questions are gone through at most.</param>
    /// <param name="seed">Decides the order of the questions, so that training is repeatable.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static LinearModel Train(
        FeatureRows rows, IReadOnlyList<int> intents, int intentCount, int featureCount, int passes, int seed, CancellationToken cancellation)
    {
        var trainer = new LinearTrainer(featureCount, intentCount);
        trainer.Descend(rows, intents, passes, new Random(seed), cancellation);
        return LinearModel.Pack(trainer._weights, featureCount, intentCount, trainer._stride);
    }

    private void Descend(FeatureRows rows, IReadOnlyList<int> intents, int passes, Random random, CancellationToken cancellation)
    {
        var multipliers = new float[rows.Count * (long)_stride];
        var scores = new float[_stride];
        var order = Enumerable.Range(0, rows.Count).ToArray();
        var rests = new bool[rows.Count];
        for (var pass = 0; pass < passes; pass++)
        {
            random.Shuffle(order);
            var greatest = 0f;
            foreach (var row in order)
            {
                cancellation.ThrowIfCancellationRequested();
                if (rests[row])
                {
                    rests[row] = false;
                    continue;
                }
                var features = rows.Features(row);
                var values = rows.Values(row);
                Score(features, values, scores);
                var change = Step(scores, multipliers.AsSpan(row * _stride, _stride), intents[row], SquaredLength(values));
                greatest = Math.Max(greatest, change);
                rests[row] = change < Settled;
                if (change > 0)
                    Update(features, values, scores);
            }
            if (greatest < 0.01f)
                return;
        }
    }

    /// <summary>
    /// Moves the multipliers of one row to their best values with all others fixed, and turns the scores into what has to be
    /// added to the weights.
    /// </summary>
    /// <returns>The greatest change; 0 when the weights stay.</returns>
    private float Step(Span<float> scores, Span<float> multipliers, int intent, float squaredLength)
    {
        const float Slack = 0.5f / Price;
        var greatest = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            var side = i == intent ? 1f : -1f;
            var gradient = side * scores[i] - 1 + multipliers[i] * Slack;
            var moved = Math.Max(0, multipliers[i] - gradient / (squaredLength + Slack));
            var change = moved - multipliers[i];
            if (i >= _intents || Math.Abs(change) < LeastChange)
            {
                scores[i] = 0;
                continue;
            }
            multipliers[i] = moved;
            scores[i] = change * side;
            greatest = Math.Max(greatest, Math.Abs(change));
        }
        return greatest;
    }

    private void Score(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<float> scores)
    {
        scores.Clear();
        var sums = MemoryMarshal.Cast<float, Vector256<float>>(scores);
        for (var i = 0; i < features.Length; i++)
        {
            var weights = WeightsOf(features[i]);
            var value = Vector256.Create(values[i]);
            for (var lane = 0; lane < sums.Length; lane++)
                sums[lane] += weights[lane] * value;
        }
    }

    private void Update(ReadOnlySpan<int> features, ReadOnlySpan<float> values, ReadOnlySpan<float> changes)
    {
        var steps = MemoryMarshal.Cast<float, Vector256<float>>(changes);
        for (var i = 0; i < features.Length; i++)
        {
            var weights = WeightsOf(features[i]);
            var value = Vector256.Create(values[i]);
            for (var lane = 0; lane < weights.Length; lane++)
                weights[lane] += steps[lane] * value;
        }
    }

    private Span<Vector256<float>> WeightsOf(int feature) =>
        MemoryMarshal.Cast<float, Vector256<float>>(_weights.AsSpan(feature * _stride, _stride));

    private static float SquaredLength(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
            sum += value * value;
        return sum;
    }
}
