using System.Runtime.InteropServices;
using Microsoft.Extensions.Caching.Memory;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>The pages readers opened lately, made once for each snapshot. A new snapshot has new names, and the old pages age away.</summary>
internal sealed class RenderedPages : IDisposable
{
    private const long MostBytes = 48L * 1024 * 1024;
    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(20);

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public async ValueTask<RenderedPage> ReadAsync(PageName name, Func<Task<RenderedPage>> make)
    {
        if (_pages.TryGetValue(name, out RenderedPage? known))
            return known!;
        var made = await make();
        _pages.Set(name, made, new MemoryCacheEntryOptions { Size = made.Size, SlidingExpiration = Unasked });
        return made;
    }

    public void Dispose() => _pages.Dispose();
}

/// <summary>All that a page depends on.</summary>
/// <param name="Generation">The snapshot it shows.</param>
/// <param name="SiteVersion">The site's name, colour, languages.</param>
/// <param name="Root">The address under which the reader came: absolute links begin with it.</param>
/// <param name="Kind">Which page: <c>article</c>, <c>section</c>, …</param>
/// <param name="Key">Which of its kind.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageName(long Generation, int SiteVersion, string Root, string Language, ReaderLevel Reader, string Kind, long Key);
