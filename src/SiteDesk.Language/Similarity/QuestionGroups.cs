namespace SiteDesk.Language;

/// <summary>Questions that are alike.</summary>
/// <param name="Representative">The place, in the list that was given, of the question most like all others of the group.</param>
/// <param name="Members">The places of all its questions, the representative among them, in their order.</param>
public sealed record QuestionGroup(int Representative, IReadOnlyList<int> Members);

/// <summary>
/// Groups short questions by likeness, for "what do people ask that nobody answered". The two groups that are on average most alike become
/// one, again and again, until none are alike enough. Deterministic.
/// </summary>
public static class QuestionGroups
{
    /// <summary>Questions at most; later ones are left out. Time and memory grow with their square: two thousand take about a second and 32 MB.</summary>
    public const int MostQuestions = 2_000;

    private const float DefaultLikeness = 0.12f;

    /// <summary>Groups questions.</summary>
    /// <param name="questions">Short texts.</param>
    /// <param name="background">What people say anyway, of the same kind: it tells which words say what a question is about. Null for nothing.</param>
    /// <param name="likeness">How like each other the questions of two groups must be on average for these to become one, 0 to 1 exclusive. Greater means smaller groups.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The groups, greatest first; a question that is like no other is a group of one.</returns>
    public static IReadOnlyList<QuestionGroup> Find(
        IReadOnlyList<string> questions, IReadOnlyList<string>? background = null, float likeness = DefaultLikeness, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (likeness is <= 0 or >= 1)
            throw new ArgumentOutOfRangeException(nameof(likeness), likeness, "Likeness lies between 0 and 1.");
        var read = questions.Take(MostQuestions).ToList();
        var alike = Likenesses(SubjectRows.Read(read, background ?? [], cancellation), cancellation);
        return Collect(Join((float[])alike.Clone(), read.Count, likeness, cancellation), alike, read.Count);
    }

    /// <summary>The cosines of all pairs, row by row.</summary>
    private static float[] Likenesses(FeatureRows rows, CancellationToken cancellation)
    {
        var count = rows.Count;
        var alike = new float[count * count];
        var lengths = new float[count];
        var having = new Dictionary<int, List<(int Row, float Value)>>();
        for (var row = 0; row < count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            var features = rows.Features(row);
            var values = rows.Values(row);
            // The constant, which comes first, says nothing.
            for (var i = 1; i < features.Length; i++)
            {
                lengths[row] += values[i] * values[i];
                if (!having.TryGetValue(features[i], out var others))
                    having.Add(features[i], others = []);
                foreach (var (other, value) in others)
                    alike[row * count + other] += value * values[i];
                others.Add((row, values[i]));
            }
            lengths[row] = MathF.Max(1e-9f, MathF.Sqrt(lengths[row]));
            for (var other = 0; other < row; other++)
                alike[other * count + row] = alike[row * count + other] /= lengths[row] * lengths[other];
        }
        return alike;
    }

    /// <summary>
    /// Joins by average linkage. From any group to the one most like it, and on, until two are each other's: these can be joined whatever
    /// comes later, so that the whole takes no more than the square of the questions.
    /// </summary>
    /// <returns>The group of every question.</returns>
    private static int[] Join(float[] alike, int count, float likeness, CancellationToken cancellation)
    {
        var groups = Enumerable.Range(0, count).ToArray();
        var sizes = Enumerable.Repeat(1, count).ToArray();
        var isOpen = Enumerable.Repeat(element: true, count).ToArray();
        var chain = new List<int>();
        for (var first = 0; first < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                if (!isOpen[first])
                {
                    first++;
                    continue;
                }
                chain.Add(first);
            }
            var last = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            var nearest = Nearest(last, before);
            if (nearest < 0)
            {
                // Nothing is alike enough, and nothing that is joined later can be.
                isOpen[last] = false;
                chain.RemoveAt(chain.Count - 1);
            }
            else if (nearest == before)
            {
                chain.RemoveRange(chain.Count - 2, 2);
                Unite(Math.Min(last, nearest), Math.Max(last, nearest));
            }
            else
                chain.Add(nearest);
        }
        return groups;

        int Nearest(int group, int preferred)
        {
            var (best, most) = preferred >= 0 ? (preferred, alike[group * count + preferred]) : (-1, 0f);
            for (var other = 0; other < count; other++)
            {
                if (other != group && isOpen[other] && alike[group * count + other] > most)
                    (best, most) = (other, alike[group * count + other]);
            }
            return most >= likeness ? best : -1;
        }

        void Unite(int kept, int gone)
        {
            for (var other = 0; other < count; other++)
            {
                var mean = (sizes[kept] * alike[kept * count + other] + sizes[gone] * alike[gone * count + other]) / (sizes[kept] + sizes[gone]);
                alike[kept * count + other] = alike[other * count + kept] = mean;
                if (groups[other] == gone)
                    groups[other] = kept;
            }
            sizes[kept] += sizes[gone];
            isOpen[gone] = false;
        }
    }

    private static List<QuestionGroup> Collect(int[] groups, float[] alike, int count) =>
        [.. groups.Index()
            .GroupBy(pair => pair.Item, pair => pair.Index)
            .Select(group => group.ToList())
            .Select(members => new QuestionGroup(members.MaxBy(question => members.Where(other => other != question).Sum(other => alike[question * count + other])), members))
            .OrderByDescending(group => group.Members.Count)
            .ThenBy(group => group.Members[0])];
}
