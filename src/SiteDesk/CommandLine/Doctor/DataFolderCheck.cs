using System.Runtime.CompilerServices;
using SiteDesk.Platform;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>The data folder: there, writable, private, with room.</summary>
internal sealed class DataFolderCheck(DataFolder folder) : ICheck
{
    private const string Subject = "Data folder", Space = "Disk space";
    private const long FaultBelow = 100L * 1024 * 1024, WarningBelow = 1024L * 1024 * 1024;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!Directory.Exists(folder.Root))
        {
            yield return Finding.Warning(Subject, $"{folder.Root} is not there yet", "It is made at the first start; run the doctor as the same user and with the same --data as the program.");
            yield break;
        }

        yield return await WritableAsync(cancellation);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(folder.Root).HasFlag(UnixFileMode.OtherRead))
            yield return Finding.Warning(Subject, "everybody on this machine may look into it; it holds customers' messages", $"chmod o-rwx {folder.Root}");
        yield return Room();
    }

    private async Task<Finding> WritableAsync(CancellationToken cancellation)
    {
        var probe = folder.Path($".doctor-{Environment.ProcessId}");
        try
        {
            await File.WriteAllTextAsync(probe, "probe", cancellation);
            return Finding.Well(Subject, $"{folder.Root} is writable");
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            return Finding.Fault(Subject, $"{folder.Root} cannot be written: {problem.Message}", $"Make it belong to the user who runs SiteDesk: chown -R sitedesk {folder.Root}");
        }
        finally
        {
            if (File.Exists(probe))
                File.Delete(probe);
        }
    }

    private Finding Room()
    {
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        var text = $"{free / 1024.0 / 1024 / 1024:0.0} GB free";
        return free switch
        {
            < FaultBelow => Finding.Fault(Space, text, "Free some space: writing will fail soon."),
            < WarningBelow => Finding.Warning(Space, text, "Plan for more: a backup needs as much again as the data."),
            _ => Finding.Well(Space, text),
        };
    }
}
