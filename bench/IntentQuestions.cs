using SiteDesk.Language;

namespace SiteDesk.Bench;

/// <summary>Questions with their intents, from a CSV file whose header names the columns.</summary>
internal static class IntentQuestions
{
    private static readonly string[] TextColumns = ["text", "utterance"];
    private static readonly string[] IntentColumns = ["intent", "category", "label"];

    /// <summary>Reads a file. The intent <c>oos</c>, in whatever case, is <see cref="IntentExample.OutOfScope"/>.</summary>
    /// <param name="path">Where it lies.</param>
    /// <exception cref="UsageException">The columns are not there, a row lacks one, or no question is in it.</exception>
    public static List<IntentExample> Read(string path)
    {
        using var records = CsvTable.Read(path).GetEnumerator();
        var columns = records.MoveNext() ? records.Current : [];
        var (text, intent) = (Find(columns, TextColumns), Find(columns, IntentColumns));
        if (text < 0 || intent < 0)
            throw new UsageException($"{path} needs a header with the columns text and intent (or category, or label), apart by commas.");
        var examples = new List<IntentExample>();
        while (records.MoveNext())
        {
            var record = records.Current;
            if (record.Count <= Math.Max(text, intent) || string.IsNullOrWhiteSpace(record[intent]))
                throw new UsageException($"{path}: question {examples.Count + 1} has no intent: {Begin(string.Join(',', record))}");
            var name = record[intent].Trim();
            examples.Add(new IntentExample(
                record[text],
                string.Equals(name, IntentExample.OutOfScope, StringComparison.OrdinalIgnoreCase) ? IntentExample.OutOfScope : name));
        }
        return examples.Count > 0 ? examples : throw new UsageException($"{path} has a header and no question.");
    }

    /// <summary>The place of the first name that is a column; -1 when none is.</summary>
    private static int Find(IReadOnlyList<string> columns, string[] names)
    {
        foreach (var name in names)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                if (string.Equals(columns[column].Trim(), name, StringComparison.OrdinalIgnoreCase))
                    return column;
            }
        }
        return -1;
    }

    private static string Begin(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
