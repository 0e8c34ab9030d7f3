using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Tickets.Retention;

/// <summary>
/// Removes what a site's owner does not want to keep: tickets that are solved, closed or junk and were not touched for the months
/// of their site, and the customers of whom nothing else is left.
/// </summary>
public sealed class TicketRetention(Database database, RemoveTickets remove, RemoveCustomer removeCustomer, AuditLog audit, TimeProvider time) : IRecurringJob
{
    /// <summary>Tickets counted for the preview; more are "at least so many".</summary>
    public const int MostCounted = 10_000;

    // Between batches other writers have their turn; a run ends in time for its lease and goes on an interval later.
    private const int MostBatches = 2_000;

    /// <summary>Between two runs; the preview says it, because what a run removes does not come back.</summary>
    public const int EveryHours = 6;

    public string Name => "tickets.retention";

    public TimeSpan Interval => TimeSpan.FromHours(EveryHours);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Archived sites too: what was collected does not outlive its promise because a site was put away.
        foreach (var site in await database.Set<Site>().AsNoTracking().OrderBy(site => site.Id).ToListAsync(cancellation))
        {
            if (site.Privacy.TicketMonths > 0)
                await CleanAsync(site, cancellation);
        }
    }

    /// <summary>How many tickets a run would remove now.</summary>
    /// <param name="months">As the owner may choose; 0 keeps everything.</param>
    public async Task<int> CountAsync(long siteId, int months, CancellationToken cancellation) =>
        months <= 0 ? 0 : await Outlived(siteId, Cutoff(months)).OrderBy(ticket => ticket.UpdatedAt).Take(MostCounted).CountAsync(cancellation);

    /// <summary>Of this many months ago.</summary>
    public DateTime Cutoff(int months) => time.Now().AddMonths(-months);

    private async Task CleanAsync(Site site, CancellationToken cancellation)
    {
        var before = Cutoff(site.Privacy.TicketMonths);
        var (removed, customers) = (default(RemovedTickets), 0);
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var tickets = await Outlived(site.Id, before).OrderBy(ticket => ticket.UpdatedAt).Take(RemoveTickets.Batch).Select(ticket => new { ticket.Id, ticket.CustomerId }).ToListAsync(cancellation);
            if (tickets.Count == 0)
                break;
            var ids = tickets.ConvertAll(ticket => ticket.Id);
            var owners = tickets.Select(ticket => ticket.CustomerId).Distinct().ToList();
            var (gone, left) = await database.InTransactionAsync(
                async () =>
                {
                    // A ticket that somebody wrote in since it was looked up stays.
                    var still = await Outlived(site.Id, before).Where(ticket => ids.Contains(ticket.Id)).Select(ticket => ticket.Id).ToListAsync(cancellation);
                    return (await remove.RunAsync(still, cancellation), await RemoveLeftAsync(owners, before, cancellation));
                },
                cancellation);
            removed += gone;
            customers += left;
        }

        if (removed.Tickets == 0)
            return;
        audit.Write(
            Actor.System, "retention.removed", string.Create(CultureInfo.InvariantCulture, $"site:{site.Id}"),
            ("name", site.Name), ("months", Text(site.Privacy.TicketMonths)), ("tickets", Text(removed.Tickets)), ("files", Text(removed.Files)), ("customers", Text(customers)));
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>Customers without a ticket, whom no browser has shown since and whom the owner's own system does not name.</summary>
    private async Task<int> RemoveLeftAsync(List<long> owners, DateTime before, CancellationToken cancellation)
    {
        var spare = await database.Set<Customer>()
            .Where(customer => owners.Contains(customer.Id) && customer.ExternalId == null
                && !database.Set<Ticket>().Any(ticket => ticket.CustomerId == customer.Id)
                && !database.Set<Visitor>().Any(visitor => visitor.CustomerId == customer.Id && visitor.LastSeenAt >= before))
            .Select(customer => customer.Id).ToListAsync(cancellation);
        foreach (var id in spare)
            await removeCustomer.RunAsync(id, cancellation);
        return spare.Count;
    }

    private IQueryable<Ticket> Outlived(long siteId, DateTime before) => database.Set<Ticket>()
        .Where(ticket => ticket.SiteId == siteId && ticket.UpdatedAt < before && (ticket.Stage == TicketStage.Done || ticket.Stage == TicketStage.Junk));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
