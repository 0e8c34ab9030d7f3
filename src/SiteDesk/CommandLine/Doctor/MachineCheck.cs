using System.Globalization;
using System.Runtime.CompilerServices;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>What the system underneath has to offer: rules of languages, time zones, memory, open files, a sane clock.</summary>
internal sealed class MachineCheck(TimeProvider time) : ICheck
{
    private const string Languages = "Languages", Clock = "Clock", Memory = "Memory", OpenFiles = "Open files";

    // A stream a visitor is an open file; a thousand visitors are an ordinary day.
    private const long FewOpenFiles = 4096;

    private const long LittleMemory = 400L * 1024 * 1024;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return LanguageRules();
        yield return TimeZoneRules();
        yield return ClockIsSane();
        yield return MemoryIsEnough();
        if (OpenFileLimit() is { } limit)
            yield return limit;
        await Task.CompletedTask;
    }

    private static Finding LanguageRules()
    {
        // Without ICU every culture formats like the invariant one.
        var january = CultureInfo.GetCultureInfo("ru-RU").DateTimeFormat.GetMonthName(1);
        return january == "январь"
            ? Finding.Well(Languages, "rules for English, Russian and Chinese are there")
            : Finding.Fault(Languages, "the system has no language rules (ICU)", "Install libicu (Debian: apt-get install libicu72) and do not set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
    }

    private static Finding TimeZoneRules() =>
        TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out var zone) && zone.BaseUtcOffset == TimeSpan.FromHours(8)
            ? Finding.Well("Time zones", "rules are there")
            : Finding.Fault("Time zones", "the system has no time zones", "Install tzdata: apt-get install tzdata.");

    private Finding ClockIsSane()
    {
        var built = File.GetLastWriteTimeUtc(typeof(MachineCheck).Assembly.Location is { Length: > 0 } path ? path : Environment.ProcessPath!);
        var now = time.GetUtcNow().UtcDateTime;
        return now >= built.AddDays(-1)
            ? Finding.Well(Clock, $"{now:yyyy-MM-dd HH:mm:ss} UTC")
            : Finding.Fault(Clock, $"{now:yyyy-MM-dd HH:mm} UTC lies before the program was made", "Set the clock and keep it set: timedatectl set-ntp true.");
    }

    private static Finding MemoryIsEnough()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var text = $"{total / 1024 / 1024} MB for the program";
        return total >= LittleMemory
            ? Finding.Well(Memory, text)
            : Finding.Warning(Memory, text, "Give it 512 MB or more (MemoryMax= of the unit, --memory of the container).");
    }

    private static Finding? OpenFileLimit()
    {
        // Linux only: a line "Max open files   1024   1048576   files" with the limit in force and the highest one allowed.
        const string limits = "/proc/self/limits", line = "Max open files";
        if (!File.Exists(limits))
            return null;
        var found = File.ReadLines(limits).FirstOrDefault(text => text.StartsWith(line, StringComparison.Ordinal));
        if (found is null || !long.TryParse(found[line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var limit))
            return null;
        return limit >= FewOpenFiles
            ? Finding.Well(OpenFiles, $"up to {limit}")
            : Finding.Warning(OpenFiles, $"up to {limit}; every visitor with an open widget needs one", "Raise it: LimitNOFILE=65536 in the unit, or ulimit -n 65536.");
    }
}
