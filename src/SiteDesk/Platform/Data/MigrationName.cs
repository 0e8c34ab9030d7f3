namespace SiteDesk.Platform.Data;

/// <summary>
/// EF Core calls a migration NUMBER_NAME. The numbers of the two engines differ, since each has migrations of its own; the names are
/// given alike, so the name says which schema it is.
/// </summary>
internal static class MigrationName
{
    public static string Of(string migration)
    {
        var underscore = migration.IndexOf('_', StringComparison.Ordinal);
        return underscore > 0 && migration.AsSpan(0, underscore).IndexOfAnyExceptInRange('0', '9') < 0 ? migration[(underscore + 1)..] : migration;
    }

    /// <returns>The engine's own migration of that name; null when this program does not have it.</returns>
    public static string? Find(IEnumerable<string> migrations, string name) =>
        migrations.FirstOrDefault(migration => string.Equals(Of(migration), name, StringComparison.Ordinal));
}
