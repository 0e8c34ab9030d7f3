namespace SiteDesk.Language;

/// <summary>
/// Trained weights, packed to one byte each with a scale for every feature: a quarter of the memory, and no measurable loss.
/// </summary>
internal sealed class LinearModel
{
    private readonly sbyte[] _weights;
    private readonly float[] _scales;
    private readonly int _intents;

    private LinearModel(sbyte[] weights, float[] scales, int intents)
    {
        (_weights, _scales, _intents) = (weights, scales, intents);
    }

    public static LinearModel Pack(float[] weights, int features, int intents, int stride)
    {
        var packed = new sbyte[features * intents];
        var scales = new float[features];
        for (var feature = 0; feature < features; feature++)
        {
            var row = weights.AsSpan(feature * stride, intents);
            var greatest = 0f;
            foreach (var weight in row)
                greatest = Math.Max(greatest, Math.Abs(weight));
            if (greatest == 0)
                continue;
            scales[feature] = greatest / sbyte.MaxValue;
            for (var intent = 0; intent < intents; intent++)
                packed[feature * intents + intent] = (sbyte)MathF.Round(row[intent] / scales[feature]);
        }
        return new LinearModel(packed, scales, intents);
    }

    /// <summary>The score of every intent: above 0 on its side, below 0 on the other.</summary>
    public float[] Score(ReadOnlySpan<int> features, ReadOnlySpan<float> values)
    {
        var scores = new float[_intents];
        for (var i = 0; i < features.Length; i++)
        {
            var value = values[i] * _scales[features[i]];
            var weights = _weights.AsSpan(features[i] * _intents, _intents);
            for (var intent = 0; intent < weights.Length; intent++)
                scores[intent] += value * weights[intent];
        }
        return scores;
    }
}
