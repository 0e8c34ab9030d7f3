using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk migrate</c>: brings the database to this version without serving.</summary>
internal static class Migrate
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var app = SiteDeskApplication.Build(arguments);
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync("The database is up to date.");
        return 0;
    }
}
