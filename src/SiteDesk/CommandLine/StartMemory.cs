using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SiteDesk.CommandLine;

/// <summary>
/// Gives back what only the start needed: a while after it, the garbage of the start and those pages of the program's own files
/// (libraries, mapped and unchanged) that lie in memory because something was looked up in them once. What is needed again is
/// read again.
/// </summary>
/// <remarks>
/// On Linux, by <c>madvise(2)</c> with <c>MADV_PAGEOUT</c>, which never changes what a page holds. Elsewhere the system does it by itself
/// (Windows) or has no such call. Measured by <c>bench -- start</c>.
/// </remarks>
internal sealed class StartMemory(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StartMemory> log) : BackgroundService
{
    /// <summary>After the program has begun to answer: the first page and what is trained or indexed in the background are part of the start.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private const int PageOut = 21;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // stopped before there was anything to give back
        }

        GiveBack();
    }

    private void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeMemory.GiveBack();
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            foreach (var (start, length) in MappedFiles(File.ReadLines("/proc/self/maps")))
            {
                // Refused by an old kernel or a strict sandbox: the memory stays, and nothing else is different.
                if (Advise(start, length, PageOut) != 0)
                {
                    log.LogDebug("The system takes no memory back: error {Error}.", Marshal.GetLastPInvokeError());
                    return;
                }
            }
        }
        catch (IOException problem)
        {
            log.LogDebug(problem, "The list of mapped files cannot be read.");
        }
    }

    /// <summary>The parts of files that are mapped and cannot be written, of lines as in <c>/proc/self/maps</c> (proc(5)).</summary>
    internal static IEnumerable<(nint Start, nuint Length)> MappedFiles(IEnumerable<string> maps)
    {
        foreach (var line in maps)
        {
            var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 6 || !parts[5].StartsWith('/') || parts[1].Contains('w', StringComparison.Ordinal) || parts[5].StartsWith("/memfd:", StringComparison.Ordinal))
                continue;
            var dash = parts[0].IndexOf('-', StringComparison.Ordinal);
            var start = ulong.Parse(parts[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var end = ulong.Parse(parts[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            yield return ((nint)start, (nuint)(end - start));
        }
    }

    [DllImport("libc", EntryPoint = "madvise", SetLastError = true)]
    [SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "What it generates is unsafe code, which nothing else here needs; three numbers are passed as they are.")]
    private static extern int Advise(nint start, nuint length, int advice);
}
