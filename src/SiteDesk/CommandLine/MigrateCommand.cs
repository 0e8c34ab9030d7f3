using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary>Creates or upgrades the schema and stops: for those who want that apart from the start.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        invocation.ExpectNoWords();
        await using var app = QuietApplication.Build(invocation);
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
        terminal.Say("The database is up to date.");
        return ExitCode.Done;
    }
}
