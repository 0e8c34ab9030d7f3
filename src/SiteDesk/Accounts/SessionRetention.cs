using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Accounts;

/// <summary>Removes sessions that have ended: they name browsers and addresses of staff, which nobody needs any more.</summary>
public sealed class SessionRetention(Database database, TimeProvider time) : IRecurringJob
{
    private const int Batch = 500;

    public string Name => "accounts.sessions";

    public TimeSpan Interval => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        while (true)
        {
            var ended = await database.Set<Session>().Where(session => session.ExpiresAt <= now).OrderBy(session => session.ExpiresAt).Take(Batch).ToListAsync(cancellation);
            if (ended.Count == 0)
                return;
            database.RemoveRange(ended);
            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
        }
    }
}
