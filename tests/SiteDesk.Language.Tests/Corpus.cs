namespace SiteDesk.Language.Tests;

/// <summary>Finds the public word lists and question sets that lie beside the repository in shared/corpora.</summary>
internal static class Corpus
{
    /// <summary>
    /// The full path of a corpus file, or null where the corpora are not at hand. On the build server (CI=true) they must be.
    /// </summary>
    public static string? Find(params ReadOnlySpan<string> path)
    {
        var relative = Path.Combine(["shared", "corpora", .. path]);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, relative);
            if (File.Exists(candidate))
                return candidate;
        }
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            throw new FileNotFoundException($"CI=true asks for every test, but no folder above {AppContext.BaseDirectory} holds {relative}.");
        return null;
    }

    /// <summary>A corpus file where there is one, otherwise the small sample that is part of the tests.</summary>
    public static string FindOrSample(string sample, params ReadOnlySpan<string> path) =>
        Find(path) ?? Path.Combine(AppContext.BaseDirectory, "Samples", sample);
}
