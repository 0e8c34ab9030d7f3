namespace SiteDesk.Platform.Web;

/// <summary>A line of a table for spreadsheets (RFC 4180).</summary>
public static class CsvRow
{
    /// <summary>Fields joined by commas, quoted where they need it, ended as the RFC says.</summary>
    /// <remarks>
    /// What a spreadsheet would take for a formula (a beginning of <c>= + - @</c>, tab or carriage return) gets an apostrophe before it:
    /// names are chosen by people, and a cell must not calculate what one of them is called.
    /// </remarks>
    public static string Of(params IEnumerable<string?> fields) => string.Join(',', fields.Select(field => Quoted(Harmless(field ?? "")))) + "\r\n";

    private static string Harmless(string field) => field is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + field : field;

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
