using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>
/// Removes a person's records: contacts, visitors, pages visited, and the records that were merged into theirs. That they agreed
/// to something stays as evidence, under a hash that only their own browser can produce. Their tickets must be gone before.
/// </summary>
public sealed class RemoveCustomer(Database database)
{
    /// <summary>The person's records: the one in use and those merged into it.</summary>
    public async Task<List<long>> RecordsOfAsync(long customerId, CancellationToken cancellation) =>
        await database.Set<Customer>().Where(customer => customer.Id == customerId || customer.MergedIntoId == customerId).OrderBy(customer => customer.Id).Select(customer => customer.Id).ToListAsync(cancellation);

    /// <summary>Runs in the caller's transaction.</summary>
    /// <returns>False when there is no such customer.</returns>
    public async Task<bool> RunAsync(long customerId, CancellationToken cancellation)
    {
        var ids = await RecordsOfAsync(customerId, cancellation);
        if (ids.Count == 0)
            return false;
        var visitors = database.Set<Visitor>();
        await database.Set<ConsentRecord>().Where(record => visitors.Any(visitor => visitor.Id == record.VisitorId && ids.Contains(visitor.CustomerId)))
            .ExecuteUpdateAsync(set => set.SetProperty(record => record.VisitorHash, record => visitors.Where(visitor => visitor.Id == record.VisitorId).Select(visitor => visitor.TokenHash).First()), cancellation);
        await database.Set<CustomerMerge>().Where(merge => ids.Contains(merge.FromId) || ids.Contains(merge.IntoId)).ExecuteDeleteAsync(cancellation);
        await database.Set<Customer>().Where(customer => ids.Contains(customer.Id)).ExecuteDeleteAsync(cancellation);
        return true;
    }
}
