namespace SiteDesk.Journeys.Browser;

/// <summary>Where things lie in the working copy that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds SiteDesk.slnx.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A folder under artifacts/, made if need be. Artifacts are kept by continuous integration and never committed.</summary>
    public static string Artifacts(params string[] parts) => Directory.CreateDirectory(PathTo(["artifacts", .. parts])).FullName;

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SiteDesk.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"No SiteDesk.slnx above {AppContext.BaseDirectory}: run the tests from a working copy.");
    }
}
