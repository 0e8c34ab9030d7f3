using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Customers.SignIn;

/// <summary>Removes links that are of no use any more: who asked when is kept no longer than a day.</summary>
public sealed class SignInRetention(Database database, TimeProvider time) : IRecurringJob
{
    public string Name => "customers.sign-in-links";

    public TimeSpan Interval => TimeSpan.FromHours(3);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = time.Now() - TimeSpan.FromDays(1);
        await database.InTransactionAsync(() => database.Set<SignInLink>().Where(link => link.CreatedAt < before).ExecuteDeleteAsync(cancellation), cancellation);
    }
}
