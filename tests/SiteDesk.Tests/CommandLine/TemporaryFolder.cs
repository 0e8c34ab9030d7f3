using Microsoft.Data.Sqlite;

namespace SiteDesk.Tests.CommandLine;

/// <summary>A folder for one test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sitedesk-test-").FullName;

    public string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    public void Dispose()
    {
        // Pooled connections hold the files open.
        SqliteConnection.ClearAllPools();
        Directory.Delete(Root, recursive: true);
    }
}
