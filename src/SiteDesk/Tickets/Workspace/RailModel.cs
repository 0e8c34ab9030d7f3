using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>What the rail shows.</summary>
/// <param name="Counts">By view; counted to <see cref="InboxReader.MostCounted"/>.</param>
/// <param name="HasAssistant">Whether the assistant answers on a site that this person sees.</param>
public sealed record RailModel(
    Staff Staff, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<TicketView> SavedViews, IReadOnlyList<RailEntry> Entries, int UnreadNotifications, bool HasAssistant = false)
{
    /// <summary>The standard views that are shown: that of the assistant's tickets only where it answers, or has tickets still.</summary>
    public IEnumerable<string> StandardViews(string? current) => Workspace.StandardViews.All
        .Where(view => view != Workspace.StandardViews.Assistant || HasAssistant || current == view || Counts.GetValueOrDefault(view) > 0);


    /// <summary>A count for people: 999+ where counting stopped.</summary>
    public static string Bounded(int count, int most) => count > most ? $"{most}+" : $"{count}";
}

/// <summary>Reads the rail. Counts are bounded, so that they cost the same however many tickets there are.</summary>
public sealed class RailReader(Database database, InboxReader inbox, StandardViewCounts counts, SavedViews savedViews, DeskNamesCache names, IEnumerable<RailEntry> entries)
{
    public async Task<RailModel> ReadAsync(Staff staff, CancellationToken cancellation)
    {
        var views = await savedViews.ReadAsync(staff, cancellation);
        var unread = await DeskQueries.For(database).Unread(database, staff.Id, cancellation) + await DeskQueries.For(database).UnreadNotices(database, staff.Id, cancellation);
        var allowed = entries.Where(entry => entry.Permission is null || staff.May(entry.Permission)).OrderBy(entry => entry.Position).ToList();
        var hasAssistant = (await names.ReadAsync(cancellation)).Sites.Values.Any(site => site.HasAssistant && staff.SeesSite(site.Id));
        return new(staff, await counts.ReadAsync(staff, inbox, cancellation), views, allowed, unread, hasAssistant);
    }
}
