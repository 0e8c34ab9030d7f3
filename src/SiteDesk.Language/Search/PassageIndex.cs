using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// Short passages (titles, example questions) as sets of features, for what whole words miss: inflection the stemmer does not know,
/// compounds, typing mistakes, order of words. Likeness is the cosine of the two sets, each feature weighted by its rarity.
/// </summary>
internal sealed class PassageIndex
{
    private readonly int[] _passageStarts;
    private readonly int[] _featureStarts;
    private readonly int[] _features;
    private readonly float[] _norms;
    private readonly float[] _weights;

    private PassageIndex(int[] passageStarts, int[] featureStarts, int[] features, float[] norms, float[] weights)
    {
        (_passageStarts, _featureStarts, _features, _norms, _weights) = (passageStarts, featureStarts, features, norms, weights);
    }

    /// <summary>How many passages there are.</summary>
    public int Count => _norms.Length;

    /// <summary>Makes a query comparable with the passages.</summary>
    public Probe Read(string query)
    {
        var features = Builder.FeaturesOf(query, _weights.Length - 1);
        return new Probe(features, Norm(features, _weights));
    }

    /// <summary>The likeness of a query to the passages of a document: that of the best, and the mean of the best three.</summary>
    /// <returns>Two numbers from 0 to 1.</returns>
    public (float Best, float Support) Compare(Probe probe, int document)
    {
        var (first, second, third) = (0f, 0f, 0f);
        for (var passage = _passageStarts[document]; passage < _passageStarts[document + 1]; passage++)
        {
            var likeness = Likeness(probe, passage);
            if (likeness > first)
                (first, second, third) = (likeness, first, second);
            else if (likeness > second)
                (second, third) = (likeness, second);
            else if (likeness > third)
                third = likeness;
        }
        return (first, (first + second + third) / 3);
    }

    private float Likeness(Probe probe, int passage)
    {
        var features = _features.AsSpan(_featureStarts[passage], _featureStarts[passage + 1] - _featureStarts[passage]);
        var norm = probe.Norm * _norms[passage];
        if (norm == 0)
            return 0;
        var shared = 0f;
        var (i, j) = (0, 0);
        while (i < features.Length && j < probe.Features.Length)
        {
            var (left, right) = (features[i], probe.Features[j]);
            if (left == right)
                shared += _weights[left];
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
        }
        return shared / norm;
    }

    private static float Norm(ReadOnlySpan<int> features, float[] weights)
    {
        var sum = 0f;
        foreach (var feature in features)
            sum += weights[feature];
        return MathF.Sqrt(sum);
    }

    /// <summary>A query as a sorted set of features.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Probe(int[] Features, float Norm);

    /// <summary>Collects the passages of documents one after the other.</summary>
    public sealed class Builder
    {
        private readonly TextFeatures _reader = CreateReader();
        private readonly List<int> _passageStarts = [];
        private readonly List<int> _featureStarts = [];
        private readonly List<uint> _features = [];

        /// <summary>Begins the next document.</summary>
        public void BeginDocument() => _passageStarts.Add(_featureStarts.Count);

        /// <summary>Adds a passage to the document that was begun last.</summary>
        public void Add(string passage)
        {
            _featureStarts.Add(_features.Count);
            _reader.Read(passage);
            _features.AddRange(_reader.Words);
            _features.AddRange(_reader.Characters);
        }

        /// <summary>Builds the index of what was added.</summary>
        public PassageIndex Build()
        {
            // A few features sharing a place do no harm, so a table of bounded size replaces a dictionary of features.
            var mask = (1 << Math.Clamp(32 - int.LeadingZeroCount(_features.Count), 14, 20)) - 1;
            _passageStarts.Add(_featureStarts.Count);
            _featureStarts.Add(_features.Count);
            var features = new List<int>(_features.Count);
            var starts = new int[_featureStarts.Count];
            var frequencies = new int[mask + 1];
            for (var passage = 0; passage + 1 < starts.Length; passage++)
            {
                var (from, to) = (_featureStarts[passage], _featureStarts[passage + 1]);
                foreach (var feature in Distinct(CollectionsMarshal.AsSpan(_features)[from..to], mask))
                {
                    features.Add(feature);
                    frequencies[feature]++;
                }
                starts[passage + 1] = features.Count;
            }
            var weights = Weights(frequencies, starts.Length - 1);
            var flat = features.ToArray();
            var norms = new float[starts.Length - 1];
            for (var passage = 0; passage < norms.Length; passage++)
                norms[passage] = Norm(flat.AsSpan(starts[passage]..starts[passage + 1]), weights);
            return new PassageIndex([.. _passageStarts], starts, flat, norms, weights);
        }

        internal static int[] FeaturesOf(string text, int mask)
        {
            var reader = CreateReader();
            reader.Read(text);
            return Distinct([.. reader.Words, .. reader.Characters], mask);
        }

        private static TextFeatures CreateReader() => new(shortest: 3, longest: 5);

        private static int[] Distinct(ReadOnlySpan<uint> features, int mask)
        {
            var places = new int[features.Length];
            for (var i = 0; i < places.Length; i++)
                places[i] = (int)(features[i] & (uint)mask);
            Array.Sort(places);
            var count = 0;
            for (var i = 0; i < places.Length; i++)
            {
                if (i == 0 || places[i] != places[i - 1])
                    places[count++] = places[i];
            }
            return places[..count];
        }

        /// <summary>Squared rarities: each feature counts once in the query and once in the passage.</summary>
        private static float[] Weights(int[] frequencies, int passages)
        {
            var weights = new float[frequencies.Length];
            for (var feature = 0; feature < weights.Length; feature++)
            {
                var rarity = MathF.Log((passages + 1f) / (frequencies[feature] + 1f)) + 1;
                weights[feature] = rarity * rarity;
            }
            return weights;
        }
    }
}
