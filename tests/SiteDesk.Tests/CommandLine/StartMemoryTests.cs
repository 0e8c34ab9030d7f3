using SiteDesk.CommandLine;

namespace SiteDesk.Tests.CommandLine;

public sealed class StartMemoryTests
{
    [Fact]
    public void Only_what_is_mapped_from_files_and_never_written_is_given_back()
    {
        string[] maps =
        [
            "55f0c6a00000-55f0c6a2a000 r--p 00000000 fe:01 131 /opt/sitedesk/SiteDesk",
            "55f0c6c00000-55f0c6c01000 rw-p 0002a000 fe:01 131 /opt/sitedesk/SiteDesk",
            "55f0c7a00000-55f0c8200000 rw-p 00000000 00:00 0                          [heap]",
            "7f07b4000000-7f07b4aec000 rw-p 00000000 00:00 0 ",
            "7f07b8000000-7f07b8010000 rwxs 00000000 00:01 2051 /memfd:doublemapper (deleted)",
            "7f07b9000000-7f07b9004000 r-xs 00010000 00:01 2051 /memfd:doublemapper (deleted)",
            "7f07c0000000-7f07c0400000 r--p 00000000 fe:01 977 /opt/site desk/System.Private.CoreLib.dll",
            "7ffd1c5f0000-7ffd1c5f2000 r-xp 00000000 00:00 0                          [vdso]",
        ];
        StartMemory.MappedFiles(maps).Select(part => ((long)part.Start, (long)part.Length)).ShouldBe([(0x55f0c6a00000, 0x2a000), (0x7f07c0000000, 0x400000)]);
    }
}
