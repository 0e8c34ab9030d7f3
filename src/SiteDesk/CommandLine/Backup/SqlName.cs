namespace SiteDesk.CommandLine.Backup;

/// <summary>Names of tables and columns as both engines take them: in double quotes.</summary>
internal static class SqlName
{
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(Quoted));
}
