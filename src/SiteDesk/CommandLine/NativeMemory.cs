using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SiteDesk.CommandLine;

/// <summary>
/// How the C library hands out memory to what is not managed: SQLite's pages and statements, the compiler, compression. By
/// default glibc gives every thread an arena of its own, up to eight for each processor, and what one has freed no other takes: after a rush a
/// quarter of the process was memory that nobody used.
/// </summary>
/// <remarks>mallopt(3) and malloc_trim(3). Other C libraries have neither, nor arenas of this kind.</remarks>
[SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "What it generates is unsafe code, which nothing else here needs; numbers are passed as they are.")]
internal static class NativeMemory
{
    /// <summary>Small pieces come from each thread's own cache and need no arena; two are enough that threads seldom wait for each other.</summary>
    private const int Arenas = 2;

    private const int MostArenas = -8; // M_ARENA_MAX

    /// <summary>Must come before other threads have been given arenas: first of all in the program.</summary>
    /// <returns>Whether this system has such a limit.</returns>
    public static bool LimitArenas() => Ask(() => mallopt(MostArenas, Arenas)) == 1;

    /// <summary>Gives whole free pages in all arenas back to the system.</summary>
    /// <returns>Whether any were.</returns>
    public static bool GiveBack() => Ask(() => malloc_trim(0)) == 1;

    private static int Ask(Func<int> call)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            return call();
        }
        catch (EntryPointNotFoundException)
        {
            return 0; // musl: it has no arenas
        }
    }

#pragma warning disable IDE1006, SA1300 // the C library's own names
    [DllImport("libc")]
    private static extern int mallopt(int parameter, int value);

    [DllImport("libc")]
    private static extern int malloc_trim(nuint pad);
#pragma warning restore IDE1006, SA1300
}
