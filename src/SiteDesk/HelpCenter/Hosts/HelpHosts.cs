using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Hosts;

/// <summary>Which hosts are help centres of their own. Every request is held against them, and they change once a year.</summary>
public sealed class HelpHosts(IServiceScopeFactory scopes, LiveHub hub, TimeProvider time, ILogger<HelpHosts> log)
{
    private readonly Remembered<FrozenDictionary<string, HelpHost>> _hosts = new(hub.ClockOf(SiteDirectory.Topic), time);
    private volatile FrozenDictionary<string, HelpHost> _last = FrozenDictionary<string, HelpHost>.Empty;

    /// <param name="host">A host without its port, in ASCII form.</param>
    /// <returns>Null when the host is no help centre's.</returns>
    public async ValueTask<HelpHost?> FindAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return (_last = await _hosts.ReadAsync(() => ReadAsync(cancellation))).GetValueOrDefault(host);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // Whatever the fault (EF Core wraps those of a server that goes away): styles, health and pages that are kept are there
            // without a database, and they know best where they are.
            log.LogWarning(problem, "The hosts of the help centres could not be read; the ones known before are used.");
            return _last.GetValueOrDefault(host);
        }
    }

    private async Task<FrozenDictionary<string, HelpHost>> ReadAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var sites = await scope.ServiceProvider.GetRequiredService<Database>().Set<Site>().AsNoTracking().Where(site => site.HelpOrigin != null && site.ArchivedAt == null)
            .OrderBy(site => site.Id).Select(site => new { site.Key, site.HelpOrigin }).ToListAsync(cancellation);
        return sites.DistinctBy(site => HostOf(site.HelpOrigin!)).ToFrozenDictionary(site => HostOf(site.HelpOrigin!), site => new HelpHost(site.Key, site.HelpOrigin!), StringComparer.OrdinalIgnoreCase);
    }

    private static string HostOf(string origin) => new Uri(origin).IdnHost;
}
