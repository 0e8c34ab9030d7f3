using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// Removes mail that became no ticket (put aside, repeats, reports, automatic answers to staff) after the months of its site. What
/// belongs to a ticket goes with it; files that such a mail brought hang on nothing and go with the next tidying of files.
/// </summary>
public sealed class RawMailRetention(Database database, AuditLog audit, TimeProvider time) : IRecurringJob
{
    // Contents are large: a batch is short enough for others to get their turn at writing.
    private const int Batch = 50;

    // A run ends in time for its lease and goes on an interval later.
    private const int MostBatches = 2_000;

    public string Name => "email.retention";

    public TimeSpan Interval => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var site in await database.Set<Site>().AsNoTracking().OrderBy(site => site.Id).ToListAsync(cancellation))
        {
            if (site.Privacy.MailMonths > 0)
                await CleanAsync(site, cancellation);
        }
    }

    private async Task CleanAsync(Site site, CancellationToken cancellation)
    {
        var before = time.Now().AddMonths(-site.Privacy.MailMonths);
        var removed = 0;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var ids = await Outlived(site.Id, before).OrderBy(mail => mail.ReceivedAt).Take(Batch).Select(mail => mail.Id).ToListAsync(cancellation);
            if (ids.Count == 0)
                break;

            // One that somebody has put back into the queue since stays.
            removed += await Outlived(site.Id, before).Where(mail => ids.Contains(mail.Id)).ExecuteDeleteAsync(cancellation);
        }

        if (removed == 0)
            return;
        audit.Write(
            Actor.System, "mail.removed", string.Create(CultureInfo.InvariantCulture, $"site:{site.Id}"),
            ("name", site.Name), ("months", site.Privacy.MailMonths.ToString(CultureInfo.InvariantCulture)), ("mails", removed.ToString(CultureInfo.InvariantCulture)));
        await database.SaveChangesAsync(cancellation);
    }

    private IQueryable<RawMail> Outlived(long siteId, DateTime before) =>
        database.Set<RawMail>().Where(mail => mail.SiteId == siteId && mail.ReceivedAt < before && mail.TicketId == null && mail.State != RawMailState.Waiting);
}
