using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.HelpCenter.Authoring.Transfer;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk help import PATH</c> and <c>export PATH</c>: articles as a folder or a zip archive.</summary>
internal static class HelpCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        if (invocation.Words is not [var verb and ("import" or "export"), var given])
            throw new UsageException("Say what and where: sitedesk help import PATH [--site KEY] [--preview], or sitedesk help export PATH [--site KEY].");
        var path = Path.GetFullPath(given);
        await using var app = QuietApplication.Build(invocation);
        await using var scope = app.Services.CreateAsyncScope();
        var sites = await scope.ServiceProvider.GetRequiredService<SiteDirectory>().AllAsync(cancellation);
        var site = Choose(sites, invocation.Options.GetValueOrDefault("site"));
        return verb == "export"
            ? await ExportAsync(scope.ServiceProvider, site, path, terminal, cancellation)
            : await ImportAsync(scope.ServiceProvider, site, path, invocation.Has("preview"), terminal, cancellation);
    }

    private static Site Choose(IReadOnlyList<Site> sites, string? wished)
    {
        if (sites.Count == 0)
            throw new UsageException("There is no site yet. Start the program and set it up first.");
        if (wished is null)
            return sites.Count == 1 ? sites[0] : throw new UsageException($"Say which site with --site: {string.Join(", ", sites.Select(site => $"{site.Key} ({site.Name})"))}.");
        return sites.FirstOrDefault(site => site.Key == wished || string.Equals(site.Name, wished, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"There is no site “{wished}”. There are: {string.Join(", ", sites.Select(site => $"{site.Key} ({site.Name})"))}.");
    }

    private static async Task<int> ExportAsync(IServiceProvider services, Site site, string path, Terminal terminal, CancellationToken cancellation)
    {
        var files = await services.GetRequiredService<ExportArticles>().RunAsync(site, cancellation);
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            await using var archive = File.Create(path);
            await files.WriteZipAsync(archive, cancellation);
        }
        else
        {
            await files.WriteFolderAsync(path, cancellation);
        }

        terminal.Say($"{path}: {files.Count} files.");
        return ExitCode.Done;
    }

    private static async Task<int> ImportAsync(IServiceProvider services, Site site, string path, bool isPreview, Terminal terminal, CancellationToken cancellation)
    {
        var texts = services.GetRequiredService<TextCatalog>();
        var files = await ReadAsync(path, cancellation);
        if (!files.Succeeded)
        {
            terminal.Complain(Sentence(files.Problems[0]));
            return ExitCode.Failed;
        }

        var author = await services.GetRequiredService<Database>().Set<StaffMember>().Where(member => member.Role == Role.Owner).OrderBy(member => member.Id).Select(member => member.Id).FirstOrDefaultAsync(cancellation);
        var import = services.GetRequiredService<ImportArticles>();
        var rows = isPreview ? await import.PreviewAsync(site, files.Value, cancellation) : await import.RunAsync(site, files.Value, Actor.System, author, cancellation);
        foreach (var row in rows.Where(row => row.Step != ImportStep.Same))
            terminal.Say($"{row.Step.ToString().ToLowerInvariant(),-8} {row.Path}{(row.Remarks.Count > 0 ? ": " + string.Join(' ', row.Remarks.Select(Sentence)) : "")}");
        terminal.Say($"{rows.Count(row => row.Step == ImportStep.New)} new, {rows.Count(row => row.Step == ImportStep.Changed)} changed, {rows.Count(row => row.Step == ImportStep.Same)} the same, {rows.Count(row => row.Step == ImportStep.Refused)} refused.{(isPreview ? " Nothing was stored." : "")}");
        return rows.Any(row => row.Step == ImportStep.Refused) ? ExitCode.Failed : ExitCode.Done;

        string Sentence(Problem problem) => texts.Get(Languages.English, problem.Text, problem.Arguments);
    }

    private static async Task<Outcome<TransferFiles>> ReadAsync(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
            return await TransferFiles.OfFolderAsync(path, cancellation);
        if (!File.Exists(path))
            throw new UsageException($"There is neither a folder nor an archive at {path}.");
        await using var archive = File.OpenRead(path);
        return await TransferFiles.OfZipAsync(archive, archive.Length, cancellation);
    }
}
