using System.Diagnostics;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Scripts;

/// <summary>
/// The pinned npm packages that check our scripts, installed once into artifacts/javascript. npm verifies each archive against
/// the hash in tools/javascript/package-lock.json.
/// </summary>
public static class ScriptPackages
{
    static readonly string[] Sources = ["package.json", "package-lock.json", ".npmrc"];
    static readonly SemaphoreSlim One = new(1);

    /// <summary>The folder with node_modules in it.</summary>
    public static async Task<string> Install()
    {
        await One.WaitAsync();
        try
        {
            var folder = Repository.Artifacts("javascript");
            var done = Path.Combine(folder, "installed-from.json");
            var wanted = await File.ReadAllTextAsync(Repository.PathTo("tools", "javascript", "package-lock.json"));
            if (File.Exists(done) && await File.ReadAllTextAsync(done) == wanted) return folder;

            foreach (var source in Sources)
                File.Copy(Repository.PathTo("tools", "javascript", source), Path.Combine(folder, source), overwrite: true);
            var (status, output) = await Run("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            status.ShouldBe(0, $"npm ci failed:{Environment.NewLine}{output}");
            await File.WriteAllTextAsync(done, wanted);
            return folder;
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>Runs a program to its end; returns its exit code and everything it printed.</summary>
    public static async Task<(int Status, string Output)> Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
