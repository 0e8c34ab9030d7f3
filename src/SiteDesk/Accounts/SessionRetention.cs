using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Accounts;

/// <summary>Removes sessions that have ended, and counts of wrong passwords that no longer count: they name browsers and addresses, which nobody needs any more.</summary>
public sealed class SessionRetention(Database database, TimeProvider time) : IRecurringJob
{
    private const int Batch = 500;

    public string Name => "accounts.sessions";

    public TimeSpan Interval => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.Now();
        var before = now - (SignInLimit.Window > AccountsModule.Lockout ? SignInLimit.Window : AccountsModule.Lockout);
        await database.Set<SignInFailures>().Where(failures => failures.Since <= before).ExecuteDeleteAsync(cancellation);
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
