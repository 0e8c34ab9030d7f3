using System.Text;

namespace SiteDesk.Bench;

/// <summary>A CSV file (RFC 4180) read whole: quoted fields may hold commas, quotes and line breaks.</summary>
internal static class CsvTable
{
    /// <summary>
    /// The records of a file; the first is the header. Empty lines are left out; a byte order mark is no part of the first field; lines end
    /// by LF, CR LF or CR.
    /// </summary>
    /// <exception cref="UsageException">A quoted field never ends.</exception>
    public static IEnumerable<IReadOnlyList<string>> Read(string path)
    {
        var text = File.ReadAllText(path);
        var (fields, field) = (new List<string>(), new StringBuilder());
        var (isQuoted, wasQuoted) = (false, false);
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
            // Only at the beginning of a field does a quote open one: 5" is five inches.
            else if (unit == '"' && field.Length == 0 && !wasQuoted)
            {
                (isQuoted, wasQuoted) = (true, true);
            }
            else if (unit == ',')
            {
                EndField();
            }
            else if (unit is not ('\n' or '\r'))
            {
                field.Append(unit);
            }
            else if (fields.Count > 0 || field.Length > 0)
            {
                EndField();
                yield return [.. fields];
                fields.Clear();
            }
        }
        if (isQuoted)
            throw new UsageException($"{path}: a quote is opened and never closed.");
        if (fields.Count > 0 || field.Length > 0)
        {
            EndField();
            yield return [.. fields];
        }

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }
    }
}
