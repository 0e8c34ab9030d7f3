using System.Runtime.InteropServices;
using Microsoft.Extensions.Caching.Memory;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>
/// The pages readers opened lately, made once for each snapshot. A new snapshot has new names, and the old pages age away; but a page that
/// shows the same in both is not made again: after a change of one article nobody waits until two hundred others are rendered and packed.
/// </summary>
internal sealed class RenderedPages : IDisposable
{
    private const long MostBytes = 48L * 1024 * 1024;

    /// <summary>About what a name and what it shows take in memory.</summary>
    private const long NameBytes = 1024;

    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(20);

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>A page that is made anew for every snapshot.</summary>
    public async ValueTask<RenderedPage> ReadAsync(PageName name, Func<Task<RenderedPage>> make) =>
        _pages.TryGetValue(name, out RenderedPage? known) ? known! : Keep(name, await make());

    /// <summary>A page that stays while it shows the same.</summary>
    /// <param name="name">Its name in this snapshot.</param>
    /// <param name="show">All of the snapshot that can be seen on the page; asked once for each snapshot.</param>
    /// <param name="make">Makes it of what it shows.</param>
    public async ValueTask<RenderedPage> ReadAsync<TShown>(PageName name, Func<TShown> show, Func<TShown, Task<RenderedPage>> make)
        where TShown : IEquatable<TShown>
    {
        if (!_pages.TryGetValue(name, out PageContent<TShown>? content))
        {
            content = new PageContent<TShown>(name with { Generation = 0 }, show());
            _pages.Set(name, content, new MemoryCacheEntryOptions { Size = NameBytes, SlidingExpiration = Unasked });
        }

        return _pages.TryGetValue(content!, out RenderedPage? known) ? known! : Keep(content!, await make(content!.Shown));
    }

    private RenderedPage Keep(object key, RenderedPage page) =>
        _pages.Set(key, page, new MemoryCacheEntryOptions { Size = page.Size, SlidingExpiration = Unasked });

    private sealed record PageContent<TShown>(PageName Name, TShown Shown);

    public void Dispose() => _pages.Dispose();
}

/// <summary>All that a page depends on.</summary>
/// <param name="Generation">The snapshot it shows.</param>
/// <param name="SiteVersion">The site's name, colour, languages.</param>
/// <param name="Address">The address under which the reader came: the page's links begin with it.</param>
/// <param name="Kind">Which page: <c>article</c>, <c>section</c>, …</param>
/// <param name="Key">Which of its kind.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageName(long Generation, int SiteVersion, HelpAddress Address, string Language, HelpReader Reader, string Kind, long Key);
