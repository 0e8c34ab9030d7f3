using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>Finds sites; there are few, so a node remembers them for a moment.</summary>
public sealed class SiteDirectory(Database database, IMemoryCache cache)
{
    /// <summary>Ticks when a site changes.</summary>
    public const string Topic = "sites";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    /// <summary>Every site that is not put away, in order of creation. Read-only: change sites through the database.</summary>
    public async Task<IReadOnlyList<Site>> AllAsync(CancellationToken cancellation)
    {
        if (cache.TryGetValue(nameof(SiteDirectory), out IReadOnlyList<Site>? known))
            return known!;
        var sites = await database.Set<Site>().AsNoTracking().Where(site => site.ArchivedAt == null).OrderBy(site => site.Id).Take(1000).ToListAsync(cancellation);
        cache.Set(nameof(SiteDirectory), (IReadOnlyList<Site>)sites, Remembered);
        return sites;
    }

    public async Task<Site?> FindAsync(string key, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).FirstOrDefault(site => site.Key == key);

    public async Task<Site?> FindAsync(long id, CancellationToken cancellation) =>
        (await AllAsync(cancellation)).FirstOrDefault(site => site.Id == id);

    /// <summary>The sites a member of staff may see.</summary>
    public async Task<IReadOnlyList<Site>> VisibleToAsync(Staff staff, CancellationToken cancellation) =>
        [.. (await AllAsync(cancellation)).Where(site => staff.SeesSite(site.Id))];

    /// <summary>Reads anew after a change; other nodes follow within seconds.</summary>
    public void Forget() => cache.Remove(nameof(SiteDirectory));
}
