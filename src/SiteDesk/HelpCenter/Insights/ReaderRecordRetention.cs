using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.HelpCenter.Insights;

/// <summary>Removes what readers did once it is older than any page shows.</summary>
internal sealed class ReaderRecordRetention(Database database, TimeProvider time) : IRecurringJob
{
    public string Name => "help-reader-records";

    public TimeSpan Interval => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = time.Now().AddDays(-InsightsFilter.MostDays);
        var day = DateOnly.FromDateTime(before);
        await database.Set<HelpSearch>().Where(row => row.Day < day).ExecuteDeleteAsync(cancellation);
        await database.Set<ArticleReading>().Where(row => row.Day < day).ExecuteDeleteAsync(cancellation);
        await database.Set<ArticleVote>().Where(row => row.CreatedAt < before).ExecuteDeleteAsync(cancellation);
        await database.Set<Deflection>().Where(row => row.OpenedAt < before).ExecuteDeleteAsync(cancellation);
        var gone = time.Now() - TrailStep.Patience;
        await database.Set<TrailStep>().Where(row => row.At < gone).ExecuteDeleteAsync(cancellation);
    }
}
