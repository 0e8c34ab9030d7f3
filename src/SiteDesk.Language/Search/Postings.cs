using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>
/// Which documents hold a term, and how much it counts in each: BM25 over several fields (Robertson, Zaragoza, Taylor,
/// "Simple BM25 extension to multiple weighted fields", 2004). Everything that does not depend on the query is worked out when
/// the index is built, so that a search only multiplies and adds.
/// </summary>
internal sealed class Postings
{
    /// <summary>Fields, in the order of <see cref="FieldWeights"/>.</summary>
    public const int Title = 0, Questions = 1, Headings = 2, Body = 3, FieldCount = 4;

    /// <summary>How fast a repeated term stops counting (k1 of BM25).</summary>
    private const float Saturation = 1.2f;

    // How much a field counts, and how far a long field is held against its terms (b of BM25), tuned on held-out questions.
    private static readonly float[] FieldWeights = [2.5f, 2f, 1.5f, 1f];
    private static readonly float[] LengthPenalties = [0.3f, 0.5f, 0.4f, 0.6f];

    private readonly int[] _starts;
    private readonly int[] _documents;
    private readonly float[] _impacts;
    private readonly float[] _rarities;

    private Postings(int[] starts, int[] documents, float[] impacts, float[] rarities)
    {
        (_starts, _documents, _impacts, _rarities) = (starts, documents, impacts, rarities);
    }

    /// <summary>The inverse document frequency of a term, above 0.</summary>
    public float Rarity(int term) => _rarities[term];

    /// <summary>The number of documents that hold the term.</summary>
    public int Frequency(int term) => _starts[term + 1] - _starts[term];

    /// <summary>The documents that hold the term.</summary>
    public ReadOnlySpan<int> Documents(int term) => _documents.AsSpan(_starts[term], Frequency(term));

    /// <summary>What the term counts in each of its documents, from 0 to 1, without its rarity.</summary>
    public ReadOnlySpan<float> Impacts(int term) => _impacts.AsSpan(_starts[term], Frequency(term));

    /// <summary>Collects the terms of documents one after the other.</summary>
    public sealed class Builder
    {
        private readonly List<Entry> _entries = [];
        private readonly List<int> _documentStarts = [];
        private readonly List<int[]> _lengths = [];

        // The place of each term's newest entry; one that lies before the document was begun belongs to another document.
        private readonly List<int> _newestEntries = [];

        /// <summary>Begins the next document.</summary>
        public void BeginDocument()
        {
            _documentStarts.Add(_entries.Count);
            _lengths.Add(new int[FieldCount]);
        }

        /// <summary>Counts one occurrence of a term in a field of the document that was begun last.</summary>
        /// <param name="term">The number of the term.</param>
        /// <param name="field">The field.</param>
        /// <param name="isPlace">Whether it lengthens the field: parts and pairs stand where something else already does.</param>
        public void Add(int term, int field, bool isPlace)
        {
            if (isPlace)
                _lengths[^1][field]++;
            while (_newestEntries.Count <= term)
                _newestEntries.Add(-1);
            var index = _newestEntries[term];
            if (index < _documentStarts[^1])
            {
                index = _newestEntries[term] = _entries.Count;
                _entries.Add(new Entry(term));
            }
            CollectionsMarshal.AsSpan(_entries)[index].Count(field);
        }

        /// <summary>Builds the index of what was added.</summary>
        /// <param name="termCount">How many terms there are.</param>
        public Postings Build(int termCount)
        {
            var averages = AverageLengths();
            var starts = CountStarts(termCount);
            var documents = new int[_entries.Count];
            var impacts = new float[_entries.Count];
            var next = starts.AsSpan(0, termCount).ToArray();
            for (var document = 0; document < _documentStarts.Count; document++)
            {
                var end = document + 1 < _documentStarts.Count ? _documentStarts[document + 1] : _entries.Count;
                foreach (ref readonly var entry in CollectionsMarshal.AsSpan(_entries)[_documentStarts[document]..end])
                {
                    var place = next[entry.Term]++;
                    documents[place] = document;
                    impacts[place] = Impact(entry, _lengths[document], averages);
                }
            }
            var rarities = new float[termCount];
            for (var term = 0; term < termCount; term++)
            {
                var frequency = starts[term + 1] - starts[term];
                rarities[term] = MathF.Log(1 + (_documentStarts.Count - frequency + 0.5f) / (frequency + 0.5f));
            }
            return new Postings(starts, documents, impacts, rarities);
        }

        private float[] AverageLengths()
        {
            var averages = new float[FieldCount];
            for (var field = 0; field < FieldCount; field++)
                averages[field] = Math.Max(1, (float)_lengths.Sum(lengths => (long)lengths[field]) / Math.Max(1, _lengths.Count));
            return averages;
        }

        private int[] CountStarts(int termCount)
        {
            var starts = new int[termCount + 1];
            foreach (var entry in _entries)
                starts[entry.Term + 1]++;
            for (var term = 0; term < termCount; term++)
                starts[term + 1] += starts[term];
            return starts;
        }

        private static float Impact(in Entry entry, int[] lengths, float[] averages)
        {
            var weight = 0f;
            for (var field = 0; field < FieldCount; field++)
            {
                var count = entry.CountIn(field);
                if (count == 0)
                    continue;
                var penalty = LengthPenalties[field];
                weight += FieldWeights[field] * count / (1 - penalty + penalty * lengths[field] / averages[field]);
            }
            return weight / (Saturation + weight);
        }

        /// <summary>A term in a document: its occurrences by field, sixteen bits each.</summary>
        [StructLayout(LayoutKind.Auto)]
        private struct Entry(int term)
        {
            private ulong _counts;

            public readonly int Term => term;

            public readonly int CountIn(int field) => (int)(_counts >> (16 * field)) & 0xFFFF;

            public void Count(int field)
            {
                if (CountIn(field) < 0xFFFF)
                    _counts += 1UL << (16 * field);
            }
        }
    }
}
