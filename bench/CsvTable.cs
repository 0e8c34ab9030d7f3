using System.Text;

namespace SiteDesk.Bench;

/// <summary>A CSV file (RFC 4180) read whole: quoted fields may hold commas, quotes and line breaks.</summary>
internal static class CsvTable
{
    /// <summary>The records of a file; the first is the header. Empty lines are left out.</summary>
    public static IEnumerable<IReadOnlyList<string>> Read(string path)
    {
        var text = File.ReadAllText(path);
        var (fields, field) = (new List<string>(), new StringBuilder());
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (isQuoted)
            {
                if (unit != '"')
                    field.Append(unit);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    isQuoted = false;
            }
            else if (unit == '"')
            {
                isQuoted = true;
            }
            else if (unit == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (unit != '\n')
            {
                if (unit != '\r')
                    field.Append(unit);
            }
            else if (fields.Count > 0 || field.Length > 0)
            {
                yield return [.. fields, field.ToString()];
                fields.Clear();
                field.Clear();
            }
        }
        if (fields.Count > 0 || field.Length > 0)
            yield return [.. fields, field.ToString()];
    }
}
