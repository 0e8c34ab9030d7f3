using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;

namespace SiteDesk.HelpCenter;

/// <summary>Moves with every change that readers may notice. Nodes compare it with what they have built.</summary>
public sealed class HelpVersion : IVersioned
{
    public required long SiteId { get; init; }

    public required DateTime ChangedAt { get; set; }

    public int Version { get; set; }
}

/// <summary>Says that what readers see of a site has moved. Part of the caller's unit of work.</summary>
public sealed class HelpStamp(Database database, TimeProvider time)
{
    /// <summary>All nodes listen here.</summary>
    public const string Topic = "help";

    /// <summary>Moves the stamp. Call it with every change of sections, articles, questions, synonyms that readers may notice, before the save.</summary>
    public async Task MoveAsync(long siteId, CancellationToken cancellation)
    {
        var stamp = database.Set<HelpVersion>().Local.FirstOrDefault(row => row.SiteId == siteId)
            ?? await database.Set<HelpVersion>().FirstOrDefaultAsync(row => row.SiteId == siteId, cancellation);
        var now = time.Now();
        if (stamp is null)
            database.Add(new HelpVersion { SiteId = siteId, ChangedAt = now });
        else // always later than before: two changes within a millisecond are two stamps
            stamp.ChangedAt = now > stamp.ChangedAt ? now : stamp.ChangedAt.AddMilliseconds(1);
        database.Signal(() => new LiveSignal(Topic, "moved", siteId.ToString(CultureInfo.InvariantCulture)));
    }
}
