namespace SiteDesk.Language;

/// <summary>Typing mistakes between two words: a letter added, left out, replaced, or swapped with its neighbour counts one.</summary>
internal static class EditDistance
{
    /// <summary>The distance, or <paramref name="most"/> + 1 as soon as it must be greater than <paramref name="most"/>.</summary>
    public static int Measure(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int most)
    {
        if (Math.Abs(left.Length - right.Length) > most)
            return most + 1;
        var width = right.Length + 1;
        // Three rows of the table are alive at a time: a swap looks two rows back.
        Span<int> rows = stackalloc int[3 * (Analyzer.LongestTerm + 1)];
        var before = rows[..width];
        var previous = rows.Slice(width, width);
        var current = rows.Slice(2 * width, width);
        for (var column = 0; column < width; column++)
            previous[column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            var best = row;
            for (var column = 1; column < width; column++)
            {
                var isSame = left[row - 1] == right[column - 1];
                var distance = Math.Min(
                    Math.Min(previous[column], current[column - 1]) + 1,
                    previous[column - 1] + (isSame ? 0 : 1));
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                    distance = Math.Min(distance, before[column - 2] + 1);
                current[column] = distance;
                best = Math.Min(best, distance);
            }
            if (best > most)
                return most + 1;
            var free = before;
            before = previous;
            previous = current;
            current = free;
        }
        return previous[^1];
    }
}
