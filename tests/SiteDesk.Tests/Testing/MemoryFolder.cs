namespace SiteDesk.Tests.Testing;

/// <summary>
/// Folders for databases of tests: in memory where the machine has room, else among the temporary files. A run makes some
/// hundred thousand small files and waits for the disk at every commit, which is most of what such a database costs.
/// </summary>
internal static class MemoryFolder
{
    private const string Memory = "/dev/shm";

    /// <summary>A whole run uses about a tenth of it at a time; containers often have 64 MB there.</summary>
    private const long Room = 4L << 30;

    /// <summary>Whether folders are in memory: said once, so that a run does not end in another way than it began.</summary>
    public static bool IsInMemory { get; } = OperatingSystem.IsLinux() && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room;

    /// <returns>The path of a new empty folder that nobody else may read. Whoever asks for it removes it.</returns>
    public static string Create(string prefix)
    {
        if (!IsInMemory || OperatingSystem.IsWindows())
            return Directory.CreateTempSubdirectory(prefix).FullName;
        var folder = Path.Combine(Memory, prefix + Path.GetRandomFileName());
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }
}
