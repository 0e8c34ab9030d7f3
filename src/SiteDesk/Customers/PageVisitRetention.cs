using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Sites;

namespace SiteDesk.Customers;

/// <summary>Removes pages visited, and the network addresses of visitors, once they are older than their site keeps them.</summary>
public sealed class PageVisitRetention(Database database, TimeProvider time) : IRecurringJob
{
    private const int Batch = 500;

    public string Name => "customers.page-visits";

    public TimeSpan Interval => TimeSpan.FromHours(3);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Archived sites too: what was collected does not outlive its promise because a site was put away.
        foreach (var site in await database.Set<Site>().AsNoTracking().ToListAsync(cancellation))
        {
            var before = time.Now() - TimeSpan.FromDays(site.Privacy.PageVisitDays);
            await RemoveVisitsAsync(site.Id, before, cancellation);
            await ForgetAddressesAsync(site.Id, before, cancellation);
        }
    }

    private async Task RemoveVisitsAsync(long siteId, DateTime before, CancellationToken cancellation)
    {
        while (true)
        {
            var old = await database.Set<PageVisit>()
                .Where(visit => visit.At < before && database.Set<Visitor>().Any(visitor => visitor.Id == visit.VisitorId && visitor.SiteId == siteId))
                .OrderBy(visit => visit.At).Take(Batch).ToListAsync(cancellation);
            if (old.Count == 0)
                return;
            database.RemoveRange(old);
            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
        }
    }

    private async Task ForgetAddressesAsync(long siteId, DateTime before, CancellationToken cancellation)
    {
        while (true)
        {
            var old = await database.Set<Visitor>()
                .Where(visitor => visitor.SiteId == siteId && visitor.LastSeenAt < before && (visitor.Address != null || visitor.UserAgent != null))
                .OrderBy(visitor => visitor.Id).Take(Batch).ToListAsync(cancellation);
            if (old.Count == 0)
                return;
            foreach (var visitor in old)
                (visitor.Address, visitor.UserAgent) = (null, null);
            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
        }
    }
}
