using SiteDesk.CommandLine.Backup;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk backup FILE</c>: everything in one archive, while the program runs.</summary>
internal static class BackupCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(invocation.OnlyWord("the file to write the backup to"));
        await using var app = QuietApplication.Build(invocation);
        var address = app.Services.GetRequiredService<DatabaseAddress>();
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            var writer = ActivatorUtilities.CreateInstance<BackupWriter>(scope.ServiceProvider);
            var manifest = await writer.WriteAsync(path, cancellation);
            terminal.Say($"{path}: {manifest.Tables.Sum(table => table.Rows)} rows of {manifest.Tables.Count} tables and {manifest.Files.Count} files, {new FileInfo(path).Length / 1024.0 / 1024.0:0.0} MB, read back and verified.");
            return TellMissing(manifest, terminal);
        }
        catch (Exception problem) when (problem is not ConfigurationException && DatabaseFaults.Explain(problem, address) is { } sentence)
        {
            throw new ConfigurationException(sentence, problem);
        }
    }

    // The archive is good, but a nightly job has to notice that the installation is not.
    private static int TellMissing(ArchiveManifest manifest, Terminal terminal)
    {
        if (manifest.MissingFiles.Count == 0)
            return ExitCode.Done;
        terminal.Complain($"{manifest.MissingFiles.Count} files are lost or damaged in the data folder and are not in the backup; messages still speak of them. First of them: {manifest.MissingFiles[0]}");
        return ExitCode.DamagedData;
    }
}
