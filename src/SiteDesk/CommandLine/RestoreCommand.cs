using SiteDesk.CommandLine.Backup;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk restore FILE [--force]</c>: into either engine, whichever wrote the backup.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(invocation.OnlyWord("the backup to restore"));
        await using var app = QuietApplication.Build(invocation);
        var address = app.Services.GetRequiredService<DatabaseAddress>();
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            var restoration = ActivatorUtilities.CreateInstance<Restoration>(scope.ServiceProvider);
            var restored = await restoration.RestoreAsync(path, invocation.Has("force"), terminal.Say, cancellation);
            terminal.Say($"Restored {restored.Manifest.Tables.Sum(table => table.Rows)} rows and {restored.Manifest.Files.Count} files as of {restored.Manifest.CreatedAt:yyyy-MM-dd HH:mm} UTC; every checksum and reference was checked.");
            if (restored.KeptAside is { } kept)
                terminal.Say($"What was there before is kept in {kept}; delete it when you are content.");
            return ExitCode.Done;
        }
        catch (Exception problem) when (problem is not ConfigurationException && DatabaseFaults.Explain(problem, address) is { } sentence)
        {
            throw new ConfigurationException(sentence, problem);
        }
    }
}
