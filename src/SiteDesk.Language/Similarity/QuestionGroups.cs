using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>Questions that are alike.</summary>
/// <param name="Representative">The place, in the list that was given, of the question most like all others of the group.</param>
/// <param name="Members">The places of all its questions, the representative among them, in their order.</param>
public sealed record QuestionGroup(int Representative, IReadOnlyList<int> Members);

/// <summary>
/// Groups short questions by likeness, for "what do people ask that nobody answered". Each question joins the group whose centre it
/// is most like, or founds one; then all choose once more among the groups that have formed. Deterministic.
/// </summary>
public static class QuestionGroups
{
    /// <summary>Questions at most; later ones are left out. Time grows with questions times groups.</summary>
    public const int MostQuestions = 20_000;

    private const float DefaultLikeness = 0.28f;

    /// <summary>Groups questions.</summary>
    /// <param name="questions">Short texts.</param>
    /// <param name="likeness">How like its group's centre a question must be, 0 to 1 exclusive. Greater means smaller groups.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The groups, greatest first; a question that is like no other is a group of one.</returns>
    public static IReadOnlyList<QuestionGroup> Find(
        IReadOnlyList<string> questions, float likeness = DefaultLikeness, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (likeness is <= 0 or >= 1)
            throw new ArgumentOutOfRangeException(nameof(likeness), likeness, "Likeness lies between 0 and 1.");
        var read = questions.Take(MostQuestions).ToList();
        var rows = ReadRows(read, cancellation);

        var centres = new Centres();
        var groups = new int[rows.Count];
        for (var question = 0; question < rows.Count; question++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (group, found) = centres.Nearest(rows, question);
            groups[question] = found >= likeness ? group : centres.Found();
            centres.Add(groups[question], rows, question);
        }

        var sizes = groups.CountBy(group => group).ToDictionary();
        // The first questions chose before most groups existed. One that stayed alone looks at the others only.
        foreach (var question in Enumerable.Range(0, rows.Count))
        {
            cancellation.ThrowIfCancellationRequested();
            var own = groups[question];
            var (group, found) = centres.Nearest(rows, question, except: sizes[own] == 1 ? own : null);
            if (found < likeness || group == own)
                continue;
            sizes[own]--;
            sizes[group]++;
            groups[question] = group;
        }
        return Collect(groups, rows, centres);
    }

    private static FeatureRows ReadRows(List<string> questions, CancellationToken cancellation)
    {
        var space = FeatureSpace.Learn(questions, cancellation);
        var reader = FeatureSpace.CreateReader();
        var rows = new FeatureRows();
        foreach (var question in questions)
            space.Append(question, reader, rows);
        return rows;
    }

    private static List<QuestionGroup> Collect(int[] groups, FeatureRows rows, Centres centres) =>
        [.. groups.Index()
            .GroupBy(pair => pair.Item, pair => pair.Index)
            .Select(group => new QuestionGroup(group.MaxBy(question => centres.Likeness(group.Key, rows, question)), [.. group]))
            .OrderByDescending(group => group.Members.Count)
            .ThenBy(group => group.Members[0])];

    /// <summary>The sums of the vectors of groups, found by the features they have.</summary>
    private sealed class Centres
    {
        private readonly Dictionary<int, Dictionary<int, float>> _groupsOfFeature = [];
        private readonly List<double> _squares = [];
        private readonly Dictionary<int, float> _products = [];

        /// <summary>Founds a group without members.</summary>
        public int Found()
        {
            _squares.Add(0);
            return _squares.Count - 1;
        }

        public void Add(int group, FeatureRows rows, int question)
        {
            var features = rows.Features(question);
            var values = rows.Values(question);
            // The constant, which comes first, says nothing.
            for (var i = 1; i < features.Length; i++)
            {
                ref var groups = ref CollectionsMarshal.GetValueRefOrAddDefault(_groupsOfFeature, features[i], out _);
                groups ??= [];
                ref var value = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, group, out _);
                _squares[group] += 2.0 * value * values[i] + values[i] * values[i];
                value += values[i];
            }
        }

        public (int Group, double Likeness) Nearest(FeatureRows rows, int question, int? except = null)
        {
            _products.Clear();
            var features = rows.Features(question);
            var values = rows.Values(question);
            for (var i = 1; i < features.Length; i++)
            {
                if (!_groupsOfFeature.TryGetValue(features[i], out var groups))
                    continue;
                foreach (var (group, value) in groups)
                    CollectionsMarshal.GetValueRefOrAddDefault(_products, group, out _) += value * values[i];
            }
            var (best, likeness) = (-1, 0.0);
            var length = Length(values);
            foreach (var (group, product) in _products)
            {
                if (group == except)
                    continue;
                var found = product / (length * Math.Sqrt(_squares[group]));
                if (found > likeness || (found == likeness && group < best))
                    (best, likeness) = (group, found);
            }
            return (best, likeness);
        }

        public double Likeness(int group, FeatureRows rows, int question)
        {
            var product = 0.0;
            var features = rows.Features(question);
            var values = rows.Values(question);
            for (var i = 1; i < features.Length; i++)
            {
                if (_groupsOfFeature.TryGetValue(features[i], out var groups))
                    product += groups.GetValueOrDefault(group) * values[i];
            }
            return product / Math.Max(1e-9, Length(values) * Math.Sqrt(_squares[group]));
        }

        private static double Length(ReadOnlySpan<float> values)
        {
            var squares = 0.0;
            for (var i = 1; i < values.Length; i++)
                squares += values[i] * values[i];
            return Math.Max(1e-9, Math.Sqrt(squares));
        }
    }
}
