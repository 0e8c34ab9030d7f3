using System.Numerics;
using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// The terms of an index with their numbers, found by name, by their beginning, and by likeness. Immutable once built.
/// </summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _numbers;
    private readonly string[] _sorted;
    private readonly int[] _sortedNumbers;
    private readonly Surface[] _surfaces;
    private readonly int[] _lengthStarts;

    /// <param name="numbers">Every term with its number.</param>
    /// <param name="surfaces">Every word as it was written (folded), with the number of its term.</param>
    public Vocabulary(Dictionary<string, int> numbers, IReadOnlyDictionary<string, int> surfaces)
    {
        _numbers = numbers;
        _sorted = [.. numbers.Keys];
        Array.Sort(_sorted, StringComparer.Ordinal);
        _sortedNumbers = [.. _sorted.Select(term => numbers[term])];
        _surfaces = [.. surfaces.Select(pair => new Surface(pair.Key, Signature(pair.Key), pair.Value)).OrderBy(surface => surface.Text.Length)];
        _lengthStarts = new int[Analyzer.LongestTerm + 2];
        for (var length = 0; length < _lengthStarts.Length; length++)
            _lengthStarts[length] = Array.FindIndex(_surfaces, surface => surface.Text.Length >= length) is var start and >= 0 ? start : _surfaces.Length;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Surface(string Text, ulong Letters, int Term);

    /// <summary>A word of the vocabulary that resembles one that is not in it.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Neighbour(string Text, int Term, int Distance);

    public int Count => _sorted.Length;

    public bool TryFind(string term, out int number) => _numbers.TryGetValue(term, out number);

    /// <summary>The numbers of terms that begin with the given letters, in alphabetical order.</summary>
    public ReadOnlySpan<int> WithPrefix(string prefix)
    {
        var start = LowerBound(prefix);
        return _sortedNumbers.AsSpan(start, LowerBound(prefix + '\uFFFF') - start);
    }

    /// <summary>
    /// Written words at most <paramref name="most"/> typing mistakes away, nearest first. Each word carries a bit set of its letters:
    /// a mistake changes at most two of them, which rules out nearly all words before they are compared letter by letter.
    /// </summary>
    public List<Neighbour> Near(string word, int most)
    {
        var found = new List<Neighbour>();
        var letters = Signature(word);
        var from = _lengthStarts[Math.Max(0, word.Length - most)];
        var to = _lengthStarts[Math.Min(_lengthStarts.Length - 1, word.Length + most + 1)];
        foreach (ref readonly var surface in _surfaces.AsSpan(from, to - from))
        {
            if (BitOperations.PopCount(letters ^ surface.Letters) > 2 * most)
                continue;
            var distance = EditDistance.Measure(word, surface.Text, most);
            if (distance <= most)
                found.Add(new Neighbour(surface.Text, surface.Term, distance));
        }
        found.Sort((left, right) => left.Distance != right.Distance
            ? left.Distance.CompareTo(right.Distance)
            : string.CompareOrdinal(left.Text, right.Text));
        return found;
    }

    private int LowerBound(string text)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_sorted[middle], text) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static ulong Signature(string word)
    {
        var letters = 0UL;
        foreach (var letter in word)
            letters |= 1UL << (letter & 63);
        return letters;
    }
}
