using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>Takes customers' records for oneself until the end of the transaction.</summary>
internal static class CustomerLock
{
    // Any fixed number. Merging and splitting also touch records that pointed at the two, so these take turns as a whole: they
    // are rare and short, and two of them never wait for each other in a circle.
    private const long AdvisoryLock = 0x5349544543555354;

    /// <summary>
    /// On PostgreSQL rows are locked, also against rows that are about to point at them. On SQLite a transaction of ours holds the
    /// only right to write from its beginning.
    /// </summary>
    public static async Task TakeAsync(Database database, long[] ids, CancellationToken cancellation)
    {
        if (database.Engine != DatabaseEngine.Postgres)
            return;
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        foreach (var id in ids.Order())
            await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM customers_customers WHERE "Id" = {id} FOR UPDATE""", cancellation);
    }
}
