using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>Sparse vectors, one after the other.</summary>
internal sealed class FeatureRows
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _features = [];
    private readonly List<float> _values = [];

    public int Count => _starts.Count - 1;

    public ReadOnlySpan<int> Features(int row) => CollectionsMarshal.AsSpan(_features)[_starts[row].._starts[row + 1]];

    public ReadOnlySpan<float> Values(int row) => CollectionsMarshal.AsSpan(_values)[_starts[row].._starts[row + 1]];

    /// <summary>Adds a value to the row that is being written.</summary>
    public void Add(int feature, float value)
    {
        _features.Add(feature);
        _values.Add(value);
    }

    /// <summary>Ends the row that is being written.</summary>
    public void EndRow() => _starts.Add(_features.Count);

    /// <summary>Multiplies the last values written.</summary>
    /// <param name="count">How many of them.</param>
    /// <param name="factor">By how much.</param>
    public void ScaleLast(int count, float factor)
    {
        foreach (ref var value in CollectionsMarshal.AsSpan(_values)[^count..])
            value *= factor;
    }
}
