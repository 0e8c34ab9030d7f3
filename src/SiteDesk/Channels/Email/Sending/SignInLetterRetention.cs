using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Removes letters with sign-in links from the log after a day, as the links are (<see cref="SiteDesk.Customers.SignIn.SignInRetention"/>): they
/// hang on no ticket, so nothing else would take them along when a customer is erased.
/// </summary>
public sealed class SignInLetterRetention(Database database, TimeProvider time) : IRecurringJob
{
    public string Name => "email.sign-in-letters";

    public TimeSpan Interval => TimeSpan.FromHours(3);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = time.Now() - TimeSpan.FromDays(1);
        await database.InTransactionAsync(
            () => database.Set<OutgoingMail>().Where(mail => mail.Kind == OutgoingKind.SignIn && mail.CreatedAt < before).ExecuteDeleteAsync(cancellation), cancellation);
    }
}
