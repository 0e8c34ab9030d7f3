namespace SiteDesk.HelpCenter.Bodies;

/// <summary>The cells of a table in their places: what spans several gives empty ones, short rows are filled.</summary>
internal sealed class TableGrid(int mostCells)
{
    private const int MostColumns = 60;

    private readonly List<Dictionary<int, TableCell>> _rows = [];
    private readonly Dictionary<int, int> _spans = []; // column to rows that are still taken
    private int _cells;
    private int _columns;

    public void AddRow(IEnumerable<(TableCell Cell, int Columns, int Rows)> cells)
    {
        var row = new Dictionary<int, TableCell>();
        var taken = _spans.Where(span => span.Value > 0).Select(span => span.Key).ToHashSet();
        foreach (var column in taken)
            _spans[column]--;
        var at = 0;
        foreach (var (cell, columns, rows) in cells)
        {
            while (taken.Contains(at))
                at++;
            if (at >= MostColumns || ++_cells > mostCells)
                break;
            row[at] = cell;
            for (var column = at; column < Math.Min(at + columns, MostColumns); column++)
            {
                if (rows > 1)
                    _spans[column] = Math.Min(rows, 1000) - 1;
                if (column > at)
                    row[column] = new TableCell(cell.IsHead, []);
            }

            at = Math.Min(at + columns, MostColumns);
        }

        if (row.Count == 0)
            return;
        _rows.Add(row);
        _columns = Math.Max(_columns, row.Keys.Max() + 1);
    }

    public List<IReadOnlyList<TableCell>> Rows()
    {
        if (_rows.TrueForAll(row => row.Values.All(cell => cell.Content.Count == 0)) || (long)_rows.Count * _columns > mostCells)
            return [];
        return _rows.ConvertAll<IReadOnlyList<TableCell>>(row => [.. Enumerable.Range(0, _columns).Select(column => row.GetValueOrDefault(column) ?? new TableCell(row.Values.All(cell => cell.IsHead), []))]);
    }
}
