using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>What the rail shows.</summary>
/// <param name="Counts">By view; counted to <see cref="InboxReader.MostCounted"/>.</param>
public sealed record RailModel(
    Staff Staff, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<TicketView> SavedViews, IReadOnlyList<RailEntry> Entries, int UnreadNotifications)
{
    /// <summary>A count for people: 999+ where counting stopped.</summary>
    public static string Bounded(int count, int most) => count > most ? $"{most}+" : $"{count}";
}

/// <summary>Reads the rail. Counts are bounded, so that they cost the same however many tickets there are.</summary>
public sealed class RailReader(Database database, InboxReader inbox, StandardViewCounts counts, SavedViews savedViews, IEnumerable<RailEntry> entries)
{
    public async Task<RailModel> ReadAsync(Staff staff, CancellationToken cancellation)
    {
        var views = await savedViews.ReadAsync(staff, cancellation);
        var unread = await DeskQueries.For(database).Unread(database, staff.Id, cancellation);
        var allowed = entries.Where(entry => entry.Permission is null || staff.May(entry.Permission)).OrderBy(entry => entry.Position).ToList();
        return new(staff, await counts.ReadAsync(staff, inbox, cancellation), views, allowed, unread);
    }
}
