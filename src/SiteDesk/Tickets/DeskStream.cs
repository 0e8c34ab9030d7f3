using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>The stream behind every workspace: which tickets moved. Its positions are times of change, so it resumes from rows.</summary>
public static class DeskStream
{
    private const int MostReplayed = 100;

    // Clocks of nodes differ a little and transactions take a moment: looking back further makes a repeat, never a gap.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>What only one member of staff is told: notifications.</summary>
    public static string Personal(long staffId) => $"staff:{staffId}";

    public static IResult Open(HttpContext http, LiveHub hub, IServiceScopeFactory scopes)
    {
        var staff = http.Staff();
        LiveHub.Subscription? open = null;
        open = hub.Subscribe([TicketSignals.Desk, Personal(staff.Id)], Accepts);
        return new LiveStream(open, MissedAsync(http, staff, scopes));

        bool Accepts(LiveSignal signal)
        {
            if (signal.Name == ChangeStaff.RightsChanged)
                open?.End();
            return signal.Topic != TicketSignals.Desk || signal.SiteId is null || Shows(signal, staff);
        }
    }

    private static bool Shows(LiveSignal signal, Staff staff) =>
        staff.SeesSite(signal.SiteId!.Value) && (staff.SeesTeam(signal.TeamId) || signal.AssigneeId == staff.Id);

    private static async IAsyncEnumerable<LiveSignal> MissedAsync(
        HttpContext http, Staff staff, IServiceScopeFactory scopes, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // A browser sends the header when it reconnects by itself; a tab that takes the stream over gives the position in its address.
        var header = http.Request.Headers["Last-Event-ID"].ToString();
        if (!long.TryParse(header.Length > 0 ? header : http.Request.Query["after"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks)
            yield break;

        // A scope of its own: a stream lives for hours and must not hold a context.
        List<Ticket> moved;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var since = new DateTime(ticks, DateTimeKind.Utc) - Overlap;
            moved = await scope.ServiceProvider.GetRequiredService<Database>().Set<Ticket>().AsNoTracking().VisibleTo(staff)
                .Where(ticket => ticket.UpdatedAt >= since).OrderByDescending(ticket => ticket.UpdatedAt).Take(MostReplayed + 1).ToListAsync(cancellation);
        }

        if (moved.Count > MostReplayed)
            yield return new LiveSignal(TicketSignals.Desk, "resync", "{}");
        else
            foreach (var ticket in Enumerable.Reverse(moved))
                yield return TicketSignals.Moved(ticket, "changed");
    }
}
